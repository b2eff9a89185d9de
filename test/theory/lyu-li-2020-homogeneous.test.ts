/**
 * Numbers of "six points": a second-order cone program over the activation patterns (cvxopt) gives V* = 20.38108111, so the largest
 * normalized margin 1/(2V*) = 0.02453256 and the multipliers (12.2765, 6.0315, 0, 1.3552, 0.7179, 0).
 */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { kktResidual } from '../../src/measures/kkt';
import type { Verdict } from '../../src/protocol/report';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { examineExperiment } from '../../src/theory/catalogue';
import { nodeEnvironment } from '../../src/worker/environment';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'lyu-li-2020-homogeneous';

const SIX_POINTS = {
  kind: 'inline' as const,
  x: [
    [0.13, -0.13],
    [0.64, 0.1],
    [-0.54, 0.36],
    [1.3, 0.95],
    [-0.7, -1.27],
    [-0.62, 0.04],
  ],
  y: [1, -1, 1, 1, -1, -1],
};
const LARGEST_MARGIN = 0.02453256;

type Network = Extract<ExperimentInput['model'], { kind: 'network' }>;

function network(model: Partial<Network> = {}, rest: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 1,
    data: SIX_POINTS,
    model: { kind: 'network', widths: [10], ...model },
    init: { kind: 'gaussian', scale: 0.5 },
    loss: { kind: 'exponential', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    stop: { steps: 100_000 },
    ...rest,
  };
}

const XOR = {
  kind: 'inline' as const,
  x: [
    [1, 1],
    [-1, -1],
    [1, -1],
    [-1, 1],
  ],
  y: [1, 1, -1, -1],
};

