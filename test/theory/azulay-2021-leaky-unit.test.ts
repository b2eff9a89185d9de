import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, largestDifference, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'azulay-2021-leaky-unit';
const W = [0.3, -0.2, 0.1, 0.4];

function unit(w: readonly number[], a: number, slope: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: { ...TWO_EQUATIONS, y: [1, -2] },
    model: { kind: 'network', widths: [1], activation: { kind: 'leaky-relu', slope } },
    init: { kind: 'explicit', parameters: [[...w], [a]] },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    ...change,
  };
}

/** β = aw by scipy's LSODA on the flow and by a root finder on the conditions of optimality, which agree to 2·10⁻¹⁴; nine decimals. */
const LIMITS: readonly (readonly [number, readonly number[]])[] = [
  [1.5, [1.00236073, -0.216102874, -2.006906258, -0.429845018]],
  [-1.5, [-0.084194081, 1.073681308, -0.60117217, -1.270164798]],
  [Math.sqrt(0.3), [0.857947144, -0.190618123, -1.984253147, -0.523289103]],
];

describe('Azulay et al. 2021: one hidden leaky ReLU unit', () => {
  for (const [a, expected] of LIMITS) {
    it(`a(0) = ${a}: flow and expression reach the limit`, async () => {
      const report = await reportOf(unit(W, a, 0.3));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.equal(report.verdict.result, RESULT);
      assert.ok(largestDifference(report.references[0].predictor, expected) < 1.5e-9, JSON.stringify(report.references[0].predictor));
      const [w, [end]] = report.solution.parameters;
      assert.ok(
        largestDifference(
          w.map((value) => end * value),
          expected,
        ) < 1e-6,
        JSON.stringify(report.solution.parameters),
      );
      assert.ok(report.references[0].certificate.value <= 1e-10);
    });
  }

  it('gradient descent: the deviation of the step is taken out', async () => {
    const report = await reportOf(unit(W, 1.5, 0.3, { optimizer: { kind: 'gradient-descent', stepSize: 0.01 } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });

  it('another limit is not agreed with', async () => {
    const report = await reportOf(unit(W, 1.5, 0.3, { expect: { verdict: 'disagrees', tolerance: 1e-300 } }));
    assert.equal(report.verdict.outcome, 'disagrees');
  });

  for (const [name, experiment, text] of [
    ['slope 0', unit(W, 1.5, 0, { stop: { steps: 20 } }), /slope/],
    ['a negative slope', unit(W, 1.5, -0.5, { stop: { steps: 20 } }), /slope/],
    ['a(0) = 0', unit(W, 0, 0.3), /sign/],
    ['data that one unit cannot fit', unit([1], 1, 0.3, { data: { kind: 'inline', x: [[1], [1]], y: [1, 2] } }), /fit/],
    ['momentum', unit(W, 1, 0.3, { optimizer: { kind: 'gradient-descent', momentum: 0.9 }, stop: { steps: 20 } }), /gradient flow/],
  ] as const) {
    it(`withdrawn: ${name}`, async () => {
      const report = await reportOf(experiment);
      assert.equal(report.verdict.outcome, 'no-prediction', report.verdict.says);
      assert.ok(failing(prediction(report, RESULT)).some((condition) => text.test(condition)));
    });
  }
});
