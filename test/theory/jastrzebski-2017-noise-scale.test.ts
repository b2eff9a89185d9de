/** The loss that additive noise leaves: the exact sum, where its first order fails, and where nothing is said. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { inWords } from '../../src/numerics/in-words';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { examineExperiment } from '../../src/theory/catalogue';
import { nodeEnvironment } from '../../src/worker/environment';
import { judging } from './judging';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'jastrzebski-2017-noise-scale';

/** ℒ* = (1 + 0.25 + 1)/8 less what w = (0.1875, 0.625) explains. */
const LEAST = 0.28125 - (4 * 0.1875 ** 2 + 0.625 ** 2) / 2;

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

  // Equal η/B, with replacement: numpy's solution of V = M(V) + η²N; simulated in numpy the means are 0.01091, 0.00982 and 0.00937. First order 0.008789 in all.
  const equal: readonly (readonly [number, number, string])[] = [
    [0.1, 4, '0.01088'],
    [0.05, 2, '0.009823'],
    [0.025, 1, '0.009375'],
  ];
  for (const [stepSize, batchSize, excess] of equal) {
    it(`batches of ${batchSize} with η = ${stepSize}: the exact law, which η/B does not decide`, async () => {
      const optimizer = { stepSize, batchSize, labelNoise: 0.5, sampling: 'with-replacement' };
      const report = await reportOf(noisy(optimizer, { stop: { steps: 800_000 }, record: { points: 10_000, spacing: 'linear' } }));
      const { verdict } = report;
      assert.equal(verdict.result, RESULT);
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      assert.ok(verdict.says.includes(`foreseen are ${excess} (to first order in η 0.008789)`), verdict.says);
      // One run tells the two apart.
      assert.ok(Math.abs(Number(excess) - 0.008789) > (verdict.tolerance ?? Infinity), verdict.says);
    });
  }

  it('batches without replacement, with no noise but theirs, of a summed loss and with a bias', async () => {
    // numpy, η = 0.1 and B = 2: 0.0016243 from the batches alone, 0.0009795 with a bias.
    const optimizer = { stepSize: 0.1, batchSize: 2, sampling: 'without-replacement' };
    for (const [experiment, times] of [
      [noisy(optimizer), 1],
      [noisy({ ...optimizer, stepSize: 0.025 }, { loss: { kind: 'square', reduction: 'sum' } }), 4],
    ] as const) {
      const { verdict, predictions } = await reportOf(experiment);
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      assert.match(predictions[0].symbol, new RegExp(inWords(times * 0.0016242679355783314, 4)));
    }
    const biased = await reportOf(noisy(optimizer, { model: { kind: 'linear', bias: true } }));
    assert.equal(biased.verdict.outcome, 'agrees', biased.verdict.says);
    assert.match(biased.predictions[0].symbol, new RegExp(inWords(0.000979477611940299, 4)));
  });

  it('a level that is higher disagrees, one excursion decides nothing', async () => {
    const { trained, judge } = await judging(
      noisy({ stepSize: 0.1, batchSize: 2, sampling: 'with-replacement' }, { expect: { verdict: 'agrees', result: RESULT } }),
    );
    assert.equal(judge({}).outcome, 'agrees', judge({}).says);
    const { loss } = trained.trajectory;
    const higher = loss.map((value) => LEAST + 1.3 * (value - LEAST));
    assert.equal(judge({ trajectory: { ...trained.trajectory, loss: higher } }).outcome, 'disagrees');
    const excursion = loss.map((value, k) => (k === 4000 ? 0.7 : value));
    const verdict = judge({ trajectory: { ...trained.trajectory, loss: excursion } });
    assert.equal(verdict.outcome, 'inconclusive');
    assert.match(verdict.says, /single excursion/);
  });

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
    // 30 % more above the minimum.
    const higher = { ...trained, trajectory: { ...trained.trajectory, loss: loss.map((value) => LEAST + 1.3 * (value - LEAST)) } };
    assert.equal(examination.judge(higher, null, []).outcome, 'disagrees');
    const few = { ...trained, trajectory: { step: step.slice(-20), loss: loss.slice(-20) } };
    assert.equal(examination.judge(few, null, []).outcome, 'inconclusive');
  });

  const broken: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['batches of a shuffled epoch', noisy({ stepSize: 0.1, labelNoise: 0.5, batchSize: 2 }), /drawn independently/],
    [
      'a step below 2/λ_max at which the second moments of small batches grow',
      noisy({ stepSize: 0.42, batchSize: 1, sampling: 'with-replacement' }, { stop: { steps: 100 } }),
      /stable step/,
    ],
    [
      'a run whose blocks are shorter than its memory',
      noisy({ stepSize: 0.025, batchSize: 1, sampling: 'with-replacement' }, { stop: { steps: 2500 } }),
      /forget the start/,
    ],
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

  const quiet: readonly (readonly [string, ExperimentInput])[] = [
    ['all samples', noisy({ stepSize: 0.1 }, { stop: { steps: 100 } })],
    [
      'batches where one w fits every sample',
      noisy(
        { stepSize: 0.1, batchSize: 1, sampling: 'with-replacement' },
        {
          stop: { steps: 100 },
          data: {
            kind: 'inline',
            x: [
              [2, 1],
              [2, -1],
            ],
            y: [1, 0],
          },
        },
      ),
    ],
  ];
  for (const [name, experiment] of quiet) {
    it(`says nothing without noise: ${name}`, async () => {
      const { predictions } = await reportOf(experiment);
      assert.equal(
        predictions.some(({ result }) => result === RESULT),
        false,
      );
    });
  }
});
