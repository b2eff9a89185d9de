import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, largestDifference, prediction, reportOf } from './lab';

const LINEAR = 'soudry-2018-multiclass';
const DEEP = 'lyu-li-2020-schatten-margin';

const SIX_POINTS = {
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

/** On this data the least nuclear and the least Frobenius norm differ. */
const FOUR_IN_FOUR = {
  kind: 'inline' as const,
  x: [
    [2, 0, 0.5, 0],
    [0, 1, 0, 0.5],
    [-1, -1, 1, 0],
    [0.5, 0.5, 0, 2],
  ],
  y: [0, 1, 2, 0],
};

const UNIT_VECTORS = {
  kind: 'inline' as const,
  x: [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0))),
  y: [0, 1, 2, 3],
};

function linear(change: Partial<ExperimentInput> = {}): ExperimentInput {
  return { data: SIX_POINTS, model: { kind: 'linear' }, loss: 'cross-entropy', optimizer: { kind: 'gradient-flow' }, ...change };
}

function deep(change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: FOUR_IN_FOUR,
    model: { kind: 'linear-network', widths: [4] },
    loss: { kind: 'cross-entropy', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    init: { kind: 'gaussian', scale: 0.5 },
    seed: 1,
    ...change,
  };
}

describe('Soudry et al. 2018: several classes', () => {
  it('the multiclass support vector machine [[4, 2], [−5, 2], [1, −4]]/9, margin √(27/22)', async () => {
    const report = await reportOf(linear());
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.equal(report.verdict.result, LINEAR);
    // Solved exactly in fractions; cvxopt agrees.
    const exact = [4, 2, -5, 2, 1, -4].map((value) => value / 9);
    assert.ok(largestDifference(report.references[0].predictor, exact) < 1e-12);
    assert.ok((report.verdict.value ?? 1) < 1e-7);
    assert.ok(Math.abs(report.measures['parameterMargin'] - Math.sqrt(27 / 22)) < 1e-7);
  });

  it('any start: the sum over the classes never changes, and does not matter', async () => {
    const report = await reportOf(linear({ init: { kind: 'explicit', parameters: [[3, -4, 5, 1, 2, 2]] } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    const w = report.solution.predictor ?? [];
    // Entries near 6·10⁷, kept to 10⁻¹⁰ of that over some hundred steps.
    assert.ok(Math.abs(w[0] + w[2] + w[4] - 10) < 1e-2 && Math.abs(w[1] + w[3] + w[5] + 1) < 1e-2, w.join());
  });

  it('a bias per class is one more weight: the same margin as a constant feature', async () => {
    const withBias = await reportOf(linear({ model: { kind: 'linear', bias: true } }));
    const asFeature = await reportOf(linear({ data: { ...SIX_POINTS, x: SIX_POINTS.x.map((row) => [...row, 1]) } }));
    assert.equal(withBias.verdict.outcome, 'agrees', withBias.verdict.says);
    assert.deepEqual(withBias.references[0].predictor, asFeature.references[0].predictor);
  });

  it('two classes are logistic regression: ŵ = (3/4, 1/2) split between them', async () => {
    const data = {
      kind: 'inline' as const,
      x: [
        [1, 2],
        [2, -1],
        [-4, -1],
        [0, -2],
      ],
      y: [1, 1, 0, 0],
    };
    const report = await reportOf(linear({ data }));
    assert.ok(largestDifference(report.references[0].predictor, [-3 / 8, -1 / 4, 3 / 8, 1 / 4]) < 1e-12);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });

  it('gradient descent is inconclusive after a while: 1/ln t', async () => {
    const report = await reportOf(linear({ optimizer: { kind: 'gradient-descent', stepSize: 0.1 }, stop: { steps: 20_000 } }));
    assert.equal(report.verdict.result, LINEAR);
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  for (const [what, change, text] of [
    ['overlapping classes', { data: { ...SIX_POINTS, y: [0, 1, 1, 2, 2, 0], x: SIX_POINTS.x.map(() => [1, 1]) } }, /every other class/],
    ['momentum', { optimizer: { kind: 'gradient-descent', stepSize: 0.1, momentum: 0.9 } }, /plain gradient descent/],
  ] as const) {
    it(`withdrawn: ${what}`, async () => {
      const report = await reportOf(linear({ ...change, stop: { steps: 20 } } as Partial<ExperimentInput>));
      assert.notEqual(report.verdict.result, LINEAR, report.verdict.says);
      assert.ok(failing(prediction(report, LINEAR)).some((condition) => text.test(condition)));
    });
  }
});

describe('Lyu & Li 2020: several classes and hidden linear layers', () => {
  for (const seed of [1, 2]) {
    it(`two layers, seed ${seed}: the nuclear-norm margin, not that of the Frobenius norm`, async () => {
      const report = await reportOf(deep({ seed }));
      assert.equal(report.verdict.result, DEEP);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.match(report.verdict.says, /global optimum certified/);
      // cvxopt, semidefinite program: ‖W‖_* = 1.71321504; margin in parameters 1/(2‖W‖_*). The Frobenius solution would give 0.28821592.
      assert.ok(Math.abs(report.references[0].objective - 1.71321504) < 1e-8);
      assert.ok(report.references[0].certificate.value <= 1e-10);
      assert.ok(Math.abs(report.measures['parameterMargin'] / 0.29184894 - 1) <= 1e-4);
      assert.equal(report.figures.at(0)?.id, 'singular-values');
    });
  }

  it('a hidden layer that is too narrow: stationary at ¾ of the largest margin', async () => {
    // W = I − 11ᵀ/4 has ‖W‖_* = 3; with rank 2, four points on a circle give ‖W‖_* = 4.
    const narrow = await reportOf(deep({ data: UNIT_VECTORS, model: { kind: 'linear-network', widths: [2] } }));
    assert.equal(narrow.verdict.outcome, 'agrees', narrow.verdict.says);
    assert.match(narrow.verdict.says, /not the global optimum: its nuclear-norm margin is 0.75 of the largest/);
    assert.ok(Math.abs(narrow.references[0].objective - 3) < 1e-12);
    const wide = await reportOf(deep({ data: UNIT_VECTORS, model: { kind: 'linear-network', widths: [3] } }));
    assert.match(wide.verdict.says, /global optimum certified/);
    assert.ok(Math.abs(wide.measures['parameterMargin'] - 1 / 6) < 1e-5);
  });

  it('three layers: stationary for Σσ^(2/3), not certified', async () => {
    const report = await reportOf(deep({ model: { kind: 'linear-network', widths: [4, 4] }, stop: { logLoss: -1e10 } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.match(report.verdict.says, /not certified global/);
  });

  it('ended early it is inconclusive; from zero nothing is claimed', async () => {
    const early = await reportOf(deep({ stop: { logLoss: -50 } }));
    assert.equal(early.verdict.outcome, 'inconclusive', early.verdict.says);
    const zero = await reportOf(deep({ init: { kind: 'zero' } }));
    assert.equal(zero.verdict.outcome, 'no-prediction', zero.verdict.says);
  });
});
