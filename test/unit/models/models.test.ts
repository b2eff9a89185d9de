import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Dataset } from '../../../src/data/dataset';
import type { ModelSpec } from '../../../src/experiment/schema';
import type { ActivationSpec } from '../../../src/models/activation';
import { createConvolution } from '../../../src/models/convolution';
import { createModel } from '../../../src/models/create-model';
import { createFeedForward, type FeedForwardShape } from '../../../src/models/feed-forward';
import type { Model } from '../../../src/models/model';
import { createSum } from '../../../src/models/sum';
import { matTVec } from '../../../src/numerics/dense';
import { dot } from '../../../src/numerics/vectors';
import { randomStream } from '../../../src/numerics/random';

const specs: readonly ModelSpec[] = [
  { kind: 'linear', bias: false },
  { kind: 'linear', bias: true },
  {
    kind: 'scaled',
    factor: 3,
    perRootWidth: true,
    model: { kind: 'network', widths: [4], activation: 'tanh', bias: 'all', residual: false },
  },
  { kind: 'neuron', activation: 'sigmoid' },
  { kind: 'neuron', activation: { kind: 'leaky-relu', slope: 0.2 } },
  ...[2, 3, 4, 5].flatMap((depth): ModelSpec[] => [
    { kind: 'diagonal', depth, tied: true },
    { kind: 'diagonal', depth, tied: false },
  ]),
];

const network = (change: Partial<FeedForwardShape>): FeedForwardShape => ({
  kind: 'network',
  widths: [3],
  outputs: 1,
  activation: { kind: 'tanh' },
  bias: 'none',
  residual: false,
  trainable: 'all',
  ...change,
});
const activations: readonly ActivationSpec[] = [
  { kind: 'identity' },
  { kind: 'relu' },
  { kind: 'leaky-relu', slope: 0.1 },
  { kind: 'tanh' },
  { kind: 'sigmoid' },
  { kind: 'softplus' },
  { kind: 'quadratic' },
];
const shapes: readonly FeedForwardShape[] = [
  ...activations.map((activation) => network({ activation })),
  network({ widths: [], outputs: 3 }),
  network({ widths: [4, 3], bias: 'all', outputs: 2 }),
  network({ widths: [3, 3, 3], bias: 'first', residual: true }),
  network({ widths: [4, 2], activation: { kind: 'identity' }, outputs: 2 }),
  network({ widths: [4, 2], activation: { kind: 'quadratic' }, bias: 'first' }),
  network({ widths: [4], activation: { kind: 'relu' }, trainable: 'first', bias: 'first' }),
];

const BUILDERS: readonly (readonly [string, (data: Dataset, seed: number) => Model])[] = [
  ...specs.map((spec) => [JSON.stringify(spec), (data: Dataset): Model => createModel(spec, data)] as const),
  ...[2, 3, 4].map((depth) => [`convolution of depth ${depth}`, (data: Dataset): Model => createConvolution(depth, data)] as const),
  ...shapes.map(
    (shape) =>
      [
        JSON.stringify(shape),
        (data: Dataset, seed: number): Model => createFeedForward(shape, data, gaussian(200, seed, 'frozen')),
      ] as const,
  ),
  [
    'sum of a linear and a diagonal model',
    (data): Model =>
      createSum(
        specs
          .slice(0, 3)
          .filter(({ kind }, k) => kind !== 'linear' || k === 0)
          .map((spec) => createModel(spec, data)),
      ),
  ],
  [
    'sum of two networks',
    (data): Model =>
      createSum([network({}), network({ widths: [2, 2], activation: { kind: 'relu' } })].map((shape) => createFeedForward(shape, data))),
  ],
];

function gaussian(length: number, seed: number, name: string): Float64Array {
  const stream = randomStream(seed, name);
  return Float64Array.from({ length }, () => stream.gaussian());
}

function dataset(samples: number, features: number, seed: number): Dataset {
  const x = gaussian(samples * features, seed, 'x');
  return { x, y: new Float64Array(samples), samples, features, featureNames: null, truth: null, test: null };
}

function outputs(model: Model, theta: Float64Array): Float64Array {
  const out = new Float64Array(model.samples * model.outputsPerSample);
  model.outputs(theta, out);
  return out;
}

