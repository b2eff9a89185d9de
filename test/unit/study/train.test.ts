import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../../src/experiment/schema';
import type { RunEvent } from '../../../src/protocol/compute';
import type { Report } from '../../../src/protocol/report';
import { encodeReport } from '../../../src/protocol/report-json';
import type { Environment } from '../../../src/study/environment';
import { runExperiment } from '../../../src/study/run';
import { nodeEnvironment } from '../../../src/worker/environment';
import { reportOf as readReport } from '../../../webview/intake';
import { reportOf, TWO_EQUATIONS } from '../../theory/lab';

const REGRESSION: ExperimentInput = {
  data: TWO_EQUATIONS,
  model: { kind: 'linear' },
  loss: 'square',
  optimizer: { kind: 'gradient-descent', stepSize: 0.01 },
};

function sourceOf(experiment: ExperimentInput): { text: string; path: null; root: null } {
  return { text: JSON.stringify(experiment), path: null, root: null };
}

function environment(change: Partial<Environment> = {}): Environment {
  return { ...nodeEnvironment(sourceOf(REGRESSION), new SharedArrayBuffer(4)), ...change };
}

describe('a run', () => {
  it('is the same, byte for byte, whatever the clock does', async () => {
    const experiment: ExperimentInput = { ...REGRESSION, optimizer: { kind: 'sgd', stepSize: 0.02 }, seed: 11, stop: { steps: 500 } };
    let time = 0;
    // One clock stands still, the other jumps by a second at every look: slices and live points differ, the report must not.
    const reports = await Promise.all(
      [() => 0, () => (time += 1000)].map(async (now) => {
        const answer = await runExperiment(sourceOf(experiment), environment({ now }), () => undefined);
        assert.equal(answer.type, 'report');
        return answer.type === 'report' ? encodeReport({ ...answer.report, seconds: 0 }) : '';
      }),
    );
    assert.equal(reports[0], reports[1]);
    assert.ok(reports[0].length > 1000);
  });

  it('changes with the seed', async () => {
    const sgd = (seed: number): ExperimentInput => ({
      ...REGRESSION,
      optimizer: { kind: 'sgd', stepSize: 0.02 },
      seed,
      stop: { steps: 50 },
    });
    const [a, b] = await Promise.all([reportOf(sgd(1)), reportOf(sgd(2))]);
    assert.notDeepEqual(a.solution.predictor, b.solution.predictor);
    assert.notEqual(a.fingerprint, b.fingerprint);
  });

  it('looks whether it is cancelled between two slices, and takes no step after it heard so', async () => {
    // By this clock every step takes a second, so that each is a slice of its own.
    let [time, looks] = [0, 0];
    const steps = { now: () => (time += 1000), cancelled: () => ++looks > 40 };
    const answer = await runExperiment(sourceOf(REGRESSION), environment(steps), () => undefined);
    assert.ok(answer.type === 'report');
    const taken = Number(/^Cancelled after (\d+) steps\.$/.exec(answer.report.ended)?.[1]);
    assert.ok(taken > 0 && taken <= 40, answer.report.ended);
    assert.equal(answer.report.trajectory['step'].at(-1), taken);
  });

  it('that is cancelled keeps the curve so far and is judged inconclusive, which is not what a file can have expected', async () => {
    let polls = 0;
    const cancelled = (): boolean => ++polls > 40;
    const expecting: ExperimentInput = { ...REGRESSION, expect: { verdict: 'inconclusive' } };
    const answer = await runExperiment(sourceOf(expecting), environment({ cancelled }), () => undefined);
    assert.ok(answer.type === 'report');
    assert.equal(answer.report.outcome, 'cancelled');
    assert.equal(answer.report.verdict.outcome, 'inconclusive');
    assert.equal(answer.report.asExpected, null);
    assert.ok(answer.report.trajectory['loss'].length > 1);
  });

  it('sends the points of its trajectory while it runs', async () => {
    const events: RunEvent[] = [];
    let time = 0;
    const answer = await runExperiment(sourceOf(REGRESSION), environment({ now: () => (time += 100) }), (event) => events.push(event));
    assert.ok(answer.type === 'report');
    let steps: number[] = [];
    for (const event of events) {
      if (event.type !== 'points') continue;
      assert.equal(event.values.length, event.rows * event.columns.length);
      const fresh = Array.from({ length: event.rows }, (_, k) => event.values[k * event.columns.length]);
      steps = event.reset ? fresh : [...steps, ...fresh];
    }
    assert.deepEqual(steps, answer.report.trajectory['step']);
    assert.deepEqual(
      events.filter(({ type }) => type === 'predicted' || type === 'reference').map(({ type }) => type),
      ['predicted', 'reference'],
    );
    const predicted = events.find(({ type }) => type === 'predicted');
    assert.deepEqual(predicted?.type === 'predicted' && predicted.subject?.data, answer.report.data);
  });

  describe('that is ended from outside', () => {
    /** What the run would have answered when these progress events came. */
    async function drafts(experiment: ExperimentInput): Promise<ReadonlyMap<string, Report | null>> {
      const known = new Map<string, Report | null>();
      let last: Report | null = null;
      const emit = (event: RunEvent): void => void (event.type === 'progress' && known.set(event.says.replace(/ .*/, ''), last));
      await runExperiment(sourceOf(experiment), environment(), emit, (report) => (last = report));
      return known;
    }

    it('while a reference is solved, has a report of its start', async () => {
      const whole = await reportOf(REGRESSION);
      const report = (await drafts(REGRESSION)).get('solving');
      assert.ok(report);
      // Whole for whoever reads it: it has every part of a report, and the page takes it.
      const parts = (of: Report): readonly string[] => Object.keys(of).sort();
      assert.deepEqual(parts(report), parts(whole));
      assert.equal(readReport(report)?.outcome, 'cancelled');
      assert.equal(report.verdict.outcome, 'inconclusive');
      assert.match(report.verdict.says, /cancelled before it could be judged/);
      assert.match(report.ended, /while the reference problem was being solved/);
      assert.deepEqual(report.trajectory['step'], [0]);
      assert.deepEqual(report.predictions, whole.predictions);
      assert.equal(report.fingerprint, whole.fingerprint);
      assert.deepEqual(report.references, []);
    });

    it('while it trains, answers by itself', async () => {
      assert.equal((await drafts(REGRESSION)).get('step'), null);
    });

    it('while it is judged, keeps all that it was trained, and its references', async () => {
      const whole = await reportOf(REGRESSION);
      const report = (await drafts(REGRESSION)).get('judging');
      assert.ok(report);
      assert.equal(report.outcome, 'cancelled');
      assert.equal(report.verdict.outcome, 'inconclusive');
      assert.equal(whole.verdict.outcome, 'agrees');
      assert.match(report.ended, /^Cancelled after the training, before the verdict\. The gradient fell/);
      assert.deepEqual(report.trajectory, whole.trajectory);
      assert.deepEqual(report.solution, whole.solution);
      assert.deepEqual(report.references, whole.references);
    });

    it('has nothing to solve where nothing is predicted and nothing compared', async () => {
      const nothing: ExperimentInput = {
        ...REGRESSION,
        data: { ...TWO_EQUATIONS, x: [[1], [1]] },
        optimizer: { kind: 'sgd', stepSize: 0.1 },
      };
      assert.equal((await drafts({ ...nothing, stop: { steps: 10 } })).get('solving'), null);
    });
  });

  it('answers with diagnostics, not with a report, when the file is wrong', async () => {
    const answer = await runExperiment({ text: '{"data": 3}', path: null, root: null }, environment(), () => undefined);
    assert.ok(answer.type === 'invalid' && answer.diagnostics.some(({ severity }) => severity === 'error'));
  });
});

