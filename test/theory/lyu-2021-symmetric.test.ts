/**
 * Numbers: γ₂ = 0.69047575 of the three points and their opposites, and the largest normalized margins of leaky ReLU networks,
 * 0.18988083 (α = 0.1) and 0.25892841 (α = 0.5), from a second-order cone program over the activation patterns (cvxopt); they are
 * (1 + α)/4 · γ₂. With output weights of one sign the margin is α γ₂/2 = 0.03452. With the hint (10, 0) the small start reaches
 * 0.126923, the largest margin of the network being 0.169466 (the same program, with and without the restriction of the patterns).
 */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { examineExperiment } from '../../src/theory/catalogue';
import { nodeEnvironment } from '../../src/worker/environment';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'lyu-2021-symmetric';
const HALF = [
  [1, 0.5],
  [0.8, -0.6],
  [0.5, 1.2],
];
const SYMMETRIC = {
  kind: 'inline' as const,
  x: [...HALF, ...HALF.map((row) => row.map((value) => -value))],
  y: [1, 1, 1, -1, -1, -1],
};

type Network = Extract<ExperimentInput['model'], { kind: 'network' }>;

function experiment(slope: number, width: number, rest: Partial<ExperimentInput> = {}, model: Partial<Network> = {}): ExperimentInput {
  return {
    seed: 1,
    data: SYMMETRIC,
    model: { kind: 'network', widths: [width], activation: { kind: 'leaky-relu', slope }, ...model },
    init: { kind: 'gaussian', scale: 0.001 },
    loss: 'logistic',
    optimizer: { kind: 'gradient-flow' },
    stop: { steps: 60_000 },
    expect: { verdict: 'agrees', result: RESULT },
    ...rest,
  };
}

