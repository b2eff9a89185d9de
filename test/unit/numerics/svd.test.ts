import assert from 'node:assert/strict';
import { minimumNormLeastSquares } from '../../../src/numerics/least-squares';
import { rowSpaceBasis, svd } from '../../../src/numerics/svd';
import { largestGramEigenvalue, symmetricEigen } from '../../../src/numerics/symmetric-eigen';
import { defectOfOrthonormality, distance, gaussianMatrix, hilbertMatrix, lowRankMatrix, product, transposed } from './matrices';

/** sorted(mpmath.eigsy(H, eigvals_only=True)), mp.dps = 60. */
const HILBERT_8: readonly number[] = [
  1.6959389969219496, 0.2981252113169307, 0.02621284357811905, 0.0014676881177418672, 0.00005436943369749942, 0.0000012943320918728114,
  1.7988737458175767e-8, 1.1115389663724424e-10,
];

describe('singular value decomposition', () => {
  for (const [rows, cols] of [
    [1, 1],
    [1, 6],
    [6, 1],
    [5, 5],
    [4, 11],
    [17, 6],
    [40, 60],
  ]) {
    it(`reconstructs a random ${rows} × ${cols} matrix by orthonormal factors`, () => {
      const a = gaussianMatrix(rows, cols, 11);
      const { count, u, s, v, rank } = svd(a, rows, cols);
      assert.equal(rank(), count);
      assert.ok(defectOfOrthonormality(u, count, rows) <= 1e-13);
      assert.ok(defectOfOrthonormality(v, count, cols) <= 1e-13);
      const scaled = v.map((t, k) => t * s[Math.floor(k / cols)]);
      assert.ok(distance(product(transposed(u, count, rows), rows, count, scaled, cols), a) <= 1e-13 * s[0]);
      for (let k = 1; k < count; k++) assert.ok(s[k] <= s[k - 1]);
    });
  }

  it('finds the singular values of the 8 × 8 Hilbert matrix, down to 1e-10, to nine digits', () => {
    // Eigenvalues of the positive definite matrix from mpmath.eigsy with 60 digits. Rounding the entries 1/(i+j+1)
    // moves each by up to 8ε = 2e-15, which is 2e-5 of the last one: it is known to no more.
    const { s } = svd(hilbertMatrix(8), 8, 8);
    for (let k = 0; k < 8; k++) assert.ok(Math.abs(s[k] - HILBERT_8[k]) <= 2e-15, `σ_${k} = ${s[k]}`);
  });

  it('finds singular values of a graded matrix to full relative accuracy', () => {
    // D·G with D = diag(1, 1e-8, …, 1e-40): compare with the same matrix turned by a permutation of columns and rows.
    const n = 6;
    const g = gaussianMatrix(n, n, 5);
    const graded = g.map((t, k) => t * 10 ** (-8 * Math.floor(k / n)));
    const { s } = svd(graded, n, n);
    const reversed = graded.map((_, k) => graded[(n - 1 - Math.floor(k / n)) * n + (n - 1 - (k % n))]);
    const other = svd(reversed, n, n).s;
    for (let k = 0; k < n; k++) assert.ok(Math.abs(s[k] / other[k] - 1) <= 1e-12, `σ_${k}: ${s[k]} against ${other[k]}`);
    // |det| = Π σ, and the determinant is Π of D times that of G.
    const logDet = svd(g, n, n).s.reduce((t, x) => t + Math.log(x), 0) - 8 * Math.LN10 * 15;
    assert.ok(Math.abs(s.reduce((t, x) => t + Math.log(x), 0) - logDet) <= 1e-12 * Math.abs(logDet));
  });

  it('scales with the matrix from 1e-290 to 1e290', () => {
    const a = gaussianMatrix(3, 4, 2);
    const { s } = svd(a, 3, 4);
    for (const unit of [2 ** -960, 2 ** 960]) {
      assert.deepEqual(
        svd(
          a.map((t) => t * unit),
          3,
          4,
        ).s.map((t) => t / unit),
        s,
      );
    }
  });

  it('counts rank and spans the row space', () => {
    const a = lowRankMatrix(9, 14, 4, 21);
    const { basis, rank } = rowSpaceBasis(a, 9, 14);
    assert.equal(rank, 4);
    assert.ok(defectOfOrthonormality(basis, 4, 14) <= 1e-13);
    const projected = product(product(a, 9, 14, transposed(basis, 4, 14), 4), 9, 4, basis, 14);
    assert.ok(distance(projected, a) <= 1e-13 * 20);
    assert.equal(rowSpaceBasis(new Float64Array(12), 3, 4).rank, 0);
  });
});