describe('the end of a run', () => {
  const ends: readonly (readonly [string, ExperimentInput, string, RegExp])[] = [
    ['steps', { ...REGRESSION, stop: { steps: 7 } }, 'stopped', /7 steps/],
    ['loss', { ...REGRESSION, stop: { loss: 0.01 } }, 'stopped', /loss reached 0.01/],
    ['logLoss', { ...REGRESSION, stop: { logLoss: -3 } }, 'stopped', /ln ℒ reached −3/],
    ['gradientNorm', { ...REGRESSION, stop: { gradientNorm: 0.01 } }, 'converged', /gradient norm/],
    ['time', { ...REGRESSION, stop: { time: 0.5 } }, 'stopped', /time limit/],
    ['seconds', { ...REGRESSION, optimizer: { kind: 'gradient-descent', stepSize: 1e-9 }, stop: { seconds: 0.02 } }, 'stopped', /seconds/],
    ['divergence', { ...REGRESSION, optimizer: { kind: 'sgd', stepSize: 0.9 } }, 'diverged', /bound/],
  ];
  for (const [name, experiment, outcome, ended] of ends) {
    it(`by ${name}`, async () => {
      const report = await reportOf(experiment);
      assert.equal(report.outcome, outcome, report.ended);
      assert.match(report.ended, ended);
    });
  }

  const LEAKY: ExperimentInput = {
    data: {
      kind: 'inline',
      x: [
        [1, 0.5],
        [-0.5, 1],
      ],
      y: [1, -0.05],
    },
    model: { kind: 'neuron', activation: { kind: 'leaky-relu', slope: 0.1 } },
    loss: 'square',
    optimizer: { kind: 'gradient-flow' },
    init: { kind: 'zero' },
  };

  it('at a kink: stuck, with where and why, and inconclusive', async () => {
    const report = await reportOf(LEAKY);
    assert.ok(report.predictions[0].applies);
    assert.equal(report.outcome, 'stuck');
    // At w = 0 every σ′ is 0.1: −∇ = (0.1/2)(1·x₁ − 0.05·x₂) = 0.05 (1.025, 0.45), of norm 0.05597. Along it sample 1 comes to its
    // steep side, which adds (0.9/2) x₁, of norm 0.45 √1.25 = 0.50312; sample 2 stays on the other.
    assert.match(report.ended, /at a kink at the start, at θ = 0: the gradient, of norm 0\.056, jumps by 0\.503 within/);
    assert.equal(report.verdict.outcome, 'inconclusive');
    assert.ok(report.verdict.says.includes(report.ended));
  });

  it('beside that kink: the prediction is judged', async () => {
    const report = await reportOf({ ...LEAKY, init: { kind: 'explicit', parameters: [[1e-3, 1e-3]] } });
    assert.equal(report.outcome, 'converged');
    assert.equal(report.verdict.outcome, 'agrees');
  });

  it('at the kink of a margin loss: stuck too, and no rest', async () => {
    const report = await reportOf({
      ...LEAKY,
      data: {
        kind: 'inline',
        x: [
          [1, 0.5],
          [-0.5, 1],
        ],
        y: [1, -1],
      },
      loss: 'logistic',
    });
    assert.equal(report.outcome, 'stuck');
    assert.match(report.ended, /at a kink at the start, at θ = 0/);
  });

  for (const [name, optimizer] of [
    ['the flow', { kind: 'gradient-flow' }],
    ['descent', { kind: 'gradient-descent', stepSize: 0.1, momentum: 0.9 }],
    ['SGD', { kind: 'sgd', stepSize: 0.1, batchSize: 1 }],
    ['SGD with noisy labels', { kind: 'sgd', stepSize: 0.1, batchSize: 1, labelNoise: 0.5 }],
    ['Adam', { kind: 'adam', stepSize: 0.1 }],
  ] as const)
    it(`of ${name} from a stationary point: at once`, async () => {
      // Every derivative of ReLU at 0 is taken as 0, and the outer weights are 0 besides.
      const report = await reportOf({ ...LEAKY, model: { kind: 'network', widths: [3], activation: 'relu' }, optimizer });
      assert.equal(report.outcome, 'converged');
      assert.match(report.ended, /^Stationary at the start/);
      assert.equal(report.measures['step'], 0);
    });

  it('of SGD where only the sum of the gradients vanishes: not at once', async () => {
    // y = ±1 at one x: ∇ℒ(0) = 0, every sample by itself pulls; the third, at x = 0, does not.
    const report = await reportOf({
      ...LEAKY,
      data: {
        kind: 'inline',
        x: [
          [1, 0],
          [1, 0],
          [0, 0],
        ],
        y: [1, -1, 0],
      },
      model: { kind: 'linear' },
      optimizer: { kind: 'sgd', stepSize: 0.1, batchSize: 1, sampling: { order: [2, 0, 1] } },
      stop: { steps: 50 },
    });
    assert.equal(report.outcome, 'stopped');
    assert.notEqual(report.measures['l2Norm'], 0);
  });

  it('by time: at the first step at or after it', async () => {
    const { trajectory } = await reportOf({ ...REGRESSION, stop: { time: 0.5 } });
    assert.ok(Math.abs((trajectory['time'].at(-1) ?? 0) - 0.5) < 1e-12);
    // Beyond some hundred steps a run is not looked at after every one of them.
    const optimizer = { kind: 'gradient-descent' as const, stepSize: 1 / 1024, momentum: 0.5 };
    const long = await reportOf({ ...REGRESSION, optimizer, stop: { time: 4 - 1 / 4096 } });
    assert.equal(long.measures['step'], 4096);
  });
});

