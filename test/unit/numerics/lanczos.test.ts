import assert from 'node:assert/strict';
import { largestEigenvalue } from '../../../src/numerics/lanczos';

const EXACT = { residual: 1e-12, products: 500 };

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
    for (const entries of [[5, 5, 5, 5], [-3, -1, -2], [-10, 1, 0.5], [0, 0, 0], [1e-8, 1, 1e8], Array.from({ length: 90 }, (_, k) => k)]) {
      const largest = Math.max(...entries);
      const { value } = largestEigenvalue(entries.length, diagonal(entries), EXACT);
      assert.ok(Math.abs(value - largest) <= 1e-12 * Math.max(...entries.map(Math.abs)), `${largest} ${value}`);
    }
  });

  it('uses no more products than allowed, and then answers from below', () => {
    const entries = Array.from({ length: 200 }, (_, k) => k);
    const { value, products } = largestEigenvalue(200, diagonal(entries), { residual: 1e-12, products: 5 });
    assert.equal(products, 5);
    assert.ok(value < 199 && value > 100);
  });

  it('says how far the vector is from an eigenvector, and ends there', () => {
    const entries = Array.from({ length: 120 }, (_, k) => (k === 7 ? 40 : Math.sin(k)));
    for (const wanted of [1e-1, 1e-3, 1e-6]) {
      const { value, vector, residual } = largestEigenvalue(120, diagonal(entries), { residual: wanted, products: 120 });
      const away = Math.hypot(...entries.map((entry, j) => (entry - value) * vector[j]));
      assert.ok(residual <= wanted);
      assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-14);
      assert.ok(Math.abs(away / value - residual) <= 1e-13, `${away / value} ${residual}`);
      // The error is at most the squared residual over the gap, 40 − 1.
      assert.ok(40 - value <= (residual * value) ** 2 / 39 + 1e-13);
    }
  });

  it('started at the eigenvector of an operator nearby needs fewer products, and finds another that has overtaken it', () => {
    const spectrum = (second: number): number[] => [10, second, ...Array.from({ length: 200 }, (_, k) => Math.cos(k))];
    const options = { residual: 1e-3, products: 200 };
    const cold = largestEigenvalue(202, diagonal(spectrum(6)), options);
    const warm = largestEigenvalue(202, diagonal(spectrum(6.2)), { ...options, start: cold.restart });
    assert.ok(warm.products < cold.products, `${warm.products} ${cold.products}`);
    assert.ok(Math.abs(warm.value - 10) < 1e-4);
    // A residual alone would be content with the old eigenvector.
    const overtaken = largestEigenvalue(202, diagonal(spectrum(12)), { ...options, start: cold.restart });
    assert.ok(Math.abs(overtaken.value - 12) < 1e-3, String(overtaken.value));
  });
});
