import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { createModel } from '../../src/models/create-model';
import { MinimiserFlow } from '../../src/solvers/minimiser-flow';
import { datasetOf } from '../unit/dynamics/problems';
import { failing, prediction, reportOf } from './lab';
import { halvesOf } from './situation';

const RESULT = 'arora-2022-normalized';
const TAU = { gradient: 1, 'sqrt-loss': 0.2 } as const;

/** ½(ab − 1)² from (⅓ + 0.01, 3): the minimisers are ab = 1 with sharpness a² + b². */
function twoWeights(normalize: 'gradient' | 'sqrt-loss', stepSize: number, steps?: number): ExperimentInput {
  return {
    data: { kind: 'inline', x: [[1]], y: [1] },
    model: { kind: 'linear-network', widths: [1] },
    init: { kind: 'explicit', parameters: [[1 / 3 + 0.01], [3]] },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize, normalize },
    stop: { steps: steps ?? Math.round(TAU[normalize] / stepSize ** 2) },
    expect: { verdict: 'agrees', result: RESULT },
  };
}

describe('Arora, Li, Panigrahi 2022: normalised descent', () => {
  // Integrated by Runge–Kutta in the single coordinate q = b² − a², λ₁ = √(q² + 4), and by an independent program.
  it('the flow along ab = 1 from (⅓, 3): q comes to 7.9162 by log λ₁ in τ = 1, to 8.0430 by λ₁ in τ = 0.2', () => {
    const data = datasetOf([[1]], [1]);
    const flow = new MinimiserFlow(createModel({ kind: 'linear-network', widths: [1] }, data), data.y, 1);
    const start = Float64Array.of(1 / 3, 3);
    const q = ([a, b]: Float64Array): number => b * b - a * a;
    assert.ok(Math.abs(q(flow.drift(start, 'log-sharpness', 1 / 4, 1)) - 7.9162) < 1e-4);
    assert.ok(Math.abs(q(flow.drift(start, 'sharpness', 1 / 8, 0.2)) - 8.043) < 1e-4);
    // The gradient flow keeps q: from (⅓ + 0.01, 3) it arrives at q = 9 − (⅓ + 0.01)².
    assert.ok(Math.abs(q(flow.arrival(Float64Array.of(1 / 3 + 0.01, 3))) - (9 - (1 / 3 + 0.01) ** 2)) < 1e-9);
  });

  it('the gradient of the sharpness is that of finite differences along the minimisers of a tanh network', () => {
    const data = datasetOf([[-1], [0.3]], [0.5, -0.2]);
    const model = createModel({ kind: 'network', widths: [3], activation: 'tanh', bias: 'first', residual: false, trainable: 'all' }, data);
    const flow = new MinimiserFlow(model, data.y, 0.5);
    const theta = flow.arrival(Float64Array.from({ length: model.parameterCount }, (_, k) => Math.sin(1 + 2 * k)));
    const { along, value } = flow.sharpness(theta);
    const size = Math.hypot(...along);
    const h = 1e-5;
    const moved = (sign: number): number => flow.sharpness(flow.nearest(theta.map((t, j) => t + (sign * h * along[j]) / size))).value;
    assert.ok(Math.abs((moved(1) - moved(-1)) / (2 * h) - size) < 1e-6 * value, `${(moved(1) - moved(-1)) / (2 * h)} and ${size}`);
  });

  // An independent program measured q = 7.9094, 7.9096 (by the gradient) and 8.0368, 8.0369 (on √ℒ) at these steps.
  for (const [normalize, stepSize, q] of [
    ['gradient', 0.02, 7.9094],
    ['gradient', 0.005, 7.9096],
    ['sqrt-loss', 0.005, 8.0369],
  ] as const) {
    it(`divided by ${normalize} with η = ${stepSize} the run comes to q = ${q}`, async () => {
      const { solution, verdict } = await reportOf(twoWeights(normalize, stepSize));
      const [[a], [b]] = solution.parameters;
      assert.ok(Math.abs(b * b - a * a - q) < 0.02, String(b * b - a * a));
      assert.equal(verdict.result, RESULT);
      assert.match(verdict.says, /harmonic mean (2|1\.99|2\.00)/);
      // With η = 0.02 the way of eight steps is too short to tell.
      assert.equal(verdict.outcome, stepSize === 0.02 ? 'inconclusive' : 'agrees', verdict.says);
    });
  }

  it('another time, the law of the other descent, and a run cut short are called out', async () => {
    const { examination, trained } = await halvesOf(twoWeights('gradient', 0.005), RESULT);
    assert.equal(examination.judge(trained, null, []).outcome, 'agrees');
    // The flow of a tenth more time is 3 steps further.
    assert.equal(examination.judge({ ...trained, steps: 1.1 * trained.steps }, null, []).outcome, 'disagrees');
    const other = await halvesOf(twoWeights('sqrt-loss', 0.005, 40_000), RESULT);
    assert.equal(other.examination.judge(trained, null, []).outcome, 'disagrees');
    assert.equal(examination.judge(other.trained, null, []).outcome, 'disagrees');
    const short = await halvesOf(twoWeights('gradient', 0.005, 4_000), RESULT);
    assert.equal(short.examination.judge(short.trained, null, []).outcome, 'inconclusive');
  });

  it('a network that is off by a number of steps at η and at 2η is off by O(η), as the theorem has it', async () => {
    const network = (stepSize: number, change: Partial<ExperimentInput> = {}): ExperimentInput => ({
      seed: 3,
      data: { kind: 'inline', x: [[-1], [0.3], [1]], y: [0.5, -0.2, 0.8] },
      model: { kind: 'network', widths: [6], activation: 'tanh', bias: 'first' },
      init: { kind: 'gaussian', scale: 1 },
      loss: 'square',
      optimizer: { kind: 'gradient-descent', stepSize, normalize: 'sqrt-loss' },
      stop: { steps: Math.round(0.36 / stepSize ** 2) },
      expect: { verdict: 'agrees', result: RESULT },
      ...change,
    });
    // 2.48, 2.49 and 2.50 steps at η = 0.0015, 0.003 and 0.006, by single runs: a distance of first order, beyond one step and 5 % of the way.
    const { verdict } = await reportOf(network(0.006));
    assert.equal(verdict.outcome, 'agrees', verdict.says);
    assert.match(verdict.says, /2\.5 steps apart after 18\.8.*extrapolated from η and 2η/);
    // Two runs whose distance does not shrink with the step speak against the law.
    const { examination, trained } = await halvesOf(network(0.006), RESULT);
    const doubled = await halvesOf(network(0.012), RESULT);
    const late = { ...trained, steps: 1.3 * trained.steps };
    const judged = examination.judge(late, null, [{ ...doubled.trained, steps: 1.3 * doubled.trained.steps }]);
    assert.equal(judged.outcome, 'disagrees', judged.says);
    assert.match(judged.says, /extrapolated/);
  });

  it('a run that has settled off the oscillation has no harmonic mean of 2', async () => {
    const { examination, trained } = await halvesOf(twoWeights('gradient', 0.005), RESULT);
    const parameters = trained.parameters.map((value) => value * 1.01);
    assert.equal(examination.judge({ ...trained, parameters }, null, []).outcome, 'disagrees');
  });

  it('each condition fails where it is broken', async () => {
    const base = twoWeights('gradient', 0.005, 10);
    const fails = async (change: Partial<ExperimentInput>): Promise<readonly string[]> =>
      failing(prediction(await reportOf({ ...base, expect: undefined, ...change }), RESULT));
    assert.deepEqual(await fails({}), []);
    assert.deepEqual(await fails({ optimizer: { kind: 'gradient-descent', stepSize: 0.005, normalize: 'gradient', momentum: 0.5 } }), [
      'no momentum',
    ]);
    assert.deepEqual(await fails({ optimizer: { kind: 'gradient-descent', stepSize: 0.5, normalize: 'gradient' } }), [
      'a small step: within it the sharpness changes by little',
    ]);
    assert.deepEqual(await fails({ model: { kind: 'network', widths: [2] }, init: { kind: 'gaussian', scale: 1 } }), ['a smooth model']);
    assert.deepEqual(await fails({ model: { kind: 'neuron', activation: 'tanh' }, init: { kind: 'constant', scale: 1 } }), [
      'more parameters than samples: the minimisers form a manifold',
    ]);
    // A negative start of a product that must become 1 ends at the saddle between.
    assert.deepEqual(await fails({ init: { kind: 'explicit', parameters: [[1], [-1]] } }), ['the gradient flow arrives at zero loss']);
    const plain = await reportOf({ ...base, expect: undefined, optimizer: { kind: 'gradient-descent', stepSize: 0.005 } });
    assert.ok(!plain.predictions.some(({ result }) => result === RESULT), 'plain descent is not spoken of');
  });
});
