import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, largestDifference, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'zhang-2017-closest-interpolator';
const START = [0.5, -1, 0.25, 0];
/** w(0) + X⁺(y − Xw(0)) by exact rational arithmetic: (2310, −140, 1970, −570)/2600. */
const CLOSEST = [2310 / 2600, -140 / 2600, 1970 / 2600, -570 / 2600];
const LEAST_NORM = [9 / 65, 29 / 65, 33 / 65, 2 / 65];
const NO_SOLUTION = {
  kind: 'inline' as const,
  x: [
    [1, 2, 2],
    [2, -1, -1],
    [0, 1, 1],
    [3, 1, 1],
    [-1, 2, 2],
  ],
  y: [1, 0, 2, -1, 0.5],
};

function regression(change: Partial<ExperimentInput> = {}): ExperimentInput {
  return { data: TWO_EQUATIONS, model: { kind: 'linear' }, loss: 'square', optimizer: { kind: 'gradient-flow' }, ...change };
}

describe('Zhang et al. 2017: linear regression ends closest to its start', () => {
  const optimizers: readonly (readonly [string, ExperimentInput['optimizer'], number])[] = [
    ['gradient flow', { kind: 'gradient-flow' }, 1e-8],
    ['gradient descent', { kind: 'gradient-descent', stepSize: 0.1 }, 1e-8],
    ['gradient descent, default step', { kind: 'gradient-descent' }, 1e-8],
    ['heavy ball', { kind: 'gradient-descent', stepSize: 0.1, momentum: 0.7 }, 1e-8],
    ['Nesterov', { kind: 'gradient-descent', stepSize: 0.1, momentum: 0.7, momentumKind: 'nesterov' }, 1e-8],
    ['exponential mean', { kind: 'gradient-descent', stepSize: 0.3, momentum: 0.7, momentumKind: 'ema' }, 1e-8],
    ['SGD, shuffled', { kind: 'sgd', stepSize: 0.05 }, 1e-8],
    ['SGD, with replacement', { kind: 'sgd', stepSize: 0.05, sampling: 'with-replacement' }, 1e-8],
  ];
  for (const [name, optimizer, tolerance] of optimizers) {
    it(`${name}: from zero and from elsewhere`, async () => {
      const fromZero = await reportOf(regression({ optimizer }));
      assert.equal(fromZero.verdict.outcome, 'agrees', fromZero.verdict.says);
      assert.ok(largestDifference(fromZero.solution.predictor, LEAST_NORM) < tolerance);
      const elsewhere = await reportOf(regression({ optimizer, init: { kind: 'explicit', parameters: [START] } }));
      assert.equal(elsewhere.verdict.outcome, 'agrees', elsewhere.verdict.says);
      assert.ok(largestDifference(elsewhere.solution.predictor, CLOSEST) < tolerance, JSON.stringify(elsewhere.solution.predictor));
      assert.ok(elsewhere.references[0].certificate.value < 1e-12);
    });
  }

  it('without a solution: the least-squares point closest to the start, along a repeated feature too', async () => {
    const report = await reportOf(regression({ data: NO_SOLUTION, init: { kind: 'explicit', parameters: [[0, 1, -1]] } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    const [, b, c] = report.solution.predictor ?? [];
    // Features 2 and 3 are equal: b − c never changes.
    assert.ok(Math.abs(b - c - 2) < 1e-12);
    assert.match(prediction(report, RESULT).symbol, /least-squares/);
  });

  it('a bias counts as a weight of a constant feature', async () => {
    const report = await reportOf(regression({ model: { kind: 'linear', bias: true } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.equal(report.solution.predictor?.length, 5);
  });

  it('a run that is cut short is inconclusive, within what its gradient allows', async () => {
    const report = await reportOf(regression({ optimizer: { kind: 'gradient-descent', stepSize: 0.1 }, stop: { steps: 20 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    assert.equal(report.outcome, 'stopped');
  });

  it('a diverging run is a result, not a crash', async () => {
    const report = await reportOf(regression({ init: { kind: 'gaussian', scale: 1e5 }, optimizer: { kind: 'sgd', stepSize: 0.6 } }));
    assert.equal(report.outcome, 'diverged');
    assert.equal(report.verdict.outcome === 'agrees', false);
  });
});

describe('Zhang et al. 2017: what withdraws the prediction', () => {
  it('SGD with a constant step on data that cannot be interpolated', async () => {
    const report = await reportOf(regression({ data: NO_SOLUTION, optimizer: { kind: 'sgd', stepSize: 0.01 }, stop: { steps: 200 } }));
    assert.equal(report.verdict.outcome, 'no-prediction');
    assert.match(failing(prediction(report, RESULT)).join(), /interpolated/);
  });

  it('normalised steps, which never settle', async () => {
    const report = await reportOf(
      regression({ optimizer: { kind: 'gradient-descent', stepSize: 0.01, normalize: 'gradient' }, stop: { steps: 2000 } }),
    );
    assert.equal(report.verdict.outcome, 'no-prediction');
    assert.match(failing(prediction(report, RESULT)).join(), /settle/);
  });

  it('the theorem is about linear models: a diagonal network ends elsewhere', async () => {
    const report = await reportOf(regression({ model: { kind: 'diagonal' }, compare: ['l2'] }));
    assert.equal(
      report.predictions.some(({ result }) => result === RESULT),
      false,
    );
    assert.ok(largestDifference(report.solution.predictor, LEAST_NORM) > 0.05);
  });
});
