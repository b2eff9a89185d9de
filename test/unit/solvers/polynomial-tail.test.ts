import assert from 'node:assert/strict';
import { polynomialTail } from '../../../src/solvers/polynomial-tail';
import { SolverError } from '../../../src/solvers/reference-problem';

/** (0.1, 0.1) × (n − 1) and (0.6, −0.8). */
function copies(n: number): Float64Array {
  const z = new Float64Array(2 * n).fill(0.1);
  z[2 * n - 2] = 0.6;
  z[2 * n - 1] = -0.8;
  return z;
}

function solve(n: number, power: number): { angle: number; margin: number; gap: number } {
  const { point, objective, certificate } = polynomialTail(copies(n), n, 2, power, Float64Array.of(1, 0.5));
  return { angle: Math.atan2(point[1], point[0]), margin: 1 / objective, gap: certificate.value };
}

describe('direction of a polynomial tail', () => {
  // One-dimensional search over the angle in numpy.
  for (const [n, power, angle] of [
    [10, 1, 0.441104],
    [10, 2, 0.462154],
    [10_000, 1, 0.63393],
  ] as const) {
    it(`n = ${n}, b = ${power}: the angle ${angle}`, () => {
      const found = solve(n, power);
      assert.ok(Math.abs(found.angle - angle) < 1e-6, String(found.angle));
      assert.ok(found.gap < 1e-12);
    });
  }

  it('its margin falls like n^(−1/(b+1)) (Ji et al. 2020, Proposition 12)', () => {
    for (const power of [1, 2, 4]) {
      const slope = Math.log(solve(1e4, power).margin / solve(1e2, power).margin) / Math.log(100);
      assert.ok(Math.abs(slope + 1 / (power + 1)) < 0.06, `b = ${power}: ${slope}`);
    }
  });

  it('two orthogonal samples: u ∝ z₁^(…): the first-order condition by hand', () => {
    // min a⁻ᵇ + (2c)⁻ᵇ over a² + c² = 1, z = (1, 0), (0, 2): a^(−b−2) = 2^(−b) c^(−b−2), so c/a = 2^(−b/(b+2)).
    const { point } = polynomialTail(Float64Array.of(1, 0, 0, 2), 2, 2, 3, Float64Array.of(1, 1));
    assert.ok(Math.abs(point[1] / point[0] - Math.pow(2, -3 / 5)) < 1e-10);
  });

  it('refuses a start that does not separate', () => {
    assert.throws(() => polynomialTail(copies(3), 3, 2, 1, Float64Array.of(0, -1)), SolverError);
  });
});
