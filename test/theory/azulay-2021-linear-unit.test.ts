import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, largestDifference, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'azulay-2021-linear-unit';
const W = [0.3, -0.2, 0.1, 0.4];

function unit(w: readonly number[], a: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: TWO_EQUATIONS,
    model: { kind: 'linear-network', widths: [1] },
    init: { kind: 'explicit', parameters: [[...w], [a]] },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    expect: { verdict: 'agrees', result: RESULT },
    ...change,
  };
}

/** By scipy's LSODA on the flow and by a root finder on the conditions of optimality, which agree to 10⁻¹³; printed to nine decimals. */
const LIMITS: readonly (readonly [number, readonly number[]])[] = [
  [1.5, [0.743368955, 0.339405479, 0.41280487, 0.422179912]],
  [-1.5, [-0.466445878, 0.552902214, 0.602579746, -0.36064145]],
  [Math.sqrt(0.3), [0.492260493, 0.383718737, 0.452194433, 0.259697966]],
  [0.2, [0.46059745, 0.389306332, 0.457161184, 0.239210115]],
];

describe('Azulay et al. 2021: one linear hidden unit', () => {
  for (const [a, expected] of LIMITS) {
    it(`a(0) = ${a}: flow and expression reach the limit`, async () => {
      const report = await reportOf(unit(W, a));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.ok(largestDifference(report.references[0].predictor, expected) < 1.5e-9, JSON.stringify(report.references[0].predictor));
      assert.ok(largestDifference(report.solution.predictor, expected) < 1e-7);
      assert.ok(report.references[0].certificate.value <= 1e-10);
      assert.ok(report.measures['balanceDrift'] < 1e-7);
    });
  }

  it('a sign change is found out, and the naive expression is not claimed', async () => {
    const report = await reportOf(unit([-0.3, -0.5, -0.4, 0.1], 0.05));
    assert.equal(report.verdict.outcome, 'no-prediction', report.verdict.says);
    assert.equal(report.asExpected, false);
    assert.equal(report.verdict.result, RESULT);
    assert.ok((report.verdict.value ?? 1) < 1e-7, report.verdict.says);
    assert.ok(failing(prediction(report, RESULT)).some((text) => /keeps its sign/.test(text)));
    // Flow: scipy; the naive expression with the sign of a(0) is wrong.
    assert.ok(largestDifference(report.solution.predictor, [0.199568983, 0.410775852, 0.522701154, 0.021120687]) < 1e-7);
    assert.ok(largestDifference(report.references[0].predictor, [0.077354, 0.481532, 0.492683, 0.040418]) < 1e-6);
  });

  it('goes to least ℓ2 with the scale of the start, linearly', async () => {
    const distances: number[] = [];
    for (const scale of [1, 0.1, 0.01]) {
      const report = await reportOf(
        unit(
          W.map((w) => scale * w),
          0.7 * scale,
          { compare: ['l2'] },
        ),
      );
      const l2 = report.references.find(({ id }) => id === 'l2')?.predictor as number[];
      distances.push(Math.hypot(...l2.map((value, j) => value - (report.solution.predictor as number[])[j])));
    }
    // Measured by scipy at the same starts.
    for (const [k, expected] of [0.459, 0.0397, 0.00396].entries())
      assert.ok(Math.abs(distances[k] / expected - 1) < 2e-3, String(distances));
  });

  it('gradient descent: the deviation of the step is taken out', async () => {
    const report = await reportOf(unit(W, 1.5, { optimizer: { kind: 'gradient-descent', stepSize: 0.01 } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });

  it('another limit is not agreed with', async () => {
    const report = await reportOf(unit(W, 1.5, { expect: { verdict: 'disagrees', result: RESULT, tolerance: 1e-300 } }));
    assert.equal(report.verdict.outcome, 'disagrees');
  });

  for (const [name, experiment, text] of [
    ['a(0) = 0', unit(W, 0), /sign/],
    ['mini-batches', unit(W, 1, { optimizer: { kind: 'sgd', stepSize: 0.01 }, stop: { steps: 20 } }), /gradient flow/],
    ['data that cannot be interpolated', unit([1], 1, { data: { kind: 'inline', x: [[1], [1]], y: [1, 2] } }), /interpolated/],
  ] as const) {
    it(`withdrawn: ${name}`, async () => {
      const found = prediction(await reportOf(experiment), RESULT);
      assert.equal(found.applies, false);
      assert.ok(failing(found).some((condition) => text.test(condition)));
    });
  }

  it('several hidden units have no such expression', async () => {
    const report = await reportOf(unit([], 0, { model: { kind: 'linear-network', widths: [3] }, init: { kind: 'gaussian', scale: 0.5 } }));
    assert.ok(!report.predictions.some(({ result }) => result === RESULT));
  });
});
