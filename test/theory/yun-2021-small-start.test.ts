import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, largestDifference, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'yun-2021-small-start';
/** X⁺y of TWO_EQUATIONS. */
const LEAST = [9 / 65, 29 / 65, 33 / 65, 2 / 65];

function deep(widths: number[], scale: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 1,
    data: TWO_EQUATIONS,
    model: { kind: 'linear-network', widths },
    init: { kind: 'gaussian', scale },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    ...change,
  };
}

describe('Yun et al. 2021: deep linear networks from a small start', () => {
  for (const widths of [[5], [5, 5], [4, 4, 4]]) {
    it(`${widths.length + 1} layers: within the bound, and in proportion to the start`, async () => {
      const distances: number[] = [];
      for (const scale of [0.02, 0.002]) {
        const report = await reportOf(deep(widths, scale));
        assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
        assert.ok(largestDifference(report.references[0].predictor, LEAST) < 1e-13);
        assert.ok((report.verdict.value ?? 1) <= (report.verdict.tolerance ?? 0));
        // The bound is a bound of spectral norms by Frobenius norms: not more than the width loses.
        assert.ok((report.verdict.tolerance ?? 1) < 10 * (report.verdict.value ?? 0) + 1e-6, report.verdict.says);
        distances.push(report.verdict.value ?? Number.NaN);
      }
      // O(α): a tenth of the start, a tenth of the distance, up to the change of the direction of the upper layers.
      assert.ok(distances[0] / distances[1] > 7 && distances[0] / distances[1] < 13, String(distances));
    });
  }

  it('holds for descent and for SGD: their updates stay in the span as well', async () => {
    for (const optimizer of [
      { kind: 'gradient-descent', stepSize: 0.02 },
      { kind: 'sgd', stepSize: 0.01 },
    ] as const) {
      const report = await reportOf(deep([5], 0.01, { optimizer }));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    }
  });

  it('a tolerance below the true distance gives disagrees', async () => {
    const report = await reportOf(deep([5], 0.01, { expect: { verdict: 'disagrees', tolerance: 1e-9 } }));
    assert.equal(report.verdict.outcome, 'disagrees', report.verdict.says);
  });

  it('a run that has not fitted the data is inconclusive', async () => {
    const report = await reportOf(deep([5], 0.01, { stop: { steps: 5 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  for (const [name, experiment, text] of [
    ['a large start', deep([5], 1), /small start/],
    ['a start at 0', deep([5], 0), /small start/],
    ['Adam', deep([5], 0.01, { optimizer: { kind: 'adam' }, stop: { steps: 20 } }), /span/],
    ['data that cannot be interpolated', deep([2], 0.01, { data: { kind: 'inline', x: [[1], [1]], y: [1, 2] } }), /interpolated/],
  ] as const) {
    it(`withdrawn: ${name}`, async () => {
      const report = await reportOf(experiment);
      assert.equal(report.verdict.outcome, 'no-prediction', report.verdict.says);
      assert.ok(failing(prediction(report, RESULT)).some((condition) => text.test(condition)));
    });
  }
});
