/** Matrices for the tests of factorisations and solvers. */
import { randomStream } from '../../../src/numerics/random';

/** Independent standard normal entries. */
export function gaussianMatrix(rows: number, cols: number, seed: number): Float64Array {
  const stream = randomStream(seed, `test matrix ${rows} × ${cols}`);
  return Float64Array.from({ length: rows * cols }, () => stream.gaussian());
}

/** A product of Gaussian factors: rank `rank` but for rounding. */
export function lowRankMatrix(rows: number, cols: number, rank: number, seed: number): Float64Array {
  const left = gaussianMatrix(rows, rank, seed);
  const right = gaussianMatrix(rank, cols, seed + 1);
  return Float64Array.from({ length: rows * cols }, (_, t) => {
    let s = 0;
    for (let k = 0; k < rank; k++) s += left[Math.floor(t / cols) * rank + k] * right[k * cols + (t % cols)];
    return s;
  });
}

/** 1/(i + j + 1). */
export function hilbertMatrix(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, t) => 1 / (Math.floor(t / n) + (t % n) + 1));
}

/** Product of a (m × k) and b (k × n), by the definition. */
export function product(a: Float64Array, m: number, k: number, b: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, t) => {
    let s = 0;
    for (let p = 0; p < k; p++) s += a[Math.floor(t / n) * k + p] * b[p * n + (t % n)];
    return s;
  });
}

export function transposed(a: Float64Array, rows: number, cols: number): Float64Array {
  return Float64Array.from({ length: rows * cols }, (_, t) => a[(t % rows) * cols + Math.floor(t / rows)]);
}

/** max |a_i − b_i|. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) {
    const t = Math.abs(a[i] - b[i]);
    if (!(t <= worst)) worst = t;
  }
  return worst;
}

/** max |(QQᵀ − I)_ij| for the rows of q. */
export function defectOfOrthonormality(q: Float64Array, rows: number, cols: number): number {
  const gram = product(q, rows, cols, transposed(q, rows, cols), rows);
  for (let i = 0; i < rows; i++) gram[i * rows + i] -= 1;
  return distance(gram, new Float64Array(rows * rows));
}
