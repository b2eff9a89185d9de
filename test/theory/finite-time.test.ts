/** C15: where gradient descent is at a finite time, and the regularization path beside it. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { regularizationPath } from '../../src/solvers/regularization-path';
import { failing, FOUR_POINTS, prediction, reportOf } from './lab';

const RATES = 'soudry-2018-rates';
const PATH = 'ji-2020-regularization-path';

function run(result: string, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: FOUR_POINTS,
    model: { kind: 'linear' },
    loss: { kind: 'exponential', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    expect: { verdict: 'agrees', result },
    ...change,
  };
}

describe('Soudry et al. 2018, Theorem 4: the offset', () => {
  it('a flow that is stopped early is where ŵ ln t + w̃ puts it', async () => {
    for (const logLoss of [-20, -100, -1000]) {
      const report = await reportOf(run(RATES, { stop: { logLoss } }));
      assert.equal(report.verdict.result, RATES);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    }
  });

  it('gradient descent too, with the sum and with the mean', async () => {
    for (const [reduction, stepSize] of [
      ['sum', 0.1],
      ['mean', 0.4],
    ] as const) {
      const report = await reportOf(
        run(RATES, { loss: { kind: 'logistic', reduction }, optimizer: { kind: 'gradient-descent', stepSize }, stop: { steps: 100_000 } }),
      );
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    }
  });

  it('the figure holds the measured distance beside the law, within a percent at the end', async () => {
    const report = await reportOf(run(RATES, { stop: { logLoss: -1000 } }));
    const figure = report.figures.find(({ id }) => id === 'direction-rate');
    assert.ok(figure?.kind === 'chart' && figure.series.length === 2);
    const [measured, law] = figure.series.map(({ y }) => y.at(-1) ?? Number.NaN);
    assert.ok(Math.abs(measured / law - 1) < 0.01, `${measured} against ${law}`);
    // First order, by hand: ‖P⊥w̃‖/‖w‖ with ‖P⊥w̃‖ = 0.0427537 of the four points.
    assert.ok(Math.abs(measured * report.measures['l2Norm'] - 0.0427537) < 1e-4);
  });

  it('is inconclusive at the very start', async () => {
    const report = await reportOf(
      run(RATES, {
        optimizer: { kind: 'gradient-descent', stepSize: 0.001 },
        stop: { steps: 100 },
        expect: { verdict: 'inconclusive', result: RATES },
      }),
    );
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('is withdrawn where a support vector has no multiplier', async () => {
    const data = {
      kind: 'inline' as const,
      x: [
        [1, 0],
        [1, 1],
      ],
      y: [1, 1],
    };
    const report = await reportOf(run(RATES, { data, stop: { logLoss: -50 } }));
    assert.notEqual(report.verdict.result, RATES);
    assert.match(failing(prediction(report, RATES)).join(), /span/);
  });
});

describe('the regularization path', () => {
  const z = Float64Array.from(FOUR_POINTS.x.flat());

  it('minimises the loss on its ball: no point of the circle is better', () => {
    for (const point of regularizationPath(z, 4, 2, [0.5, 3, 20], 4 / Math.sqrt(13))) {
      assert.ok(point.gap < 1e-12);
      const value = (angle: number): number => {
        const w = [point.norm * Math.cos(angle), point.norm * Math.sin(angle)];
        return FOUR_POINTS.x.reduce((sum, [a, b]) => sum + Math.exp(-(a * w[0] + b * w[1])), 0);
      };
      const own = value(Math.atan2(point.w[1], point.w[0]));
      for (let k = 0; k < 3600; k++) assert.ok(own <= value((2 * Math.PI * k) / 3600) * (1 + 1e-12));
    }
  });

  it('hits the norms asked for, out to 10⁸', () => {
    const norms = [1e-3, 1, 1e3, 1e8];
    regularizationPath(z, 4, 2, norms, 4 / Math.sqrt(13)).forEach(({ norm }, k) =>
      assert.ok(Math.abs(norm / norms[k] - 1) < 1e-12, String(norm)),
    );
  });

  it('its direction goes to (3/4, 1/2) like ‖P⊥w̃‖/B', () => {
    const [{ w }] = regularizationPath(z, 4, 2, [1e4], 4 / Math.sqrt(13));
    const off = Math.abs(Math.atan2(w[1], w[0]) - Math.atan2(2, 3));
    // The offset of the path is that of the flow (docs/theory.md): 0.0427537.
    assert.ok(Math.abs(off * 1e4 - 0.0427537) < 1e-4, String(off * 1e4));
  });
});

describe('Ji et al. 2020: the flow follows the path', () => {
  it('the two are O(1/‖w‖²) apart while each is O(1/‖w‖) from the limit', async () => {
    const at = async (logLoss: number): Promise<{ value: number; size: number }> => {
      const report = await reportOf(run(PATH, { stop: { logLoss } }));
      assert.equal(report.verdict.result, PATH);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      return { value: report.verdict.value ?? Number.NaN, size: report.measures['l2Norm'] };
    };
    const [near, far] = [await at(-30), await at(-300)];
    const slope = Math.log(far.value / near.value) / Math.log(far.size / near.size);
    assert.ok(Math.abs(slope + 2) < 0.15, String(slope));
  });

  it('is withdrawn by another start', async () => {
    const report = await reportOf(run(PATH, { init: { kind: 'constant', scale: 1 }, stop: { logLoss: -20 } }));
    assert.notEqual(report.verdict.result, PATH);
    assert.match(failing(prediction(report, PATH)).join(), /start/);
  });
});
