/** Complementarity over 2 × 2 and 3 × 3 matrices: closed forms, the certificate, and what it says of a problem without a solution. */
import assert from 'node:assert/strict';
import { randomStream } from '../../../src/numerics/random';
import { solveComplementarity } from '../../../src/solvers/semidefinite-complementarity';

const identity = (size: number): Float64Array => Float64Array.from({ length: size * size }, (_, j) => (j % (size + 1) === 0 ? 1 : 0));
const near = (a: Float64Array, b: readonly number[], tolerance = 1e-7): void =>
  b.forEach((entry, j) => assert.ok(Math.abs(a[j] - entry) < tolerance, `${a.join(', ')} against ${b.join(', ')}`));

describe('semidefinite complementarity', () => {
  it('of one direction is max(0, c/b)', () => {
    near(solveComplementarity(Float64Array.of(4), Float64Array.of(3), 1).solution, [0.75]);
    const below = solveComplementarity(Float64Array.of(4), Float64Array.of(-3), 1);
    near(below.solution, [0]);
    assert.equal(below.held, 0);
  });

  it('with the identity is the positive part: of (0 1; 1 0), whose eigenvalues are ±1, it is ½(1 1; 1 1)', () => {
    const { solution, held, residual } = solveComplementarity(identity(4), Float64Array.of(0, 1, 1, 0), 2);
    near(solution, [0.5, 0.5, 0.5, 0.5]);
    assert.equal(held, 1);
    assert.ok(residual < 1e-9);
  });

  it('decoupled directions have their own variances, in any basis', () => {
    // B(X) = diag(2X₁₁, 8X₂₂): X₁₁ = 3, X₂₂ = 1, whatever the off-diagonal that B does not see.
    const map = new Float64Array(16);
    map[0] = 2;
    map[15] = 8;
    const straight = solveComplementarity(map, Float64Array.of(6, 0, 0, 8), 2);
    near(straight.solution, [3, 0, 0, 1]);
    assert.equal(straight.held, 2);
    // Turned by an angle: X ↦ RXRᵀ, B ↦ (R⊗R) B (R⊗R)ᵀ.
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const r = [c, -s, s, c];
    const kron = Float64Array.from({ length: 16 }, (_, p) => {
      const [row, column] = [Math.floor(p / 4), p % 4];
      return r[2 * Math.floor(row / 2) + Math.floor(column / 2)] * r[2 * (row % 2) + (column % 2)];
    });
    const turned = new Float64Array(16);
    for (const [q, value] of [
      [0, 2],
      [3, 8],
    ])
      for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) turned[4 * i + j] += kron[4 * i + q] * value * kron[4 * j + q];
    const target = Float64Array.from({ length: 4 }, (_, i) => kron[4 * i] * 6 + kron[4 * i + 3] * 8);
    const { solution, held, residual } = solveComplementarity(turned, target, 2);
    assert.ok(residual < 1e-9, String(residual));
    assert.equal(held, 2);
    // Back in the old basis.
    const back = Float64Array.from({ length: 4 }, (_, j) => [0, 1, 2, 3].reduce((sum, i) => sum + kron[4 * i + j] * solution[i], 0));
    near(Float64Array.of(back[0], back[3]), [3, 1], 1e-6);
  });

  it('one of two directions is let go where the other already holds it', () => {
    // B(X)₁₁ = B(X)₂₂ = X₁₁ + X₂₂: with C = diag(2, 1) only the first oscillates.
    const map = Float64Array.of(1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1);
    const { solution, held } = solveComplementarity(map, Float64Array.of(2, 0, 0, 1), 2);
    near(solution, [2, 0, 0, 0]);
    assert.equal(held, 1);
  });

  it('random problems in three directions meet their certificate', () => {
    const stream = randomStream(1, 'complementarity');
    for (let trial = 0; trial < 20; trial++) {
      // B from twelve third derivatives T_ij = T_ji.
      const t = Array.from({ length: 9 }, () => Float64Array.from({ length: 12 }, () => stream.gaussian()));
      for (let i = 0; i < 3; i++) for (let j = 0; j < i; j++) t[3 * j + i] = t[3 * i + j];
      const map = Float64Array.from({ length: 81 }, (_, p) => t[Math.floor(p / 9)].reduce((sum, v, l) => sum + (v * t[p % 9][l]) / 2, 0));
      const target = new Float64Array(9);
      for (let i = 0; i < 3; i++) for (let j = 0; j <= i; j++) target[3 * i + j] = target[3 * j + i] = stream.gaussian();
      const { residual } = solveComplementarity(map, target, 3);
      assert.ok(residual <= 1e-10, String(residual));
    }
  });

  it('says that there is none where nothing can hold a direction', () => {
    assert.equal(solveComplementarity(new Float64Array(1), Float64Array.of(1), 1).residual, Infinity);
    assert.equal(solveComplementarity(new Float64Array(1), Float64Array.of(-1), 1).residual, 0);
  });
});
