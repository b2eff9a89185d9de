import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, largestDifference, prediction, reportOf } from './lab';

const STATIONARY = 'gunasekar-2018-convolution';
const DEPTH_2 = 'gunasekar-2018-convolution-depth-2';

function convolution(change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: {
      kind: 'inline',
      x: [
        [1, 2, 0, -1],
        [2, 0, 1, 1],
      ],
      y: [1, 1],
    },
    model: { kind: 'linear-convolution' },
    loss: { kind: 'exponential', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    init: { kind: 'gaussian', scale: 1 },
    seed: 1,
    ...change,
  };
}

describe('Gunasekar et al. 2018: convolutional networks', () => {
  for (const seed of [1, 3]) {
    it(`depth 2, seed ${seed}: the second-order-cone optimum`, async () => {
      const report = await reportOf(convolution({ seed }));
      assert.equal(report.verdict.result, DEPTH_2);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      // cvxopt, second-order cones: value, predictor, margin in parameters (2 · value)⁻¹.
      assert.ok(Math.abs(report.references[0].objective - 0.8312931993) < 1e-9);
      assert.ok(largestDifference(report.references[0].predictor, [0.329488, 0.402307, 0.206921, 0.134102]) < 1e-6);
      assert.ok(report.references[0].certificate.value <= 1e-10);
      assert.ok(Math.abs(report.measures['parameterMargin'] / 0.6014725 - 1) <= 1e-4);
      assert.equal(report.figures.at(0)?.id, 'spectrum');
    });
  }

  it('depth 3: the constant frequency alone, margin 3^(−3/2), not certified', async () => {
    const report = await reportOf(convolution({ model: { kind: 'linear-convolution', depth: 3 }, seed: 2, stop: { logLoss: -1e11 } }));
    assert.equal(report.verdict.result, STATIONARY);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.match(report.verdict.says, /not certified global/);
    assert.ok(Math.abs(report.measures['parameterMargin'] * 3 ** 1.5 - 1) <= 1e-3);
  });

  it('a frequency that is missing at the start: withdrawn, and shown not to be optimal', async () => {
    const report = await reportOf(convolution({ init: { kind: 'constant', scale: 0.5 } }));
    assert.ok(failing(prediction(report, DEPTH_2)).some((text) => text.startsWith('|ŵ₁_d| ≠ |ŵ₂_d|')));
    assert.equal(report.verdict.result, STATIONARY);
    // β = (½, ½, ½, ½) has Σ|β̂| = 1 at margin 1.
    assert.match(report.verdict.says, /its margin is 0.8313 of the largest one/);
  });

  it('the limit of any one frequency data', async () => {
    // D = 3, one sample (1, 1, 1): only d = 0 is seen by the data, β = (1, 1, 1)/3, Σ|β̂| = 1/√3.
    const report = await reportOf(convolution({ data: { kind: 'inline', x: [[1, 1, 1]], y: [1] } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(Math.abs(report.references[0].objective - 1 / Math.sqrt(3)) < 1e-12);
  });

  it('ended early it is inconclusive', async () => {
    const report = await reportOf(convolution({ stop: { logLoss: -50 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('from zero nothing is claimed', async () => {
    const report = await reportOf(convolution({ init: { kind: 'zero' } }));
    assert.equal(report.verdict.outcome, 'no-prediction', report.verdict.says);
  });
});