describe('Lyu & Li 2020: homogeneous networks', () => {
  it('a residual that falls slowly, decade by decade of ln ℒ, is on its way and no disagreement', async () => {
    // It is 0.0325, 0.0290, 0.0235 at ln ℒ = −10⁴, −10⁵, −10⁶: the frequencies of two convolutions take over one after the other.
    const report = await reportOf({
      seed: 619,
      data: {
        kind: 'inline',
        x: [
          [-0.47, 1.8, 0.48, 0.32, 0.73, 0.92, -0.25, 0.34, 2.07, -1.63, -1.35, -0.93],
          [0.73, 1.14, -0.33, 0.65, -0.05, 0.29, -0.52, -0.03, -0.0, 1.09, 2.15, -1.75],
          [0.51, -0.0, 0.93, 1.02, 0.75, 0.78, -0.91, -1.64, 1.61, 1.16, -0.92, 1.24],
          [0.64, -2.36, 0.87, -0.95, 1.12, -0.66, -0.72, -1.49, -0.21, 0.98, -0.65, -1.79],
        ],
        y: [1, 1, 1, -1],
      },
      model: { kind: 'sum', terms: [{ kind: 'linear-convolution' }, { kind: 'linear-convolution' }] },
      init: { kind: 'balanced', scale: 0.04 },
      loss: 'exponential',
      optimizer: { kind: 'gradient-flow' },
      stop: { logLoss: -1e5 },
    });
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('ReLU: a KKT point, with the margin and the multipliers of the cone program to one percent', async () => {
    const report = await reportOf(network());
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    const margin = report.measures['parameterMargin'];
    assert.ok(margin <= LARGEST_MARGIN && margin > 0.99 * LARGEST_MARGIN, String(margin));
    const [figure] = report.figures;
    assert.ok(figure.kind === 'chart');
    [12.276537, 6.031511, 0, 1.355158, 0.717875, 0].forEach((expected, i) => {
      assert.ok(Math.abs(figure.series[0].y[i] - expected) < 0.01 * 12.3, `${i}: ${figure.series[0].y[i]}`);
    });
    assert.match(report.ended, /kinks/);
  });

  it('the smoothed margin never falls, and lies between the margin and ln n below it', async () => {
    const { trajectory } = await reportOf(network({}, { stop: { steps: 20_000 } }));
    const { smoothedMargin, parameterMargin, parameterNorm } = trajectory;
    let values = 0;
    smoothedMargin.forEach((value, k) => {
      if (!Number.isFinite(value)) return;
      values++;
      assert.ok(value <= parameterMargin[k] * (1 + 1e-12));
      assert.ok(value >= parameterMargin[k] - Math.log(6) / parameterNorm[k] ** 2 - 1e-12);
    });
    assert.ok(values > 100);
  });

  it('the sum counts, not the mean: the mean of the losses gives the same smoothed margin', async () => {
    // The flow of the mean is that of the sum in another time, and the steps are relative: the same curve.
    const sum = await reportOf(network({}, { stop: { steps: 500 } }));
    const mean = await reportOf(network({}, { stop: { steps: 500 }, loss: { kind: 'exponential', reduction: 'mean' } }));
    const first = (values: readonly number[]): number => values.findIndex((value) => Number.isFinite(value));
    assert.ok(first(sum.trajectory.smoothedMargin) > 0);
    assert.ok(Math.abs(first(mean.trajectory.smoothedMargin) - first(sum.trajectory.smoothedMargin)) <= 60);
  });

  it('quadratic units with a bias in the first layer: smooth, of degree 3', async () => {
    const report = await reportOf(
      network({ widths: [5], activation: 'quadratic', bias: 'first' }, { data: XOR, loss: 'logistic', seed: 2, stop: {} }),
    );
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(prediction(report, RESULT).conditions.some(({ because }) => because.startsWith('degree 3')));
    assert.ok(report.solution.logLoss <= -1e8);
  });

  it('ReLU with a bias in the first layer, where it makes the exclusive or easier for no unit', async () => {
    // The cone program on (x, 1) gives the same V* = 2√2 as without the bias: margin √2/8.
    const report = await reportOf(network({ bias: 'first' }, { data: XOR }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(Math.abs(report.measures['parameterMargin'] / (Math.SQRT2 / 8) - 1) < 0.01);
  });

  it('leaky ReLU', async () => {
    const report = await reportOf(network({ activation: { kind: 'leaky-relu', slope: 0.2 } }, { data: XOR }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });

  it('three classes: a margin over every other class', async () => {
    const data = {
      kind: 'inline' as const,
      x: [
        [2, 0.5],
        [1, 1],
        [-1, 2],
        [-2, 1],
        [-0.5, -2],
        [1, -2],
      ],
      y: [0, 0, 1, 1, 2, 2],
    };
    const report = await reportOf(network({ widths: [6] }, { data, loss: 'cross-entropy', stop: { steps: 150_000 } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });
});

describe('Lyu & Li 2020: a wrong limit and an early end', () => {
  it('parameters that are off by a tenth are no KKT point', async () => {
    const source = { text: JSON.stringify(network()), path: null, root: null };
    const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
    const { ready } = await prepare(source, environment);
    assert.ok(ready);
    const { situation, objective } = ready;
    const [examination] = await examineExperiment(situation);
    const trained = await train(situation, objective, null, examination.measures, environment, null);
    assert.equal(examination.judge(trained, null, []).outcome, 'agrees');
    const parameters = trained.parameters.map((value, k) => value * (1 + (k % 2 === 0 ? 0.1 : -0.1)));
    const verdict = examination.judge({ ...trained, parameters }, null, []);
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
    // A residual that stays is held to the growth of the smoothed margin that it demands: r²/(1 − r²) (ln 10 − growth) over a decade of ln ℒ.
    const at = (name: string): readonly number[] => trained.trajectory[name];
    const end = at('logLoss').length - 1;
    const steady = (growth: number): typeof trained.trajectory => ({
      ...trained.trajectory,
      kktResidual: at('logLoss').map(() => 0.3),
      smoothedMargin: at('logLoss').map((loss) =>
        loss < 0 ? 0.7 * at('smoothedMargin')[end] * Math.pow(loss / at('logLoss')[end], growth / Math.LN10) : Number.NaN,
      ),
    });
    // A quarter of the weights exchanged between first and second layer at the same margins: the norm grows, and the residual is 0.3 and more.
    const unbalanced = trained.parameters.map((value, k) => (k < 20 ? 1.5 * value : value / 1.5));
    const judged = (growth: number): Verdict =>
      examination.judge({ ...trained, parameters: unbalanced, trajectory: steady(growth) }, null, []);
    // 0.09/0.91 · (ln 10 − 0.01) = 0.227 is more than 0.01, and 0.09/0.91 · (ln 10 − 0.5) = 0.178 less than 0.5.
    assert.equal(judged(0.01).outcome, 'disagrees', judged(0.01).says);
    assert.match(judged(0.01).says, /raises it by 0\.22\d at least/);
    assert.equal(judged(0.5).outcome, 'inconclusive', judged(0.5).says);
    // A smoothed margin that falls contradicts the theorem too.
    const smoothedMargin = trained.trajectory['smoothedMargin'].map((value, k, all) => (k === all.length - 1 ? 0.9 * value : value));
    const trajectory = { ...trained.trajectory, smoothedMargin };
    assert.equal(examination.judge({ ...trained, trajectory }, null, []).outcome, 'disagrees');
  });

  it('an early end is inconclusive', async () => {
    const report = await reportOf(network({}, { stop: { steps: 1500 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('a loss that has not fallen below ℓ(0) is the hypothesis not reached, and names the dead samples', async () => {
    // One unit cannot be active on both of two opposite points.
    const data = {
      kind: 'inline' as const,
      x: [
        [1, 0],
        [-1, 0],
      ],
      y: [1, 1],
    };
    const init = { kind: 'explicit' as const, parameters: [[1, 0], [1]] };
    const report = await reportOf(network({ widths: [1] }, { data, init, stop: { steps: 3000 } }));
    assert.equal(report.verdict.outcome, 'no-prediction', report.verdict.says);
    assert.match(report.verdict.says, /came to rest at a summed loss of 1,.*no unit is active on sample 1/);
  });
});

describe('Lyu & Li 2020: just below the threshold', () => {
  it('a smoothed margin near 0 goes to and fro with every step along the kinks, which is no fall', async () => {
    // Sixty random labels: at a mean loss of 0.005 the sum is 0.3 of ln 2, where ℓ⁻¹ is about 1 and a step moves it by tenths.
    const data = { kind: 'sphere' as const, samples: 60, features: 100, labels: 'hyperplane' as const };
    const experiment = network(
      { widths: [60], bias: 'first' },
      { data, init: { kind: 'gaussian', scale: 0.3 }, loss: 'logistic', stop: { loss: 0.005 } },
    );
    const report = await reportOf(experiment);
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    const smoothed = report.trajectory['smoothedMargin'].filter(Number.isFinite);
    assert.ok(
      smoothed.some((value, k) => k > 0 && value < 0.5 * smoothed[k - 1]),
      'it does fall there',
    );
  });
});

describe('Lyu & Li 2020: deeper networks with kinks', () => {
  it('get an upper bound of the residual, which never disagrees', async () => {
    const report = await reportOf(network({ widths: [6, 6] }, { data: XOR, seed: 3, stop: { steps: 30_000 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    assert.match(report.verdict.says, /upper bound/);
    assert.ok(prediction(report, RESULT).conditions.some(({ because }) => because.startsWith('degree 3')));
  });
});

describe('Lyu & Li 2020: what is not covered', () => {
  const nothing: readonly (readonly [string, Partial<Network>, RegExp])[] = [
    ['tanh', { activation: 'tanh' }, /tanh is not homogeneous/],
    ['a bias in a deeper layer', { bias: 'all' }, /bias beyond the first layer/],
    ['a residual connection', { widths: [3, 3], residual: true }, /residual connection/],
  ];
  for (const [what, model, why] of nothing) {
    it(`${what}: nothing is known, with the reason`, async () => {
      const report = await reportOf(network(model, { stop: { steps: 20 } }));
      assert.equal(report.verdict.outcome, 'no-prediction');
      const said = prediction(report, RESULT);
      assert.equal(said.symbol, 'nothing is known');
      assert.match(said.conditions[0].because, why);
      assert.equal(said.conditions[0].holds, false);
    });
  }

  const withdrawn: readonly (readonly [string, Partial<ExperimentInput>, string])[] = [
    ['a polynomial tail', { loss: { kind: 'polynomial', power: 1, reduction: 'sum' } }, 'loss with an exponential tail'],
    ['mini-batches', { optimizer: { kind: 'sgd', stepSize: 0.01 } }, 'gradient flow'],
    [
      'gradient descent on kinks',
      { optimizer: { kind: 'gradient-descent', stepSize: 0.01 } },
      'twice differentiable, for gradient descent with steps',
    ],
  ];
  for (const [what, change, text] of withdrawn) {
    it(`${what} withdraws the prediction`, async () => {
      const report = await reportOf(network({}, { ...change, stop: { steps: 20 } }));
      assert.ok(failing(prediction(report, RESULT)).includes(text), failing(prediction(report, RESULT)).join());
    });
  }

  it('the residual of a max-margin ReLU network is of order 1 without Clarke’s freedom', async () => {
    const source = { text: JSON.stringify(network()), path: null, root: null };
    const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
    const { ready } = await prepare(source, environment);
    assert.ok(ready);
    const { situation, objective } = ready;
    const trained = await train(situation, objective, null, [], environment, null);
    const { model, data } = situation;
    const free = kktResidual(model, data.y, data.x, trained.parameters);
    // The same model under another kind: its kinks are not known to the residual.
    const fixed = kktResidual({ ...model, kind: 'other' }, data.y, data.x, trained.parameters);
    assert.ok(free !== null && fixed !== null);
    assert.ok(free.stationarity < 5e-3 && free.kinks > 0);
    assert.ok(fixed.stationarity > 0.1, String(fixed.stationarity));
  });
});
