import assert from 'node:assert/strict';
import { symmetricEigen, tridiagonalEigenvalues } from '../../../src/numerics/symmetric-eigen';
import { UpperEigen } from '../../../src/numerics/upper-eigen';
import { defectOfOrthonormality, gaussianMatrix, hilbertMatrix, product, transposed } from './matrices';

/** QΛQᵀ for a random orthogonal Q. */
function withSpectrum(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  const g = gaussianMatrix(n, n, seed);
  const q = symmetricEigen(product(g, n, n, transposed(g, n, n), n), n).vectors;
  const scaled = q.map((value, t) => value * values[Math.floor(t / n)]);
  return product(transposed(q, n, n), n, n, scaled, n);
}

/** The pairs that are above, by their definition: Av = λv, orthonormal, and as many as all eigenvalues have above. */
function check(a: Float64Array, n: number, bound: number, expected: number): void {
  const eigen = new UpperEigen(n);
  eigen.find(a, bound);
  assert.equal(eigen.count, expected);
  const size = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const vectors = eigen.vectors.slice(0, expected * n);
  assert.ok(defectOfOrthonormality(vectors, expected, n) <= 1e-14 * n, 'orthonormal');
  for (let k = 0; k < expected; k++) {
    const v = vectors.slice(k * n, (k + 1) * n);
    assert.ok(eigen.values[k] > bound && (k === 0 || eigen.values[k] <= eigen.values[k - 1]));
    // Backward stable: a residual of n roundings of ‖A‖ ≤ n max |a|.
    product(a, n, n, v, 1).forEach((value, i) => assert.ok(Math.abs(value - eigen.values[k] * v[i]) <= 8 * n * n * 2 ** -52 * size));
  }
}

describe('eigenpairs above a bound', () => {
  it('of [[2, 1], [1, 2]] are 3 with (1, 1)/√2, and 1', () => {
    const eigen = new UpperEigen(2);
    eigen.find(Float64Array.of(2, NaN, 1, 2), 2);
    assert.equal(eigen.count, 1);
    assert.ok(Math.abs(eigen.values[0] - 3) < 1e-15);
    assert.ok(Math.abs(Math.abs(eigen.vectors[0]) - Math.SQRT1_2) < 1e-15 && Math.abs(eigen.vectors[0] - eigen.vectors[1]) < 1e-15);
    eigen.find(Float64Array.of(2, NaN, 1, 2), 0.5);
    assert.deepEqual([eigen.count, Math.round(eigen.values[1] * 1e12) / 1e12], [2, 1]);
    eigen.find(Float64Array.of(2, NaN, 1, 2), 3.5);
    assert.equal(eigen.count, 0);
  });

  for (const n of [1, 3, 8, 20, 50]) {
    it(`random ${n} × ${n}, from none to all of them`, () => {
      const g = gaussianMatrix(n, n, n + 3);
      const a = g.map((value, t) => value + g[(t % n) * n + Math.floor(t / n)]);
      const { values } = symmetricEigen(a, n);
      for (const count of new Set([0, 1, Math.floor(n / 4), Math.floor(n / 2), n])) {
        const bound = count === 0 ? values[n - 1] + 1 : count === n ? values[0] - 1 : (values[n - count] + values[n - count - 1]) / 2;
        check(a, n, bound, count);
      }
    });
  }

  it('repeated and nearly repeated eigenvalues keep orthogonal vectors', () => {
    const rest = Array.from({ length: 20 }, (_, k) => 0.01 * k);
    check(withSpectrum([...rest, 5, 5, 5, 5], 1), 24, 4, 4);
    check(withSpectrum([...rest, 5, 5 + 1e-13, 5 + 1e-9, 5 + 1e-5, 5.001], 2), 25, 4, 5);
    check(withSpectrum([...Array.from({ length: 27 }, () => 0), 1, 1, 2], 3), 30, 0.5, 3);
  });

  it('matrices that fall apart: diagonal, blocks, the identity, zero', () => {
    const diagonal = new Float64Array(100);
    for (let k = 0; k < 10; k++) diagonal[k * 11] = k % 3;
    check(diagonal, 10, 1.5, 3);
    const blocks = new Float64Array(144);
    for (let k = 0; k < 12; k += 2) blocks[k * 13] = blocks[(k + 1) * 13] = 2;
    for (let k = 0; k < 4; k += 2) blocks[k * 13 + 1] = blocks[(k + 1) * 13 - 1] = 1;
    // Two blocks [[2, 1], [1, 2]] have 3 twice.
    check(blocks, 12, 2.5, 2);
    check(
      Float64Array.from({ length: 49 }, (_, t) => (t % 8 === 0 ? 1 : 0)),
      7,
      0.5,
      7,
    );
    check(new Float64Array(49), 7, 0, 0);
    check(new Float64Array(0), 0, 0, 0);
  });

  it('eigenvalues over many decades, tiny and huge scales', () => {
    const hilbert = hilbertMatrix(12);
    // numpy: 1.80e+00, 3.80e−01, 4.47e−02, 3.72e−03, …, 1.1e−16.
    for (const scale of [1, 1e-200, 1e200]) {
      const a = hilbert.map((value) => value * scale);
      check(a, 12, 0.01 * scale, 3);
      const eigen = new UpperEigen(12);
      eigen.find(a, 0.01 * scale);
      // λ_max of the 12 × 12 Hilbert matrix: numpy.linalg.eigvalsh(scipy.linalg.hilbert(12))[-1].
      assert.ok(Math.abs(eigen.values[0] / scale - 1.7953720595619975) < 1e-14);
    }
  });

  it('refuses what is not finite', () => {
    const eigen = new UpperEigen(3);
    for (const bad of [NaN, Infinity]) assert.throws(() => eigen.find(Float64Array.of(1, 0, 0, bad, 1, 0, 0, 0, 1), 0), RangeError);
  });
});

describe('eigenvalues of a tridiagonal matrix', () => {
  it('2 on the diagonal and −1 beside it: 4 sin²(kπ/2(n + 1))', () => {
    const n = 30;
    const d = new Float64Array(n).fill(2);
    assert.ok(tridiagonalEigenvalues(d, new Float64Array(n).fill(-1), n));
    d.sort().forEach((value, k) => assert.ok(Math.abs(value - 4 * Math.sin(((k + 1) * Math.PI) / (2 * (n + 1))) ** 2) < 1e-14));
  });
});
