import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'vardi-shamir-2021-hidden-relu';

/** The data sets of the paper, of which all zero-loss points are aw = (5, −1, s), s ≤ 1 for g > 0. */
function unit(g: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: {
      kind: 'inline',
      x: [
        [3, -1, 0],
        [4, 2, 0],
        [0, g, g],
      ],
      y: [16, 18, 0],
    },
    model: { kind: 'network', widths: [1], activation: 'relu' },
    // Nearly (0, 10⁻³): a hair along Σ y_i x_i, so that the unit is on.
    init: { kind: 'explicit', parameters: [[1.2e-7, 2e-8, 0], [1e-3]] },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    ...change,
  };
}

async function limit(g: number): Promise<readonly number[]> {
  const report = await reportOf(unit(g));
  assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  assert.equal(prediction(report, RESULT).status, 'negative');
  assert.equal(prediction(report, RESULT).regularizer, 'none');
  assert.deepEqual(report.references, []);
  const [w, [a]] = report.solution.parameters;
  return w.map((value) => a * value);
}

describe('Vardi and Shamir 2021: one hidden ReLU unit', () => {
  it('data sets with the same zero-loss points end at different ones', async () => {
    // Independent integrations by scipy from (0, ε): third entries −0.0449099 (g = 1) and −0.2601522 (g = 5).
    for (const [g, s] of [
      [0, 0],
      [1, -0.0449099],
      [5, -0.2601522],
    ]) {
      const beta = await limit(g);
      assert.ok(Math.abs(beta[0] - 5) < 1e-6 && Math.abs(beta[1] + 1) < 1e-6, String(beta));
      assert.ok(Math.abs(beta[2] - s) < 1e-3, String(beta));
    }
  });

  it('the balance of any other start is conserved as well, and a tighter tolerance than rounding disagrees', async () => {
    const init = { kind: 'explicit' as const, parameters: [[0.3, 0.1, 0.2], [1.5]] };
    const report = await reportOf(unit(5, { init }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    const strict = await reportOf(unit(5, { init, expect: { verdict: 'disagrees', tolerance: 1e-300 } }));
    assert.equal(strict.verdict.outcome, 'disagrees');
  });

  it('a finite step changes the balance: withdrawn', async () => {
    const report = await reportOf(unit(5, { optimizer: { kind: 'gradient-descent', stepSize: 1e-3 }, stop: { steps: 50 } }));
    assert.equal(report.verdict.outcome, 'no-prediction');
    assert.ok(failing(prediction(report, RESULT)).includes('gradient flow'));
  });
});
