/** Label noise: the law of the product (Damian, Ma, Lee 2021), the sparse truth (HaoChen, Wei, Lee, Ma 2021), flat networks (Blanc et al. 2020). */
import assert from 'node:assert/strict';
import type { Experiment, ExperimentInput } from '../../src/experiment/schema';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { trainCompanion } from '../../src/study/train-companion';
import { examineExperiment } from '../../src/theory/catalogue';
import type { Trained } from '../../src/theory/result';
import { nodeEnvironment } from '../../src/worker/environment';
import { failing, judgedWith, prediction, reportOf } from './lab';

const DAMIAN = 'damian-2021-label-noise';
const BLANC = 'blanc-2020-flat-minimizers';
const HAOCHEN = 'haochen-2021-sparse-recovery';

const product = (eta: number, sigma: number, steps: number, more: Partial<ExperimentInput> = {}): ExperimentInput => ({
  data: { kind: 'inline', x: [[1]], y: [1] },
  model: { kind: 'diagonal', tied: false },
  init: { kind: 'explicit', parameters: [[3], [1 / 3]] },
  loss: 'square',
  optimizer: { kind: 'sgd', stepSize: eta, labelNoise: sigma },
  stop: { steps },
  ...more,
});

const withNoise =
  (labelNoise: number) =>
  (experiment: Experiment): Experiment =>
    experiment.optimizer.kind === 'sgd' ? { ...experiment, optimizer: { ...experiment.optimizer, labelNoise } } : experiment;

describe('label noise on a product of two weights', () => {
  // Means over 20000 runs in numpy: 0.14376 and 0.11028, with standard errors of 2e-5. The trace alone says 0.2229 in both.
  for (const [eta, sigma, mean] of [
    [0.1, 0.3, 0.14376],
    [0.15, 0.2, 0.11028],
  ] as const) {
    it(`η = ${eta}, σ = ${sigma}: a² − b² falls as the law says`, async () => {
      const { verdict } = await reportOf(product(eta, sigma, 1667));
      assert.deepEqual([verdict.outcome, verdict.result], ['agrees', DAMIAN], verdict.says);
      const [, found, law] = /falls to ([\d.]+) .* law says ([\d.]+)/.exec(verdict.says) ?? [];
      // The standard error of 64 runs is below half a percent, what the law leaves out below a tenth of one.
      assert.ok(Math.abs(Number(found) / mean - 1) < 0.02, verdict.says);
      assert.ok(Math.abs(Number(law) / mean - 1) < 2e-3, verdict.says);
    });
  }

  it('runs that have come to the flattest minimizer, or scatter too widely, tell nothing', async () => {
    // Of 6000 runs in numpy: the law is 6.8e-24 of the start where rounding leaves 0, and 2.0e-4 where the mean is 9.0e-4, with a deviation of 2e-3 of single runs.
    const from = (a: number): Partial<ExperimentInput> => ({ init: { kind: 'explicit', parameters: [[a], [1 / a]] } });
    const flat = await reportOf(product(0.5, 0.5, 400, from(1.05)));
    assert.equal(flat.verdict.outcome, 'inconclusive', flat.verdict.says);
    assert.match(flat.verdict.says, /but for rounding/);
    const wide = await reportOf(product(0.7, 0.3, 50, from(1.5)));
    assert.equal(wide.verdict.outcome, 'inconclusive', wide.verdict.says);
    assert.match(wide.verdict.says, /does not tell/);
  });

  it('runs with a tenth less noise are called out', async () => {
    assert.equal((await judgedWith(product(0.15, 0.2, 1667), (same) => same)).outcome, 'agrees');
    const verdict = await judgedWith(product(0.15, 0.2, 1667), withNoise(0.18));
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
  });

  it('each condition can fail', async () => {
    const failingOf = async (experiment: ExperimentInput): Promise<readonly string[]> =>
      failing(prediction(await reportOf(experiment), DAMIAN));
    const few = { stop: { steps: 10 } };
    assert.deepEqual(await failingOf(product(0.1, 0, 10)), ['fresh noise on the labels']);
    assert.deepEqual(await failingOf(product(0.25, 0.2, 10)), ['ηλ_max < 2 at the start, where it is largest']);
    const start = (a: number, b: number): ExperimentInput => product(0.1, 0.2, 10, { init: { kind: 'explicit', parameters: [[a], [b]] } });
    assert.deepEqual(await failingOf(start(3, 0.4)), ['a start on the curve of minimizers']);
    assert.deepEqual(await failingOf(start(1, 1)), ['a start that is not the flattest already']);
    const noisy = product(0.1, 0.2, 10, { optimizer: { kind: 'sgd', stepSize: 0.1, labelNoise: 0.2, gradientNoise: 0.1 }, ...few });
    assert.deepEqual(await failingOf(noisy), ['gradients of the loss alone']);
  });
});

