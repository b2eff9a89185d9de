import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, FOUR_POINTS, largestDifference, prediction, reportOf } from './lab';

const RESULT = 'gunasekar-2018-steepest-descent';

/** z = (1, −1, ½, 0), (½, 1, 0, −1), (2, 0.3, −1, 1): three norms, three maximisers. */
const THREE_POINTS = {
  kind: 'inline' as const,
  x: [
    [1, -1, 0.5, 0],
    [0.5, 1, 0, -1],
    [2, 0.3, -1, 1],
  ],
  y: [1, 1, 1],
};

type Steepest = Extract<ExperimentInput['optimizer'], { kind: 'steepest-descent' }>;

function steepest(norm: Steepest['norm'], change: Partial<Steepest> = {}, rest: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: THREE_POINTS,
    model: { kind: 'linear' },
    loss: 'exponential',
    optimizer: { kind: 'steepest-descent', norm, normalize: 'gradient', schedule: 'inverse-sqrt', ...change },
    stop: { steps: 30_000 },
    ...rest,
  };
}

describe('Gunasekar et al. 2018: the margin in the norm of the descent', () => {
  // scipy's HiGHS (ℓ1, ℓ∞) and cvxopt (ℓ2, and ℓ2 after the change of coordinates) on the three points.
  const margins: readonly (readonly [string, Steepest['norm'], number])[] = [
    ['ℓ1', 'l1', 2 / 3],
    ['ℓ2', 'l2', 0.9338424],
    ['ℓ∞', 'linf', 1.1808511],
  ];
  for (const [name, norm, margin] of margins) {
    for (const normalize of ['gradient', 'loss'] as const) {
      it(`${name}, divided by the ${normalize}: reaches ${margin} to a percent, within the bound`, async () => {
        const report = await reportOf(steepest(norm, { normalize }));
        assert.equal(report.verdict.result, RESULT);
        assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
        assert.ok(Math.abs(1 / report.references[0].objective - margin) < 5e-8, String(1 / report.references[0].objective));
        // numpy, the same loop with steps 1/√t: gaps 4.0·10⁻³, 1.8·10⁻³, 9.9·10⁻³ at 3·10⁴ steps of the loss-normalised kind.
        assert.ok((report.verdict.value ?? 1) < 0.01 && (report.verdict.value ?? 0) > 0);
      });
    }
  }

  it('the gap stays below the bound at every recorded step', async () => {
    const report = await reportOf(steepest('l1'));
    const figure = report.figures.find(({ id }) => id === 'margin-rate');
    assert.ok(figure?.kind === 'chart');
    const [measured, bound] = figure.series;
    assert.equal(bound.name, 'allowed by the theory');
    for (let k = 0; k < measured.x.length; k++) {
      const at = bound.x.indexOf(measured.x[k]);
      if (at >= 0) assert.ok(measured.y[k] <= bound.y[at], `step ${measured.x[k]}: ${measured.y[k]} > ${bound.y[at]}`);
    }
  });

  it('ℓ1: the maximiser is (1, 0, 0, −½), by hand from the multipliers (½, 1, 0)', async () => {
    const { references } = await reportOf(steepest('l1'));
    assert.ok(largestDifference(references[0].predictor, [1, 0, 0, -0.5]) < 1e-12);
  });

  it('ℓ∞: the maximiser points to (1, −15/47, −13/47, −1)', async () => {
    const { references } = await reportOf(steepest('linf'));
    const w = references[0].predictor ?? [];
    assert.ok(
      largestDifference(
        w.map((value) => value / w[0]),
        [1, -15 / 47, -13 / 47, -1],
      ) < 1e-12,
    );
  });

  it('a quadratic norm with P = 4·I has the ℓ2 maximiser, and half of its margin', async () => {
    const matrix = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 4 : 0)));
    const report = await reportOf(steepest({ kind: 'quadratic', matrix }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(Math.abs(2 / report.references[0].objective - 0.9338424) < 1e-7);
  });

  it('without normalisation and early it is inconclusive', async () => {
    const report = await reportOf(steepest('linf', { normalize: 'none', schedule: 'constant' }));
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('an early end is inconclusive, with what the theory allows there', async () => {
    const report = await reportOf(steepest('l1', {}, { stop: { steps: 20 } }));
    assert.equal(report.verdict.outcome, 'inconclusive');
    assert.match(report.verdict.says, /allows up to/);
  });
});

describe('Gunasekar et al. 2018: what withdraws the prediction', () => {
  const withdrawn: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['the logistic loss leaves it open', steepest('l1', {}, { loss: 'logistic', stop: { steps: 5 } }), /exponential loss/],
    ['constant normalised steps in ℓ1', steepest('l1', { schedule: 'constant' }, { stop: { steps: 5 } }), /normalised steps/],
    // B = max ‖x‖∞ = 2 and ℒ(0) = 1: the bound of ℓ1 is ¼.
    ['a step beyond 1/(B²ℒ(w₀))', steepest('l1', { normalize: 'none', stepSize: 0.26 }, { stop: { steps: 5 } }), /step size/],
    [
      'data that cannot be separated',
      steepest('l1', {}, { data: { ...THREE_POINTS, x: [...THREE_POINTS.x, [1, -1, 0.5, 0]], y: [1, 1, 1, -1] }, stop: { steps: 5 } }),
      /separable/,
    ],
  ];
  for (const [what, experiment, text] of withdrawn) {
    it(what, async () => {
      const report = await reportOf(experiment);
      assert.equal(report.verdict.outcome, 'no-prediction', report.verdict.says);
      assert.ok(failing(prediction(report, RESULT)).some((condition) => text.test(condition)));
    });
  }

  it('a step just inside the bound is covered', async () => {
    const report = await reportOf(steepest('l1', { normalize: 'none', schedule: 'constant', stepSize: 0.249 }, { stop: { steps: 5 } }));
    assert.deepEqual(failing(prediction(report, RESULT)), []);
  });

  it('gradient descent on the same data reaches another ℓ1 margin: the norms are told apart', async () => {
    const flow = await reportOf({
      data: THREE_POINTS,
      model: { kind: 'linear' },
      loss: 'exponential',
      optimizer: { kind: 'gradient-flow' },
    });
    const w = flow.solution.predictor ?? [];
    const smallest = Math.min(...THREE_POINTS.x.map((row) => row.reduce((sum, x, j) => sum + x * w[j], 0)));
    const l1 = smallest / w.reduce((sum, value) => sum + Math.abs(value), 0);
    assert.ok(1 - l1 / (2 / 3) > 0.1);
    assert.equal((await reportOf(steepest('l1', {}, { data: FOUR_POINTS }))).verdict.outcome, 'agrees');
  });
});
