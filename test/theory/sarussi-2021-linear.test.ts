/**
 * Numbers: 1/‖(w*, u*)‖ of the quadratic program in ℝ⁴ (cvxopt), as the normalized margins √k/‖(w*, u*)‖ with k = 10 units a
 * sign: 1.906308, 2.238763, 2.672616 for α = 0.1, 0.3, 0.6; and the angles 0.0367, 0.0572, 0.0582 rad of w* − u* to the linear
 * support vector machine.
 */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { angleBetween } from '../../src/measures/agreement';
import { randomStream } from '../../src/numerics/random';
import { maxMargin } from '../../src/solvers/max-margin';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { examineExperiment } from '../../src/theory/catalogue';
import { nodeEnvironment } from '../../src/worker/environment';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'sarussi-2021-linear';
const NAR = 'neural agreement: one sign pattern on the samples for all units of one sign';
const X = [
  [2, 0.5],
  [1.5, -0.4],
  [1, 1],
  [0.8, -0.3],
  [-1, -0.2],
  [-2, 0.6],
  [-1.2, -1.1],
  [-0.7, 0.2],
];
const Y = [1, 1, 1, 1, -1, -1, -1, -1];
const DATA = { kind: 'inline' as const, x: X, y: Y };

type Network = Extract<ExperimentInput['model'], { kind: 'network' }>;

/** k units of each sign from a Gaussian start. */
function experiment(
  slope: number,
  k: number,
  rest: Partial<ExperimentInput> = {},
  model: Partial<Network> = {},
  scale = 0.01,
): ExperimentInput {
  const random = randomStream(5, 'test');
  const first = Array.from({ length: 4 * k }, () => scale * random.gaussian());
  const second = Array.from({ length: 2 * k }, (_, j) => (j < k ? 1 : -1));
  return {
    data: DATA,
    model: { kind: 'network', widths: [2 * k], activation: { kind: 'leaky-relu', slope }, trainable: 'first', ...model },
    init: { kind: 'explicit', parameters: [first, second] },
    loss: 'logistic',
    optimizer: { kind: 'gradient-flow' },
    stop: { steps: 60_000 },
    expect: { verdict: 'agrees', result: RESULT },
    ...rest,
  };
}

describe('Sarussi et al. 2021: two clusters', () => {
  const svm = maxMargin(Float64Array.from(X.flatMap((row, i) => row.map((value) => value * Y[i]))), 8, 2);
  for (const [slope, margin, angle] of [
    [0.1, 1.906308, 0.0367],
    [0.3, 2.238763, 0.0572],
    [0.6, 2.672616, 0.0582],
  ] as const) {
    it(`slope ${slope}: direction and margin of the problem in ℝ⁴, not the linear support vector machine`, async () => {
      const report = await reportOf(experiment(slope, 10));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.match(report.verdict.says, /perfect agreement.*100 %/);
      assert.ok(Math.abs(report.measures['parameterMargin'] / margin - 1) < 1e-4, String(report.measures['parameterMargin']));
      const [reference] = report.references;
      assert.ok(Math.abs(Math.sqrt(10 / (2 * reference.objective)) / margin - 1) < 1e-6);
      assert.ok(svm.separable && reference.predictor);
      assert.ok(Math.abs(angleBetween(Float64Array.from(reference.predictor), svm.answer.point) - angle) < 1e-4);
    });
  }

  it('one unit of each sign, from a large start', async () => {
    const report = await reportOf(experiment(0.3, 1, {}, {}, 2));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });

  it('a direction that still comes closer like 1/ln ℒ is no disagreement', async () => {
    const x = [
      [5, 0.5],
      [1, 0.9],
      [1.1, -0.2],
      [-1, -0.01],
      [-7, 0.6],
      [-0.4, -0.2],
    ];
    const data = { kind: 'inline' as const, x, y: [1, 1, 1, -1, -1, -1] };
    const early = await reportOf(experiment(0.3, 3, { data, stop: { logLoss: -1100 } }));
    assert.equal(early.verdict.result, RESULT);
    assert.ok((early.verdict.value ?? 0) > 1e-3, early.verdict.says);
    assert.equal(early.verdict.outcome, 'inconclusive', early.verdict.says);
    const later = await reportOf(experiment(0.3, 3, { data, stop: { logLoss: -3000 } }));
    assert.equal(later.verdict.outcome, 'agrees', later.verdict.says);
  });

  it('another direction disagrees, units that disagree withdraw it, an early end is inconclusive', async () => {
    const source = { text: JSON.stringify(experiment(0.3, 2)), path: null, root: null };
    const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
    const { ready } = await prepare(source, environment);
    assert.ok(ready);
    const examination = (await examineExperiment(ready.situation)).find(({ prediction: { result } }) => result === RESULT);
    assert.ok(examination);
    const reference = await examination.solve();
    const trained = await train(ready.situation, ready.objective, null, [], environment, null);
    assert.equal(examination.judge(trained, reference, []).outcome, 'agrees');
    // Turned by a hundredth, which no sample notices.
    const turned = trained.parameters.map((value, k, all) => (k % 2 === 0 ? value - 0.01 * all[k + 1] : value + 0.01 * all[k - 1]));
    assert.equal(examination.judge({ ...trained, parameters: turned }, reference, []).outcome, 'disagrees');
    assert.equal(examination.judge({ ...trained, parameters: turned, logLoss: -5 }, reference, []).outcome, 'inconclusive');
    const split = trained.parameters.map((value, k) => (k < 2 ? -value : value));
    assert.equal(examination.judge({ ...trained, parameters: split }, reference, []).outcome, 'no-prediction');
    assert.equal(examination.settle?.({ ...trained, parameters: split }).find(({ text }) => text === NAR)?.holds, false);
  });
});

describe('Sarussi et al. 2021: what withdraws the prediction', () => {
  const unequal = { kind: 'explicit' as const, parameters: [Array<number>(8).fill(0.1), [1, 2, -1, -1]] };
  const withdrawn: readonly (readonly [string, ExperimentInput, string])[] = [
    ['unequal output weights', experiment(0.3, 2, { init: unequal }), 'fixed output weights +v and −v, as many of each'],
    [
      'a random start of the outputs',
      experiment(0.3, 2, { init: { kind: 'gaussian', scale: 0.1 } }),
      'fixed output weights +v and −v, as many of each',
    ],
    ['ReLU, slope 0', experiment(0, 2), 'leaky ReLU with a slope 0 < α < 1'],
    ['mini-batches', experiment(0.3, 2, { optimizer: { kind: 'sgd', stepSize: 0.1 } }), 'gradient flow'],
    [
      'labels that no line separates',
      experiment(0.3, 2, { data: { ...DATA, y: [-1, 1, 1, 1, -1, -1, -1, -1] } }),
      'data linearly separable through the origin',
    ],
  ];
  for (const [what, input, text] of withdrawn) {
    it(what, async () => {
      const report = await reportOf({ ...input, stop: { steps: 50 } });
      assert.ok(failing(prediction(report, RESULT)).includes(text), failing(prediction(report, RESULT)).join());
      assert.notEqual(report.verdict.result, RESULT);
    });
  }
});
