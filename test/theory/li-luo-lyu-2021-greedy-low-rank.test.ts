import assert from 'node:assert/strict';
import { entriesData } from '../../src/data/matrix-data';
import type { ExperimentInput } from '../../src/experiment/schema';
import { greedyLowRank } from '../../src/solvers/greedy-low-rank';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'li-luo-lyu-2021-greedy-low-rank';
const CONJECTURE = 'gunasekar-2017-nuclear-norm';

const symmetric = (upper: readonly (readonly [number, number, number])[]): number[][] =>
  upper.flatMap(([i, j, value]) =>
    i === j
      ? [[i, j, value]]
      : [
          [i, j, value],
          [j, i, value],
        ],
  );
const THREE = {
  kind: 'entries' as const,
  rows: 3,
  columns: 3,
  entries: symmetric([
    [0, 0, 10],
    [0, 1, 3],
    [1, 1, 2],
    [1, 2, 0.4],
    [2, 2, 0.3],
  ]),
};
const four = (r: number): typeof THREE => ({
  kind: 'entries',
  rows: 4,
  columns: 4,
  entries: symmetric([
    [0, 2, 1],
    [0, 3, r],
    [1, 2, r],
  ]),
});

function flow(data: typeof THREE, scale: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data,
    model: { kind: 'matrix-factorization', symmetric: true },
    init: { kind: 'identity', scale },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    ...change,
  };
}

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} against ${expected}`);

describe('Li, Luo, Lyu 2021: greedy low-rank learning', () => {
  it('the algorithm: eigenvalues, traces and losses of both phases on the 3 × 3 completion', () => {
    // numpy: eigh and gradient flow by scipy's LSODA, phase by phase.
    const { phases, certificate } = greedyLowRank(entriesData(THREE));
    assert.equal(phases.length, 2);
    near(phases[0].eigenvalue, 11.00149713, 1e-8);
    near(phases[0].second, 1.16597477, 1e-8);
    near(phases[0].point[2], 1.34606987, 1e-8);
    near(phases[0].trace, 11.1810314, 1e-7);
    near(phases[0].loss, 0.5092, 5e-5);
    near(phases[1].eigenvalue, 1.0023723, 1e-7);
    near(phases[1].point[2], 1.7, 1e-8);
    near(phases[1].trace, 12.3, 1e-8);
    assert.ok(certificate.value <= 1e-10, certificate.says);
  });

  it('the flow from a vanishing start ends where the algorithm ends', async () => {
    const report = await reportOf(flow(THREE, 1e-6));
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    // Of two phases the first alone is proved without further assumptions.
    assert.equal(prediction(report, RESULT).status, 'conjecture');
    const phases = report.figures.find(({ id }) => id === 'phases');
    assert.ok(phases?.kind === 'chart' && phases.series[1].x.length === 2);
    assert.equal(report.figures.filter(({ kind }) => kind === 'heat-map').length, 3);
  });

  it('and on the way rests at the end of the first phase', async () => {
    const { trajectory } = await reportOf(flow(THREE, 1e-8, { record: { points: 2000 } }));
    const [first] = greedyLowRank(entriesData(THREE)).phases;
    const distances = trajectory['loss'].map(
      (loss, k) => Math.abs(loss - first.loss) + Math.abs(trajectory['nuclearNorm'][k] - first.trace),
    );
    // scipy: min_t ‖W(t) − W₁‖ is 5.7·10⁻⁶ for W(0) = 10⁻¹⁶ I.
    assert.ok(Math.min(...distances) < 1e-4, String(Math.min(...distances)));
  });

  it('on the 4 × 4 completion the flow prefers rank 1 to the least nuclear norm', async () => {
    // W(0) = 10⁻¹⁶ I. By hand: vvᵀ with v = (1, R, 1, R) has trace 2(1 + R²), the least is 4R.
    for (const r of [1.5, 2]) {
      const report = await reportOf(flow(four(r), 1e-8, { compare: ['nuclear'] }));
      assert.equal(report.verdict.result, RESULT);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      near(report.measures['nuclearNorm'], 2 * (1 + r * r), r === 1.5 ? 1e-6 : 3e-4);
      near(report.references[1].objective, 4 * r, 1e-8);
      assert.deepEqual(failing(prediction(report, CONJECTURE)), [
        'greedy low-rank learning, which the flow follows, ends at the least nuclear norm',
      ]);
      assert.equal(prediction(report, CONJECTURE).status, 'refuted');
    }
  });

  it('the trace follows the published approach to rank 1 as the start shrinks', async () => {
    // scipy's LSODA on U′ = −∇f(UUᵀ)U, R = 1.5: W(0) = 10⁻², 10⁻⁴, 10⁻⁸.
    for (const [scale, trace] of [
      [1e-1, 6.034655],
      [1e-2, 6.321071],
      [1e-4, 6.496571],
    ] as const) {
      near((await reportOf(flow(four(1.5), scale))).measures['nuclearNorm'], trace, 1e-6);
    }
  });

  it('is withdrawn for a large start, a narrow U and finite steps', async () => {
    const large = await reportOf(flow(THREE, 1, { stop: { steps: 5 } }));
    assert.deepEqual(failing(prediction(large, RESULT)), ['the start is small against the gap of eigenvalues']);
    const narrow = await reportOf(
      flow(THREE, 1e-6, { model: { kind: 'matrix-factorization', symmetric: true, width: 1 }, stop: { steps: 5 } }),
    );
    assert.deepEqual(failing(prediction(narrow, RESULT)), ['U has room for the rank that is learned']);
    const steps = await reportOf(flow(THREE, 1e-6, { optimizer: { kind: 'gradient-descent', stepSize: 0.001 }, stop: { steps: 5 } }));
    assert.equal(failing(prediction(steps, RESULT))[0], 'gradient flow');
  });

  it('the conjecture is right where the greedy outcome has the least nuclear norm, and judged by the norm', async () => {
    const data = { kind: 'sensing' as const, rows: 6, columns: 6, rank: 1, measurements: 18, symmetric: true };
    const experiment: ExperimentInput = { ...flow(THREE, 1e-6), data, seed: 1, expect: { verdict: 'agrees', result: CONJECTURE } };
    const report = await reportOf(experiment);
    assert.equal(report.verdict.result, CONJECTURE);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(report.references[0].certificate.value <= 1e-10);
    const early = await reportOf({ ...experiment, stop: { loss: 0.1 } });
    assert.equal(early.verdict.outcome, 'inconclusive', early.verdict.says);
  });
});
