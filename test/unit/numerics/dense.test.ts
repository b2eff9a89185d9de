import assert from 'node:assert/strict';
import { gramOfColumns, gramOfRows, matTVec, matVec, multiply, transpose } from '../../../src/numerics/dense';
import { distance, gaussianMatrix, product, transposed } from './matrices';

/** Sums of up to 20 products of entries of order one. */
const TOLERANCE = 1e-13;

describe('dense products', () => {
  for (const [rows, cols] of [
    [1, 1],
    [3, 5],
    [4, 4],
    [7, 2],
    [2, 9],
    [5, 20],
    [0, 3],
  ]) {
    it(`agree with their definition for ${rows} × ${cols}`, () => {
      const a = gaussianMatrix(rows, cols, 1);
      const at = transposed(a, rows, cols);
      const x = gaussianMatrix(cols, 1, 2);
      const y = gaussianMatrix(rows, 1, 3);
      const image = new Float64Array(rows).fill(NaN);
      const back = new Float64Array(cols).fill(NaN);
      const outer = new Float64Array(rows * rows).fill(NaN);
      const inner = new Float64Array(cols * cols).fill(NaN);
      const turned = new Float64Array(rows * cols).fill(NaN);
      matVec(a, rows, cols, x, image);
      matTVec(a, rows, cols, y, back);
      gramOfRows(a, rows, cols, outer);
      gramOfColumns(a, rows, cols, inner);
      transpose(a, rows, cols, turned);
      assert.ok(distance(image, product(a, rows, cols, x, 1)) <= TOLERANCE);
      assert.ok(distance(back, product(at, cols, rows, y, 1)) <= TOLERANCE);
      assert.ok(distance(outer, product(a, rows, cols, at, rows)) <= TOLERANCE);
      assert.ok(distance(inner, product(at, cols, rows, a, cols)) <= TOLERANCE);
      assert.deepEqual(turned, at);
    });
  }

  it('multiply agrees with the definition', () => {
    const a = gaussianMatrix(3, 6, 4);
    const b = gaussianMatrix(6, 5, 5);
    const out = new Float64Array(15).fill(NaN);
    multiply(a, 3, 6, b, 5, out);
    assert.ok(distance(out, product(a, 3, 6, b, 5)) <= TOLERANCE);
  });
});
