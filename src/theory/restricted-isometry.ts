/** The restricted isometry constant of symmetric measurements, bounded from both sides: to compute it is hard. */
import type { Dataset } from '../data/dataset';
import { randomStream } from '../numerics/random';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { measurement } from './matrix-situation';

export interface IsometryBounds {
  /** A matrix of this rank with |‖𝒜(X)‖²/m − ‖X‖²| = lower·‖X‖² was found. */
  readonly lower: number;
  /** No symmetric matrix of any rank exceeds this. */
  readonly upper: number;
}

const TRIALS = 200;
/** Symmetric matrices of more dimensions than this are not examined. */
const LARGEST = 300;

/** δ of rank `rank` for 𝒜(X) = (⟨A_i, X⟩), normalised by 1/m. Null where there are too many dimensions. */
export function isometryBounds(data: Dataset, rank: number): IsometryBounds | null {
  const n = data.matrix?.rows ?? 0;
  const size = (n * (n + 1)) / 2;
  if (size > LARGEST) return null;
  // 𝒜 on the orthonormal basis E_ii, (E_ij + E_ji)/√2 of symmetric matrices.
  const gram = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let i = 0; i < data.samples; i++) {
    const a = measurement(data, i, true);
    for (let p = 0, k = 0; p < n; p++) for (let q = 0; q <= p; q++, k++) row[k] = p === q ? a[p * n + p] : Math.SQRT2 * a[p * n + q];
    for (let k = 0; k < size; k++) for (let l = 0; l <= k; l++) gram[k * size + l] += (row[k] * row[l]) / data.samples;
  }
  const { values } = symmetricEigen(gram, size);
  const upper = Math.max(values[size - 1] - 1, 1 - values[0]);
  if (rank >= n) return { lower: upper, upper };
  let lower = 0;
  const random = randomStream(1, 'isometry');
  for (let trial = 0; trial < TRIALS; trial++) {
    const x = new Float64Array(n * n);
    for (let r = 0; r < rank; r++) {
      const v = Float64Array.from({ length: n }, () => random.gaussian());
      const weight = random.gaussian();
      for (let p = 0; p < n; p++) for (let q = 0; q < n; q++) x[p * n + q] += weight * v[p] * v[q];
    }
    for (let p = 0, k = 0; p < n; p++) for (let q = 0; q <= p; q++, k++) row[k] = p === q ? x[p * n + p] : Math.SQRT2 * x[p * n + q];
    let form = 0;
    let square = 0;
    for (let k = 0; k < size; k++) {
      square += row[k] * row[k];
      for (let l = 0; l < k; l++) form += 2 * row[k] * row[l] * gram[k * size + l];
      form += row[k] * row[k] * gram[k * size + k];
    }
    lower = Math.max(lower, Math.abs(form / square - 1));
  }
  return { lower, upper };
}
