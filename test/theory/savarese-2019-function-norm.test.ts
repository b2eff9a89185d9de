/** Weight decay and the norm of the function: Savarese, Evron, Soudry and Srebro 2019. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { judging } from './judging';
import { failing, prediction, reportOf } from './lab';

const ID = 'savarese-2019-function-norm';

const network = (changes: Readonly<Record<string, unknown>> = {}, steps = 20, more: Partial<ExperimentInput> = {}): ExperimentInput => ({
  data: { kind: 'inline', x: [[-2], [-1], [0], [1], [2]], y: [0, 1, -1, 1, 0] },
  model: { kind: 'network', widths: [40], activation: 'relu', bias: 'all' },
  init: { kind: 'gaussian', scale: 0.7 },
  loss: 'square',
  optimizer: { kind: 'gradient-descent', stepSize: 0.02, weightDecay: 0.01, ...changes },
  stop: { steps },
  ...more,
});

describe('weight decay and the norm of the function', () => {
  it('is inconclusive while the network still changes', async () => {
    const { verdict, references } = await reportOf(network());
    assert.deepEqual([verdict.outcome, verdict.result], ['inconclusive', ID], verdict.says);
    assert.ok(Math.abs(references[0].objective - 10) < 1e-9);
  });

  it('tells a local minimum from the least one: five equal units stay equal, one kink for five points', async () => {
    const dead: Partial<ExperimentInput> = {
      model: { kind: 'network', widths: [5], activation: 'relu', bias: 'all' },
      init: { kind: 'explicit', parameters: [[1, 1, 1, 1, 1], [0.5, 0.5, 0.5, 0.5, 0.5], [0.1, 0.1, 0.1, 0.1, 0.1], [0]] },
    };
    const { verdict } = await reportOf(network({}, 60_000, dead));
    assert.deepEqual([verdict.outcome, verdict.result], ['inconclusive', ID], verdict.says);
    assert.match(verdict.says, /at a local minimum/);
  });

  it('a network below the bound of all networks disagrees', async () => {
    const { trained, judge } = await judging(network());
    const none = trained.parameters.map(() => 0);
    // Without weights the loss is 0.3 on these targets; with that of a fit the sum would be below the 0.091 that every network has.
    assert.equal(judge({ parameters: none, loss: 0.05 }).outcome, 'disagrees');
    assert.notEqual(judge({ parameters: none, loss: 0.3 }).outcome, 'disagrees');
  });

  it('targets that are all the same withdraw it: a constant costs nothing', async () => {
    const report = await reportOf(network({}, 5, { data: { kind: 'inline', x: [[-1], [0], [1]], y: [1, 1, 1] } }));
    assert.deepEqual(failing(prediction(report, ID)), ['targets that differ']);
  });

  it('without weight decay it is withdrawn, and the function costs more than the least', async () => {
    const report = await reportOf(network({ weightDecay: 0 }, 20_000, { record: { measures: ['loss', 'representationCost'] } }));
    assert.deepEqual(failing(prediction(report, ID)), ['weight decay']);
    // What is known of minima at which a step settles may speak instead.
    assert.notEqual(report.verdict.result, ID);
    assert.ok(report.measures['representationCost'] > 10.5, `${report.measures['representationCost']}`);
  });

  it('each condition can fail', async () => {
    const failingOf = async (experiment: ExperimentInput): Promise<readonly string[]> =>
      failing(prediction(await reportOf(experiment), ID));
    const first: Partial<ExperimentInput> = { model: { kind: 'network', widths: [40], activation: 'relu', bias: 'first' } };
    assert.deepEqual(await failingOf(network({}, 5, first)), ['one hidden layer with biases in both layers, all of it trained']);
    const narrow: Partial<ExperimentInput> = { model: { kind: 'network', widths: [3], activation: 'relu', bias: 'all' } };
    assert.deepEqual(await failingOf(network({}, 5, narrow)), ['at least as many units as samples']);
    const twice: Partial<ExperimentInput> = { data: { kind: 'inline', x: [[0], [0], [1]], y: [0, 1, 1] } };
    assert.deepEqual(await failingOf(network({}, 5, twice)), ['inputs that differ, at least two']);
  });
});