describe('the recorded curve', () => {
  for (const spacing of ['log', 'linear'] as const) {
    it(`has at most the asked points, the first and the last among them (${spacing})`, async () => {
      const report = await reportOf({ ...REGRESSION, record: { points: 30, spacing }, stop: { steps: 600 } });
      const steps = report.trajectory['step'];
      assert.ok(steps.length <= 30 && steps.length > 15, String(steps.length));
      assert.equal(steps[0], 0);
      assert.equal(report.measures['step'], steps.at(-1));
      assert.ok(steps.every((step, k) => k === 0 || step > steps[k - 1]));
    });
  }

  it('of a flow too', async () => {
    const report = await reportOf({ ...REGRESSION, optimizer: { kind: 'gradient-flow' }, record: { points: 20 } });
    assert.equal(report.trajectory['step'].length, 20);
    assert.equal(report.trajectory['step'][0], 0);
  });

  it('holds the measures that the file asks for, of one length, and leaves out what has no value', async () => {
    const report = await reportOf({ ...REGRESSION, record: { measures: ['l1Norm', 'margin'] }, stop: { steps: 20 } });
    const lengths = new Set(Object.values(report.trajectory).map((column) => column.length));
    assert.equal(lengths.size, 1);
    assert.ok('l1Norm' in report.trajectory);
    assert.equal('margin' in report.trajectory, false);
  });

  it('has a test loss where there are test samples', async () => {
    const report = await reportOf({ ...REGRESSION, data: { ...TWO_EQUATIONS, test: { x: [[1, 0, 0, 0]], y: [0] } }, stop: { steps: 20 } });
    // ½ w₁² with the reduction mean over one sample.
    const w1 = report.solution.predictor?.[0] ?? Number.NaN;
    assert.ok(Math.abs(report.measures['testLoss'] - w1 ** 2 / 2) < 1e-15);
  });
});
