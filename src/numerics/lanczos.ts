/**
 * Algebraically largest eigenvalue of a symmetric operator by the Lanczos method with full reorthogonalization
 * (Golub and Van Loan, Matrix Computations, 4th ed., §10.3): only products with the operator are needed.
 *
 * The search ends on the residual of the Ritz pair, ‖Ay − θy‖ = |β_m s_m| with s the unit eigenvector of the tridiagonal matrix: some
 * eigenvalue is within it, and the error of θ is at most its square over the distance to the next eigenvalue (Parlett, The Symmetric
 * Eigenvalue Problem, §11.7). How little θ changes from one product to the next says neither.
 */
import { randomStream } from './random';
import { dot, norm2 } from './vectors';

export interface LanczosOptions {
  /** Residual of the Ritz pair relative to the Ritz value at which the search ends. */
  readonly residual: number;
  /** Products with the operator, at most. */
  readonly products: number;
  /** `restart` of an operator nearby: saves most of the products. Without it, or where it is 0, a fixed pseudo-random vector. */
  readonly start?: Float64Array;
}

export interface Extreme {
  /** A Ritz value, so at most the largest eigenvalue. */
  readonly value: number;
  /** The unit Ritz vector that belongs to it. */
  readonly vector: Float64Array;
  /** ‖A·vector − value·vector‖ / |value|: above the one asked for where the products did not suffice. */
  readonly residual: number;
  readonly products: number;
  /**
   * Where to start for an operator nearby: the vector and half of the second Ritz vector. From the eigenvector alone the residual is
   * small at once and would not tell that the second eigenvalue has overtaken it.
   */
  readonly restart: Float64Array;
}

/** How much of the pseudo-random vector is mixed into a start that is given, for what neither of its two vectors contains. */
const FRESH = 0.05;
const SECOND = 0.5;

/**
 * @param size order of the operator
 * @param apply out = A·v
 * Deterministic.
 */
export function largestEigenvalue(
  size: number,
  apply: (v: Float64Array, out: Float64Array) => void,
  { residual: wanted, products, start }: LanczosOptions,
): Extreme {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let v = startVector(size, start);
  let length = norm2(v);
  let value = 0;
  let residual = Infinity;
  let weights: Float64Array = Float64Array.of(1);
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
    value = eigenvalueOfTridiagonal(diagonal, offDiagonal, 1);
    weights = eigenvectorOfTridiagonal(diagonal, offDiagonal, value);
    length = norm2(next);
    const last = length * Math.abs(weights[weights.length - 1]);
    residual = last === 0 ? 0 : last / Math.abs(value);
    // An invariant subspace: the Ritz values are eigenvalues.
    const magnitude = diagonal.reduce((most, entry) => Math.max(most, Math.abs(entry)), Math.abs(value));
    if (length <= 1e-14 * magnitude || residual <= wanted || !Number.isFinite(length)) break;
    offDiagonal.push(length);
    v = next;
  }
  const combine = (coefficients: Float64Array): Float64Array => {
    const out = new Float64Array(size);
    basis.forEach((b, k) => {
      for (let j = 0; j < size; j++) out[j] += coefficients[k] * b[j];
    });
    return out;
  };
  const vector = combine(weights);
  const second = basis.length > 1 ? secondOfTridiagonal(diagonal, offDiagonal, weights) : null;
  const restart = second === null ? vector : combine(weights.map((weight, k) => weight + SECOND * second[k]));
  return { value, vector, residual, products: basis.length, restart };
}

function startVector(size: number, start: Float64Array | undefined): Float64Array {
  const stream = randomStream(0, 'lanczos');
  const v = Float64Array.from({ length: size }, () => stream.gaussian());
  const given = start === undefined ? 0 : norm2(start);
  if (start === undefined || !(given > 0 && given < Infinity)) return v;
  const share = FRESH / norm2(v);
  for (let j = 0; j < size; j++) v[j] = start[j] / given + share * v[j];
  return v;
}

/** The k-th largest eigenvalue, k = 1, 2, …, by bisection on Sturm counts within the Gershgorin bounds. */
function eigenvalueOfTridiagonal(diagonal: readonly number[], offDiagonal: readonly number[], k: number): number {
  const n = diagonal.length;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < n; i++) {
    const radius = (i > 0 ? offDiagonal[i - 1] : 0) + (i < n - 1 ? offDiagonal[i] : 0);
    low = Math.min(low, diagonal[i] - radius);
    high = Math.max(high, diagonal[i] + radius);
  }
  /** Whether fewer than k eigenvalues are at or above x. */
  const isAbove = (x: number): boolean => {
    let pivot = 1;
    let count = 0;
    for (let i = 0; i < n; i++) {
      const b = i > 0 ? offDiagonal[i - 1] : 0;
      pivot = diagonal[i] - x - (b * b) / pivot;
      if (pivot >= 0 && ++count === k) return false;
    }
    return true;
  };
  for (;;) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return high;
    if (isAbove(middle)) high = middle;
    else low = middle;
  }
}

/**
 * The unit eigenvector of the largest eigenvalue by inverse iteration just above it: σI − T is then an M-matrix, and elimination without
 * pivoting keeps every component, however small the last one is, to relative accuracy.
 */
function eigenvectorOfTridiagonal(diagonal: readonly number[], offDiagonal: readonly number[], value: number): Float64Array {
  const x = new Float64Array(diagonal.length).fill(1);
  const solve = shiftedSolver(diagonal, offDiagonal, value);
  for (let pass = 0; pass < 3; pass++) solve(x);
  return x;
}

/** Some unit vector near the second eigenvector, orthogonal to the first; null where elimination breaks down. */
function secondOfTridiagonal(diagonal: readonly number[], offDiagonal: readonly number[], first: Float64Array): Float64Array | null {
  const x = new Float64Array(diagonal.length).fill(1);
  const solve = shiftedSolver(diagonal, offDiagonal, eigenvalueOfTridiagonal(diagonal, offDiagonal, 2));
  for (let pass = 0; pass < 3; pass++) {
    solve(x);
    const along = dot(first, x);
    for (let k = 0; k < x.length; k++) x[k] -= along * first[k];
  }
  const length = norm2(x);
  return length > 0.5 && length < 2 ? x : null;
}

/** x ← (σI − T)⁻¹x / ‖·‖ with σ a few roundings above the eigenvalue. */
function shiftedSolver(diagonal: readonly number[], offDiagonal: readonly number[], value: number): (x: Float64Array) => void {
  const n = diagonal.length;
  const scale = diagonal.reduce((most, entry) => Math.max(most, Math.abs(entry)), Math.abs(value));
  const shift = value + 8 * Number.EPSILON * (scale || 1);
  const pivots = new Float64Array(n);
  pivots[0] = shift - diagonal[0];
  for (let k = 1; k < n; k++) pivots[k] = shift - diagonal[k] - offDiagonal[k - 1] ** 2 / pivots[k - 1];
  return (x) => {
    for (let k = 1; k < n; k++) x[k] += (offDiagonal[k - 1] / pivots[k - 1]) * x[k - 1];
    x[n - 1] /= pivots[n - 1];
    for (let k = n - 2; k >= 0; k--) x[k] = (x[k] + offDiagonal[k] * x[k + 1]) / pivots[k];
    const length = norm2(x);
    for (let k = 0; k < n; k++) x[k] /= length;
  };
}
