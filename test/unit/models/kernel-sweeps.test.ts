/** The kernels' sweeps against those in TypeScript, which the other tests hold against differences and closed forms. */
import assert from 'node:assert/strict';
import type { Dataset } from '../../../src/data/dataset';
import type { ActivationSpec } from '../../../src/models/activation';
import { createFeedForward, type FeedForwardShape } from '../../../src/models/feed-forward';
import type { Model } from '../../../src/models/model';
import { randomStream } from '../../../src/numerics/random';
import { VARIANTS, withKernels } from '../dynamics/problems';

const stream = randomStream(1, 'kernel-sweeps');
const gaussian = (length: number, size = 1): Float64Array => Float64Array.from({ length }, () => size * stream.gaussian());

function dataset(samples: number, features: number): Dataset {
  return { x: gaussian(samples * features), y: new Float64Array(samples), samples, features, featureNames: null, truth: null, test: null };
}

const ACTIVATIONS: readonly ActivationSpec[] = [
  ...(['identity', 'relu', 'tanh', 'sigmoid', 'softplus', 'quadratic'] as const).map((kind) => ({ kind })),
  { kind: 'leaky-relu', slope: 0.2 },
];
/** Odd sizes, sizes of whole tiles, sizes below one tile, and a batch deeper than one packed panel. */
const SIZES: readonly {
  readonly samples: number;
  readonly features: number;
  readonly widths: readonly number[];
  readonly outputs: number;
}[] = [
  { samples: 61, features: 9, widths: [], outputs: 5 },
  { samples: 37, features: 9, widths: [7], outputs: 1 },
  { samples: 61, features: 13, widths: [13, 13], outputs: 3 },
  { samples: 301, features: 1, widths: [8, 8], outputs: 2 },
  { samples: 5, features: 300, widths: [32, 5], outputs: 1 },
];

/** max |a − b| over max |b|: both round every sum, of which none has 400 terms: 400 · 2⁻⁵³ over three layers stays below 10⁻¹³. */
const TOLERANCE = 1e-13;

function agree(asked: readonly Model[], length: number, ask: (model: Model, out: Float64Array) => void, what: string): void {
  const [expected, ...others] = asked.map((model) => {
    const out = new Float64Array(length);
    ask(model, out);
    return out;
  });
  const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const other of others) {
    other.forEach((value, k) =>
      assert.ok(Math.abs(value - expected[k]) <= TOLERANCE * size, `${what}, entry ${k}: ${value} against ${expected[k]} of ${size}`),
    );
  }
}

describe('sweeps by kernels', () => {
  const frozen = gaussian(11_000, 0.4);
  for (const activation of ACTIVATIONS) {
    it(`${activation.kind}: the same numbers as in TypeScript, for every size, bias, residual and trained part`, () => {
      for (const { samples, features, widths, outputs } of SIZES) {
        for (const bias of ['none', 'first', 'all'] as const) {
          for (const [residual, trainable] of [
            [false, 'all'],
            [true, 'all'],
            [true, 'first'],
          ] as const) {
            const shape: FeedForwardShape = { kind: 'network', widths, outputs, activation, bias, residual, trainable };
            const data = dataset(samples, features);
            const models = ['typescript' as const, ...VARIANTS.filter((variant) => variant !== 'typescript')].map((variant) =>
              withKernels(variant, () => createFeedForward(shape, data, frozen)),
            );
            const size = models[0].parameterCount;
            const [theta, v] = [gaussian(size, 0.4), gaussian(size)];
            const [c, cDot] = [gaussian(samples * outputs), gaussian(samples * outputs)];
            const elsewhere = gaussian(200 * features);
            const name = JSON.stringify({ ...shape, samples });
            agree(models, c.length, (model, out) => model.outputs(theta, out), `outputs of ${name}`);
            agree(models, c.length, (model, out) => model.pushforward(theta, v, out), `pushforward of ${name}`);
            agree(models, size, (model, out) => model.pullback(theta, c, out), `pullback of ${name}`);
            agree(models, size, (model, out) => model.curvature(theta, c, v, out), `curvature of ${name}`);
            agree(models, size, (model, out) => model.pullbackTangent?.(theta, c, cDot, v, out), `pullbackTangent of ${name}`);
            if (samples < 100) agree(models, size * c.length, (model, out) => model.jacobian(theta, out), `jacobian of ${name}`);
            agree(models, 200 * outputs, (model, out) => model.outputsOn(theta, elsewhere, 200, out), `outputsOn of ${name}`);
          }
        }
      }
    }).timeout(20_000);
  }

  it('the kernels are in use: sizes that are worth it give other last bits, small ones the same', () => {
    const shapeOf = (width: number): FeedForwardShape => ({
      kind: 'network',
      widths: [width],
      outputs: 1,
      activation: { kind: 'tanh' },
      bias: 'all',
      residual: false,
      trainable: 'all',
    });
    const differs = (samples: number, width: number): boolean => {
      const data = dataset(samples, 30);
      const [plain, kernel] = (['typescript', 'wasm-simd'] as const).map((variant) =>
        withKernels(variant, () => createFeedForward(shapeOf(width), data)),
      );
      const theta = gaussian(plain.parameterCount);
      const [a, b] = [plain, kernel].map((model) => {
        const out = new Float64Array(samples);
        model.outputs(theta, out);
        return out;
      });
      return a.some((value, i) => value !== b[i]);
    };
    assert.equal(differs(100, 40), true);
    assert.equal(differs(1, 4), false);
  });

  it('outputs that overflow are told as such', () => {
    const data = dataset(50, 40);
    const shape = { kind: 'network', outputs: 1, bias: 'none', residual: false, trainable: 'all' } as const;
    const model = createFeedForward({ ...shape, widths: [10, 10], activation: { kind: 'quadratic' } }, data);
    const out = new Float64Array(50);
    model.outputs(gaussian(model.parameterCount, 1e100), out);
    assert.ok(out.every((value) => !Number.isFinite(value)));
  });
});