const sparse = (changes: Readonly<Record<string, unknown>> = {}, more: Partial<ExperimentInput> = {}): ExperimentInput => ({
  data: { kind: 'sparse-regression', samples: 40, features: 100, sparsity: 5, signs: 'positive' },
  model: { kind: 'diagonal', tied: false },
  init: { kind: 'constant', scale: 0.5 },
  loss: 'square',
  optimizer: {
    kind: 'sgd',
    stepSize: 0.02,
    sampling: 'with-replacement',
    labelNoise: 1,
    schedule: { kind: 'drops', at: [20_000, 25_000] },
    ...changes,
  },
  stop: { steps: 30_000 },
  ...more,
});

describe('label noise on v∘v', () => {
  it('recovers the truth on other data, where the same steps without noise do not', async () => {
    const { verdict, measures } = await reportOf(sparse({}, { seed: 3 }));
    assert.deepEqual([verdict.outcome, verdict.result], ['agrees', HAOCHEN], verdict.says);
    // ‖w‖₁ of the truth is √5.
    assert.ok(Math.abs(measures['l1Norm'] / Math.sqrt(5) - 1) < 0.1, `${measures['l1Norm']}`);
  });

  it('noise in all directions ends far from it, and no result says otherwise', async () => {
    const report = await reportOf(sparse({ labelNoise: 0, gradientNoise: 0.5 }));
    assert.equal(report.verdict.outcome, 'no-prediction');
    assert.ok(report.measures['l1Norm'] > 2 * Math.sqrt(5), `${report.measures['l1Norm']}`);
    assert.deepEqual(failing(prediction(report, HAOCHEN)).slice(0, 1), ['noise on the label of one sample a step']);
  });

  it('a dense limit disagrees', async () => {
    const source = { text: JSON.stringify(sparse({}, { stop: { steps: 30_000 } })), path: null, root: null };
    const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
    const { ready } = await prepare(source, environment);
    assert.ok(ready);
    const [examination] = await examineExperiment(ready.situation);
    assert.equal(examination.prediction.result, HAOCHEN);
    const reference = await examination.solve();
    assert.ok(reference?.certificate.value !== undefined && reference.certificate.value < 1e-10);
    const [quiet] = examination.companions;
    const dense = await trainCompanion(quiet, ready.situation, null, environment);
    assert.equal(examination.judge(dense, reference, []).outcome, 'disagrees');
  });

  it('each condition can fail', async () => {
    const failingOf = async (experiment: ExperimentInput): Promise<readonly string[]> =>
      failing(prediction(await reportOf(experiment), HAOCHEN));
    const few = { stop: { steps: 100 } };
    assert.deepEqual(await failingOf(sparse({ schedule: 'constant' }, few)), [
      'noise for long enough, ½δ² Σ ηₜ² ≥ 3',
      'steps that become small at the end',
    ]);
    const signs = { kind: 'sparse-regression', samples: 40, features: 100, sparsity: 5 } as const;
    assert.ok((await failingOf(sparse({}, { data: signs, ...few }))).includes('a non-negative truth'));
    const dense = { ...signs, signs: 'positive', sparsity: 60 } as const;
    assert.ok((await failingOf(sparse({}, { data: dense, ...few }))).includes('samples enough to fix a sparse truth'));
    const uneven = await failingOf(sparse({}, { init: { kind: 'gaussian', scale: 1 }, ...few }));
    assert.ok(uneven.includes('equal layers at the start'));
  });

  it('every other result is withdrawn from files with noise, schedule or weight decay', async () => {
    const linear: ExperimentInput = {
      data: { kind: 'inline', x: [[1, 0]], y: [1] },
      model: { kind: 'linear' },
      loss: 'square',
      optimizer: { kind: 'sgd' },
    };
    const plain = await reportOf({ ...linear, optimizer: { kind: 'sgd', stepSize: 0.5 } });
    assert.equal(plain.verdict.outcome, 'agrees');
    for (const [optimizer, text] of [
      [{ kind: 'sgd', stepSize: 0.5, labelNoise: 0.1 }, 'labels as the data has them'],
      [{ kind: 'sgd', stepSize: 0.5, gradientNoise: 0.1 }, 'gradients of the loss alone'],
      [{ kind: 'sgd', stepSize: 0.5, schedule: 'inverse-sqrt' }, 'a constant step size'],
      [{ kind: 'gradient-descent', stepSize: 0.5, weightDecay: 0.1 }, 'no regularizer of its own'],
    ] as const) {
      const report = await reportOf({ ...linear, optimizer, stop: { steps: 50 } });
      assert.equal(report.verdict.outcome, 'no-prediction', text);
      assert.deepEqual(failing(prediction(report, 'zhang-2017-closest-interpolator')), [text]);
    }
  });
});

