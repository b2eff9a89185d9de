import assert from 'node:assert/strict';
import { minimumL1 } from '../../../src/solvers/minimum-l1';
import { SolverError, type LinearProgramSolver } from '../../../src/solvers/reference-problem';
import { loadLinearProgramSolver } from '../../../src/worker/highs';
import { distance, gaussianMatrix, product, transposed } from '../numerics/matrices';

describe('minimum l1 norm', () => {
  let lp: LinearProgramSolver;
  before(async () => {
    lp = await loadLinearProgramSolver();
  });

  it('of data A is (0, ½, ½, 0), unique, with ν = (⅓, ⅓)', () => {
    const answer = minimumL1(Float64Array.of(1, 2, 0, -1, 0, 1, 3, 1), Float64Array.of(1, 2), 2, 4, lp);
    assert.ok(distance(answer.point, [0, 0.5, 0.5, 0]) <= 1e-16);
    assert.ok(distance(answer.multipliers, [1 / 3, 1 / 3]) <= 1e-15);
    assert.ok(answer.unique && answer.certificate.value <= 1e-15);
    assert.deepEqual([...answer.support], [1, 2]);
  });

  it('agrees with scipy.optimize.linprog on a 3 × 6 problem', () => {
    const x = Float64Array.of(2, -1, 3, 0, 1, 4, 1, 1, -2, 3, 0, -1, 0, 2, 1, -1, 3, 1);
    const answer = minimumL1(x, Float64Array.of(3, -1, 2), 3, 6, lp);
    // scipy 1.17.1: (0, 0, 0.28571429, 0, 0.42857143, 0.42857143), ν = (0.14285714, −0.14285714, 0.28571429).
    assert.ok(distance(answer.point, [0, 0, 2 / 7, 0, 3 / 7, 3 / 7]) <= 1e-15);
    assert.ok(distance(answer.multipliers, [1 / 7, -1 / 7, 2 / 7]) <= 1e-14);
    assert.ok(Math.abs(answer.objective - 8 / 7) <= 1e-15);
  });

  it('says when the minimizer is not unique: (2t, 1 − 3t, t) for 0 ≤ t ≤ ⅓ all have norm 1', () => {
    const answer = minimumL1(Float64Array.of(1, 1, 1, 0, 1, 3), Float64Array.of(1, 1), 2, 3, lp);
    assert.ok(Math.abs(answer.objective - 1) <= 1e-15);
    assert.equal(answer.unique, false);
    assert.ok(answer.certificate.value <= 1e-15);
    assert.equal(minimumL1(Float64Array.of(1, 1), Float64Array.of(1), 1, 2, lp).unique, false);
    assert.equal(minimumL1(Float64Array.of(1, 2), Float64Array.of(1), 1, 2, lp).unique, true);
  });

  it('recovers a sparse vector from Gaussian measurements and proves it unique (Candès, Romberg and Tao 2006)', () => {
    const [samples, features] = [40, 120];
    const x = gaussianMatrix(samples, features, 1);
    const truth = new Float64Array(features);
    truth.set([1, -2, 0.5, 3, -1e-3]);
    const answer = minimumL1(x, product(x, samples, features, truth, 1), samples, features, lp);
    assert.ok(distance(answer.point, truth) <= 1e-14);
    assert.deepEqual([...answer.support], [0, 1, 2, 3, 4]);
    assert.equal(answer.unique, true);
    assert.ok(answer.certificate.value <= 1e-13);
  });

  for (const [samples, features] of [
    [1, 7],
    [10, 30],
    [25, 25],
    [20, 100],
  ]) {
    it(`certifies ${samples} × ${features}: strong duality, ‖Xᵀν‖∞ ≤ 1, sign conditions`, () => {
      const x = gaussianMatrix(samples, features, 2);
      const y = gaussianMatrix(samples, 1, 3);
      const { point, multipliers, objective, certificate, support } = minimumL1(x, y, samples, features, lp);
      assert.ok(certificate.value <= 1e-12, certificate.says);
      assert.ok(distance(product(x, samples, features, point, 1), y) <= 1e-13 * Math.max(1, objective));
      const image = product(transposed(x, samples, features), features, samples, multipliers, 1);
      image.forEach((t, j) => {
        assert.ok(Math.abs(t) <= 1 + 1e-14);
        if (point[j] !== 0) assert.ok(Math.abs(t - Math.sign(point[j])) <= 1e-10);
      });
      assert.ok(support.length <= samples);
    });
  }

  it('scales with y over 200 orders of magnitude', () => {
    const x = gaussianMatrix(5, 12, 4);
    const y = gaussianMatrix(5, 1, 5);
    const { point } = minimumL1(x, y, 5, 12, lp);
    for (const c of [1e-100, 1e100]) {
      const other = minimumL1(
        x,
        y.map((t) => c * t),
        5,
        12,
        lp,
      );
      assert.ok(
        distance(
          other.point.map((t) => t / c),
          point,
        ) <= 1e-13,
      );
    }
  });

  it('y = 0 gives 0; repeated equations do no harm; contradictory ones are infeasible', () => {
    assert.deepEqual([...minimumL1(Float64Array.of(1, 2), Float64Array.of(0), 1, 2, lp).point], [0, 0]);
    assert.ok(distance(minimumL1(Float64Array.of(1, 2, 1, 2, 0, 0), Float64Array.of(2, 2, 0), 3, 2, lp).point, [0, 1]) <= 1e-15);
    assert.throws(
      () => minimumL1(Float64Array.of(1, 2, 1, 2), Float64Array.of(1, 2), 2, 2, lp),
      (error) => error instanceof SolverError && error.reason === 'infeasible',
    );
  });

  it('does not believe its linear program: a wrong answer shows in the certificate', () => {
    const lying: LinearProgramSolver = {
      solve: ({ columns, rows }) => ({
        status: 'optimal',
        // The feasible point (1, 0, ⅔, 0) of data A, norm 5/3, and the true duals.
        x: Float64Array.from({ length: columns }, (_, j) => (j === 0 ? 1 : j === 2 ? 2 / 3 : 0)),
        duals: new Float64Array(rows).fill(1 / 3),
      }),
    };
    const { certificate, unique } = minimumL1(Float64Array.of(1, 2, 0, -1, 0, 1, 3, 1), Float64Array.of(1, 2), 2, 4, lying);
    assert.ok(certificate.value > 0.1, certificate.says);
    assert.equal(unique, false);
  });
});
