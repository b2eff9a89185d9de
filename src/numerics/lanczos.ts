/**
 * Largest eigenvalue of a symmetric operator by the Lanczos method with full reorthogonalization
 * (Golub and Van Loan, Matrix Computations, 4th ed., §10.3): only products with the operator are needed.
 */
import { randomStream } from './random';
import { dot, norm2 } from './vectors';

export interface LanczosOptions {
  /** Relative change of the eigenvalue that counts as none; two such iterations in a row end the search. */
  readonly tolerance: number;
  /** Products with the operator, at most. */
  readonly products: number;
}

export interface Extreme {
  /** A lower bound of the largest eigenvalue (a Ritz value), and the eigenvalue itself to `tolerance` where that was reached. */
  readonly value: number;
  readonly products: number;
}

/**
 * @param size order of the operator
 * @param apply out = A·v
 * Deterministic: the start is a fixed pseudo-random vector, which is orthogonal to the wanted eigenvector with probability 0.
 */
export function largestEigenvalue(
  size: number,
  apply: (v: Float64Array, out: Float64Array) => void,
  { tolerance, products }: LanczosOptions,
): Extreme {
  const stream = randomStream(0, 'lanczos');
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let v: Float64Array = Float64Array.from({ length: size }, () => stream.gaussian());
  let length = norm2(v);
  let value = 0;
  let calm = 0;
  const limit = Math.min(size, products);
  while (basis.length < limit) {
    for (let j = 0; j < size; j++) v[j] /= length;
    basis.push(v);
    const next = new Float64Array(size);
    apply(v, next);
    diagonal.push(dot(v, next));
    // Twice is enough (Parlett): what the first pass leaves by cancellation the second removes.
    for (let pass = 0; pass < 2; pass++) {
      for (const b of basis) {
        const c = dot(b, next);
        for (let j = 0; j < size; j++) next[j] -= c * b[j];
      }
    }
    const previous = value;
    value = largestOfTridiagonal(diagonal, offDiagonal);
    length = norm2(next);
    const magnitude = Math.max(Math.abs(value), ...diagonal.map(Math.abs));
    // An invariant subspace: the Ritz values are eigenvalues.
    if (length <= 1e-14 * magnitude) break;
    calm = basis.length > 1 && Math.abs(value - previous) <= tolerance * Math.abs(value) ? calm + 1 : 0;
    if (calm === 2) break;
    offDiagonal.push(length);
    v = next;
  }
  return { value, products: basis.length };
}

/** By bisection on Sturm counts, within the Gershgorin bounds. */
function largestOfTridiagonal(diagonal: readonly number[], offDiagonal: readonly number[]): number {
  const n = diagonal.length;
  let low = Infinity;
  let high = -Infinity;
  for (let k = 0; k < n; k++) {
    const radius = (k > 0 ? offDiagonal[k - 1] : 0) + (k < n - 1 ? offDiagonal[k] : 0);
    low = Math.min(low, diagonal[k] - radius);
    high = Math.max(high, diagonal[k] + radius);
  }
  /** Whether all eigenvalues are below x. */
  const allBelow = (x: number): boolean => {
    let pivot = 1;
    for (let k = 0; k < n; k++) {
      const b = k > 0 ? offDiagonal[k - 1] : 0;
      pivot = diagonal[k] - x - (b * b) / pivot;
      if (pivot >= 0) return false;
    }
    return true;
  };
  for (;;) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return high;
    if (allBelow(middle)) high = middle;
    else low = middle;
  }
}
