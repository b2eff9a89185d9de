import assert from 'node:assert/strict';
import { minimumNorm } from '../../../src/solvers/minimum-norm';
import { distance, gaussianMatrix, lowRankMatrix, product, transposed } from '../numerics/matrices';

const A = Float64Array.of(1, 2, 0, -1, 0, 1, 3, 1);
const Y = Float64Array.of(1, 2);
/** Residuals relative to the terms they come from: some roundings. */
const CERTIFIED = 1e-14;

describe('closest least-squares solution', () => {
  it('of data A from 0 is (9, 29, 33, 2)/65, with ν solving XXᵀν = y', () => {
    const { point, multipliers, objective, consistent, rank, certificate } = minimumNorm(A, Y, 2, 4, new Float64Array(4));
    assert.ok(distance(point, [9 / 65, 29 / 65, 33 / 65, 2 / 65]) <= 1e-15);
    // XXᵀ = [[6, 1], [1, 11]].
    assert.ok(distance(multipliers, [9 / 65, 11 / 65]) <= 1e-15);
    assert.ok(Math.abs(objective - Math.sqrt(81 + 841 + 1089 + 4) / 65) <= 1e-15);
    assert.ok(consistent && rank === 2 && certificate.value <= CERTIFIED);
  });

  it('of data A from (½, −1, ¼, 0)', () => {
    // w0 + Xᵀν with XXᵀν = y − Xw0 = (2.5, 2.25): ν = (25.25, 11)/65.
    const [a, b] = [25.25 / 65, 11 / 65];
    const { point } = minimumNorm(A, Y, 2, 4, Float64Array.of(0.5, -1, 0.25, 0));
    assert.ok(distance(point, [0.5 + a, -1 + 2 * a + b, 0.25 + 3 * b, b - a]) <= 1e-15);
  });

  it('more equations than unknowns: the line through (0,1), (1,3), (2,4) is 7/6 + 3/2 x', () => {
    const answer = minimumNorm(Float64Array.of(1, 0, 1, 1, 1, 2), Float64Array.of(1, 3, 4), 3, 2, Float64Array.of(-9, 100));
    assert.ok(distance(answer.point, [7 / 6, 3 / 2]) <= 1e-13);
    assert.equal(answer.consistent, false);
    // Residuals −1/6, 1/3, −1/6.
    assert.ok(Math.abs(answer.residualNorm - Math.sqrt(1 / 6)) <= 1e-13);
    assert.ok(answer.certificate.value <= CERTIFIED);
  });

  for (const [samples, features, rank] of [
    [3, 7, 3],
    [7, 3, 3],
    [9, 12, 4],
    [12, 9, 4],
    [6, 6, 5],
    [40, 300, 40],
  ]) {
    it(`satisfies the normal equations and stays in w0 + row space: ${samples} × ${features} of rank ${rank}`, () => {
      const x = lowRankMatrix(samples, features, rank, 1);
      const y = gaussianMatrix(samples, 1, 2);
      const origin = gaussianMatrix(features, 1, 3);
      const answer = minimumNorm(x, y, samples, features, origin);
      assert.equal(answer.rank, rank);
      assert.ok(answer.certificate.value <= CERTIFIED, answer.certificate.says);
      const residual = product(x, samples, features, answer.point, 1).map((t, i) => t - y[i]);
      const scale = Math.hypot(...x) ** 2 * Math.hypot(...answer.point);
      assert.ok(Math.hypot(...product(transposed(x, samples, features), features, samples, residual, 1)) <= 1e-13 * scale);
      // w − w0 = Xᵀν.
      const moved = product(transposed(x, samples, features), features, samples, answer.multipliers, 1);
      assert.ok(
        distance(
          moved,
          answer.point.map((t, j) => t - origin[j]),
        ) <= 1e-11,
      );
      assert.equal(answer.consistent, samples === rank);
    });
  }

  it('repeated and zero equations change nothing', () => {
    const x = Float64Array.of(...A, 0, 0, 0, 0, ...A.subarray(0, 4));
    const { point, consistent, rank } = minimumNorm(x, Float64Array.of(1, 2, 0, 1), 4, 4, new Float64Array(4));
    assert.ok(distance(point, [9 / 65, 29 / 65, 33 / 65, 2 / 65]) <= 1e-15);
    assert.ok(consistent && rank === 2);
  });

  it('a zero matrix leaves the origin; its equations hold only for y = 0', () => {
    const origin = Float64Array.of(1, -2);
    const zero = minimumNorm(new Float64Array(2), new Float64Array(1), 1, 2, origin);
    assert.deepEqual([...zero.point], [1, -2]);
    assert.equal(zero.consistent, true);
    assert.equal(minimumNorm(new Float64Array(2), Float64Array.of(1), 1, 2, origin).consistent, false);
  });

  it('is equivariant under scaling of data and targets', () => {
    const x = gaussianMatrix(4, 9, 5);
    const y = gaussianMatrix(4, 1, 6);
    const { point } = minimumNorm(x, y, 4, 9, new Float64Array(9));
    for (const unit of [2 ** -300, 2 ** 300]) {
      const scaled = minimumNorm(
        x.map((t) => t * unit),
        y,
        4,
        9,
        new Float64Array(9),
      );
      assert.ok(
        distance(
          scaled.point.map((t) => t * unit),
          point,
        ) <= 1e-15,
      );
      assert.ok(scaled.certificate.value <= CERTIFIED, scaled.certificate.says);
    }
  });

  it('nearly dependent equations are solved to rounding too', () => {
    // With rows that differ by 1e-10 the solution is known to some 1e-6, its residuals stay at rounding.
    const x = gaussianMatrix(2, 5, 8);
    for (let j = 0; j < 5; j++) x[5 + j] = x[j] + 1e-10 * x[5 + j];
    const { certificate, rank } = minimumNorm(x, Float64Array.of(1, 1 + 1e-10), 2, 5, new Float64Array(5));
    assert.equal(rank, 2);
    assert.ok(certificate.value <= CERTIFIED, certificate.says);
  });
});