describe('Lyu et al. 2021: symmetric data', () => {
  for (const [slope, width, largest] of [
    [0.1, 2, 0.18988083],
    [0.1, 10, 0.18988083],
    [0.5, 10, 0.25892841],
  ] as const) {
    it(`slope ${slope}, ${width} units: linear, with the largest margin of any network`, async () => {
      const report = await reportOf(experiment(slope, width, { seed: 2 }));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.equal(report.verdict.result, RESULT);
      assert.ok(Math.abs(report.measures['parameterMargin'] / largest - 1) < 2e-4, String(report.measures['parameterMargin']));
      const [figure] = report.figures;
      assert.ok(figure.kind === 'chart');
      const [trained, predicted] = figure.series;
      trained.y.forEach((value, k) => assert.ok(Math.abs(value - predicted.y[k]) < 1e-3));
    });
  }

  it('generated symmetric data in more dimensions', async () => {
    const data = { kind: 'separable' as const, samples: 10, features: 5, margin: 0.5, symmetric: true };
    const report = await reportOf(experiment(0.3, 6, { data }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    // Only what the layers show: there is no plane to draw the boundary in.
    assert.deepEqual(
      report.figures.map(({ id }) => id),
      ['layer-spectra'],
    );
  });

  it('data whose margins close slowly: what the gap of the margin explains is on its way', async () => {
    // At ln ℒ = −3000 the function is 0.0025 away, and the margin 0.0025²/2 and more below its largest; both fall with 1/ln ℒ.
    const one = [
      [1, 0.5, 0.2],
      [0.8, -0.6, 1],
      [0.5, 1.2, -0.3],
    ];
    const x = [...one, ...one.map((row) => row.map((value) => -value))];
    const slow = experiment(0.1, 10, { data: { kind: 'inline', x, y: [1, 1, 1, -1, -1, -1] }, stop: { logLoss: -3000 } });
    const report = await reportOf(slow);
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    const later = await reportOf({ ...slow, stop: { logLoss: -3e4 } });
    assert.equal(later.verdict.outcome, 'agrees', later.verdict.says);
  });

  it('a function that is not the predicted one disagrees, and an early end is inconclusive', async () => {
    const source = { text: JSON.stringify(experiment(0.1, 10)), path: null, root: null };
    const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
    const { ready } = await prepare(source, environment);
    assert.ok(ready);
    const examinations = await examineExperiment(ready.situation);
    const examination = examinations.find(({ prediction: { result } }) => result === RESULT);
    assert.ok(examination);
    const reference = await examination.solve();
    const trained = await train(ready.situation, ready.objective, null, [], environment, null);
    assert.equal(examination.judge(trained, reference, []).outcome, 'agrees');
    const parameters = trained.parameters.map((value, k) => (k === 0 ? value * 1.1 : value));
    assert.equal(examination.judge({ ...trained, parameters }, reference, []).outcome, 'disagrees');
    assert.equal(examination.judge({ ...trained, parameters, logLoss: -5 }, reference, []).outcome, 'inconclusive');
  });
});

describe('Lyu et al. 2021: what withdraws the prediction', () => {
  const sameSign = {
    kind: 'explicit' as const,
    parameters: [
      [1e-3, 2e-3, -1e-3, 1e-3],
      [1e-3, 2e-3],
    ],
  };
  const withdrawn: readonly (readonly [string, ExperimentInput, string])[] = [
    [
      'a point without its opposite',
      experiment(0.1, 4, { data: { ...SYMMETRIC, y: [1, 1, 1, -1, -1, 1] } }),
      'symmetric data: (−x, −y) for every (x, y)',
    ],
    ['a large start', experiment(0.1, 4, { init: { kind: 'gaussian', scale: 2 } }), 'small start'],
    ['output weights of one sign', experiment(0.1, 2, { init: sameSign }), 'output weights of both signs at the start'],
    ['ReLU, slope 0', experiment(0, 4), 'leaky ReLU with a slope 0 < α ≤ 1'],
    ['a bias', experiment(0.1, 4, {}, { bias: 'first' }), 'no bias'],
    ['the exponential loss', experiment(0.1, 4, { loss: 'exponential' }), 'logistic loss'],
  ];
  for (const [what, input, text] of withdrawn) {
    it(what, async () => {
      const report = await reportOf({ ...input, stop: { steps: 50 } });
      assert.ok(failing(prediction(report, RESULT)).includes(text), failing(prediction(report, RESULT)).join());
      assert.notEqual(report.verdict.result, RESULT);
    });
  }

  it('with output weights of one sign the margin is another one: α γ₂/2', async () => {
    const report = await reportOf(experiment(0.1, 2, { init: sameSign }));
    assert.ok(Math.abs(report.measures['parameterMargin'] / 0.0345238 - 1) < 1e-3, String(report.measures['parameterMargin']));
  });

  it('a hint makes the small start end with 0.1269 of the possible 0.1695, a large start reaches that', async () => {
    const x = [
      [0.3, 1],
      [0.3, -1],
      [-1, 0],
      [10, 0],
    ];
    const data = { kind: 'inline' as const, x, y: [1, 1, -1, 1] };
    const small = await reportOf(experiment(0.1, 10, { data, init: { kind: 'gaussian', scale: 1e-4 } }));
    assert.ok(Math.abs(small.measures['parameterMargin'] / 0.126923 - 1) < 1e-3);
    const large = await reportOf(experiment(0.1, 10, { data, init: { kind: 'gaussian', scale: 3 } }));
    assert.ok(Math.abs(large.measures['parameterMargin'] / 0.169466 - 1) < 1e-2, String(large.measures['parameterMargin']));
    // Without the hint the small start reaches it too.
    const without = { kind: 'inline' as const, x: x.slice(0, 3), y: [1, 1, -1] };
    const plain = await reportOf(experiment(0.1, 10, { data: without, init: { kind: 'gaussian', scale: 1e-4 } }));
    assert.ok(Math.abs(plain.measures['parameterMargin'] / 0.169466 - 1) < 1e-2, String(plain.measures['parameterMargin']));
  });
});
