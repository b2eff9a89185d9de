import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { weightedRoughness, kinkWeight } from '../../src/measures/weighted-roughness';
import { meanSquaredInputGradient } from '../../src/measures/input-gradient';
import { createModel } from '../../src/models/create-model';
import { randomStream } from '../../src/numerics/random';
import { largestGramEigenvalue } from '../../src/numerics/symmetric-eigen';
import { datasetOf } from '../unit/dynamics/problems';
import { judging } from './judging';
import { failing, prediction, reportOf } from './lab';

const ROUGHNESS = 'mulayoff-2021-univariate-relu';
const INPUT = 'ma-ying-2021-input-gradient';

const POINTS = {
  kind: 'inline' as const,
  x: [[-1.5], [-0.9], [-0.3], [0.3], [0.9], [1.5]],
  y: [-0.14, -0.97, -0.56, 0.56, 0.97, 0.14],
};

function univariate(stepSize: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 1,
    data: POINTS,
    model: { kind: 'network', widths: [30], activation: 'relu', bias: 'all' },
    init: { kind: 'gaussian', scale: 0.5 },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize },
    stop: { loss: 1e-11, steps: 60_000 },
    record: { points: 30 },
    expect: { verdict: 'agrees', result: ROUGHNESS },
    ...change,
  };
}

