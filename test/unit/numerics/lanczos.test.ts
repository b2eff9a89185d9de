import assert from 'node:assert/strict';
import { largestEigenvalue } from '../../../src/numerics/lanczos';

const EXACT = { tolerance: 1e-15, products: 500 };

/** The operator of a diagonal matrix. */
const diagonal =
  (entries: readonly number[]) =>
  (v: Float64Array, out: Float64Array): void =>
    entries.forEach((entry, j) => (out[j] = entry * v[j]));

describe('largest eigenvalue by Lanczos', () => {
  it('of the discrete Laplacian is 2 − 2 cos(nπ/(n + 1))', () => {
    for (const n of [1, 2, 10, 60]) {
      const { value } = largestEigenvalue(n, (v, out) => v.forEach((x, j) => (out[j] = 2 * x - (v[j - 1] ?? 0) - (v[j + 1] ?? 0))), EXACT);
      assert.ok(Math.abs(value - (2 - 2 * Math.cos((n * Math.PI) / (n + 1)))) < 1e-13, String(n));
    }
  });

  it('of diagonal matrices: repeated, negative, zero, spread over sixteen powers of ten', () => {
    for (const entries of [[5, 5, 5, 5], [-3, -1, -2], [0, 0, 0], [1e-8, 1, 1e8], Array.from({ length: 90 }, (_, k) => k)]) {
      const largest = Math.max(...entries);
      const { value } = largestEigenvalue(entries.length, diagonal(entries), EXACT);
      assert.ok(Math.abs(value - largest) <= 1e-12 * Math.max(...entries.map(Math.abs)), `${largest} ${value}`);
    }
  });

  it('uses no more products than allowed, and then answers from below', () => {
    const entries = Array.from({ length: 200 }, (_, k) => k);
    const { value, products } = largestEigenvalue(200, diagonal(entries), { tolerance: 1e-15, products: 5 });
    assert.equal(products, 5);
    assert.ok(value < 199 && value > 100);
  });
});
