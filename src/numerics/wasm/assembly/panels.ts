/**
 * Products with a matrix in panels: columns in groups of 8 (the last group may have 4), each group stored row pair by row pair,
 * (row 2i, row 2i+1) of its columns side by side. A panel is read from front to back by both products, so whoever works
 * through the matrix in groups of panels reads it once for gradient, update and new outputs.
 * Rows are padded to an even number, columns to a multiple of 4, with zeros.
 */
import { laneSums, multiplyAdd } from './lanes';

/** out_j = Σ_i weights_i A_ij for from ≤ j < to. */
export function transposedProduct(matrix: usize, rows: usize, from: usize, to: usize, weights: usize, out: usize): void {
  let at = matrix + ((from * rows) << 3);
  const end = weights + (rows << 3);
  let j = from;
  for (; j + 8 <= to; j += 8) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let a4 = a0;
    let a5 = a0;
    let a6 = a0;
    let a7 = a0;
    for (let i = weights; i < end; i += 16, at += 128) {
      const c = v128.load(i);
      a0 = multiplyAdd(v128.load(at, 0), c, a0);
      a1 = multiplyAdd(v128.load(at, 16), c, a1);
      a2 = multiplyAdd(v128.load(at, 32), c, a2);
      a3 = multiplyAdd(v128.load(at, 48), c, a3);
      a4 = multiplyAdd(v128.load(at, 64), c, a4);
      a5 = multiplyAdd(v128.load(at, 80), c, a5);
      a6 = multiplyAdd(v128.load(at, 96), c, a6);
      a7 = multiplyAdd(v128.load(at, 112), c, a7);
    }
    const to8 = out + (j << 3);
    v128.store(to8, laneSums(a0, a1), 0);
    v128.store(to8, laneSums(a2, a3), 16);
    v128.store(to8, laneSums(a4, a5), 32);
    v128.store(to8, laneSums(a6, a7), 48);
  }
  if (j < to) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    for (let i = weights; i < end; i += 16, at += 64) {
      const c = v128.load(i);
      a0 = multiplyAdd(v128.load(at, 0), c, a0);
      a1 = multiplyAdd(v128.load(at, 16), c, a1);
      a2 = multiplyAdd(v128.load(at, 32), c, a2);
      a3 = multiplyAdd(v128.load(at, 48), c, a3);
    }
    const to4 = out + (j << 3);
    v128.store(to4, laneSums(a0, a1), 0);
    v128.store(to4, laneSums(a2, a3), 16);
  }
}

/** out_i += Σ_{from ≤ j < to} A_ij x_j. */
export function addProduct(matrix: usize, rows: usize, from: usize, to: usize, x: usize, out: usize): void {
  let at = matrix + ((from * rows) << 3);
  const end = out + (rows << 3);
  let j = from;
  for (; j + 8 <= to; j += 8) {
    const xj = x + (j << 3);
    const x0 = v128.load64_splat(xj, 0);
    const x1 = v128.load64_splat(xj, 8);
    const x2 = v128.load64_splat(xj, 16);
    const x3 = v128.load64_splat(xj, 24);
    const x4 = v128.load64_splat(xj, 32);
    const x5 = v128.load64_splat(xj, 40);
    const x6 = v128.load64_splat(xj, 48);
    const x7 = v128.load64_splat(xj, 56);
    for (let i = out; i < end; i += 16, at += 128) {
      let s = multiplyAdd(v128.load(at, 0), x0, v128.load(i));
      let t = f64x2.mul(v128.load(at, 16), x1);
      s = multiplyAdd(v128.load(at, 32), x2, s);
      t = multiplyAdd(v128.load(at, 48), x3, t);
      s = multiplyAdd(v128.load(at, 64), x4, s);
      t = multiplyAdd(v128.load(at, 80), x5, t);
      s = multiplyAdd(v128.load(at, 96), x6, s);
      t = multiplyAdd(v128.load(at, 112), x7, t);
      v128.store(i, f64x2.add(s, t));
    }
  }
  if (j < to) {
    const xj = x + (j << 3);
    const x0 = v128.load64_splat(xj, 0);
    const x1 = v128.load64_splat(xj, 8);
    const x2 = v128.load64_splat(xj, 16);
    const x3 = v128.load64_splat(xj, 24);
    for (let i = out; i < end; i += 16, at += 64) {
      let s = multiplyAdd(v128.load(at, 0), x0, v128.load(i));
      let t = f64x2.mul(v128.load(at, 16), x1);
      s = multiplyAdd(v128.load(at, 32), x2, s);
      t = multiplyAdd(v128.load(at, 48), x3, t);
      v128.store(i, f64x2.add(s, t));
    }
  }
}
