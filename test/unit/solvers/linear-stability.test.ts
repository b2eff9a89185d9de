import assert from 'node:assert/strict';
import { randomStream } from '../../../src/numerics/random';
import {
  deviationOf,
  fittedMinimum,
  lyapunovExponent,
  meanSquareThreshold,
  secondMomentGrowth,
  singleShare,
  stepBounds,
  type FittedMinimum,
} from '../../../src/solvers/linear-stability';
import { UNEVEN, UNIT_ROWS } from './stability-samples';

const minimumOf = (x: readonly (readonly number[])[]): FittedMinimum =>
  fittedMinimum(Float64Array.from(x.flat()), x.length, x[0].length, 'mean');

const close = (value: number, expected: number, tolerance = 1e-4): void =>
  assert.ok(Math.abs(value - expected) <= tolerance * Math.abs(expected), `${value}, expected ${expected}`);

describe('linear stability of SGD', () => {
  // numpy: dense Kronecker products, pinv and eigvals; B without replacement: η* | contraction | non-uniformity | isotropic.
  const table: readonly (readonly [string, FittedMinimum, number, readonly [number, number, number, number]])[] = [
    ['uneven, B = 1', minimumOf(UNEVEN), 1, [0.14634, 0.12665, 0.16901, 0.18552]],
    ['uneven, B = 2', minimumOf(UNEVEN), 2, [0.25037, 0.22368, 0.24557, 0.31872]],
    ['uneven, B = 5', minimumOf(UNEVEN), 5, [0.43042, 0.40402, 0.42534, 0.55995]],
    ['uneven, B = 10', minimumOf(UNEVEN), 10, [0.55717, 0.54149, 0.64576, 0.74889]],
    ['uneven, B = n', minimumOf(UNEVEN), 20, [0.64576, 0.64576, 0.64576, 0.90088]],
    ['unit rows, B = 1', minimumOf(UNIT_ROWS), 1, [2, 2, 2.0527, 2]],
    ['unit rows, B = 2', minimumOf(UNIT_ROWS), 2, [3.1715, 2.9516, 2.9825, 3.2122]],
    ['unit rows, B = 5', minimumOf(UNIT_ROWS), 5, [4.5129, 4.131, 5.1623, 5.0479]],
  ];
  for (const [name, minimum, size, [exact, contraction, nonUniformity, isotropic]] of table) {
    it(`${name}: the thresholds of numpy`, () => {
      const p = singleShare({ size, replacement: false }, 20);
      const bounds = stepBounds(minimum, p);
      close(meanSquareThreshold(minimum, p), exact);
      close(bounds.contraction, contraction);
      close(bounds.nonUniformity, nonUniformity);
      close(bounds.isotropic, isotropic);
      // At the threshold second moments neither grow nor fall.
      close(secondMomentGrowth(minimum, p, meanSquareThreshold(minimum, p)).factor, 1, 1e-9);
    });
  }

  it('with replacement: the thresholds of numpy', () => {
    for (const [size, exact] of [
      [2, 0.24182],
      [5, 0.39346],
      [20, 0.56114],
    ] as const) {
      close(meanSquareThreshold(minimumOf(UNEVEN), singleShare({ size, replacement: true }, 20)), exact);
    }
  });

  it('the bound on the Frobenius norm takes the centred covariance: 0.3788 and 2.4177 with batches of one', () => {
    close(stepBounds(minimumOf(UNEVEN), 1).frobenius, 0.37884);
    close(stepBounds(minimumOf(UNIT_ROWS), 1).frobenius, 2.4177);
    close(stepBounds(minimumOf(UNEVEN), 0.5).frobenius, 0.53576);
  });

  it('the trace bound is exact for unit vectors with B = 1, and false with B = 2', () => {
    const minimum = minimumOf(UNIT_ROWS);
    close(meanSquareThreshold(minimum, 1), stepBounds(minimum, 1).trace, 1e-6);
    assert.ok(meanSquareThreshold(minimum, singleShare({ size: 2, replacement: false }, 20)) > 1.5 * stepBounds(minimum, 1).trace);
  });

  it('a step that violates the bound on the non-uniformity is stable in mean square', () => {
    const p = singleShare({ size: 2, replacement: false }, 20);
    const minimum = minimumOf(UNEVEN);
    const step = 0.249;
    assert.ok(step > stepBounds(minimum, p).nonUniformity);
    assert.ok(secondMomentGrowth(minimum, p, step).factor < 1);
  });

  it('the threshold does not fall with the batch size, and B = n is gradient descent', () => {
    const minimum = minimumOf(UNEVEN);
    const thresholds = Array.from({ length: 20 }, (_, k) =>
      meanSquareThreshold(minimum, singleShare({ size: k + 1, replacement: false }, 20)),
    );
    for (let k = 1; k < 20; k++) assert.ok(thresholds[k] >= thresholds[k - 1]);
    close(thresholds[19], stepBounds(minimum, 0).gradientDescent, 1e-9);
  });

  it('the invariant norm: E‖δ⁺‖²_Q = ρ‖δ‖²_Q for every δ, by the sum over all batches of one', () => {
    const minimum = minimumOf(UNEVEN);
    const { factor, form } = secondMomentGrowth(minimum, 1, 0.2);
    const { gradients: g, directions: r, samples: n } = minimum;
    const square = (v: Float64Array): number => v.reduce((sum, a, i) => sum + v.reduce((row, b, j) => row + a * b * form[i * r + j], 0), 0);
    const stream = randomStream(3, 'test');
    for (let k = 0; k < 5; k++) {
      const delta = Float64Array.from({ length: r }, () => stream.gaussian());
      let mean = 0;
      for (let i = 0; i < n; i++) {
        const slope = delta.reduce((sum, value, a) => sum + value * g[i * r + a], 0);
        mean += square(delta.map((value, a) => value - 0.2 * slope * g[i * r + a])) / n;
      }
      close(mean, factor * square(delta), 1e-9);
    }
  });

  it('scales with the reduction, and finds the deviation behind residuals', () => {
    const flat = Float64Array.from(UNEVEN.flat());
    const mean = fittedMinimum(flat, 20, 4, 'mean');
    const sum = fittedMinimum(flat, 20, 4, 'sum');
    close(meanSquareThreshold(sum, 1), meanSquareThreshold(mean, 1) / 20, 1e-9);
    for (const minimum of [mean, sum]) {
      // e = Xδ: the deviation has the length of δ, as its coordinates are orthonormal.
      const delta = [1, -2, 0.5, 3];
      const residuals = Float64Array.from(UNEVEN, (row) => row.reduce((total, x, j) => total + x * delta[j], 0));
      const found = new Float64Array(4);
      deviationOf(minimum, residuals, found);
      close(Math.hypot(...found), Math.hypot(...delta), 1e-9);
    }
  });

  it('more parameters than samples: the same minimum from the other side', () => {
    // Rows padded with zeros span the same directions.
    const padded = Float64Array.from(UNEVEN.flatMap((row) => [...row, ...new Array<number>(30).fill(0)]));
    const wide = fittedMinimum(padded, 20, 34, 'mean');
    assert.equal(wide.directions, 4);
    close(meanSquareThreshold(wide, 0.5), meanSquareThreshold(minimumOf(UNEVEN), 0.5), 1e-8);
  });

  it('the Lyapunov exponent changes its sign near 0.289, twice the threshold in mean square (numpy, 64 replicas of 6000 steps)', () => {
    const minimum = minimumOf(UNEVEN);
    const one = { size: 1, replacement: true };
    const below = lyapunovExponent(minimum, one, 0.25);
    const above = lyapunovExponent(minimum, one, 0.31);
    assert.ok(Math.abs(below.exponent + 0.016) < 4 * below.error + 0.001, String(below.exponent));
    assert.ok(Math.abs(above.exponent - 0.011) < 4 * above.error + 0.001, String(above.exponent));
    const between = lyapunovExponent(minimum, one, 0.289);
    assert.ok(Math.abs(between.exponent) < 4 * between.error + 0.001, String(between.exponent));
    // In one direction it is the mean of ln|1 − ηx²|: x² = 1 and 4, η = 0.3.
    const scalar = fittedMinimum(Float64Array.of(1, 2), 2, 1, 'mean');
    const { exponent, error } = lyapunovExponent(scalar, one, 0.3);
    assert.ok(Math.abs(exponent - (Math.log(0.7) + Math.log(0.2)) / 2) < 4 * error);
  });
});
