import assert from 'node:assert/strict';
import { completionData, sensingData } from '../../../src/data/random-matrix';
import type { Dataset } from '../../../src/data/dataset';
import { initialParameters } from '../../../src/experiment/initial-parameters';
import { createMatrixFactorization, type MatrixFactorizationShape } from '../../../src/models/matrix-factorization';
import type { Model } from '../../../src/models/model';
import { matVec } from '../../../src/numerics/dense';
import { randomStream } from '../../../src/numerics/random';
import { dot } from '../../../src/numerics/vectors';

const seen = completionData({ kind: 'completion', rows: 4, columns: 3, rank: 2, observed: 7, symmetric: false }, 1);
const square = completionData({ kind: 'completion', rows: 4, columns: 4, rank: 2, observed: 9, symmetric: true }, 2);
const measured = sensingData({ kind: 'sensing', rows: 4, columns: 3, rank: 1, measurements: 5, ensemble: 'gaussian', symmetric: false }, 3);

const CASES: readonly (readonly [string, MatrixFactorizationShape, Dataset])[] = [
  ...[1, 2, 3, 4].map((depth) => [`depth ${depth}, entries`, { depth, symmetric: false }, seen] as const),
  ['depth 3, width 2, measurements', { depth: 3, width: 2, symmetric: false }, measured],
  ['UUᵀ, entries', { depth: 2, symmetric: true }, square],
  ['UUᵀ of width 2', { depth: 2, width: 2, symmetric: true }, square],
];

function gaussian(length: number, name: string): Float64Array {
  const stream = randomStream(5, name);
  return Float64Array.from({ length }, () => stream.gaussian());
}

function outputs(model: Model, theta: Float64Array): Float64Array {
  const out = new Float64Array(model.samples);
  model.outputs(theta, out);
  return out;
}

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${actual} against ${expected}`);

for (const [name, shape, data] of CASES) {
  describe(`matrix factorization, ${name}`, () => {
    const model = createMatrixFactorization(shape, data);
    const theta = gaussian(model.parameterCount, 'theta');
    const v = gaussian(model.parameterCount, 'v');
    const c = gaussian(model.samples, 'c');
    const at = (h: number): Float64Array => theta.map((t, k) => t + h * v[k]);

    it('outputs are the measurements of its predictor', () => {
      const w = new Float64Array(model.features);
      model.predictor?.(theta, w);
      const direct = new Float64Array(model.samples);
      matVec(data.x, model.samples, model.features, w, direct);
      outputs(model, theta).forEach((value, i) => close(value, direct[i], 1e-13));
    });

    it('derivatives are central differences, transposed, and rows of the Jacobian', () => {
      // Central differences err by O(h²) and by rounding ε/h: 10⁻⁵ balances both at about 10⁻¹⁰ times the derivatives.
      const h = 1e-5;
      const push = new Float64Array(model.samples);
      const pull = new Float64Array(model.parameterCount);
      const jacobian = new Float64Array(model.samples * model.parameterCount);
      model.pushforward(theta, v, push);
      model.pullback(theta, c, pull);
      model.jacobian(theta, jacobian);
      const ahead = outputs(model, at(h));
      const behind = outputs(model, at(-h));
      push.forEach((value, i) => {
        close(value, (ahead[i] - behind[i]) / (2 * h), 1e-7);
        close(dot(jacobian.subarray(i * theta.length, (i + 1) * theta.length), v), value, 1e-12);
      });
      close(dot(c, push), dot(pull, v), 1e-12);
    });

    it('curvature is the derivative of the pullback', () => {
      const h = 1e-5;
      const [curved, ahead, behind] = [0, 0, 0].map(() => new Float64Array(theta.length));
      model.curvature(theta, c, v, curved);
      model.pullback(at(h), c, ahead);
      model.pullback(at(-h), c, behind);
      curved.forEach((value, k) => close(value, (ahead[k] - behind[k]) / (2 * h), 1e-7));
    });

    it('is homogeneous of its degree', () => {
      const doubled = outputs(
        model,
        theta.map((t) => 2 * t),
      );
      outputs(model, theta).forEach((value, i) => close(doubled[i], 2 ** (model.degree ?? 0) * value, 1e-12));
    });
  });
}

describe('starts of a matrix factorization', () => {
  it('balanced: W_{l+1}ᵀW_{l+1} = W_lW_lᵀ to rounding, with a random product of the stated size', () => {
    const model = createMatrixFactorization({ depth: 3, symmetric: false }, seen);
    const theta = initialParameters({ kind: 'balanced', scale: 0.5 }, model.blocks, 1);
    const [w1, w2, w3] = model.blocks.map(({ offset, rows, columns }) => theta.subarray(offset, offset + rows * columns));
    const gram = (w: Float64Array, rows: number, columns: number, left: boolean): number[] => {
      const n = left ? rows : columns;
      return Array.from({ length: n * n }, (_, k) => {
        const [i, j] = [Math.floor(k / n), k % n];
        let sum = 0;
        for (let m = 0; m < (left ? columns : rows); m++) {
          sum += left ? w[i * columns + m] * w[j * columns + m] : w[m * columns + i] * w[m * columns + j];
        }
        return sum;
      });
    };
    gram(w1, 3, 3, true).forEach((value, k) => close(value, gram(w2, 3, 3, false)[k], 1e-14));
    gram(w2, 3, 3, true).forEach((value, k) => close(value, gram(w3, 4, 3, false)[k], 1e-14));
    const w = new Float64Array(12);
    model.predictor?.(theta, w);
    assert.ok(Math.hypot(...w) > 0.01 && Math.hypot(...w) < 1);
  });

  it('identity: the product is α^k on the diagonal', () => {
    const model = createMatrixFactorization({ depth: 3, symmetric: false }, seen);
    const w = new Float64Array(12);
    model.predictor?.(initialParameters({ kind: 'identity', scale: 0.5 }, model.blocks, 1), w);
    assert.deepEqual(Array.from(w), [0.125, 0, 0, 0, 0.125, 0, 0, 0, 0.125, 0, 0, 0]);
  });
});
