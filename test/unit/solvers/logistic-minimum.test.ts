import assert from 'node:assert/strict';
import { finiteMinimum } from '../../../src/solvers/logistic-minimum';
import { SolverError } from '../../../src/solvers/reference-problem';
import { distance, gaussianMatrix, product, transposed } from '../numerics/matrices';

const Z = Float64Array.of(1, 2, 2, -1, -4, -1, 0, 2, -1, -1);

describe('finite minimum of a margin loss', () => {
  for (const [loss, exact, value] of [
    // mpmath.findroot on the gradient, 60 digits.
    ['logistic', [-0.26087996730479207, 0.3055012349835935], 3.263361252995636],
    ['exponential', [-0.12525414223229187, 0.14366668169598287], 4.801906235009403],
  ] as const) {
    it(`agrees with 60-digit numbers: ${loss}`, () => {
      const { point, objective, certificate } = finiteMinimum(Z, 5, 2, loss, Float64Array.of(30, -40));
      assert.ok(distance(point, exact) <= 1e-14);
      assert.ok(Math.abs(objective / value - 1) <= 1e-15);
      assert.ok(certificate.value <= 1e-14, certificate.says);
    });
  }

  it('two against one at the same place: 2σ(−w) = σ(w), w = ln 2 in both losses up to the factor', () => {
    const z = Float64Array.of(1, 1, -1);
    assert.ok(Math.abs(finiteMinimum(z, 3, 1, 'logistic', new Float64Array(1)).point[0] - Math.LN2) <= 1e-15);
    // 2e^(−w) = e^w.
    assert.ok(Math.abs(finiteMinimum(z, 3, 1, 'exponential', new Float64Array(1)).point[0] - Math.LN2 / 2) <= 1e-15);
  });

  for (const loss of ['logistic', 'exponential'] as const) {
    for (const [samples, features] of [
      [30, 3],
      [200, 20],
      [400, 60],
    ]) {
      it(`${loss}, ${samples} Gaussian points in ${features} dimensions: the gradient vanishes and the gap is rounding`, () => {
        const z = gaussianMatrix(samples, features, 1);
        const { point, objective, multipliers, certificate } = finiteMinimum(z, samples, features, loss, new Float64Array(features));
        assert.ok(certificate.value <= 1e-14, certificate.says);
        const weights = product(z, samples, features, point, 1).map((q) => (loss === 'logistic' ? 1 / (1 + Math.exp(q)) : Math.exp(-q)));
        const gradient = product(transposed(z, samples, features), features, samples, weights, 1);
        assert.ok(Math.hypot(...gradient) <= 1e-11 * objective);
        assert.ok(distance(multipliers, weights) <= 1e-11 * Math.max(...weights));
      });
    }
  }

  it('keeps the part of the start outside the row space, and no other', () => {
    // Three coordinates of five are used: z = (t, 0, 0).
    const t = gaussianMatrix(20, 3, 2);
    const z = Float64Array.from({ length: 100 }, (_, k) => (k % 5 < 3 ? t[Math.floor(k / 5) * 3 + (k % 5)] : 0));
    const first = finiteMinimum(z, 20, 5, 'logistic', Float64Array.of(9, 9, 9, 0.25, -7)).point;
    const second = finiteMinimum(z, 20, 5, 'logistic', Float64Array.of(-500, 0, 3, 0.25, -7)).point;
    assert.ok(distance(first.subarray(3), [0.25, -7]) <= 1e-14);
    assert.ok(distance(first, second) <= 1e-13 * 500);
  });

  it('ill-scaled and nearly separable data', () => {
    // 1e4 against 1: the minimum is at ln(1e4) for the exponential loss, half of it per coordinate unit.
    const z = Float64Array.from({ length: 10_001 }, (_, i) => (i === 0 ? -1 : 1));
    assert.ok(Math.abs(finiteMinimum(z, 10_001, 1, 'exponential', new Float64Array(1)).point[0] - Math.log(1e4) / 2) <= 1e-13);
    const scaled = gaussianMatrix(40, 3, 7).map((t, k) => t * [1e-4, 1, 1e4][k % 3]);
    assert.ok(finiteMinimum(scaled, 40, 3, 'logistic', new Float64Array(3)).certificate.value <= 1e-13);
  });

  it('is refused where the loss has no minimizer', () => {
    for (const loss of ['logistic', 'exponential'] as const) {
      for (const z of [Float64Array.of(1, 2), Float64Array.of(1, 0, -1, 0, 0, 1)]) {
        assert.throws(
          () => finiteMinimum(z, z.length / 2, 2, loss, new Float64Array(2)),
          (error) => error instanceof SolverError && error.reason === 'unbounded',
        );
      }
    }
  });
});
