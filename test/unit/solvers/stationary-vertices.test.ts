import assert from 'node:assert/strict';
import { coordinateGroups, groupStationarity } from '../../../src/measures/group-stationarity';
import { stationaryVertices, vertexPairs } from '../../../src/solvers/stationary-vertices';

/** z = (1, −1, ½, 0), (½, 1, 0, −1), (2, 0.3, −1, 1). */
const Z = Float64Array.of(1, -1, 0.5, 0, 0.5, 1, 0, -1, 2, 0.3, -1, 1);

/** Normalized margins (L Σ|β|^(2/L))^(−L/2) of all stationary vertices, enumerated by numpy.linalg.solve. */
const MARGINS: Readonly<Record<number, readonly number[]>> = {
  2: [1 / 3, 0.3, 0.25, 0.02287582],
  3: [0.09622504, 0.09248099, 0.08742882, 0.00512183],
};

describe('stationary vertices', () => {
  for (const [depth, expected] of Object.entries(MARGINS).map(([L, margins]) => [Number(L), margins] as const)) {
    it(`L = ${depth}: all of them, the best first, each stationary by the independent measure`, () => {
      const found = stationaryVertices(Z, 3, 4, 2 / depth);
      assert.ok(found);
      assert.equal(found.examined, vertexPairs(3, 4));
      assert.equal(found.vertices.length, expected.length);
      found.vertices.forEach(({ point, objective, residual }, k) => {
        assert.ok(Math.abs(Math.pow(depth * objective, -depth / 2) - expected[k]) < 1e-8);
        assert.ok(residual <= 1e-12);
        const measured = groupStationarity(Z, 3, point, coordinateGroups(4), 2 / depth);
        assert.ok(measured !== null && measured.residual <= 1e-12);
      });
    });
  }

  it('leaves what is too large', () => {
    // C(60, 20) ≈ 4·10¹⁵ pairs.
    assert.equal(stationaryVertices(new Float64Array(20 * 40).fill(1), 20, 40, 0.5), null);
  });

  it('a point that is not stationary has a residual of the size of its error', () => {
    const measured = groupStationarity(Z, 3, Float64Array.of(1, 0.01, 0, -0.5), coordinateGroups(4), 1);
    assert.ok(measured !== null && measured.residual > 1e-3 && measured.residual < 0.1, String(measured?.residual));
  });
});