describe('label noise on a network that fits', () => {
  const x = Array.from({ length: 8 }, (_, i) => [-1 + (2 * i) / 7]);
  const flat = (changes: Readonly<Record<string, unknown>> = {}, steps = 20_000, more: Partial<ExperimentInput> = {}): ExperimentInput => ({
    data: { kind: 'inline', x, y: x.map(([value]) => Math.sin(4 * value)) },
    model: { kind: 'network', widths: [8, 8], activation: 'tanh', bias: 'all' },
    init: { kind: 'gaussian', scale: 0.8 },
    loss: 'square',
    optimizer: { kind: 'sgd', stepSize: 0.02, sampling: 'with-replacement', labelNoise: 0.3, ...changes },
    stop: { steps },
    record: { spacing: 'linear', points: 60 },
    ...more,
  });

  it('lowers the trace of the Hessian; the same judge calls out a trace that has grown, and one that is the same', async () => {
    const source = { text: JSON.stringify(flat()), path: null, root: null };
    const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
    const { ready } = await prepare(source, environment);
    assert.ok(ready);
    const [examination] = await examineExperiment(ready.situation);
    assert.equal(examination.prediction.result, BLANC);
    const trained = await train(ready.situation, ready.objective, null, examination.measures, environment, null);
    const quiet = await trainCompanion(examination.companions[0], ready.situation, null, environment);
    const verdict = examination.judge(trained, null, [quiet]);
    assert.equal(verdict.outcome, 'agrees', verdict.says);
    const times = (factor: number): Trained => ({
      ...trained,
      trajectory: { ...trained.trajectory, gaussNewtonTrace: trained.trajectory['gaussNewtonTrace'].map((value) => factor * value) },
    });
    assert.equal(examination.judge(times(1 / (verdict.value ?? 1)), null, [quiet]).outcome, 'inconclusive');
    assert.equal(examination.judge(times(2 / (verdict.value ?? 1)), null, [quiet]).outcome, 'disagrees');
  });

  it('each condition can fail', async () => {
    const failingOf = async (experiment: ExperimentInput): Promise<readonly string[]> =>
      failing(prediction(await reportOf(experiment), BLANC));
    assert.deepEqual(await failingOf(flat({ labelNoise: 0, gradientNoise: 0.1 }, 100)), [
      'fresh noise on the labels',
      'gradients of the loss alone',
    ]);
    const relu: Partial<ExperimentInput> = { model: { kind: 'network', widths: [8], activation: 'relu' } };
    assert.deepEqual(await failingOf(flat({}, 100, relu)), ['a smooth model']);
    assert.deepEqual(await failingOf(flat({ schedule: 'inverse-sqrt' }, 100)), ['a constant step size']);
  });
});