describe('minimum-norm least squares', () => {
  it('of one equation x + 2y = 5 is (1, 2)', () => {
    const { x, residual, rank } = minimumNormLeastSquares(Float64Array.of(1, 2), 1, 2, Float64Array.of(5));
    assert.ok(distance(x, [1, 2]) <= 1e-15);
    assert.ok(residual <= 1e-15);
    assert.equal(rank, 1);
  });

  it('satisfies the four conditions of Moore and Penrose on a rank-deficient matrix', () => {
    const [rows, cols] = [7, 9];
    const a = lowRankMatrix(rows, cols, 3, 31);
    const pseudo = new Float64Array(cols * rows);
    for (let i = 0; i < rows; i++) {
      const e = new Float64Array(rows);
      e[i] = 1;
      minimumNormLeastSquares(a, rows, cols, e).x.forEach((t, j) => (pseudo[j * rows + i] = t));
    }
    const outer = product(a, rows, cols, pseudo, rows);
    const inner = product(pseudo, cols, rows, a, cols);
    assert.ok(distance(product(outer, rows, rows, a, cols), a) <= 1e-12);
    assert.ok(distance(product(inner, cols, cols, pseudo, rows), pseudo) <= 1e-12);
    assert.ok(distance(outer, transposed(outer, rows, rows)) <= 1e-13);
    assert.ok(distance(inner, transposed(inner, cols, cols)) <= 1e-13);
  });
});

describe('symmetric eigenproblem', () => {
  it('of the second difference has 2 − 2cos(kπ/(n+1)) and sines', () => {
    const n = 20;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i > 0) a[i * n + i - 1] = -1;
    }
    const { values, vectors } = symmetricEigen(a, n);
    for (let k = 0; k < n; k++) {
      assert.ok(Math.abs(values[k] - (2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)))) <= 1e-14);
      const sign = Math.sign(vectors[k * n]);
      for (let i = 0; i < n; i++) {
        const sine = Math.sqrt(2 / (n + 1)) * Math.sin(((k + 1) * (i + 1) * Math.PI) / (n + 1));
        assert.ok(Math.abs(sign * vectors[k * n + i] - sine) <= 1e-13);
      }
    }
  });

  for (const n of [1, 2, 7, 40]) {
    it(`reconstructs a random symmetric ${n} × ${n} matrix, ascending`, () => {
      const g = gaussianMatrix(n, n, 50 + n);
      const a = g.map((t, k) => t + g[(k % n) * n + Math.floor(k / n)]);
      const { values, vectors } = symmetricEigen(a, n);
      assert.ok(defectOfOrthonormality(vectors, n, n) <= 1e-13);
      const scaled = vectors.map((t, k) => t * values[Math.floor(k / n)]);
      assert.ok(distance(product(transposed(vectors, n, n), n, n, scaled, n), a) <= 1e-13 * n);
      for (let k = 1; k < n; k++) assert.ok(values[k] >= values[k - 1]);
    });
  }

  it('scales with the matrix, whose squares may overflow or vanish', () => {
    // [[2, 1], [1, 2]] has 1 and 3, with (1, −1)/√2 and (1, 1)/√2.
    for (const scale of [1e-250, 1, 1e250]) {
      const { values, vectors } = symmetricEigen(
        Float64Array.of(2, 0, 1, 2).map((value) => value * scale),
        2,
      );
      assert.ok(Math.abs(values[0] / scale - 1) < 1e-14 && Math.abs(values[1] / scale - 3) < 1e-14);
      assert.ok(vectors.every((entry) => Math.abs(Math.abs(entry) - Math.SQRT1_2) < 1e-14));
    }
  });

  it('copes with multiple eigenvalues, zero matrices and diagonal ones', () => {
    const ones = new Float64Array(36).fill(1);
    const { values } = symmetricEigen(ones, 6);
    assert.ok(distance(values, [0, 0, 0, 0, 0, 6]) <= 1e-14);
    assert.deepEqual([...symmetricEigen(new Float64Array(9), 3).values], [0, 0, 0]);
    assert.deepEqual([...symmetricEigen(Float64Array.of(3, 0, 0, -1), 2).values], [-1, 3]);
    assert.equal(symmetricEigen(new Float64Array(0), 0).values.length, 0);
  });

  it('refuses NaN', () => {
    assert.throws(() => symmetricEigen(Float64Array.of(1, 0, NaN, 1), 2), RangeError);
  });

  for (const [rows, cols] of [
    [3, 50],
    [50, 3],
    [150, 200],
    [300, 140],
  ]) {
    it(`the largest eigenvalue of the Gram matrix of ${rows} × ${cols} is the square of the largest singular value`, () => {
      const a = gaussianMatrix(rows, cols, 77);
      const sigma = svd(a, rows, cols).s[0];
      assert.ok(Math.abs(largestGramEigenvalue(a, rows, cols) / sigma ** 2 - 1) <= 1e-13);
    });
  }
});
