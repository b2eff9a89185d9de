import assert from 'node:assert/strict';
import { sensingData } from '../../src/data/random-matrix';
import type { ExperimentInput } from '../../src/experiment/schema';
import { isometryBounds } from '../../src/theory/restricted-isometry';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'li-ma-zhang-2018-rip';
const SENSING = { kind: 'sensing' as const, rows: 6, columns: 6, rank: 1, measurements: 1500, symmetric: true };

function descent(change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 2,
    data: SENSING,
    model: { kind: 'matrix-factorization', symmetric: true },
    init: { kind: 'identity', scale: 1e-4 },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize: 0.05 },
    stop: { steps: 250 },
    ...change,
  };
}

describe('Li, Ma, Zhang 2018: sensing under restricted isometry', () => {
  it('in the window of steps the squared distance is within the bound', async () => {
    const report = await reportOf(descent());
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    // α√d = 10⁻⁴·√6 with κ = 1 and ‖X*‖ = 1.
    assert.ok(Math.abs((report.verdict.tolerance ?? 0) - 1e-4 * Math.sqrt(6)) < 1e-12);
    const { truth } = sensingData({ ...SENSING, ensemble: 'gaussian' }, 2);
    assert.ok(truth && report.references[0].predictor?.every((value, k) => Math.abs(value - truth[k]) < 1e-8));
    assert.ok(report.references[0].certificate.value <= 1e-10);
  });

  it('before and after the window nothing is decided', async () => {
    // κ ln(d/α)/η = 110 and 1/(η√(dκα)) = 408 with η = 2·0.05.
    for (const steps of [100, 420]) {
      const report = await reportOf(descent({ stop: { steps } }));
      assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    }
  });

  it('is withdrawn with few measurements, a large start, a large step, another loss or optimizer', async () => {
    const cases: readonly (readonly [Partial<ExperimentInput>, RegExp])[] = [
      [{ data: { ...SENSING, measurements: 30 } }, /restricted isometry/],
      [{ init: { kind: 'identity', scale: 0.5 } }, /a start αI/],
      [{ optimizer: { kind: 'gradient-descent', stepSize: 0.2 } }, /step size/],
      [{ loss: { kind: 'square', reduction: 'sum' }, optimizer: { kind: 'gradient-descent', stepSize: 1e-5 } }, /mean/],
      [{ optimizer: { kind: 'gradient-descent', stepSize: 0.05, momentum: 0.5 } }, /plain gradient descent/],
    ];
    for (const [change, text] of cases) {
      const report = await reportOf(descent({ ...change, stop: { steps: 5 } }));
      assert.match(failing(prediction(report, RESULT)).join(), text);
    }
  });

  it('bounds of the isometry: exact for full rank, and of all coordinates 0', () => {
    const gaussian = sensingData({ ...SENSING, ensemble: 'gaussian' }, 2);
    const low = isometryBounds(gaussian, 1);
    const full = isometryBounds(gaussian, 6);
    assert.ok(low && full && low.lower > 0 && low.lower <= low.upper && full.lower === full.upper && full.upper === low.upper);
    // √m times an orthonormal basis of the symmetric 2 × 2 matrices keeps every norm.
    const size = Math.sqrt(3);
    const x = Float64Array.of(size, 0, 0, 0, 0, size / Math.SQRT2, size / Math.SQRT2, 0, 0, 0, 0, size);
    const exact = isometryBounds({ ...gaussian, x, samples: 3, features: 4, matrix: { rows: 2, columns: 2, observed: null } }, 2);
    assert.ok(exact && exact.upper < 1e-14);
  });
});
