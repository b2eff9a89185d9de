/** Batches and steps against the sharpness at the end: the statistic, the verdict from both sides, and where nothing is foreseen. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { trainCompanion } from '../../src/study/train-companion';
import { compare } from '../../src/theory/keskar-2017-flat-minima';
import type { Trained } from '../../src/theory/result';
import { nodeEnvironment } from '../../src/worker/environment';
import { failing, prediction, reportOf } from './lab';
import { halvesOf, type Halves } from './situation';

const RESULT = 'keskar-2017-flat-minima';
const X = Array.from({ length: 12 }, (_, i) => -1 + (2 * i) / 11);

function network(change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 7,
    data: { kind: 'inline', x: X.map((x) => [x]), y: X.map((x) => Math.sin(4 * x)) },
    model: { kind: 'network', widths: [12, 12], activation: 'tanh', bias: 'all' },
    init: { kind: 'ntk' },
    loss: 'square',
    optimizer: { kind: 'sgd', stepSize: 0.12, batchSize: 2 },
    stop: { steps: 2400 },
    record: { points: 2 },
    expect: { verdict: 'agrees', result: RESULT },
    ...change,
  };
}

/** The run of the file and its companions: twelve with its batches, twelve with all samples at once, twelve with a smaller step. */
async function allRuns(experiment: ExperimentInput): Promise<Halves & { readonly companions: readonly Trained[] }> {
  const halves = await halvesOf(experiment, RESULT);
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
  const companions: Trained[] = [];
  for (const companion of halves.examination.companions)
    companions.push(await trainCompanion(companion, halves.situation, null, environment));
  return { ...halves, companions };
}

describe('Keskar et al. 2017: batches, steps and flat minima', () => {
  it('the test of paired logarithms is that of Student', () => {
    // Differences 0.1, 0.3, 0.2, 0.5, 0.25: mean 0.27, standard error 0.066332, and the density of t with 4 degrees of freedom integrated by Simpson's rule; scipy's ttest_1samp says the same.
    const { mean, error, chance } = compare([0.1, 0.3, 0.2, 0.5, 0.25].map(Math.exp), [1, 1, 1, 1, 1]);
    assert.ok(Math.abs(mean - 0.27) < 1e-12);
    assert.ok(Math.abs(error - 0.0663324958) < 1e-9);
    assert.ok(Math.abs(chance - 0.0152179049) < 1e-8, String(chance));
    assert.equal(compare([2, 2], [2, 2]).chance, 1);
  });

  it('small batches and large steps end flatter, at minima where they can stay; the groups exchanged disagree; missing runs decide nothing', async function () {
    this.timeout(60_000);
    const { examination, trained, companions } = await allRuns(network());
    assert.equal(examination.prediction.applies, true);
    assert.equal(companions.length, 35);
    const verdict = examination.judge(trained, null, companions);
    assert.equal(verdict.outcome, 'agrees', verdict.says);
    assert.ok((verdict.value ?? 0) < -0.1);
    assert.match(verdict.says, /and 0 of their own/);
    const runs = [trained, ...companions];
    const [small, large, slow] = [0, 1, 2].map((k) => runs.slice(12 * k, 12 * k + 12));
    const exchanged = [...slow, ...large, ...small];
    const wrong = examination.judge(exchanged[0], null, exchanged.slice(1));
    assert.equal(wrong.outcome, 'disagrees', wrong.says);
    // As sharp as each other: nothing can be told.
    const equal = [...large, ...large, ...large];
    assert.equal(examination.judge(equal[0], null, equal.slice(1)).outcome, 'inconclusive');
    assert.equal(examination.judge(trained, null, companions.slice(1)).outcome, 'inconclusive');
    assert.equal(examination.judge({ ...trained, outcome: 'diverged' }, null, companions).outcome, 'inconclusive');
  });

  it('where all minima are flat enough for small batches, nothing is foreseen', async function () {
    this.timeout(60_000);
    const { verdict } = await reportOf(network({ optimizer: { kind: 'sgd', stepSize: 0.02, batchSize: 6 }, stop: { steps: 400 } }));
    assert.equal(verdict.result, RESULT);
    assert.equal(verdict.outcome, 'inconclusive', verdict.says);
    assert.match(verdict.says, /nothing drives/);
  });

  const broken: readonly (readonly [string, Partial<ExperimentInput>, RegExp])[] = [
    ['all samples in a batch', { optimizer: { kind: 'sgd', stepSize: 0.12, batchSize: 12 } }, /some of the samples/],
    ['a file without steps', { stop: { loss: 0.4 } }, /number of steps/],
    ['a start that is given', { init: { kind: 'zero' } }, /start that is drawn/],
    [
      'a schedule of steps',
      { optimizer: { kind: 'sgd', stepSize: 0.12, batchSize: 2, schedule: { kind: 'drops', at: [5] } } },
      /constant step/,
    ],
    ['a first layer alone', { model: { kind: 'network', widths: [12], trainable: 'first' } }, /all layers/],
  ];
  for (const [name, change, text] of broken) {
    it(`is withdrawn by ${name}`, async () => {
      const report = await reportOf(network({ stop: { steps: 10 }, ...change }));
      const reasons = failing(prediction(report, RESULT));
      assert.ok(
        reasons.some((reason) => text.test(reason)),
        reasons.join(', '),
      );
      assert.notEqual(report.verdict.result, RESULT);
    });
  }

  it('speaks only where it is asked for', async () => {
    const { predictions } = await reportOf(network({ stop: { steps: 10 }, expect: undefined }));
    assert.ok(!predictions.some(({ result }) => result === RESULT));
  });
});
