import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'chizat-bach-2020-variation-norm';

function wide(change: Partial<ExperimentInput> = {}, width = 24): ExperimentInput {
  return {
    seed: 1,
    data: { kind: 'xor' },
    model: { kind: 'network', widths: [width], activation: 'relu' },
    init: { kind: 'gaussian', scale: 0.5 },
    loss: { kind: 'exponential', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    stop: { logLoss: -3000 },
    expect: { verdict: 'agrees', result: RESULT },
    ...change,
  };
}

describe('Chizat & Bach 2020: the margin of every width', () => {
  it('ReLU on the corners of a square: √2/8 from below, as a conjecture', async () => {
    const report = await reportOf(wide());
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.equal(report.verdict.result, RESULT);
    assert.equal(prediction(report, RESULT).status, 'conjecture');
    assert.match(prediction(report, RESULT).statement, /not differentiable/);
    // V* = 2√2 by hand: one unit for each corner.
    assert.ok(Math.abs(report.references[0].objective - 2 * Math.SQRT2) < 1e-9);
    assert.ok(Math.max(...report.trajectory['parameterMargin'].filter(Number.isFinite)) <= (Math.SQRT2 / 8) * (1 + 1e-9));
    assert.ok(report.measures['parameterMargin'] > (Math.SQRT2 / 8) * 0.998);
  });

  it('two units are too few for it, many are enough', async () => {
    const data: ExperimentInput['data'] = {
      kind: 'inline',
      x: [[-2], [-1], [0], [1], [2]],
      y: [1, -1, 1, 1, -1],
    };
    const best: number[] = [];
    for (const width of [2, 48]) {
      const model: ExperimentInput['model'] = { kind: 'network', widths: [width], activation: 'relu', bias: 'first' };
      const gaps: number[] = [];
      for (const seed of [1, 2, 3]) {
        const report = await reportOf(wide({ seed, data, model, stop: { logLoss: -1000 } }));
        const margin = report.measures['parameterMargin'];
        // γ₁ = 1/(2 · 10.1289902) from an independent second-order-cone program.
        assert.ok(!(margin > 0.04936326 * (1 + 1e-7)), `${width} units: ${margin}`);
        gaps.push(1 - Math.max(0, margin) / 0.04936326);
      }
      best.push(Math.max(...gaps));
    }
    assert.ok(best[1] < 0.01, String(best));
    // Two units have one kink each and cannot even fit three sign changes.
    assert.ok(best[0] > 0.5, String(best));
  });

  it('quadratic units with fixed output weights: a theorem, and the nuclear norm', async () => {
    const units = Array.from({ length: 12 }, (_, k) => [Math.cos(1 + 2.4 * k), Math.sin(1 + 2.4 * k)]).flat();
    const signs = Array.from({ length: 12 }, (_, k) => (k % 2 === 0 ? 2 : -2));
    const report = await reportOf(
      wide({
        model: { kind: 'network', widths: [12], activation: 'quadratic', trainable: 'first' },
        init: { kind: 'explicit', parameters: [units, signs] },
        stop: {},
      }),
    );
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.equal(prediction(report, RESULT).status, 'theorem');
    // x₁x₂ is 1 on the corners and has nuclear norm 1; output weights ±2 double the margin.
    assert.ok(Math.abs(report.references[0].objective - 1) < 1e-10);
    assert.ok(Math.abs(report.measures['parameterMargin'] - 2) < 1e-6);
  });

  it('shows the margin under its bound, the dual bound by direction, and the function on a line', async () => {
    const data: ExperimentInput['data'] = { kind: 'inline', x: [[-2], [-1], [0], [1], [2]], y: [1, -1, 1, 1, -1] };
    const model: ExperimentInput['model'] = { kind: 'network', widths: [24], activation: 'relu', bias: 'first' };
    const { figures } = await reportOf(wide({ data, model, stop: { logLoss: -500 } }));
    assert.deepEqual(
      figures.map(({ id }) => id),
      ['variation-norm-margin', 'variation-norm-directions', 'variation-norm-function'],
    );
    const [margin, directions] = figures;
    assert.ok(margin.kind === 'chart' && directions.kind === 'chart');
    const [trained, bound] = margin.series;
    assert.ok(Math.max(...trained.y) <= bound.y[0] * (1 + 1e-9));
    // The dual is feasible in every direction.
    assert.ok(Math.max(...directions.series[0].y) <= 1 + 1e-9);
  });
});

describe('Chizat & Bach 2020: what withdraws the prediction', () => {
  const withdrawn: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['fewer units than samples', wide({}, 3), /as many units/],
    ['a start in which all units are equal', wide({ init: { kind: 'constant', scale: 0.5 } }), /covers the directions/],
    ['a bias of the output', wide({ model: { kind: 'network', widths: [24], bias: 'all' }, stop: { steps: 20 } }), /degree 2/],
    ['tanh units', wide({ model: { kind: 'network', widths: [24], activation: 'tanh' }, stop: { steps: 20 } }), /degree 2/],
    ['ReLU with fixed outputs', wide({ model: { kind: 'network', widths: [24], trainable: 'first' }, stop: { steps: 20 } }), /degree 2/],
    ['gradient descent', wide({ optimizer: { kind: 'gradient-descent', stepSize: 0.1 }, stop: { steps: 20 } }), /gradient flow/],
    [
      'fixed outputs of several sizes',
      wide({ model: { kind: 'network', widths: [24], activation: 'quadratic', trainable: 'first' }, stop: { steps: 20 } }),
      /one size/,
    ],
  ];
  for (const [what, experiment, text] of withdrawn) {
    it(what, async () => {
      const report = await reportOf({ ...experiment, stop: { steps: 200 } });
      assert.notEqual(report.verdict.result, RESULT, report.verdict.says);
      assert.equal(prediction(report, RESULT).applies, false);
      assert.ok(
        failing(prediction(report, RESULT)).some((condition) => text.test(condition)),
        failing(prediction(report, RESULT)).join(),
      );
    });
  }
});
