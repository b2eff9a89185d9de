import assert from 'node:assert/strict';
import { choleskyInPlace, choleskySolve } from '../../../src/numerics/cholesky';
import { luInPlace, luSolve } from '../../../src/numerics/lu';
import { pivotedLq } from '../../../src/numerics/pivoted-lq';
import { defectOfOrthonormality, distance, gaussianMatrix, hilbertMatrix, lowRankMatrix, product, transposed } from './matrices';

describe('Cholesky factorisation', () => {
  it('of [[4,2],[2,10]] is [[2,0],[1,3]], and the strict upper triangle is neither read nor written', () => {
    const a = Float64Array.of(4, NaN, 2, 10);
    assert.equal(choleskyInPlace(a, 2), true);
    assert.deepEqual([a[0], a[2], a[3]], [2, 1, 3]);
    assert.ok(Number.isNaN(a[1]));
  });

  for (const n of [1, 2, 5, 12, 33]) {
    it(`solves with a random positive definite ${n} × ${n} matrix`, () => {
      const g = gaussianMatrix(n, n + 5, n);
      const a = product(g, n, n + 5, transposed(g, n, n + 5), n);
      const x = gaussianMatrix(n, 1, 7);
      const b = product(a, n, n, x, 1);
      assert.ok(choleskyInPlace(a, n));
      choleskySolve(a, n, b);
      // Backward stable; the condition number of these matrices is below 1e4.
      assert.ok(distance(b, x) <= 1e-11);
    });
  }

  it('refuses indefinite, singular and infinite matrices', () => {
    assert.equal(choleskyInPlace(Float64Array.of(1, 2, 2, 1), 2), false);
    assert.equal(choleskyInPlace(Float64Array.of(1, 1, 1, 1), 2), false);
    assert.equal(choleskyInPlace(Float64Array.of(Infinity), 1), false);
    assert.equal(choleskyInPlace(Float64Array.of(NaN), 1), false);
    assert.equal(choleskyInPlace(new Float64Array(0), 0), true);
  });

  it('does not depend on scale', () => {
    const a = Float64Array.of(4e-200, 0, 2e-200, 10e-200);
    assert.ok(choleskyInPlace(a, 2));
    const b = Float64Array.of(8e-200, 14e-200);
    choleskySolve(a, 2, b);
    // [[4,2],[2,10]]·(13/9, 10/9) = (8, 14).
    assert.ok(distance(b, [13 / 9, 10 / 9]) <= 1e-14);
  });
});

describe('LU factorisation', () => {
  it('pivots where the first entry is 0', () => {
    const pivots = new Int32Array(2);
    const a = Float64Array.of(0, 1, 2, 3);
    assert.ok(luInPlace(a, 2, pivots));
    const b = Float64Array.of(5, 19);
    luSolve(a, 2, pivots, b);
    assert.deepEqual([...b], [2, 5]);
  });

  for (const n of [1, 3, 8, 30]) {
    it(`solves with a random ${n} × ${n} matrix to a residual of rounding size`, () => {
      const a = gaussianMatrix(n, n, n + 40);
      const b = gaussianMatrix(n, 1, 8);
      const x = Float64Array.from(b);
      const factors = Float64Array.from(a);
      const pivots = new Int32Array(n);
      assert.ok(luInPlace(factors, n, pivots));
      luSolve(factors, n, pivots, x);
      const size = Math.max(...x.map(Math.abs));
      assert.ok(distance(product(a, n, n, x, 1), b) <= 1e-14 * n * n * Math.max(1, size));
    });
  }

  it('refuses singular matrices', () => {
    assert.equal(luInPlace(Float64Array.of(1, 2, 2, 4), 2, new Int32Array(2)), false);
    assert.equal(luInPlace(Float64Array.of(0), 1, new Int32Array(1)), false);
  });
});

describe('pivoted LQ factorisation', () => {
  for (const [rows, cols, rank] of [
    [4, 9, 4],
    [9, 4, 4],
    [12, 12, 3],
    [30, 7, 2],
    [5, 40, 5],
  ]) {
    it(`reconstructs a ${rows} × ${cols} matrix of rank ${rank}`, () => {
      const a = lowRankMatrix(rows, cols, rank, 3);
      const { rank: found, order, l, q } = pivotedLq(a, rows, cols);
      assert.equal(found, rank);
      assert.ok(defectOfOrthonormality(q, found, cols) <= 1e-14);
      const back = product(l, rows, found, q, cols);
      for (let i = 0; i < rows; i++) {
        const row = a.subarray(order[i] * cols, (order[i] + 1) * cols);
        assert.ok(distance(back.subarray(i * cols, (i + 1) * cols), row) <= 1e-13);
        for (let k = i + 1; k < found; k++) assert.equal(l[i * found + k], 0);
      }
      assert.deepEqual(
        [...order].sort((i, j) => i - j),
        Array.from({ length: rows }, (_, i) => i),
      );
    });
  }

  it('keeps orthonormality on the Hilbert matrix, where plain Gram–Schmidt loses it', () => {
    const { q, rank } = pivotedLq(hilbertMatrix(12), 12, 12, 0);
    assert.ok(defectOfOrthonormality(q, rank, 12) <= 1e-14);
  });

  it('takes no rows from a zero matrix and all from a tiny one', () => {
    assert.equal(pivotedLq(new Float64Array(6), 2, 3).rank, 0);
    assert.equal(pivotedLq(Float64Array.of(1e-150, 0, 0, 1e-150), 2, 2).rank, 2);
  });
});
