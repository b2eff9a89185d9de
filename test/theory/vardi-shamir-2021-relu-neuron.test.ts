import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { closestReluInterpolator } from '../../src/solvers/relu-zero-loss';
import { failing, largestDifference, prediction, reportOf } from './lab';

const RESULT = 'vardi-shamir-2021-relu-neuron';
/** Along Σ y_i x_i, where the flow from 0 goes first, so that the unit is on: from 0 itself the derivative at the kink decides. */
const START = [1.2e-9, 2e-10, 0];

function neuron(x: number[][], y: number[], change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: { kind: 'inline', x, y },
    model: { kind: 'neuron', activation: 'relu' },
    init: { kind: 'explicit', parameters: [START] },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    ...change,
  };
}

/** The data sets of the proof: all have the zero-loss points (5, −1, s), s ≤ 0 and 1 for g > 0. */
const family = (g: number): number[][] => [
  [3, -1, 0],
  [4, 2, 0],
  [0, g, g],
];
const Y = [16, 18, 0];

describe('Vardi and Shamir 2021: a single ReLU neuron', () => {
  // Event by event with matrix exponentials in scipy; the paper's intervals hold them: (−0.045, −0.035), (−0.12, −0.1), (−0.22, −0.2).
  for (const [g, s] of [
    [0, 0],
    [1, -0.04077292],
    [2, -0.110696458],
    [5, -0.209048812],
    [20, -0.230114941],
  ]) {
    it(`g = ${g} ends at (5, −1, ${s})`, async () => {
      const report = await reportOf(neuron(family(g), Y));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.equal(report.verdict.result, RESULT);
      assert.ok(largestDifference(report.solution.parameters[0], [5, -1, s]) < 1e-6, JSON.stringify(report.solution.parameters));
      assert.ok(report.references[0].certificate.value <= 1e-10);
      assert.ok(largestDifference(report.references[0].predictor, [5, -1, 0]) < 1e-9);
      assert.equal(prediction(report, RESULT).status, 'negative');
      assert.equal(prediction(report, RESULT).regularizer, 'none');
    });
  }

  it('no function of w explains the limits: each is a zero-loss point of every data set, and they differ', async () => {
    const limits = await Promise.all([1, 5].map(async (g) => (await reportOf(neuron(family(g), Y))).solution.parameters[0]));
    for (const g of [1, 5]) {
      for (const w of limits) {
        family(g).forEach((row, i) => {
          const output = Math.max(
            0,
            row.reduce((sum, value, j) => sum + value * w[j], 0),
          );
          assert.ok(Math.abs(output - Y[i]) < 1e-6);
        });
      }
    }
    assert.ok(largestDifference(limits[0], limits[1]) > 0.1);
  });

  it('the factor is above 1.1 on data built for it, by the same independent integration', async () => {
    const report = await reportOf(
      neuron(
        [
          [30, 0, 0],
          [0, 0.3, 0],
          [10, -2.02, 2],
        ],
        [30, 1.5, 0],
        { init: { kind: 'explicit', parameters: [[9e-9, 4.5e-12, 0]] } },
      ),
    );
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(Math.abs((report.verdict.value ?? 0) - 1.1038034) < 1e-5, report.verdict.says);
    assert.ok(largestDifference(report.solution.parameters[0], [1, 5, -2.3828415]) < 1e-5);
  });

  it('a smaller factor is not agreed with', async () => {
    const report = await reportOf(neuron(family(5), Y, { expect: { verdict: 'disagrees', tolerance: 0.9 } }));
    assert.equal(report.verdict.outcome, 'disagrees', report.verdict.says);
  });

  it('a run that has not come to zero loss is inconclusive', async () => {
    const report = await reportOf(neuron(family(5), Y, { stop: { steps: 5 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  const short = { stop: { steps: 20 } };
  for (const [name, experiment, text] of [
    ['a unit that is off', neuron(family(1), Y, { ...short, init: { kind: 'zero' } }), /on for some sample/],
    ['a negative label', neuron(family(1), [16, 18, -1], short), /labels/],
    [
      'labels that cannot be fitted',
      neuron(
        [
          [1, 0, 0],
          [2, 0, 0],
        ],
        [1, 0],
        short,
      ),
      /zero loss/,
    ],
    ['descent', neuron(family(1), Y, { ...short, optimizer: { kind: 'gradient-descent', stepSize: 0.001 } }), /gradient flow/],
  ] as const) {
    it(`withdrawn: ${name}`, async () => {
      const report = await reportOf(experiment);
      assert.equal(report.verdict.outcome, 'no-prediction');
      assert.ok(failing(prediction(report, RESULT)).some((condition) => text.test(condition)));
    });
  }
});

describe('the closest zero-loss point of a ReLU neuron', () => {
  it('takes the half-spaces of the labels 0 into account', () => {
    // From (½, 2, 2): w₁ = 1, then w₁ + w₂ ≤ 0 and w₁ + w₃ ≤ 0 bind: (1, −1, −1).
    const x = Float64Array.of(1, 0, 0, 1, 1, 0, 1, 0, 1);
    const { point, certificate } = closestReluInterpolator(x, Float64Array.of(1, 0, 0), 3, 3, Float64Array.of(0.5, 2, 2));
    assert.ok(largestDifference(Array.from(point), [1, -1, -1]) < 1e-13);
    assert.ok(certificate.value < 1e-13);
  });
});
