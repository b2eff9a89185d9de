import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, prediction, reportOf } from './lab';
import { halvesOf } from './situation';

const RESULT = 'wu-2024-large-step';

/** Margin 0.1 in the direction (1, 0). */
function twoSamples(stepSize: number, steps = 200_000): ExperimentInput {
  return {
    data: {
      kind: 'inline',
      x: [
        [0.1, 0.9],
        [0.1, -0.5],
      ],
      y: [1, 1],
    },
    model: { kind: 'linear' },
    loss: 'logistic',
    optimizer: { kind: 'gradient-descent', stepSize },
    stop: { steps },
    expect: { verdict: 'agrees', result: RESULT },
  };
}

describe('Wu, Bartlett, Telgarsky, Yu 2024: logistic regression with large steps', () => {
  // ηTℒ(T) at T = 200 000, measured by an independent program; the limit is 1/γ² = 100.
  for (const [stepSize, product] of [
    [1, 100.33],
    [10, 100.04],
    [20, 100.02],
    [50, 100.0],
    [100, 99.92],
  ] as const) {
    it(`η = ${stepSize}: ηTℒ(T) = ${product}`, async () => {
      const { verdict, solution, trajectory } = await reportOf(twoSamples(stepSize));
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      assert.ok(Math.abs(stepSize * 200_000 * solution.loss - product) < 0.006, String(stepSize * 200_000 * solution.loss));
      const rises = trajectory['loss'].slice(1).filter((loss, k) => loss > trajectory['loss'][k]).length;
      // 2/S at the start is about 7.5.
      assert.equal(rises > 0, stepSize > 10, `${rises} rises`);
      assert.ok(trajectory['directionDistance'].at(-1)! < 0.02);
    });
  }

  it('does not depend on the reduction, nor on a start elsewhere', async () => {
    for (const change of [
      { loss: { kind: 'logistic' as const, reduction: 'sum' as const } },
      { init: { kind: 'explicit' as const, parameters: [[-3, 5]] } },
    ]) {
      const { verdict } = await reportOf({ ...twoSamples(20), ...change });
      assert.equal(verdict.outcome, 'agrees', verdict.says);
    }
  });

  it('a step that throws w far ahead at once is foreseen to need longer: η = 500 is inconclusive', async () => {
    const { verdict } = await reportOf(twoSamples(500));
    assert.equal(verdict.outcome, 'inconclusive', verdict.says);
    assert.match(verdict.says, /the start of the run still explains/);
  });

  it('half the rate, another margin and a loss that stays disagree; a run cut short is inconclusive', async () => {
    const { examination, trained } = await halvesOf(twoSamples(20), RESULT);
    const reference = await examination.solve();
    assert.equal(examination.judge(trained, reference, []).outcome, 'agrees');
    assert.equal(examination.judge({ ...trained, loss: 2 * trained.loss }, reference, []).outcome, 'disagrees');
    assert.equal(examination.judge({ ...trained, loss: trained.trajectory['loss'][50] }, reference, []).outcome, 'disagrees');
    assert.ok(reference?.predictor);
    const wider = { ...reference, predictor: reference.predictor.map((w) => w / 1.05) };
    assert.equal(examination.judge(trained, wider, []).outcome, 'disagrees');
    const short = await halvesOf(twoSamples(20, 300), RESULT);
    assert.equal(short.examination.judge(short.trained, reference, []).outcome, 'inconclusive');
  });

  it('conditions: the exponential loss, data that overlaps, momentum', async () => {
    const fails = async (change: Partial<ExperimentInput>): Promise<readonly string[]> =>
      failing(prediction(await reportOf({ ...twoSamples(20, 10), expect: undefined, ...change }), RESULT));
    assert.deepEqual(await fails({}), []);
    assert.deepEqual(await fails({ loss: 'exponential' }), ['logistic loss']);
    assert.deepEqual(await fails({ data: { kind: 'inline', x: [[1], [1]], y: [1, -1] } }), ['data linearly separable through the origin']);
    assert.deepEqual(await fails({ optimizer: { kind: 'gradient-descent', stepSize: 20, momentum: 0.5 } }), ['plain gradient descent']);
  });
});
