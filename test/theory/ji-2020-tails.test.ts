import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, FOUR_POINTS, prediction, reportOf } from './lab';

const RESULT = 'ji-2020-tails';

/** (0.1, 0.1) × (n − 1) and (0.6, −0.8): the max margin is 0.135980 at the angle 0.507099 for every n (Ji et al. 2020, Proposition 12). */
function copies(n: number): { kind: 'inline'; x: number[][]; y: number[] } {
  return { kind: 'inline', x: [...Array.from({ length: n - 1 }, () => [0.1, 0.1]), [0.6, -0.8]], y: Array.from({ length: n }, () => 1) };
}

const run = (loss: ExperimentInput['loss'], change: Partial<ExperimentInput> = {}): ExperimentInput => ({
  data: FOUR_POINTS,
  model: { kind: 'linear' },
  loss,
  optimizer: { kind: 'gradient-flow' },
  ...change,
});
const angle = (w: readonly number[] | null): number => Math.atan2(w?.[1] ?? Number.NaN, w?.[0] ?? Number.NaN);

describe('Ji et al. 2020: polynomial tails', () => {
  // One-dimensional search over the angle in numpy: n, b, angle, margin there.
  const directions: readonly (readonly [number, number, number, number])[] = [
    [10, 1, 0.441104, 0.133122],
    [10, 2, 0.462154, Number.NaN],
  ];
  for (const [n, power, expected, margin] of directions) {
    it(`n = ${n}, b = ${power}: the flow ends at the certified direction`, async () => {
      const report = await reportOf(run({ kind: 'polynomial', power }, { data: copies(n) }));
      assert.equal(report.verdict.result, RESULT);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.ok((report.verdict.value ?? 1) < 1e-7);
      assert.ok(report.references[0].certificate.value < 1e-12);
      if (Number.isFinite(expected)) assert.ok(Math.abs(angle(report.references[0].predictor) - expected) < 1e-6);
      if (Number.isFinite(margin)) assert.ok(Math.abs(report.measures['margin'] - margin) < 1e-6, String(report.measures['margin']));
      // Away from the max-margin direction, and the more so the more copies there are.
      assert.ok(Math.abs(angle(report.solution.predictor) - 0.507099) > 0.04);
    });
  }

  it('the exponential loss on the same data goes to the max margin', async () => {
    const report = await reportOf(run('exponential', { data: copies(10) }));
    assert.ok(Math.abs(angle(report.solution.predictor) - 0.507099) < 1e-6);
  });

  it('gradient descent is on its way there', async () => {
    const report = await reportOf(
      run({ kind: 'polynomial', power: 1 }, { data: copies(10), optimizer: { kind: 'gradient-descent' }, stop: { steps: 300 } }),
    );
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    const later = await reportOf(
      run(
        { kind: 'polynomial', power: 1 },
        { optimizer: { kind: 'gradient-descent' }, stop: { steps: 300_000 }, expect: { verdict: 'agrees', tolerance: 2e-2 } },
      ),
    );
    assert.equal(later.verdict.outcome, 'agrees', later.verdict.says);
  });
});

describe('Ji et al. 2020 with Rosset et al. 2004: tails that fall faster than every power', () => {
  for (const power of [0.5, 1, 1.5, 3]) {
    it(`e^(−q^${power}): the max-margin direction, with an error like ‖w‖^(−${power})`, async () => {
      const report = await reportOf(run({ kind: 'exponential-power', power }));
      assert.equal(report.verdict.result, RESULT);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.ok(Math.abs(angle(report.solution.predictor) - Math.atan2(2, 3)) < 1e-6);
      const { l2Norm, directionDistance } = report.trajectory;
      const last = l2Norm.length - 1;
      const middle = l2Norm.findIndex((value) => value > Math.sqrt(l2Norm[last]));
      const slope = Math.log(directionDistance[last] / directionDistance[middle]) / Math.log(l2Norm[last] / l2Norm[middle]);
      // Soudry's offset in the variable q^ν: u − u* ~ 1/‖w‖^ν.
      assert.ok(Math.abs(slope + power) < 0.05 * power, String(slope));
    });
  }
});

describe('Ji et al. 2020: what is refused', () => {
  const cases: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['a loss whose infimum is attained', run('squared-hinge'), /not attained/],
    [
      'data that cannot be separated',
      run({ kind: 'polynomial', power: 1 }, { data: { ...copies(3), y: [1, -1, 1] }, stop: { steps: 20 } }),
      /separable/,
    ],
    [
      'normalised steps',
      run('polynomial', { optimizer: { kind: 'gradient-descent', stepSize: 0.01, normalize: 'loss' }, stop: { steps: 10 } }),
      /plain gradient descent/,
    ],
    // σ²_max = 22.3007, sup ℓ″ = 2, mean over 4: 1/(2 · 22.3007/4) = 0.0897.
    [
      'a step above 1/(sup ℓ″ σ²_max)',
      run('polynomial', { optimizer: { kind: 'gradient-descent', stepSize: 0.09 }, stop: { steps: 10 } }),
      /step size/,
    ],
  ];
  for (const [what, experiment, text] of cases) {
    it(what, async () => {
      const report = await reportOf(experiment);
      assert.equal(report.verdict.outcome, 'no-prediction', report.verdict.says);
      assert.ok(failing(prediction(report, RESULT)).some((condition) => text.test(condition)));
    });
  }

  it('the squared hinge loss ends where it started to fit: two starts, two directions', async () => {
    const ends = await Promise.all(
      [
        [0, 0],
        [3, -1],
      ].map(
        async (start) => (await reportOf(run('squared-hinge', { init: { kind: 'explicit', parameters: [start] } }))).solution.predictor,
      ),
    );
    assert.ok(Math.abs(angle(ends[0]) - angle(ends[1])) > 0.1);
  });
});
