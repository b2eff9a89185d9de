import { matVec } from './dense';
import { svd, type Svd } from './svd';

export interface LeastSquares {
  /** The shortest of the minimizers of ‖Ax − b‖₂: A⁺b. */
  readonly x: Float64Array;
  readonly rank: number;
  /** ‖Ax − b‖₂. */
  readonly residual: number;
}

/**
 * A⁺b by the singular value decomposition, refined once. Singular values up to max(rows, cols)·ε·σ_max count as zero.
 * @param a rows × cols, row-major; b rows entries
 * @param decomposition of a, where it is known already
 */
export function minimumNormLeastSquares(
  a: Float64Array,
  rows: number,
  cols: number,
  b: Float64Array,
  decomposition: Svd = svd(a, rows, cols),
): LeastSquares {
  const { u, s, v, rank } = decomposition;
  const r = rank();
  const x = new Float64Array(cols);
  const rest = Float64Array.from(b);
  const image = new Float64Array(rows);
  let residual = Infinity;
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < r; k++) {
      let c = 0;
      for (let i = 0; i < rows; i++) c += u[k * rows + i] * rest[i];
      c /= s[k];
      for (let j = 0; j < cols; j++) x[j] += c * v[k * cols + j];
    }
    matVec(a, rows, cols, x, image);
    residual = 0;
    for (let i = 0; i < rows; i++) {
      rest[i] = b[i] - image[i];
      residual = Math.hypot(residual, rest[i]);
    }
  }
  return { x, rank: r, residual };
}
