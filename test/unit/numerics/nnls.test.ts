import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nnls, nnlsOfColumns } from '../../../src/numerics/nnls';
import { randomStream } from '../../../src/numerics/random';
import { distance, gaussianMatrix, lowRankMatrix, product, transposed } from './matrices';

/** Optimality conditions: u ≥ 0, gradient ≤ 0, and 0 where u > 0, to rounding relative to ‖b‖·‖column‖. */
function assertOptimal(a: Float64Array, rows: number, cols: number, b: Float64Array): void {
  const { u, gradient, residual, passive } = nnls(a, rows, cols, b);
  const size = Math.sqrt(b.reduce((s, t) => s + t * t, 0));
  const rest = product(a, rows, cols, u, 1).map((t, i) => b[i] - t);
  assert.ok(distance(rest, residual) <= 1e-12 * size, 'the residual is b − Au');
  const slopes = product(transposed(a, rows, cols), cols, rows, rest, 1);
  for (let j = 0; j < cols; j++) {
    let length = 0;
    for (let i = 0; i < rows; i++) length = Math.hypot(length, a[i * cols + j]);
    const tolerance = 1e-12 * size * length;
    assert.ok(u[j] >= 0);
    assert.ok(slopes[j] <= tolerance, `gradient ${slopes[j]} of column ${j}`);
    assert.ok(Math.abs(slopes[j] - gradient[j]) <= tolerance);
    if (u[j] > 0) assert.ok(Math.abs(slopes[j]) <= tolerance, `gradient ${slopes[j]} where u > 0`);
    assert.equal(u[j] > 0, passive.includes(j));
  }
}

describe('non-negative least squares', () => {
  it('is the unconstrained solution where that is positive, and clips where the columns are orthogonal', () => {
    const identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    assert.deepEqual([...nnls(identity, 3, 3, Float64Array.of(1, 2, 3)).u], [1, 2, 3]);
    assert.deepEqual([...nnls(identity, 3, 3, Float64Array.of(1, -2, 3)).u], [1, 0, 3]);
    assert.deepEqual([...nnls(identity, 3, 3, Float64Array.of(-1, -2, -3)).u], [0, 0, 0]);
  });

  it('agrees with scipy.optimize.nnls on a 5 × 4 problem with one active constraint', () => {
    const a = Float64Array.of(1, -2, 3, 0, 2, 1, -1, 4, 0, 3, 1, -2, -1, 1, 2, 1, 3, 0, -2, 1);
    const { u, residualNorm } = nnls(a, 5, 4, Float64Array.of(1, -2, 3, 4, -1));
    // scipy 1.17.1.
    assert.ok(distance(u, [0, 0.7366548042704625, 1.0249110320284693, 0]) <= 1e-14);
    assert.ok(Math.abs(residualNorm - 2.433456016667115) <= 1e-14);
  });

  for (const [rows, cols] of [
    [10, 5],
    [5, 10],
    [20, 20],
    [8, 300],
    [101, 400],
  ]) {
    it(`satisfies the optimality conditions on random ${rows} × ${cols} problems`, () => {
      for (let seed = 0; seed < 5; seed++) assertOptimal(gaussianMatrix(rows, cols, seed), rows, cols, gaussianMatrix(rows, 1, seed + 100));
    });
  }

  it('converges on repeated, parallel, opposite and zero columns', () => {
    const [rows, base] = [6, 5];
    const g = gaussianMatrix(rows, base, 9);
    const factors = [1, 1, 2, -1, 0, 1e-9, 1e9];
    const cols = base * factors.length;
    const a = Float64Array.from({ length: rows * cols }, (_, k) => {
      const j = k % cols;
      return g[Math.floor(k / cols) * base + (j % base)] * factors[Math.floor(j / base)];
    });
    for (let seed = 0; seed < 10; seed++) assertOptimal(a, rows, cols, gaussianMatrix(rows, 1, seed));
  });

  it('converges on low-rank matrices with an exact fit', () => {
    for (let seed = 0; seed < 10; seed++) {
      const a = lowRankMatrix(12, 30, 4, seed);
      const stream = randomStream(seed, 'fit');
      const truth = Float64Array.from({ length: 30 }, () => Math.max(0, stream.gaussian()));
      const b = product(a, 12, 30, truth, 1);
      assertOptimal(a, 12, 30, b);
      const { residualNorm } = nnls(a, 12, 30, b);
      assert.ok(residualNorm <= 1e-12 * Math.hypot(...b));
    }
  });

  it('converges on columns that differ by 1e-13, and on integers with many ties', () => {
    const near = gaussianMatrix(5, 40, 3).map((t, k) => (k % 2 === 0 ? t : 0));
    for (let k = 1; k < near.length; k += 2) near[k] = near[k - 1] * (1 + 1e-13 * (k % 7));
    assertOptimal(near, 5, 40, gaussianMatrix(5, 1, 4));
    const stream = randomStream(5, 'integers');
    for (let trial = 0; trial < 40; trial++) {
      const a = Float64Array.from({ length: 4 * 25 }, () => stream.integer(3) - 1);
      assertOptimal(
        a,
        4,
        25,
        Float64Array.from({ length: 4 }, () => stream.integer(5) - 2),
      );
    }
  });

  it('is equivariant: scaling a column divides its coefficient, permuting permutes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 0, max: 4 }),
        fc.double({ min: 1e-3, max: 1e3 }),
        (seed, column, factor) => {
          const columns = gaussianMatrix(5, 7, seed);
          const b = gaussianMatrix(7, 1, seed + 1);
          const { u } = nnlsOfColumns(columns, 5, 7, b);
          const scaled = columns.map((t, k) => (Math.floor(k / 7) === column ? factor * t : t));
          const other = nnlsOfColumns(scaled, 5, 7, b).u;
          other[column] *= factor;
          const reversed = columns.map((_, k) => columns[(4 - Math.floor(k / 7)) * 7 + (k % 7)]);
          // Unique for independent columns; their condition number in these draws stays below 1e3.
          assert.ok(distance(other, u) <= 1e-9);
          assert.ok(distance(nnlsOfColumns(reversed, 5, 7, b).u.reverse(), u) <= 1e-9);
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  });

  it('no columns, and a zero right-hand side', () => {
    assert.equal(nnls(new Float64Array(0), 3, 0, Float64Array.of(1, 2, 2)).residualNorm, 3);
    assert.deepEqual([...nnls(Float64Array.of(1, 1), 1, 2, Float64Array.of(0)).u], [0, 0]);
  });
});
