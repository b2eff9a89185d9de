/**
 * Products with a matrix in panels of 4 columns, each stored by pairs of rows: (row 2i, row 2i+1) of its columns side by side.
 * A panel is read from front to back by both products, so whoever works through the matrix in groups of panels
 * reads it once for gradient, update and new outputs. Rows and columns are padded to multiples of 4, with zeros.
 *
 * Four columns and two pairs of rows at a time, because the compiler of the engine moves the loads of a loop's body to its front:
 * 10 loads and 4 sums fit the 16 registers; with 8 columns sums are spilled, and waiting for them takes half as long again.
 */
import { laneSums, multiplyAdd } from './lanes';

/** out_j = Σ_i weights_i A_ij for from ≤ j < to. */
export function transposedProduct(matrix: usize, rows: usize, from: usize, to: usize, weights: usize, out: usize): void {
  let at = matrix + ((from * rows) << 3);
  const end = weights + (rows << 3);
  for (let j = from; j < to; j += 4) {
    let a0 = f64x2.splat(0);
    let a1 = f64x2.splat(0);
    let a2 = f64x2.splat(0);
    let a3 = f64x2.splat(0);
    for (let i = weights; i < end; i += 32, at += 128) {
      const c = v128.load(i);
      a0 = multiplyAdd(v128.load(at, 0), c, a0);
      a1 = multiplyAdd(v128.load(at, 16), c, a1);
      a2 = multiplyAdd(v128.load(at, 32), c, a2);
      a3 = multiplyAdd(v128.load(at, 48), c, a3);
      const e = v128.load(i, 16);
      a0 = multiplyAdd(v128.load(at, 64), e, a0);
      a1 = multiplyAdd(v128.load(at, 80), e, a1);
      a2 = multiplyAdd(v128.load(at, 96), e, a2);
      a3 = multiplyAdd(v128.load(at, 112), e, a3);
    }
    v128.store(out + (j << 3), laneSums(a0, a1), 0);
    v128.store(out + (j << 3), laneSums(a2, a3), 16);
  }
}

/** out_i += Σ_{from ≤ j < to} A_ij x_j. */
export function addProduct(matrix: usize, rows: usize, from: usize, to: usize, x: usize, out: usize): void {
  let at = matrix + ((from * rows) << 3);
  const end = out + (rows << 3);
  for (let j = from; j < to; j += 4) {
    const x0 = v128.load64_splat(x + (j << 3), 0);
    const x1 = v128.load64_splat(x + (j << 3), 8);
    const x2 = v128.load64_splat(x + (j << 3), 16);
    const x3 = v128.load64_splat(x + (j << 3), 24);
    for (let i = out; i < end; i += 32, at += 128) {
      v128.store(i, f64x2.add(v128.load(i), combine(at, x0, x1, x2, x3)), 0);
      v128.store(i, f64x2.add(v128.load(i, 16), combine(at + 64, x0, x1, x2, x3)), 16);
    }
  }
}

/** Σ_c x_c A_c for the four columns of a pair of rows. */
function combine(at: usize, x0: v128, x1: v128, x2: v128, x3: v128): v128 {
  const a = multiplyAdd(x1, v128.load(at, 16), f64x2.mul(x0, v128.load(at, 0)));
  const b = multiplyAdd(x3, v128.load(at, 48), f64x2.mul(x2, v128.load(at, 32)));
  return f64x2.add(a, b);
}