function close(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${what}: ${actual} against ${expected}`);
}

for (const [name, build] of BUILDERS) {
  describe(`model ${name}`, () => {
    const each = (check: (model: Model, theta: Float64Array, seed: number) => void): void =>
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 1e6 }), (n, d, seed) => {
          const model = build(dataset(n, d, seed), seed);
          check(model, gaussian(model.parameterCount, seed, 'theta'), seed);
        }),
        { numRuns: 25, seed: 1 },
      );

    it('its derivative along a direction is the central difference', () =>
      each((model, theta, seed) => {
        const v = gaussian(theta.length, seed, 'v');
        const push = new Float64Array(model.samples * model.outputsPerSample);
        model.pushforward(theta, v, push);
        // Central differences err by O(h²) and by rounding ε/h: 10⁻⁵ balances both at about 10⁻¹⁰ times the derivatives.
        const h = 1e-5;
        const ahead = outputs(
          model,
          theta.map((t, k) => t + h * v[k]),
        );
        const behind = outputs(
          model,
          theta.map((t, k) => t - h * v[k]),
        );
        for (let i = 0; i < push.length; i++) close(push[i], (ahead[i] - behind[i]) / (2 * h), 1e-5, 'directional derivative');
      }));

    it('pullback is the transpose of pushforward, and both are the Jacobian', () =>
      each((model, theta, seed) => {
        const v = gaussian(theta.length, seed, 'v');
        const c = gaussian(model.samples * model.outputsPerSample, seed, 'c');
        const push = new Float64Array(model.samples * model.outputsPerSample);
        const pull = new Float64Array(theta.length);
        const jacobian = new Float64Array(c.length * theta.length);
        model.pushforward(theta, v, push);
        model.pullback(theta, c, pull);
        model.jacobian(theta, jacobian);
        close(dot(c, push), dot(pull, v), 1e-12, '⟨c, Jv⟩ = ⟨Jᵀc, v⟩');
        for (let i = 0; i < c.length; i++)
          close(dot(jacobian.subarray(i * theta.length, (i + 1) * theta.length), v), push[i], 1e-12, 'row of J');
      }));

    it('its curvature is the derivative of the pullback', () =>
      each((model, theta, seed) => {
        const v = gaussian(theta.length, seed, 'v');
        const c = gaussian(model.samples * model.outputsPerSample, seed, 'c');
        const curved = new Float64Array(theta.length);
        model.curvature(theta, c, v, curved);
        const h = 1e-5;
        const ahead = new Float64Array(theta.length);
        const behind = new Float64Array(theta.length);
        model.pullback(
          theta.map((t, k) => t + h * v[k]),
          c,
          ahead,
        );
        model.pullback(
          theta.map((t, k) => t - h * v[k]),
          c,
          behind,
        );
        for (let k = 0; k < theta.length; k++) close(curved[k], (ahead[k] - behind[k]) / (2 * h), 1e-5, 'Hessian of Σ c f times v');
      }));

    it('curvature and pullback at once, where it has that, is their sum', () =>
      each((model, theta, seed) => {
        if (model.pullbackTangent === undefined) return;
        const v = gaussian(theta.length, seed, 'v');
        const [c, cDot] = ['c', 'cDot'].map((name) => gaussian(model.samples * model.outputsPerSample, seed, name));
        const [both, curved, pulled] = [0, 1, 2].map(() => new Float64Array(theta.length));
        model.pullbackTangent(theta, c, cDot, v, both);
        model.curvature(theta, c, v, curved);
        model.pullback(theta, cDot, pulled);
        for (let k = 0; k < theta.length; k++) close(both[k], curved[k] + pulled[k], 1e-12, 'entry');
      }));

    it('answers anew when an argument changes in place, in whatever order it is asked', () =>
      each((model, theta, seed) => {
        const outputsCount = model.samples * model.outputsPerSample;
        const at = (name: string): Float64Array => gaussian(theta.length, seed, name);
        const [points, directions] = [
          [theta, at('elsewhere')],
          [at('v'), at('w')],
        ];
        const cotangents = ['c', 'd'].map((name) => gaussian(outputsCount, seed, name));
        const point = new Float64Array(theta.length);
        const direction = new Float64Array(theta.length);
        const cotangent = new Float64Array(outputsCount);
        const stream = randomStream(seed, 'questions');
        const ask = (asked: Model, question: number): Float64Array => {
          const out = new Float64Array(question < 2 ? outputsCount : theta.length);
          if (question === 0) asked.outputs(point, out);
          else if (question === 1) asked.pushforward(point, direction, out);
          else if (question === 2) asked.pullback(point, cotangent, out);
          else asked.curvature(point, cotangent, direction, out);
          return out;
        };
        for (let k = 0; k < 12; k++) {
          point.set(points[stream.integer(2)]);
          direction.set(directions[stream.integer(2)]);
          cotangent.set(cotangents[stream.integer(2)]);
          const question = stream.integer(4);
          const fresh = build(dataset(model.samples, model.features, seed), seed);
          assert.deepEqual(ask(model, question), ask(fresh, question));
        }
      }));

    it('a diagonal curvature, where it has one, is its curvature', () =>
      each((model, theta, seed) => {
        if (model.curvatureDiagonal === undefined) return;
        const v = gaussian(theta.length, seed, 'v');
        const c = gaussian(model.samples * model.outputsPerSample, seed, 'c');
        const curved = new Float64Array(theta.length);
        const diagonal = new Float64Array(theta.length);
        model.curvature(theta, c, v, curved);
        model.curvatureDiagonal(theta, c, diagonal);
        for (let k = 0; k < theta.length; k++) close(curved[k], diagonal[k] * v[k], 1e-12, 'entry');
      }));

    it('gives the same outputs on the same inputs when they come from elsewhere', () =>
      each((model, theta, seed) => {
        const expected = outputs(model, theta);
        const out = new Float64Array(expected.length);
        model.outputsOn(theta, dataset(model.samples, model.features, seed).x, model.samples, out);
        expected.forEach((value, i) => close(out[i], value, 1e-12, 'outputsOn'));
      }));

    it('its predictor, where it is linear in x, reproduces its outputs', () =>
      each((model, theta) => {
        if (model.inputs === undefined || model.predictor === undefined) return;
        const width = model.inputs.length / model.samples;
        const k = model.outputsPerSample;
        const beta = new Float64Array(k * width);
        model.predictor(theta, beta);
        const { inputs } = model;
        outputs(model, theta).forEach((value, i) => {
          const row = inputs.subarray(Math.floor(i / k) * width, (Math.floor(i / k) + 1) * width);
          close(dot(row, beta.subarray((i % k) * width, ((i % k) + 1) * width)), value, 1e-11, 'β·x̃');
        });
      }));

    it('the two halves of its chain rule, where it has them, make the pullback', () =>
      each((model, theta, seed) => {
        if (model.inputs === undefined || model.pullbackPredictor === undefined) return;
        const c = gaussian(model.samples, seed, 'c');
        const z = new Float64Array(model.inputs.length / model.samples);
        matTVec(model.inputs, model.samples, z.length, c, z);
        const whole = new Float64Array(theta.length);
        const halves = new Float64Array(theta.length);
        model.pullback(theta, c, whole);
        model.pullbackPredictor(theta, z, halves);
        whole.forEach((value, k) => close(halves[k], value, 1e-12, 'entry'));
      }));

    it('is homogeneous of its degree', () =>
      each((model, theta) => {
        if (model.degree === null) return;
        const doubled = outputs(
          model,
          theta.map((t) => 2 * t),
        );
        outputs(model, theta).forEach((value, i) => close(doubled[i], Math.pow(2, model.degree ?? 0) * value, 1e-12, 'f(2θ) = 2^k f(θ)'));
      }));

    it('its blocks partition the parameters in order', () =>
      each((model) => {
        let offset = 0;
        for (const block of model.blocks) {
          assert.equal(block.offset, offset);
          offset += block.rows * block.columns;
        }
        assert.equal(offset, model.parameterCount);
      }));
  });
}

describe('degree of homogeneity from the architecture', () => {
  const degree = (change: Partial<FeedForwardShape>): number | null =>
    createFeedForward(network(change), dataset(2, 3, 1), gaussian(100, 1, 'frozen')).degree;
  const cases: readonly (readonly [string, number | null, Partial<FeedForwardShape>])[] = [
    ['two-layer ReLU', 2, { activation: { kind: 'relu' } }],
    ['two-layer ReLU with bias in the first layer', 2, { activation: { kind: 'relu' }, bias: 'first' }],
    ['two-layer ReLU with bias in both', null, { activation: { kind: 'relu' }, bias: 'all' }],
    ['three-layer leaky ReLU', 3, { widths: [3, 3], activation: { kind: 'leaky-relu', slope: 0.2 } }],
    ['two-layer quadratic', 3, { activation: { kind: 'quadratic' } }],
    ['three-layer quadratic', 7, { widths: [3, 3], activation: { kind: 'quadratic' } }],
    ['first layer alone, leaky ReLU', 1, { activation: { kind: 'leaky-relu', slope: 0.2 }, trainable: 'first' }],
    ['tanh', null, {}],
    ['residual connections', null, { widths: [3, 3], activation: { kind: 'relu' }, residual: true }],
  ];
  for (const [name, expected, change] of cases) it(name, () => assert.equal(degree(change), expected));
});
