import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import type { Verdict } from '../../src/protocol/report';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { zhang2017RandomLabels } from '../../src/theory/zhang-2017-random-labels';
import { nodeEnvironment } from '../../src/worker/environment';
import { failing, prediction, reportOf } from './lab';

const ID = zhang2017RandomLabels.id;

type Labels = 'hyperplane' | 'random';

const experiment = (labels: Labels, changes: Partial<ExperimentInput> = {}): ExperimentInput => ({
  seed: 4,
  data: { kind: 'sphere', samples: 30, features: 6, labels, testSamples: 500 },
  model: { kind: 'network', widths: [30], bias: 'first' },
  init: { kind: 'gaussian', scale: 0.4 },
  loss: 'logistic',
  optimizer: { kind: 'gradient-flow' },
  stop: { loss: 0.01 },
  expect: { verdict: 'agrees', result: ID },
  ...changes,
});

/** The verdict on a network trained on one kind of labels, told that they are of another kind. */
async function judgedAs(labels: Labels, told: Labels): Promise<Verdict> {
  const source = { text: JSON.stringify(experiment(labels)), path: null, root: null };
  const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
  const { ready } = await prepare(source, environment);
  assert.ok(ready);
  const { situation, objective } = ready;
  const trained = await train(situation, objective, null, [], environment, null);
  const { data } = situation.experiment;
  assert.ok(data.kind === 'sphere');
  const swapped = { ...situation, experiment: { ...situation.experiment, data: { ...data, labels: told } } };
  const examination = await zhang2017RandomLabels.examine(swapped);
  assert.ok(examination);
  return examination.judge(trained, null, []);
}

describe('Zhang et al. 2017, random labels', function () {
  this.timeout(60_000);

  it('agrees for both kinds of labels, with the same network and no training error', async () => {
    for (const labels of ['hyperplane', 'random'] as const) {
      const { verdict, measures } = await reportOf(experiment(labels));
      assert.deepEqual([verdict.outcome, verdict.result], ['agrees', ID], verdict.says);
      assert.equal(measures.errorRate, 0);
      // Five standard errors of 500 tosses around a half; a halfspace in six dimensions from 30 samples is far from it.
      if (labels === 'random') assert.ok(Math.abs(measures.testErrorRate - 0.5) < 5 * Math.sqrt(0.25 / 500));
      else assert.ok(measures.testErrorRate < 0.3, `${measures.testErrorRate}`);
    }
  });

  it('disagrees where the test errors are not what the labels allow', async () => {
    assert.equal((await judgedAs('hyperplane', 'random')).outcome, 'disagrees');
    assert.equal((await judgedAs('random', 'hyperplane')).outcome, 'disagrees');
    assert.equal((await judgedAs('random', 'random')).outcome, 'agrees');
  });

  it('leaves open what too few test samples cannot tell, and what is below chance but not beyond doubt', async () => {
    const few = experiment('hyperplane', { data: { kind: 'sphere', samples: 30, features: 6, labels: 'hyperplane', testSamples: 10 } });
    const { verdict } = await reportOf(few);
    assert.equal(verdict.outcome, 'inconclusive', verdict.says);
    assert.match(verdict.says, /too few test samples to tell even 25 % from chance/);
    // Thirty samples in 200 dimensions teach little of a halfspace.
    const wide = experiment('hyperplane', { data: { kind: 'sphere', samples: 30, features: 200, labels: 'hyperplane', testSamples: 500 } });
    const taught = (await reportOf(wide)).verdict;
    assert.equal(taught.outcome, 'inconclusive', taught.says);
    assert.match(taught.says, /below chance, but a coin does the same in/);
  });

  it('leaves open what has not been fitted', async () => {
    const { verdict } = await reportOf(experiment('random', { stop: { steps: 1 } }));
    assert.equal(verdict.outcome, 'inconclusive');
    assert.match(verdict.says, /are not fitted/);
  });

  it('says what it expects of the errors', async () => {
    assert.deepEqual((await reportOf(experiment('random'))).expected, { errorRate: 0, testErrorRate: 0.5 });
    assert.deepEqual((await reportOf(experiment('hyperplane'))).expected, { errorRate: 0 });
  });

  it('does not apply to a network with fewer parameters than samples', async () => {
    const report = await reportOf(experiment('random', { model: { kind: 'network', widths: [2], bias: 'first' }, stop: { steps: 20 } }));
    const found = prediction(report, ID);
    assert.equal(found.applies, false);
    assert.deepEqual(failing(found), ['at least as many parameters as samples']);
  });
});
