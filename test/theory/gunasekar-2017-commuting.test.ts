import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { judging } from './judging';
import { failing, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'gunasekar-2017-commuting';

/** Householder reflection of (1, 2, 3, 4): symmetric and orthogonal; its columns are the common eigenvectors. */
const V = [1, 2, 3, 4].map((a, i) => [1, 2, 3, 4].map((b, j) => (i === j ? 1 : 0) - (2 * a * b) / 30));
const inBasis = (d: readonly number[]): number[][] =>
  V.map((row) => V.map((other) => row.reduce((sum, v, k) => sum + v * d[k] * other[k], 0)));

/** A_i = V diag(row i of X) Vᵀ for the two equations in four unknowns of the notes. */
const DATA = {
  kind: 'measurements' as const,
  rows: 4,
  columns: 4,
  measurements: TWO_EQUATIONS.x.map((row, i) => ({ a: inBasis(row), y: TWO_EQUATIONS.y[i] })),
};

function commuting(model: ExperimentInput['model'], scale: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: DATA,
    model,
    init: { kind: 'identity', scale },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    ...change,
  };
}

/** Eigenvalues of W in the common basis. */
function eigenvalues(predictor: readonly number[] | null): number[] {
  assert.ok(predictor);
  return V.map((_, k) =>
    V.reduce((sum, row, i) => sum + V.reduce((part, other, j) => part + row[k] * predictor[i * 4 + j] * other[k], 0), 0),
  );
}

const UUT = { kind: 'matrix-factorization', symmetric: true } as const;
const deep = (depth: number): ExperimentInput['model'] => ({ kind: 'matrix-factorization', depth });

/** scipy: LSODA on the eigenvalues and SLSQP on the potentials, which agree to 5·10⁻¹². */
const LIMITS: readonly (readonly [string, ExperimentInput['model'], number, readonly number[]])[] = [
  ['UUᵀ', UUT, 1, [0.84462468, 0.45647621, 0.26198223, 0.7575771]],
  ['UUᵀ', UUT, 0.1, [0.0363426, 0.4869005, 0.5009853, 0.01014361]],
  ['UUᵀ', UUT, 0.01, [0.00170847, 0.49919582, 0.50023469, 0.0001001]],
  ['two factors', deep(2), 0.1, [0.0363426, 0.4869005, 0.5009853, 0.01014361]],
  ['three factors', deep(3), 0.3, [0.05390111, 0.48659577, 0.49543719, 0.02709265]],
  ['four factors', deep(4), 0.3, [0.01609906, 0.49600183, 0.49863181, 0.00810273]],
];

describe('Gunasekar et al. 2017: commuting measurements', () => {
  for (const [name, model, scale, expected] of LIMITS) {
    it(`${name}, α = ${scale}: flow and potential reach the same eigenvalues`, async () => {
      const report = await reportOf(commuting(model, scale));
      assert.equal(report.verdict.result, RESULT);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      const found = eigenvalues(report.references[0].predictor);
      // The numbers above are printed to eight decimals.
      found.forEach((value, k) => assert.ok(Math.abs(value - expected[k]) < 1e-8, `${k}: ${value}`));
      assert.ok(report.references[0].certificate.value <= 1e-10);
    });
  }

  it('as α → 0 the solution is that of least nuclear norm: eigenvalues (0, ½, ½, 0), trace 1', async () => {
    const report = await reportOf(commuting(UUT, 1e-6, { compare: ['nuclear'] }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(Math.abs(report.measures['nuclearNorm'] - 1) < 1e-5);
    assert.ok(Math.abs(report.references[1].objective - 1) < 1e-9);
  });

  it('rounding that has grown off the common basis is no disagreement about the eigenvalues; a wrong eigenvalue is', async () => {
    // Seen with three factors from 0.01 I, which wait for a time of 10⁸: 10⁻³ off the diagonal, 10⁻⁷ on it (Newton on the dual, numpy).
    const { trained, judge } = await judging(commuting(UUT, 0.1));
    const moved = (d: readonly (readonly [number, number, number])[]): Float64Array =>
      Float64Array.from(trained.predictor ?? [], (w, at) =>
        d.reduce((sum, [j, k, size]) => sum + size * V[Math.floor(at / 4)][j] * V[at % 4][k], w),
      );
    const off = judge({ predictor: moved([[0, 1, 1e-3], [1, 0, 1e-3], [2, 2, 3e-7]]) }); // prettier-ignore
    assert.equal(off.outcome, 'inconclusive', off.says);
    assert.match(off.says, /off the diagonal in the common basis/);
    const wrong = judge({ predictor: moved([[0, 1, 1e-3], [1, 0, 1e-3], [2, 2, 1e-4]]) }); // prettier-ignore
    assert.equal(wrong.outcome, 'disagrees', wrong.says);
  });

  it('gradient descent is judged by its extrapolation to η → 0', async () => {
    const report = await reportOf(commuting(UUT, 0.5, { optimizer: { kind: 'gradient-descent', stepSize: 0.005 } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });

  it('is withdrawn for another start, and for measurements that do not commute', async () => {
    const start = await reportOf(commuting(UUT, 0.1, { init: { kind: 'gaussian', scale: 0.1 }, stop: { steps: 5 } }));
    assert.deepEqual(failing(prediction(start, RESULT)), ['every factor starts at αI, α > 0']);
    const entries: (readonly [number, number, number])[] = [
      [0, 0, 1],
      [0, 1, 1],
    ];
    const data = { kind: 'entries' as const, rows: 2, columns: 2, entries: entries.map((entry) => [...entry]) };
    const report = await reportOf(commuting(UUT, 0.1, { data, stop: { steps: 5 } }));
    assert.deepEqual(failing(prediction(report, RESULT)), ['measurement matrices are symmetric and commute']);
  });

  it('is withdrawn where every solution has a negative eigenvalue, which no flow from αI reaches', async () => {
    const of = (y: number): ReturnType<typeof reportOf> => {
      const a = [
        [1, 0],
        [0, 2],
      ];
      return reportOf(commuting(UUT, 0.1, { data: { kind: 'measurements', rows: 2, columns: 2, measurements: [{ a, y }] } }));
    };
    const positive = 'a positive semidefinite solution in the common basis';
    const holds = async (y: number): Promise<unknown> =>
      prediction(await of(y), RESULT).conditions.find(({ text }) => text === positive)?.holds;
    // x₁ + 2x₂ = y: at y = 0 the one solution without a negative eigenvalue is 0.
    assert.deepEqual([await holds(1), await holds(-1), await holds(0)], [true, false, true]);
    assert.equal((await of(1)).verdict.outcome, 'agrees');
    assert.notEqual((await of(-1)).verdict.result, RESULT);
  });

  it('diagonal entries commute', async () => {
    const data = {
      kind: 'entries' as const,
      rows: 2,
      columns: 2,
      entries: [
        [0, 0, 1],
        [1, 1, 0.5],
      ],
    };
    const report = await reportOf(commuting(deep(2), 0.1, { data }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.deepEqual(
      report.references[0].predictor?.map((value) => Math.round(1e9 * value) / 1e9),
      [1, 0, 0, 0.5],
    );
  });
});
