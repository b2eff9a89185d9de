import assert from 'node:assert/strict';
import { maxMargin } from '../../../src/solvers/max-margin';
import { maxMarginL1, maxMarginLInf, maxMarginP, maxMarginQuadratic } from '../../../src/solvers/norm-margin';
import { SolverError, type LinearProgramSolver } from '../../../src/solvers/reference-problem';
import { nodeEnvironment } from '../../../src/worker/environment';

const THREE = Float64Array.of(1, -1, 0.5, 0, 0.5, 1, 0, -1, 2, 0.3, -1, 1);
/** z = (2, 1, 0), (2, 0, 1), (3, 2, 1): γ₁ = 2 at (1, 0, 0), γ∞ = 3 at (1, 1, 1), γ₂ = 3/√2 at (4, 1, 1)/√18, by hand. */
const BY_HAND = Float64Array.of(2, 1, 0, 2, 0, 1, 3, 2, 1);

const near = (actual: number, expected: number, tolerance = 1e-10): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual} against ${expected}`);

function start(z: Float64Array, n: number, d: number): Float64Array {
  const found = maxMargin(z, n, d);
  assert.ok(found.separable);
  return found.answer.point;
}

describe('margins in other norms', () => {
  let lp: LinearProgramSolver;
  before(async () => {
    const source = { text: '', path: null, root: null };
    lp = await nodeEnvironment(source, new SharedArrayBuffer(4)).linearPrograms();
  });

  it('ℓ1 and ℓ∞ by hand', () => {
    const l1 = maxMarginL1(BY_HAND, 3, 3, lp);
    near(l1.margin, 2);
    assert.deepEqual(
      Array.from(l1.point, (value) => Math.round(value * 1e9) / 1e9),
      [0.5, 0, 0],
    );
    const linf = maxMarginLInf(BY_HAND, 3, 3, lp);
    near(linf.margin, 3);
    for (const { certificate } of [l1, linf]) assert.ok(certificate.value < 1e-12, certificate.says);
  });

  it('ℓ1 and ℓ∞ as scipy has them', () => {
    near(maxMarginL1(THREE, 3, 4, lp).margin, 2 / 3);
    near(maxMarginLInf(THREE, 3, 4, lp).margin, 1.1808510638, 1e-9);
  });

  it('a quadratic norm: P = diag(s²) is the ℓ2 problem of the scaled data', () => {
    const s = [1, 2, 0.5, 3];
    const matrix = new Float64Array(16);
    s.forEach((value, j) => (matrix[5 * j] = value * value));
    const scaled = maxMargin(
      THREE.map((value, k) => value / s[k % 4]),
      3,
      4,
    );
    assert.ok(scaled.separable);
    const answer = maxMarginQuadratic(THREE, 3, 4, matrix);
    near(answer.margin, scaled.margin);
    answer.point.forEach((value, j) => assert.ok(Math.abs(value - scaled.answer.point[j] / s[j]) < 1e-10));
    assert.ok(answer.certificate.value < 1e-12);
  });

  it('ℓp: p = 2 is the ℓ2 problem, and margins grow with p', () => {
    const from = start(BY_HAND, 3, 3);
    near(maxMarginP(BY_HAND, 3, 3, 2, from).margin, 3 / Math.SQRT2);
    let before = 2;
    for (const p of [1.5, 2, 3, 6]) {
      const { margin, certificate } = maxMarginP(BY_HAND, 3, 3, p, from);
      assert.ok(margin > before && margin < 3);
      assert.ok(certificate.value < 1e-10, certificate.says);
      before = margin;
    }
  });

  it('ℓp of one sample: w ∝ sign(z)|z|^(q−1), margin ‖z‖_q', () => {
    const z = Float64Array.of(3, -1, 2);
    for (const p of [1.5, 3]) {
      const q = p / (p - 1);
      const expected = Math.pow(3 ** q + 1 + 2 ** q, 1 / q);
      near(maxMarginP(z, 1, 3, p, Float64Array.of(1, 0, 0)).margin, expected, 1e-9);
    }
  });

  it('data that cannot be separated have no margin', () => {
    const z = Float64Array.of(1, 0, -1, 0);
    assert.throws(() => maxMarginL1(z, 2, 2, lp), SolverError);
    assert.throws(() => maxMarginLInf(z, 2, 2, lp), SolverError);
    assert.throws(() => maxMarginP(z, 2, 2, 3, Float64Array.of(1, 0)), SolverError);
  });
});
