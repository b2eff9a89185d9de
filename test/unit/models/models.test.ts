import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Dataset } from '../../../src/data/dataset';
import type { ModelSpec } from '../../../src/experiment/schema';
import { createModel } from '../../../src/models/create-model';
import type { Model } from '../../../src/models/model';
import { dot } from '../../../src/numerics/vectors';
import { randomStream } from '../../../src/numerics/random';

const SPECS: readonly ModelSpec[] = [
  { kind: 'linear', bias: false },
  { kind: 'linear', bias: true },
  ...[2, 3, 4, 5].flatMap((depth): ModelSpec[] => [
    { kind: 'diagonal', depth, tied: true },
    { kind: 'diagonal', depth, tied: false },
  ]),
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
  const out = new Float64Array(model.samples);
  model.outputs(theta, out);
  return out;
}

function close(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${what}: ${actual} against ${expected}`);
}

for (const spec of SPECS) {
  describe(`model ${JSON.stringify(spec)}`, () => {
    const each = (check: (model: Model, theta: Float64Array, seed: number) => void): void =>
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 1e6 }), (n, d, seed) => {
          const model = createModel(spec, dataset(n, d, seed));
          check(model, gaussian(model.parameterCount, seed, 'theta'), seed);
        }),
        { numRuns: 25, seed: 1 },
      );

    it('its derivative along a direction is the central difference', () =>
      each((model, theta, seed) => {
        const v = gaussian(theta.length, seed, 'v');
        const push = new Float64Array(model.samples);
        model.pushforward(theta, v, push);
        // Central differences err by O(h²) and by rounding ε/h: 10⁻⁵ balances both at about 10⁻¹⁰ times the derivatives.
        const h = 1e-5;
        const ahead = outputs(model, theta.map((t, k) => t + h * v[k]));
        const behind = outputs(model, theta.map((t, k) => t - h * v[k]));
        for (let i = 0; i < model.samples; i++) close(push[i], (ahead[i] - behind[i]) / (2 * h), 1e-5, 'directional derivative');
      }));

    it('pullback is the transpose of pushforward, and both are the Jacobian', () =>
      each((model, theta, seed) => {
        const v = gaussian(theta.length, seed, 'v');
        const c = gaussian(model.samples, seed, 'c');
        const push = new Float64Array(model.samples);
        const pull = new Float64Array(theta.length);
        const jacobian = new Float64Array(model.samples * theta.length);
        model.pushforward(theta, v, push);
        model.pullback(theta, c, pull);
        model.jacobian(theta, jacobian);
        close(dot(c, push), dot(pull, v), 1e-12, '⟨c, Jv⟩ = ⟨Jᵀc, v⟩');
        for (let i = 0; i < model.samples; i++) close(dot(jacobian.subarray(i * theta.length, (i + 1) * theta.length), v), push[i], 1e-12, 'row of J');
      }));

    it('its curvature is the derivative of the pullback', () =>
      each((model, theta, seed) => {
        const v = gaussian(theta.length, seed, 'v');
        const c = gaussian(model.samples, seed, 'c');
        const curved = new Float64Array(theta.length);
        model.curvature(theta, c, v, curved);
        const h = 1e-5;
        const ahead = new Float64Array(theta.length);
        const behind = new Float64Array(theta.length);
        model.pullback(theta.map((t, k) => t + h * v[k]), c, ahead);
        model.pullback(theta.map((t, k) => t - h * v[k]), c, behind);
        for (let k = 0; k < theta.length; k++) close(curved[k], (ahead[k] - behind[k]) / (2 * h), 1e-5, 'Hessian of Σ c f times v');
      }));

    it('a diagonal curvature, where it has one, is its curvature', () =>
      each((model, theta, seed) => {
        if (model.curvatureDiagonal === undefined) return;
        const v = gaussian(theta.length, seed, 'v');
        const c = gaussian(model.samples, seed, 'c');
        const curved = new Float64Array(theta.length);
        const diagonal = new Float64Array(theta.length);
        model.curvature(theta, c, v, curved);
        model.curvatureDiagonal(theta, c, diagonal);
        for (let k = 0; k < theta.length; k++) close(curved[k], diagonal[k] * v[k], 1e-12, 'entry');
      }));

    it('its predictor reproduces its outputs, on these inputs and on others', () =>
      each((model, theta, seed) => {
        assert.ok(model.inputs !== undefined && model.predictor !== undefined);
        const width = model.inputs.length / model.samples;
        const beta = new Float64Array(width);
        model.predictor(theta, beta);
        const expected = outputs(model, theta);
        for (let i = 0; i < model.samples; i++) close(dot(model.inputs.subarray(i * width, (i + 1) * width), beta), expected[i], 1e-12, 'β·x̃');
        const out = new Float64Array(model.samples);
        model.outputsOn(theta, dataset(model.samples, model.features, seed).x, model.samples, out);
        for (let i = 0; i < model.samples; i++) close(out[i], expected[i], 1e-12, 'outputsOn');
      }));

    it('is homogeneous of its degree', () =>
      each((model, theta) => {
        assert.ok(model.degree !== null);
        const doubled = outputs(model, theta.map((t) => 2 * t));
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
