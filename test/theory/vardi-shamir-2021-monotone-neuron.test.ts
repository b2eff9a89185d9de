import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, largestDifference, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'vardi-shamir-2021-monotone-neuron';
type Activation = Extract<ExperimentInput['model'], { kind: 'neuron' }>['activation'];
const ZERO = [0, 0, 0, 0];
const OTHER = [0.5, -1, 0.25, 0];

function neuron(activation: Activation, y: number[], start: readonly number[], change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: { ...TWO_EQUATIONS, y },
    model: { kind: 'neuron', activation },
    init: { kind: 'explicit', parameters: [[...start]] },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    ...change,
  };
}

/** w(0) + X⁺(σ⁻¹(y) − Xw(0)) by numpy, which scipy's LSODA reaches to 1.5·10⁻¹⁴; nine decimals. */
const LIMITS: readonly (readonly [Activation, number[], readonly number[], readonly number[]])[] = [
  ['tanh', [0.5, -0.3], ZERO, [0.097721341, 0.158420779, -0.111065712, -0.134743246]],
  ['tanh', [0.5, -0.3], OTHER, [0.847721341, -0.341579221, 0.138934288, -0.384743246]],
  ['sigmoid', [0.9, 0.2], ZERO, [0.393165611, 0.624562134, -0.485307265, -0.554934699]],
  ['softplus', [1, 0.3], ZERO, [0.107766139, 0.1102603, -0.315815932, -0.213038116]],
  ['leaky-relu', [1, -0.2], OTHER, [0.95, -0.3, -0.35, -0.65]],
];

describe('Vardi and Shamir 2021: a single neuron with a strictly monotone activation', () => {
  for (const [activation, y, start, expected] of LIMITS) {
    it(`${JSON.stringify(activation)} from (${start.join(', ')})`, async () => {
      const report = await reportOf(neuron(activation, y, start));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.equal(report.verdict.result, RESULT);
      assert.ok(largestDifference(report.references[0].predictor, expected) < 1.5e-9);
      assert.ok(largestDifference(report.solution.parameters[0], expected) < 1e-7, JSON.stringify(report.solution.parameters));
      assert.ok(report.references[0].certificate.value <= 1e-10);
    });
  }

  it('descent and SGD reach the same point: it does not depend on the path', async () => {
    for (const optimizer of [
      { kind: 'gradient-descent', stepSize: 0.05 },
      { kind: 'sgd', stepSize: 0.05 },
    ] as const) {
      const report = await reportOf(neuron('tanh', [0.5, -0.3], OTHER, { optimizer }));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    }
  });

  it('a run that has not come to zero loss is inconclusive', async () => {
    const report = await reportOf(neuron('tanh', [0.5, -0.3], OTHER, { stop: { steps: 5 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('a label where tanh is flat: at a loss of 0 to twenty digits Xw need not have come to artanh(y), which is no disagreement', async () => {
    // y = 1 − 10⁻⁶ has the slope 2·10⁻⁶ there, and the run ends 4.9·10⁻⁷ from the limit.
    const report = await reportOf(neuron('tanh', [0.999999, -0.3], OTHER));
    assert.ok(report.solution.loss <= 1e-20, String(report.solution.loss));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    assert.match(report.verdict.says, /not come to σ⁻¹\(y\)/);
  });

  it('small labels: a loss below every unit is no proof of zero loss', async () => {
    const report = await reportOf(
      neuron('tanh', [5e-12, -3e-12], ZERO, { optimizer: { kind: 'gradient-descent', stepSize: 0.05 }, stop: { steps: 5 } }),
    );
    assert.ok(report.solution.loss <= 1e-20, String(report.solution.loss));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('does not depend on the unit of the inputs: the first step of the flow has no length of its own', async () => {
    for (const unit of [1e-50, 1e50]) {
      const report = await reportOf(
        neuron('identity', [1, 2], ZERO, { data: { ...TWO_EQUATIONS, x: TWO_EQUATIONS.x.map((row) => row.map((value) => value * unit)) } }),
      );
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      const scaled = report.solution.parameters[0].map((value) => Number(value) * unit);
      assert.ok(largestDifference(scaled, [9 / 65, 29 / 65, 33 / 65, 2 / 65]) < 1e-9, JSON.stringify(scaled));
    }
  });

  it('a tolerance that rounding cannot meet gives disagrees', async () => {
    const report = await reportOf(neuron('tanh', [0.5, -0.3], OTHER, { expect: { verdict: 'disagrees', tolerance: 1e-300 } }));
    assert.equal(report.verdict.outcome, 'disagrees', report.verdict.says);
  });

  const short = { stop: { steps: 20 } };
  for (const [name, experiment, text] of [
    ['a label out of range', neuron('tanh', [1.5, 0], ZERO, short), /range/],
    ['ReLU', neuron('relu', [1, 0], OTHER, short), /monotone/],
    ['a square', neuron('quadratic', [1, 1], OTHER, short), /monotone/],
    ['a leaky ReLU of slope 0', neuron({ kind: 'leaky-relu', slope: 0 }, [1, 0], OTHER, short), /monotone/],
    [
      'contradicting labels',
      neuron('tanh', [0.1, 0.2], [0], { ...short, data: { kind: 'inline', x: [[1], [1]], y: [0.1, 0.2] } }),
      /zero loss/,
    ],
    ['Adam', neuron('tanh', [0.5, -0.3], OTHER, { ...short, optimizer: { kind: 'adam' } }), /span/],
  ] as const) {
    it(`withdrawn: ${name}`, async () => {
      const found = prediction(await reportOf(experiment), RESULT);
      assert.equal(found.applies, false);
      assert.ok(failing(found).some((condition) => text.test(condition)));
    });
  }
});
