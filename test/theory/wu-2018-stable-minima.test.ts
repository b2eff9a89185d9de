/**
 * ½(ab − 1)²: at a minimum λ_max = a² + b², one step multiplies q = a² − b² by 1 − η²(ab − 1)², so the flow from q₀ ends at √(q₀² + 4) and
 * large steps end lower. The numbers are of an independent program (numpy), which iterates the two products.
 */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { judging } from './judging';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'wu-2018-stable-minima';

function product(start: readonly [number, number], optimizer: object, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: { kind: 'inline', x: [[1]], y: [1] },
    model: { kind: 'linear-network', widths: [1] },
    loss: 'square',
    init: { kind: 'explicit', parameters: start.map((value) => [value]) },
    optimizer: { kind: 'gradient-descent', ...optimizer },
    record: { measures: ['sharpness', 'sharpnessRatio'] },
    expect: { verdict: 'agrees', result: RESULT },
    ...change,
  };
}

describe('Wu, Ma, E 2018: stable minima', () => {
  const cases: readonly (readonly [readonly [number, number], number, number])[] = [
    [[4, 0.1], 0.05, 16.0997],
    [[4, 0.1], 0.1, 16.0246],
    [[4, 0.1], 0.12, 15.652],
    [[4, 0.1], 0.15, 9.436],
    [[4, 0.1], 0.2, 2.0026],
    [[5, 0.1], 0.05, 25.0533],
    [[5, 0.1], 0.1, 12.6723],
    [[5, 0.1], 0.12, 2.7247],
    [[5, 0.1], 0.15, 2.1104],
  ];
  for (const [start, stepSize, sharpness] of cases) {
    it(`from (${start.join(', ')}) with η = ${stepSize} ends at ${sharpness}, below ${(2 / stepSize).toFixed(1)}`, async () => {
      const { verdict, measures } = await reportOf(product(start, { stepSize }));
      // Four or five digits are printed there.
      assert.ok(Math.abs(measures['sharpness'] - sharpness) < 1e-4 * sharpness, String(measures['sharpness']));
      assert.ok(measures['sharpnessRatio'] <= 1);
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      assert.equal(verdict.result, RESULT);
    });
  }

  it('with every kind of momentum ends below its threshold, which plain descent may exceed', async () => {
    const beta = 0.5;
    for (const [momentumKind, factor] of [
      ['heavy-ball', 3],
      ['nesterov', 1.5],
      ['ema', 6],
    ] as const) {
      const { verdict, measures } = await reportOf(product([4, 0.1], { stepSize: 0.14, momentum: beta, momentumKind }));
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      assert.ok(Math.abs(measures['sharpnessRatio'] - (measures['sharpness'] * 0.14) / factor) < 1e-12);
    }
  });

  it('says nothing of a run that has not converged, or has diverged', async () => {
    const short = await reportOf(product([4, 0.1], { stepSize: 0.05 }, { stop: { steps: 4 } }));
    assert.equal(short.verdict.outcome, 'inconclusive', short.verdict.says);
    const wild = await reportOf(product([4, 0.1], { stepSize: 0.3 }));
    assert.equal(wild.outcome, 'diverged');
    assert.equal(wild.verdict.outcome, 'inconclusive');
  });

  it('is withdrawn where the start is stationary, where it would be wrong: λ_max is 1.25 and 2.5 of the threshold', async () => {
    for (const [stepSize, ratio] of [
      [0.1, 1.252],
      [0.2, 2.504],
    ]) {
      const report = await reportOf(product([5, 0.2], { stepSize }));
      assert.ok(failing(prediction(report, RESULT)).some((text) => text.includes('not stationary')));
      assert.ok(Math.abs(report.measures['sharpnessRatio'] - ratio) < 1e-9);
    }
  });

  it('a run that comes to an unstable minimum along stable directions alone does not speak against it', async () => {
    // XᵀX/n = diag(4, 1), and the least w₁ is 0, where it starts: the unstable direction is never moved. 2/η = 3⅓ < 4.
    const symmetric = await reportOf({
      ...product([0, 0], { stepSize: 0.6 }),
      data: {
        kind: 'inline',
        x: [
          [2, 1],
          [2, -1],
          [-2, 1],
          [-2, -1],
        ],
        y: [1, -1, 1, -1],
      },
      model: { kind: 'linear' },
      init: { kind: 'zero' },
    });
    assert.ok(Math.abs(symmetric.measures['sharpness'] - 4) < 1e-9);
    // |1 − 0.6 · 4|⁸ = 1.4⁸ = 14.758.
    assert.match(symmetric.verdict.says, /grows 14\.76-fold in 8 steps, foreseen 14\.76-fold/);
    assert.equal(symmetric.verdict.outcome, 'inconclusive');
    // While its steps grow the run settles at the minimum of the flow, 16.115, to the last digit; the full step cannot hold it.
    const warmed = await reportOf(product([4, 0.1], { stepSize: 0.15, warmup: 7000 }));
    assert.ok(Math.abs(warmed.measures['sharpness'] - 16.115) < 1e-3);
    assert.match(warmed.verdict.says, /settled while its steps still grew/);
    assert.equal(warmed.verdict.outcome, 'inconclusive');
  });

  it('a minimum that is beyond the threshold by its record and yet stable disagrees', async () => {
    for (const momentumKind of ['heavy-ball', 'nesterov', 'ema'] as const) {
      const { trained, judge } = await judging(product([4, 0.1], { stepSize: 0.05, momentum: 0.3, momentumKind }));
      assert.equal(judge({}).outcome, 'agrees');
      const ratios = trained.trajectory['sharpnessRatio'].map(() => 1.5);
      assert.equal(judge({ trajectory: { ...trained.trajectory, sharpnessRatio: ratios } }).outcome, 'disagrees');
    }
  });

  it('is withdrawn by a loss without a minimum', async () => {
    const report = await reportOf(product([4, 0.1], { stepSize: 0.1 }, { loss: 'logistic', stop: { steps: 50 } }));
    assert.ok(failing(prediction(report, RESULT)).includes('a loss with a minimum'));
  });

  describe('of Adam, at a minimum a mean of gradients over ε', () => {
    // The same program: Adam from (4, 0.1), 20 000 steps. λ_max at the end and 38ε/η, or 6ε/η for β₁ = ½.
    const adam = (stepSize: number, beta1: number, epsilon: number, change: Partial<ExperimentInput> = {}, beta2 = 0.9): ExperimentInput =>
      product([4, 0.1], {}, { optimizer: { kind: 'adam', stepSize, beta1, beta2, epsilon }, stop: { steps: 20_000 }, ...change });

    for (const [stepSize, beta1, beta2, epsilon, sharpness, bound] of [
      [0.01, 0.9, 0.9, 0.01, 16.748968, 38],
      [0.05, 0.5, 0.5, 0.15, 16.374123, 18],
    ]) {
      it(`settles where λ_max = ${sharpness} is below ${bound}`, async () => {
        const { verdict, measures } = await reportOf(adam(stepSize, beta1, epsilon, {}, beta2));
        assert.equal(verdict.outcome, 'agrees', verdict.says);
        assert.ok(Math.abs(measures['sharpness'] - sharpness) < 1e-5 * sharpness, String(measures['sharpness']));
        assert.ok(Math.abs((verdict.value ?? 0) - sharpness / bound) < 1e-5);
      });
    }

    it('does not settle where the minimum is beyond it', async () => {
      for (const experiment of [adam(0.01, 0.9, 0.004), adam(0.05, 0.5, 0.1)]) {
        const { verdict, loss } = await reportOf(experiment).then(({ verdict: v, solution }) => ({ verdict: v, loss: solution.loss }));
        assert.ok(loss > 1e-12, String(loss));
        assert.equal(verdict.outcome, 'inconclusive', verdict.says);
      }
    });

    it('decides nothing while √v̂ is larger than ε, and is withdrawn without ε', async () => {
      const early = await reportOf(adam(0.01, 0.9, 1e-8, { stop: { gradientNorm: 1e-5, steps: 20_000 } }));
      assert.notEqual(early.verdict.outcome, 'disagrees', early.verdict.says);
      const without = await reportOf(adam(0.01, 0.9, 0, { stop: { steps: 50 } }));
      assert.ok(failing(prediction(without, RESULT)).includes('Adam with ε > 0'));
    });
  });
});
