/** The loss that additive noise leaves: the exact sum, where its first order fails, and where nothing is said. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { inWords } from '../../src/numerics/in-words';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { examineExperiment } from '../../src/theory/catalogue';
import { nodeEnvironment } from '../../src/worker/environment';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'jastrzebski-2017-noise-scale';

type Optimizer = Readonly<Record<string, unknown>>;

/** cXᵀX = diag(4, 1). */
function noisy(optimizer: Optimizer, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 3,
    data: {
      kind: 'inline',
      x: [
        [2, 1],
        [2, -1],
        [-2, 1],
        [-2, -1],
      ],
      y: [1, 0, 0.5, -1],
    },
    model: { kind: 'linear', bias: false },
    init: { kind: 'zero' },
    loss: 'square',
    optimizer: { kind: 'sgd', batchSize: 4, ...optimizer },
    stop: { steps: 60_000 },
    record: { points: 6000, spacing: 'linear' },
    ...change,
  };
}

describe('Jastrzębski et al. 2017: the loss that noise leaves', () => {
  const cases: readonly (readonly [string, Optimizer, number, number])[] = [
    // Signs ±½ on four labels: cᵢ = hᵢ/16. ½η(0.25/(2 − 4η) + 0.0625/(2 − η)), first order ¼η · 0.3125.
    ['labels, a small step', { stepSize: 0.1, labelNoise: 0.5 }, 0.05 * (0.25 / 1.6 + 0.0625 / 1.9), 0.0078125],
    ['labels, a step near 2/λ_max', { stepSize: 0.48, labelNoise: 0.5 }, 0.24 * (0.25 / 0.08 + 0.0625 / 1.52), 0.0375],
    ['the gradient', { stepSize: 0.3, gradientNoise: 0.3 }, 0.15 * 0.09 * (1 / 0.8 + 1 / 1.7), 0.0135],
  ];
  for (const [name, optimizer, excess, firstOrder] of cases) {
    it(`is the exact sum with noise on ${name}`, async () => {
      const { verdict } = await reportOf(noisy(optimizer));
      assert.equal(verdict.result, RESULT);
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      assert.ok(verdict.value !== null && verdict.tolerance !== null);
      assert.ok(verdict.value <= verdict.tolerance, `${verdict.value} ${verdict.tolerance}`);
      assert.match(verdict.says, new RegExp(`foreseen are ${inWords(excess, 4)} `));
      // The first order is told apart from it.
      assert.ok(Math.abs(firstOrder - excess) > verdict.tolerance, verdict.says);
    });
  }

  it('a mean that is larger disagrees, one of few points decides nothing', async () => {
    const source = { text: JSON.stringify(noisy({ stepSize: 0.1, labelNoise: 0.5 })), path: null, root: null };
    const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
    const { ready } = await prepare(source, environment);
    assert.ok(ready);
    const examination = (await examineExperiment(ready.situation)).find((each) => each.prediction.result === RESULT);
    assert.ok(examination);
    const trained = await train(ready.situation, ready.objective, null, examination.measures, environment, null);
    const { step, loss } = trained.trajectory;
    assert.equal(examination.judge(trained, null, []).outcome, 'agrees');
    // 30 % more above the minimum, ℒ* = (1 + 0.25 + 1)/8 less what w = (0.1875, 0.625) explains.
    const least = 0.28125 - (4 * 0.1875 ** 2 + 0.625 ** 2) / 2;
    const higher = { ...trained, trajectory: { ...trained.trajectory, loss: loss.map((value) => least + 1.3 * (value - least)) } };
    assert.equal(examination.judge(higher, null, []).outcome, 'disagrees');
    const few = { ...trained, trajectory: { step: step.slice(-20), loss: loss.slice(-20) } };
    assert.equal(examination.judge(few, null, []).outcome, 'inconclusive');
  });

  const broken: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['batches of some samples', noisy({ stepSize: 0.1, labelNoise: 0.5, batchSize: 2 }), /does not depend on the parameters/],
    ['samples drawn twice', noisy({ stepSize: 0.1, labelNoise: 0.5, sampling: 'with-replacement' }), /does not depend on the parameters/],
    ['a step beyond 2/λ_max', noisy({ stepSize: 0.51, gradientNoise: 0.1 }, { stop: { steps: 100 } }), /stable step/],
    ['a record at growing distances', noisy({ stepSize: 0.1, labelNoise: 0.5 }, { record: {} }), /even distances/],
    ['a short run', noisy({ stepSize: 0.01, labelNoise: 0.5 }, { stop: { steps: 500 } }), /forget the start/],
  ];
  for (const [name, experiment, text] of broken) {
    it(`is withdrawn by ${name}`, async () => {
      const reasons = failing(prediction(await reportOf(experiment), RESULT));
      assert.ok(
        reasons.some((reason) => text.test(reason)),
        reasons.join(', '),
      );
    });
  }

  it('says nothing without noise', async () => {
    const { predictions } = await reportOf(noisy({ stepSize: 0.1 }, { stop: { steps: 100 } }));
    assert.equal(
      predictions.some(({ result }) => result === RESULT),
      false,
    );
  });
});
