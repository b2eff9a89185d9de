import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, prediction, reportOf } from './lab';

const SUN = 'sun-2022-mirror-descent';
const PESME = 'pesme-2024-mirror-flow';

type Mirror = Extract<ExperimentInput['optimizer'], { kind: 'mirror-descent' }>;

function mirror(potential: Mirror['potential'], change: Partial<Mirror> = {}, rest: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: {
      kind: 'inline',
      x: [
        [1, -1, 0.5, 0],
        [0.5, 1, 0, -1],
        [2, 0.3, -1, 1],
      ],
      y: [1, 1, 1],
    },
    model: { kind: 'linear' },
    loss: 'exponential',
    optimizer: { kind: 'mirror-descent', potential, stepSize: 0.01, normalize: 'loss', ...change },
    stop: { steps: 200_000 },
    ...rest,
  };
}

describe('mirror descent on separable data', () => {
  // scipy's SLSQP on min ‖w‖_p s.t. Zw ≥ 1 for p = 3 agrees with γ₂ ≤ γ₃ ≤ γ∞; p = 2 is the ℓ2 margin.
  for (const p of [1.5, 2, 3]) {
    it(`p = ${p}: the largest ℓp margin to a percent`, async () => {
      const report = await reportOf(mirror({ kind: 'p-norm', p }));
      assert.equal(report.verdict.result, SUN);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.ok(report.references[0].certificate.value < 1e-10);
      if (p === 2) assert.ok(Math.abs(1 / report.references[0].objective - 0.9338424) < 1e-7);
    });
  }

  for (const beta of [0.1, 1, 10]) {
    it(`hypentropy, β = ${beta}: the ℓ1 margin 2/3, whatever β`, async () => {
      const report = await reportOf(mirror({ kind: 'hypentropy', beta }, { stepSize: 0.001 }));
      assert.equal(report.verdict.result, PESME);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.ok(Math.abs(1 / report.references[0].objective - 2 / 3) < 1e-12);
    });
  }

  it('without normalisation it is on its way', async () => {
    const report = await reportOf(mirror({ kind: 'hypentropy' }, { normalize: 'none' }, { stop: { steps: 20_000 } }));
    assert.equal(report.verdict.result, PESME);
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('of the entropy nothing is known, and nothing of other tails', async () => {
    const entropy = await reportOf(mirror('entropy', {}, { init: { kind: 'constant', scale: 0.1 }, stop: { steps: 10 } }));
    assert.equal(entropy.verdict.outcome, 'no-prediction');
    assert.equal(prediction(entropy, PESME).regularizer, 'none');
    assert.match(failing(prediction(entropy, PESME)).join(), /potential/);
    const tail = await reportOf(mirror({ kind: 'p-norm', p: 3 }, {}, { loss: 'polynomial', stop: { steps: 10 } }));
    assert.match(failing(prediction(tail, SUN)).join(), /tail/);
  });

  it('steps of a fixed length follow no flow', async () => {
    const report = await reportOf(mirror({ kind: 'p-norm', p: 3 }, { normalize: 'gradient' }, { stop: { steps: 10 } }));
    assert.match(failing(prediction(report, SUN)).join(), /steps/);
  });
});
