/** Descents beside the flows of modified losses: Barrett and Dherin 2021, Smith, Dherin, Barrett and De 2021. */
import assert from 'node:assert/strict';
import type { Experiment, ExperimentInput } from '../../src/experiment/schema';
import { failing, judgedWith, prediction, reportOf } from './lab';

const BARRETT = 'barrett-dherin-2021-modified-loss';
const SMITH = 'smith-2021-shuffled-epochs';

const network = (optimizer: ExperimentInput['optimizer'], steps: number, more: Partial<ExperimentInput> = {}): ExperimentInput => ({
  seed: 2,
  data: {
    kind: 'teacher',
    samples: 12,
    features: 1,
    model: { kind: 'network', widths: [4], activation: 'tanh' },
    init: { kind: 'gaussian', scale: 1.5 },
  },
  model: { kind: 'network', widths: [4], activation: 'tanh', bias: 'all' },
  init: { kind: 'gaussian', scale: 0.6 },
  loss: 'square',
  optimizer,
  stop: { steps },
  record: { measures: ['loss', 'gradientNorm'] },
  ...more,
});

const DESCENT = { kind: 'gradient-descent', stepSize: 0.05 } as const;
const EPOCH: Extract<ExperimentInput['optimizer'], { kind: 'sgd' }> = {
  kind: 'sgd',
  stepSize: 0.0125,
  batchSize: 3,
  sampling: { order: [0, 1, 2, 3] },
};

const withDecay = (experiment: Experiment): Experiment =>
  experiment.optimizer.kind === 'gradient-descent'
    ? { ...experiment, optimizer: { ...experiment.optimizer, weightDecay: 0.02 } }
    : experiment;

describe('gradient descent and its modified flow', () => {
  it('shows orders 1 and 2 over a fixed time, 2 and 3 in a step, on other losses too', async () => {
    for (const more of [{}, { loss: { kind: 'square', reduction: 'sum' }, optimizer: { ...DESCENT, stepSize: 0.004 } }] as const) {
      const { verdict, figures } = await reportOf(network(DESCENT, 10, more));
      assert.deepEqual([verdict.outcome, verdict.result], ['agrees', BARRETT], verdict.says);
      assert.ok(figures.some(({ id }) => id === 'modified-flow-orders'));
    }
  });

  it('calls out runs that follow another loss', async () => {
    assert.equal((await judgedWith(network(DESCENT, 10), (same) => same)).outcome, 'agrees');
    const verdict = await judgedWith(network(DESCENT, 10), withDecay);
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
  });

  it('cannot tell at the edge of stability, where no power series in the step is left', async () => {
    const wild = network({ ...DESCENT, stepSize: 0.8 }, 10);
    assert.deepEqual(failing(prediction(await reportOf(wild), BARRETT)), ['a step well below 2/λ_max']);
    const verdict = await judgedWith(wild, (same) => same, BARRETT);
    assert.notEqual(verdict.outcome, 'agrees', verdict.says);
  });

  it('each condition can fail', async () => {
    const failingOf = async (experiment: ExperimentInput): Promise<readonly string[]> =>
      failing(prediction(await reportOf(experiment), BARRETT));
    const relu: Partial<ExperimentInput> = { model: { kind: 'network', widths: [4], activation: 'relu', bias: 'all' } };
    assert.ok((await failingOf(network({ ...DESCENT, stepSize: 0.01 }, 10, relu))).includes('a smooth model'));
    assert.deepEqual(await failingOf(network({ ...DESCENT, momentum: 0.5 }, 10)), ['plain gradient descent']);
    assert.deepEqual(await failingOf(network({ ...DESCENT, weightDecay: 0.1 }, 10)), ['no regularizer of its own']);
  });
});

describe('SGD over one epoch and its modified flow', () => {
  it('shows order 3 against its own modified flow, 2 against the others', async () => {
    const { verdict, figures } = await reportOf(network(EPOCH, 4));
    assert.deepEqual([verdict.outcome, verdict.result], ['agrees', SMITH], verdict.says);
    assert.ok(figures.some(({ id }) => id === 'shuffled-epoch-orders'));
  });

  it('needs the mean over all orders: one order alone is called out', async () => {
    const one = (experiment: Experiment): Experiment =>
      experiment.optimizer.kind === 'sgd'
        ? { ...experiment, optimizer: { ...experiment.optimizer, sampling: { order: [0, 1, 2, 3] } } }
        : experiment;
    const verdict = await judgedWith(network(EPOCH, 4), one);
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
  });

  it('each condition can fail', async () => {
    const failingOf = async (experiment: ExperimentInput): Promise<readonly string[]> =>
      failing(prediction(await reportOf(experiment), SMITH));
    assert.deepEqual(await failingOf(network(EPOCH, 8)), ['one epoch']);
    assert.deepEqual(await failingOf(network({ ...EPOCH, batchSize: 5, sampling: { order: [0, 1, 2] } }, 3)), ['batches of one size']);
    const many = network({ ...EPOCH, batchSize: 2, sampling: { order: [0, 1, 2, 3, 4, 5] } }, 6);
    assert.deepEqual(await failingOf(many), ['two to 5 batches, whose orders can all be run']);
    assert.deepEqual(await failingOf(network({ ...EPOCH, labelNoise: 0.1 }, 4)), ['labels as the data has them']);
  });
});
