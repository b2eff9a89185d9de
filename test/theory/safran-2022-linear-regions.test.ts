import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { signChanges } from '../../src/theory/safran-2022-linear-regions';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'safran-2022-linear-regions';

function univariate(change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 1,
    data: { kind: 'inline', x: [[-1], [-0.7], [-0.2], [0.1], [0.5], [0.8]], y: [1, 1, -1, -1, 1, 1] },
    model: { kind: 'network', widths: [140], activation: 'relu', bias: 'first' },
    init: { kind: 'gaussian', scale: 0.1 },
    loss: { kind: 'exponential', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    stop: { logLoss: -20 },
    record: { points: 60 },
    expect: { verdict: 'agrees', result: RESULT },
    ...change,
  };
}

describe('Safran, Vardi & Lee 2022: few linear regions', () => {
  it('140 units end with a handful, between the least for the labels and the bound', async () => {
    const report = await reportOf(univariate());
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    const regions = report.trajectory['linearRegions'];
    assert.ok(regions[0] > 60, String(regions[0]));
    // Two changes of sign: two regions at least; 32·2 + 67 = 131 at most.
    assert.ok((report.verdict.value ?? 0) >= 2 && (report.verdict.value ?? 999) <= 6, report.verdict.says);
    assert.equal(report.verdict.tolerance, 131);
    assert.equal(regions.at(-1), report.verdict.value);
    assert.match(report.verdict.says, /by tolerance: 141 at 0/);
    assert.match(prediction(report, RESULT).statement, /not compared with the text of the paper/);
    assert.deepEqual(
      report.figures.map(({ id }) => id),
      ['linear-regions-function', 'linear-regions-count', 'unit-directions'],
    );
  });

  it('says so where the bound is above the number of units', async () => {
    const report = await reportOf(univariate({ model: { kind: 'network', widths: [40], bias: 'first' } }));
    assert.equal(report.verdict.outcome, 'inconclusive');
    assert.match(report.verdict.says, /the bound says nothing/);
  });

  it('counts changes of sign along the line, whatever the order of the samples', () => {
    assert.equal(signChanges(Float64Array.of(3, 1, 2), Float64Array.of(1, 1, -1)), 2);
    assert.equal(signChanges(Float64Array.of(1, 1, 2), Float64Array.of(1, 1, 1)), 0);
    assert.equal(signChanges(Float64Array.of(1, 1), Float64Array.of(1, -1)), null);
  });
});

describe('Safran, Vardi & Lee 2022: what withdraws the prediction', () => {
  const withdrawn: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['tanh units', univariate({ model: { kind: 'network', widths: [20], activation: 'tanh', bias: 'first' } }), /ReLU network with biases/],
    ['no biases', univariate({ model: { kind: 'network', widths: [20] } }), /ReLU network with biases/],
    ['a constant start', univariate({ init: { kind: 'constant', scale: 0.1 } }), /random start/],
    ['fewer units than changes of sign', univariate({ model: { kind: 'network', widths: [1], bias: 'first' } }), /at least r units/],
    ['a place with both labels', univariate({ data: { kind: 'inline', x: [[1], [1], [2]], y: [1, -1, 1] } }), /labels of a ReLU network/],
    ['mini-batches', univariate({ optimizer: { kind: 'sgd', stepSize: 0.1 } }), /gradient flow/],
  ];
  for (const [what, experiment, text] of withdrawn) {
    it(what, async () => {
      const report = await reportOf({ ...experiment, stop: { steps: 30 } });
      assert.notEqual(report.verdict.result, RESULT);
      assert.ok(
        failing(prediction(report, RESULT)).some((condition) => text.test(condition)),
        failing(prediction(report, RESULT)).join(),
      );
    });
  }

  it('two features: it does not speak of them', async () => {
    const report = await reportOf(univariate({ data: { kind: 'xor' }, stop: { steps: 10 } }));
    assert.ok(report.predictions.every(({ result }) => result !== RESULT));
  });
});