describe('Mulayoff, Michaeli & Soudry 2021: stable univariate ReLU networks', () => {
  it('the weight of a kink by hand', () => {
    // X uniform on −1, 0, 1, 2; t = 0.5: P(X>t) = ½, E[X−t|X>t] = 1, E[X|X>t] = 1.5; P(X<t) = ½, E[t−X|X<t] = 1, E[X|X<t] = −½.
    const x = Float64Array.of(0, 2, -1, 1);
    assert.ok(Math.abs(kinkWeight(x, 0.5) - 0.25 * Math.sqrt(1.25)) < 1e-15);
    assert.equal(kinkWeight(x, 2), 0);
    assert.equal(kinkWeight(x, -3), 0);
  });

  it('kinks at one place are added up before the absolute value', () => {
    const x = Float64Array.of(-1, 0, 1, 2);
    // Two units with their kink at 0.5, changes of slope 2 and −2; and one of 3.
    const apart = Float64Array.of(1, 1, -0.5, -0.5, 2, -2, 7);
    assert.equal(weightedRoughness(apart, x), 0);
    const one = Float64Array.of(1, -1, -0.5, 0.5, 2, 1, 0);
    assert.ok(Math.abs(weightedRoughness(one, x) - 3 * kinkWeight(x, 0.5)) < 1e-15);
  });

  it('λ_max(JJᵀ/n) ≥ 1 + 2∫|f″|g on 400 random networks, with equality for some', () => {
    const stream = randomStream(7, 'test');
    let least = Infinity;
    for (let k = 0; k < 400; k++) {
      const samples = 3 + stream.integer(12);
      const units = 1 + stream.integer(6);
      const rows = Array.from({ length: samples }, () => [2 * stream.gaussian()]);
      const data = datasetOf(rows, new Array<number>(samples).fill(0));
      const model = createModel(
        { kind: 'network', widths: [units], activation: 'relu', bias: 'all', residual: false, trainable: 'all' },
        data,
      );
      const theta = Float64Array.from({ length: model.parameterCount }, () => stream.gaussian());
      const jacobian = new Float64Array(samples * model.parameterCount);
      model.jacobian(theta, jacobian);
      const sharpness = largestGramEigenvalue(jacobian, samples, model.parameterCount) / samples;
      const ratio = sharpness / (1 + 2 * weightedRoughness(theta, data.x));
      least = Math.min(least, ratio);
      assert.ok(ratio >= 1 - 1e-9, String(ratio));
    }
    assert.ok(least < 1.01, String(least));
  });

  it('a run settles below the bound; a summed loss moves the bound by n', async () => {
    const mean = await reportOf(univariate(0.2));
    assert.equal(mean.verdict.outcome, 'agrees', mean.verdict.says);
    assert.equal(mean.trajectory['weightedRoughness'].at(-1), mean.verdict.value);
    assert.ok(Math.abs((mean.verdict.tolerance ?? 0) - (1 / 0.2 - 0.5)) < 0.01);
    const sum = await reportOf(univariate(0.2 / 6, { loss: { kind: 'square', reduction: 'sum' }, stop: { loss: 6e-11, steps: 60_000 } }));
    assert.equal(sum.verdict.outcome, 'agrees', sum.verdict.says);
    assert.ok(Math.abs((sum.verdict.tolerance ?? 0) - (1 / 0.2 - 0.5)) < 0.01, sum.verdict.says);
    assert.ok(prediction(mean, ROUGHNESS).conditions.every(({ holds }) => holds === true));
    assert.deepEqual(
      mean.figures.map(({ id }) => id).filter((id) => id === 'stable-function' || id === 'kink-weights'),
      ['stable-function', 'kink-weights'],
    );
  });

  it('a rougher function than the step can hold disagrees', async () => {
    const { trained, judge } = await judging(univariate(0.2));
    assert.equal(judge({}).outcome, 'agrees');
    const units = 30;
    const rough = trained.parameters.map((value, j) => (j >= 2 * units && j < 3 * units ? 40 * value : value));
    assert.equal(judge({ parameters: rough }).outcome, 'disagrees');
  });

  it('a run that does not settle stays open, and its condition fails', async () => {
    const report = await reportOf(univariate(0.9, { stop: { steps: 5000 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    assert.ok(failing(prediction(report, ROUGHNESS)).some((text) => /settles at a minimum/.test(text)));
  });

  const withdrawn: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['tanh units', univariate(0.1, { model: { kind: 'network', widths: [8], activation: 'tanh', bias: 'all' } }), /two-layer ReLU/],
    ['no output bias', univariate(0.1, { model: { kind: 'network', widths: [8], bias: 'first' } }), /two-layer ReLU/],
    ['momentum', univariate(0.1, { optimizer: { kind: 'gradient-descent', stepSize: 0.05, momentum: 0.5 } }), /steps of one size/],
  ];
  for (const [what, experiment, text] of withdrawn) {
    it(`withdrawn: ${what}`, async () => {
      const report = await reportOf({ ...experiment, stop: { steps: 20 } });
      assert.ok(failing(prediction(report, ROUGHNESS)).some((condition) => text.test(condition)));
    });
  }

  it('a flow has no step: it does not speak of one', async () => {
    const report = await reportOf(univariate(0.1, { optimizer: { kind: 'gradient-flow' }, stop: { steps: 5 } }));
    assert.ok(report.predictions.every(({ result }) => result !== ROUGHNESS && result !== INPUT));
  });
});

function smooth(change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 1,
    data: { kind: 'teacher', samples: 8, features: 3, model: { kind: 'network', widths: [4], activation: 'relu' } },
    model: { kind: 'network', widths: [40], activation: 'relu', bias: 'first' },
    init: { kind: 'gaussian', scale: 0.5 },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize: 0.1 },
    stop: { loss: 1e-13, steps: 60_000 },
    record: { points: 30 },
    expect: { verdict: 'agrees', result: INPUT },
    ...change,
  };
}

describe('Ma & Ying 2021: stable minima are smooth in their input', () => {
  it('the input gradient from the first layer is that of central differences, with and without biases', () => {
    const rows = [
      [1, -0.5],
      [0.3, 2],
      [-1.2, 0.4],
    ];
    const data = datasetOf(rows, [0, 0, 0]);
    for (const bias of ['none', 'first', 'all'] as const) {
      const model = createModel({ kind: 'network', widths: [5, 4], activation: 'tanh', bias, residual: false, trainable: 'all' }, data);
      const stream = randomStream(1, 'test');
      const theta = Float64Array.from({ length: model.parameterCount }, () => stream.gaussian());
      const jacobian = new Float64Array(3 * model.parameterCount);
      model.jacobian(theta, jacobian);
      let expected = 0;
      const h = 1e-5;
      for (const [i, row] of rows.entries()) {
        for (let k = 0; k < 2; k++) {
          const at = (sign: number): number => {
            const out = new Float64Array(1);
            model.outputsOn(
              theta,
              Float64Array.from(row, (value, j) => value + (j === k ? sign * h : 0)),
              1,
              out,
            );
            return out[0];
          };
          expected += ((at(1) - at(-1)) / (2 * h)) ** 2 / rows.length;
          assert.ok(i < 3);
        }
      }
      const value = meanSquaredInputGradient(model, theta, jacobian, data.x);
      assert.ok(Math.abs(value - expected) < 1e-8 * expected, `${bias}: ${value}, ${expected}`);
    }
  });

  it('(1/n) Σ ‖∇ₓf‖² ≤ (‖W1‖²/min‖x̃‖²) tr H on 200 random networks', () => {
    const stream = randomStream(5, 'test');
    let most = 0;
    for (let k = 0; k < 200; k++) {
      const activation = (['relu', 'tanh', 'softplus'] as const)[k % 3];
      const bias = k % 2 === 0 ? 'none' : 'first';
      const rows = Array.from({ length: 6 }, () => Array.from({ length: 3 }, () => stream.gaussian()));
      const data = datasetOf(rows, new Array<number>(6).fill(0));
      const model = createModel({ kind: 'network', widths: [6, 5], activation, bias, residual: false, trainable: 'all' }, data);
      const theta = Float64Array.from({ length: model.parameterCount }, () => stream.gaussian());
      const jacobian = new Float64Array(6 * model.parameterCount);
      model.jacobian(theta, jacobian);
      const trace = jacobian.reduce((sum, entry) => sum + entry * entry, 0) / 6;
      const norm = largestGramEigenvalue(theta.slice(0, 18), 6, 3);
      const least = Math.min(...rows.map((row) => row.reduce((sum, value) => sum + value * value, bias === 'none' ? 0 : 1)));
      const ratio = meanSquaredInputGradient(model, theta, jacobian, data.x) / ((norm / least) * trace);
      most = Math.max(most, ratio);
      assert.ok(ratio <= 1, String(ratio));
    }
    assert.ok(most > 0.05, String(most));
  });

  it('gradient descent, and SGD with the trace alone', async () => {
    const descent = await reportOf(smooth());
    assert.equal(descent.verdict.outcome, 'agrees', descent.verdict.says);
    assert.match(descent.verdict.says, /2·8\/η = 160/);
    assert.equal(descent.trajectory['inputGradient'].at(-1), descent.verdict.value);
    const sgd = await reportOf(smooth({ optimizer: { kind: 'sgd', stepSize: 0.03, batchSize: 1 } }));
    assert.equal(sgd.verdict.outcome, 'agrees', sgd.verdict.says);
    assert.match(sgd.verdict.says, /2\/η = 66\.67/);
  });

  it('is the verdict only where the file asks for it', async () => {
    const report = await reportOf(smooth({ expect: undefined }));
    assert.notEqual(report.verdict.result, INPUT);
    assert.equal(prediction(report, INPUT).applies, false);
  });

  it('a steeper function than the step can hold disagrees', async () => {
    const { trained, judge } = await judging(smooth());
    const steep = trained.parameters.map((value, j) => (j >= 160 ? 100 * value : value));
    assert.equal(judge({ parameters: steep }).outcome, 'disagrees');
  });

  it('an input at 0 withdraws it, unless there is a bias; momentum withdraws it', async () => {
    const data = {
      kind: 'inline' as const,
      x: [
        [0, 0],
        [1, 0.5],
        [-1, 0.3],
      ],
      y: [0, 0.5, -0.3],
    };
    const stop = { steps: 20 };
    const none = await reportOf(smooth({ data, stop, model: { kind: 'network', widths: [5], activation: 'tanh' } }));
    assert.deepEqual(failing(prediction(none, INPUT)).slice(0, 1), ['no input is 0']);
    const bias = await reportOf(smooth({ data, stop, model: { kind: 'network', widths: [5], activation: 'tanh', bias: 'first' } }));
    assert.ok(!failing(prediction(bias, INPUT)).includes('no input is 0'));
    const momentum = await reportOf(smooth({ stop, optimizer: { kind: 'gradient-descent', stepSize: 0.05, momentum: 0.9 } }));
    assert.ok(failing(prediction(momentum, INPUT)).some((text) => /steps of one size/.test(text)));
  });
});
