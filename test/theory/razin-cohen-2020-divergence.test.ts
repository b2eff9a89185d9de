import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'razin-cohen-2020-divergence';
const DATA = {
  kind: 'entries' as const,
  rows: 2,
  columns: 2,
  entries: [
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 0],
  ],
};

function completion(depth: number, product: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: DATA,
    model: { kind: 'matrix-factorization', depth },
    init: { kind: 'identity', scale: Math.pow(product, 1 / depth) },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    ...change,
  };
}

const UUT = { model: { kind: 'matrix-factorization' as const, symmetric: true } };

describe('Razin & Cohen 2020: norms diverge while the rank falls', () => {
  /** scipy's Radau on the factors: depth, W(0), ℓ, w11, t. */
  const POINTS: readonly (readonly [number, number, number, number, number])[] = [
    [3, 1e-2, 1e-2, 6.944374, 34.03],
    [3, 1e-2, 1e-4, 70.696843, 1.0738e4],
    [3, 1e-2, 1e-8, 7071.0677, 2.3025e9],
    [4, 1e-2, 1e-4, 70.796946, 4240.6],
    [4, 1e-2, 1e-6, 707.11799, 1.3297e6],
  ];
  for (const [depth, product, loss, w11, time] of POINTS) {
    it(`${depth} factors: w₁₁ and the time at ℓ = ${loss}`, async () => {
      const report = await reportOf(completion(depth, product, { stop: { loss } }));
      const reached = report.solution.loss;
      const w = report.solution.predictor ?? [];
      // The run ends at the first step below ℓ, a few percent off: w11 ∝ ℓ^(−1/2), t ∝ ℓ^(−(k+1)/k) take that out.
      assert.ok(reached <= loss && reached > 0.8 * loss, String(reached));
      const atLoss = w[0] * Math.sqrt(reached / loss);
      assert.ok(Math.abs(atLoss / w11 - 1) < 5e-3, `${atLoss} against ${w11}`);
      const timeAtLoss = report.measures['time'] * Math.pow(reached / loss, (depth + 1) / depth);
      assert.ok(Math.abs(timeAtLoss / time - 1) < 0.05, `${timeAtLoss} against ${time}`);
      if (loss < 1e-2) assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    });
  }

  it('the effective rank falls to 1 and a norm never meets its minimum', async () => {
    const report = await reportOf(completion(3, 1e-2, { stop: { loss: 1e-2 } }));
    // scipy: erank 1.000409 at ℓ = 10⁻².
    assert.ok(Math.abs(report.measures['effectiveRank'] - 1.000409) < 5e-5, String(report.measures['effectiveRank']));
    assert.ok(report.measures['nuclearNorm'] > 6 && report.references.length === 0);
  });

  it('W = UUᵀ follows it as far as three factors do', async () => {
    const report = await reportOf(completion(2, 1e-3, { ...UUT, stop: { loss: 1e-7 } }));
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });

  it('two separate factors are led off the balanced path by rounding at w₁₁ ≈ 11: no disagreement with a theorem about that path', async () => {
    const report = await reportOf(completion(2, 1e-6, { stop: { loss: 1e-6 } }));
    const [a, b, c, d] = report.solution.predictor ?? [];
    assert.ok(a * d - b * c < -0.5, String(report.solution.predictor));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    assert.match(report.verdict.says, /determinant has become negative/);
  });

  it('a start with w₁₁ far out keeps the bound before it meets the sharper law', async () => {
    const far = [10, 0, 0, 0.1];
    const experiment = completion(3, 1, { init: { kind: 'explicit', parameters: [far, far, far] }, stop: { loss: 1e-3 } });
    const report = await reportOf(experiment);
    assert.ok((report.solution.predictor?.[0] ?? 0) > 999, String(report.solution.predictor));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    // Of the same start, once ℓ is small against what w₁₁ asks for.
    const later = await reportOf({ ...experiment, stop: { loss: 1e-8 } });
    assert.equal(later.verdict.outcome, 'agrees', later.verdict.says);
  });

  it('an early end is inconclusive; a start with negative determinant or without balance is not covered', async () => {
    const early = await reportOf(completion(3, 1e-2, { stop: { loss: 0.1 } }));
    assert.equal(early.verdict.outcome, 'inconclusive', early.verdict.says);
    const layers = (second: number[]): ExperimentInput['init'] => ({ kind: 'explicit', parameters: [[0.1, 0, 0, 0.1], second] });
    const negative = await reportOf(completion(2, 1, { init: layers([0, 0.1, 0.1, 0]) }));
    assert.deepEqual(failing(prediction(negative, RESULT)), ['det W(0) > 0']);
    // By symmetry w11 stays 0: the solution of least nuclear norm.
    assert.ok(Math.abs(negative.solution.predictor?.[0] ?? 1) < 1e-12 && Math.abs(negative.measures['nuclearNorm'] - 2) < 1e-9);
    const unbalanced = await reportOf(completion(2, 1, { init: layers([0.2, 0, 0, 0.1]), stop: { steps: 20 } }));
    assert.deepEqual(failing(prediction(unbalanced, RESULT)), ['a balanced start: Wⱼ₊₁ᵀWⱼ₊₁ = WⱼWⱼᵀ']);
  });

  it('unbalanced layers with a positive determinant reach a finite solution', async () => {
    // scipy: W(∞) = [[−0.206393, 1], [1, 0]] for s ≤ 10⁻⁴.
    const s = 1e-4;
    const init: ExperimentInput['init'] = {
      kind: 'explicit',
      parameters: [[-0.8, -1.32, -0.25, 0.42].map((v) => s * v), [1.14, 0.11, -0.55, -0.78].map((v) => s * v)],
    };
    const report = await reportOf(completion(2, 1, { init }));
    assert.ok(Math.abs((report.solution.predictor?.[0] ?? 0) + 0.206393) < 1e-5, String(report.solution.predictor));
  });
});
