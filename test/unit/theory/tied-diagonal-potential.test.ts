import assert from 'node:assert/strict';
import { minimumPotential } from '../../../src/solvers/potential';
import { tiedDiagonalPotential } from '../../../src/theory/tied-diagonal-potential';

/** x + 2y − v = 1, y + 3z + v = 2: shortest solution (9, 29, 33, 2)/65. */
const X = Float64Array.of(1, 2, 0, -1, 0, 1, 3, 1);
const Y = Float64Array.of(1, 2);
const SHORTEST = [9 / 65, 29 / 65, 33 / 65, 2 / 65];

describe('potential of the tied diagonal network', () => {
  for (const depth of [2, 3, 4, 5, 6, 7, 8]) {
    for (const alpha of [0.01, 0.1, 1, 10, 100]) {
      for (const unequal of [false, true]) {
        it(`depth ${depth}, α = ${alpha}${unequal ? ', u ≠ v' : ''}: certified to 10⁻¹⁰`, () => {
          const u = Float64Array.from({ length: 4 }, (_, j) => alpha * (unequal ? 1 + 0.1 * j : 1));
          const v = Float64Array.from({ length: 4 }, (_, j) => alpha * (unequal ? 1.3 - 0.05 * j : 1));
          const { certificate } = minimumPotential(tiedDiagonalPotential(depth, u, v), X, Y, 2, 4);
          assert.ok(certificate.value <= 1e-10, certificate.says);
        });
      }
    }
    it(`depth ${depth}, α = 100: the shortest solution, up to the next term O(α^(−2D))`, () => {
      const start = new Float64Array(4).fill(100);
      const { point } = minimumPotential(tiedDiagonalPotential(depth, start, start), X, Y, 2, 4);
      for (let j = 0; j < 4; j++) assert.ok(Math.abs(point[j] - SHORTEST[j]) <= 1e-8, `${j}: ${point[j]}`);
    });
    it(`depth ${depth}: the mirror map and its inverse undo each other, and the slope is R′`, () => {
      const { mirror, inverse, value } = tiedDiagonalPotential(depth, Float64Array.of(1.2), Float64Array.of(0.7));
      for (const w of [-5, -1e-3, 0.01, 1, 30]) {
        const s = mirror(0, w);
        assert.ok(Math.abs(inverse(0, s) - w) <= 1e-12 * (1 + Math.abs(w)));
        // Central difference with h = 10⁻⁴: error h² R‴/6 and rounding 10⁻¹²; at w the slope of R is s.
        const h = 1e-4;
        assert.ok(Math.abs((value(0, w + h) - value(0, w - h)) / (2 * h) - s) <= 1e-7 * (1 + Math.abs(s)), `${w}`);
      }
    });
  }
});
