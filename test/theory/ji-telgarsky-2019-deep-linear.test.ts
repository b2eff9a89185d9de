import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, largestDifference, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'ji-telgarsky-2019-deep-linear';

/** ŵ = (13, 7, 10)/24 with margin 24/√318, from the two support vectors (2, −1, 0.5), (0, 2, 1) by hand; they do not span the space. */
const FOUR_POINTS_3D = {
  kind: 'inline' as const,
  x: [
    [1, 2, 0.3],
    [2, -1, 0.5],
    [4, 1, -0.7],
    [0, 2, 1],
  ],
  y: [1, 1, 1, 1],
};
const MARGIN = 24 / Math.sqrt(318);

function deepLinear(change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: FOUR_POINTS_3D,
    model: { kind: 'linear-network', widths: [4] },
    loss: { kind: 'exponential', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    init: { kind: 'gaussian', scale: 0.5 },
    seed: 1,
    ...change,
  };
}

describe('Ji & Telgarsky 2019: deep linear networks', () => {
  for (const [widths, scale, seed] of [
    [[4], 0.5, 1],
    [[1], 0.5, 2],
    [[4, 3], 0.7, 1],
    [[2, 5], 0.7, 3],
  ] as const) {
    it(`widths ${widths.join('-')}: direction, margin in parameters γ/L^(L/2), rank one, alignment, balance`, async () => {
      const report = await reportOf(
        deepLinear({ model: { kind: 'linear-network', widths: [...widths] }, init: { kind: 'gaussian', scale }, seed }),
      );
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.ok(largestDifference(report.references[0].predictor, [13 / 24, 7 / 24, 10 / 24]) < 1e-12);
      const depth = widths.length + 1;
      const { measures } = report;
      assert.ok(Math.abs(measures['margin'] / MARGIN - 1) <= 1e-4);
      // Largest margin in parameters (AM–GM over balanced layers); at ‖θ‖ ≈ 700 the frozen part leaves (1/700)² of it.
      assert.ok(Math.abs((measures['parameterMargin'] * depth ** (depth / 2)) / MARGIN - 1) <= 1e-4);
      // Ji & Telgarsky 2019, Lemma 2: ‖W‖_F² − ‖W‖₂² ≤ D, a constant of the start.
      assert.ok(measures['rankDefect'] < 1e-4, String(measures['rankDefect']));
      assert.ok(measures['alignmentDefect'] < 1e-6);
      // The integrator's tolerance is 10⁻⁹ a step.
      assert.ok(measures['balanceDrift'] < 1e-8);
      assert.deepEqual(failing(prediction(report, RESULT)), []);
      // Layers of one unit have one singular value each: nothing to draw.
      assert.equal(report.figures.at(0)?.id === 'layer-spectra', Math.max(...widths) > 1);
    });
  }

  it('mean loss and logistic loss: the same limit', async () => {
    const report = await reportOf(deepLinear({ loss: 'logistic' }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });

  it('a start above R(0) is settled by the run', async () => {
    // f = w₂w₁x, w₁ = 1, w₂ = −0.9: R(W(0)) = ln(1 + e^0.9) > ln 2, but |w₁| > |w₂| is kept, so the flow passes the saddle.
    const one = deepLinear({
      data: { kind: 'inline', x: [[1]], y: [1] },
      model: { kind: 'linear-network', widths: [1] },
      loss: { kind: 'logistic', reduction: 'sum' },
      init: { kind: 'explicit', parameters: [[1], [-0.9]] },
    });
    const report = await reportOf(one);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    const start = prediction(report, RESULT).conditions.at(-1);
    assert.equal(start?.holds, true);
    assert.match(start?.because ?? '', /during the run/);
  });

  it('a loss that is below ℓ(0) by rounding alone claims nothing: the flow of w₁ = −w₂ ends at the saddle 0', async () => {
    const report = await reportOf(
      deepLinear({
        data: { kind: 'inline', x: [[1]], y: [1] },
        model: { kind: 'linear-network', widths: [1] },
        init: { kind: 'explicit', parameters: [[1], [-1]] },
        stop: { time: 25 },
      }),
    );
    // w₁² − w₂² = 0 is conserved, so w = −w₂² < 0 until time ∞.
    assert.ok(Math.abs(report.solution.logLoss) < 1e-9);
    assert.equal(report.verdict.outcome, 'inconclusive');
    assert.match(report.verdict.says, /before it fell below/);
  });

  it('w₁ = 1, w₂ = −1 stays above ℓ(0): nothing is claimed', async () => {
    const report = await reportOf(
      deepLinear({
        data: { kind: 'inline', x: [[1]], y: [1] },
        model: { kind: 'linear-network', widths: [1] },
        loss: { kind: 'logistic', reduction: 'sum' },
        init: { kind: 'explicit', parameters: [[1], [-1]] },
        stop: { time: 25 },
      }),
    );
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    // w₁ = −w₂ = u with u′ = −u/(1 + e^(−u²)): u falls at least like e^(−t/2).
    assert.ok(Math.abs(report.solution.parameters[0][0]) <= Math.exp(-12.5));
    assert.notEqual(prediction(report, RESULT).conditions.at(-1)?.holds, true);
  });

  it('ended early it is inconclusive', async () => {
    const report = await reportOf(deepLinear({ stop: { logLoss: -30 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('a start so large that ln ℒ = −10⁸ comes before the parameters have moved is inconclusive', async () => {
    const at = (change: Partial<ExperimentInput>): ReturnType<typeof reportOf> =>
      reportOf(
        deepLinear({
          data: { kind: 'inline', x: TWO_EQUATIONS.x, y: [1, 1] },
          model: { kind: 'linear-network' },
          loss: 'logistic',
          init: { kind: 'gaussian', scale: 1e5 },
          ...change,
        }),
      );
    const early = await at({});
    assert.ok(early.solution.logLoss <= -1e8);
    assert.equal(early.verdict.outcome, 'inconclusive', early.verdict.says);
    assert.equal((await at({ init: { kind: 'gaussian', scale: 1 } })).verdict.outcome, 'agrees');
    // Large inputs do the same to an ordinary start.
    const data = { kind: 'inline' as const, x: TWO_EQUATIONS.x.map((row) => row.map((value) => 1e12 * value)), y: [1, 1] };
    const large = await at({ data, init: { kind: 'gaussian', scale: 0.1 } });
    assert.notEqual(large.verdict.outcome, 'disagrees', large.verdict.says);
  });

  const withdrawn: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['zero start', deepLinear({ init: { kind: 'zero' } }), /∇R/],
    ['gradient descent', deepLinear({ optimizer: { kind: 'gradient-descent', stepSize: 0.01 }, stop: { steps: 10 } }), /gradient flow/],
    [
      'data that cannot be separated',
      deepLinear({ data: { kind: 'inline', x: [[1], [1]], y: [1, -1] }, stop: { steps: 50 } }),
      /separable/,
    ],
  ];
  for (const [what, experiment, text] of withdrawn) {
    it(`withdrawn: ${what}`, async () => {
      const report = await reportOf(experiment);
      assert.notEqual(report.verdict.result, RESULT, report.verdict.says);
      assert.ok(failing(prediction(report, RESULT)).some((condition) => text.test(condition)));
    });
  }
});
