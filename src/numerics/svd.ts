import { multiply, transpose } from './dense';
import { pivotedLq } from './pivoted-lq';

export interface Svd {
  /** min(rows, cols). */
  readonly count: number;
  /** count × rows: row k is the k-th left singular vector; zero where σ_k = 0. */
  readonly u: Float64Array;
  /** Singular values, descending. */
  readonly s: Float64Array;
  /** count × cols: row k is the k-th right singular vector; zero where σ_k = 0. */
  readonly v: Float64Array;
  /** Number of singular values above `tolerance`; default max(rows, cols)·ε·σ_max. */
  rank(tolerance?: number): number;
}

/**
 * A = Σ_k σ_k u_k v_kᵀ by one-sided Jacobi rotations (Hestenes 1958) on the triangle of a pivoted factorisation
 * (Drmač and Veselić 2008): small singular values come out to the accuracy that the data define, not to √ε·σ_max as from AᵀA.
 * @param a rows × cols, row-major, finite
 */
export function svd(a: Float64Array, rows: number, cols: number): Svd {
  const wide = rows <= cols;
  const count = Math.min(rows, cols);
  const length = Math.max(rows, cols);
  const work = wide ? Float64Array.from(a) : new Float64Array(count * length);
  if (!wide) transpose(a, rows, cols, work);
  const unit = rescale(work);
  // work[order] = L·Q; rotations of the columns of L: turn·Lᵀ = turned with orthogonal rows, so work[order] = turnedᵀ·(turn·Q).
  const { rank: found, order, l, q } = pivotedLq(work, count, length, 0);
  const turned = new Float64Array(found * count);
  transpose(l, count, found, turned);
  const turn = new Float64Array(found * found);
  for (let k = 0; k < found; k++) turn[k * found + k] = 1;
  rotate(turned, turn, found, count);
  const right = new Float64Array(found * length);
  multiply(turn, found, found, q, length, right);

  const lengths = new Float64Array(found);
  for (let k = 0; k < found; k++) lengths[k] = Math.sqrt(product(turned, k * count, turned, k * count, count));
  const s = new Float64Array(count);
  const long = new Float64Array(count * length);
  const short = new Float64Array(count * count);
  Array.from(lengths.keys())
    .sort((i, j) => lengths[j] - lengths[i] || i - j)
    .forEach((from, k) => {
      const sigma = lengths[from];
      s[k] = sigma * unit;
      if (sigma === 0) return;
      for (let j = 0; j < count; j++) short[k * count + order[j]] = turned[from * count + j] / sigma;
      for (let j = 0; j < length; j++) long[k * length + j] = right[from * length + j];
    });
  const rank = (tolerance = length * Number.EPSILON * (s[0] ?? 0)): number => s.filter((x) => x > tolerance).length;
  return { count, u: wide ? short : long, s, v: wide ? long : short, rank };
}

export interface RowSpaceBasis {
  /** rank × cols, orthonormal rows. */
  readonly basis: Float64Array;
  readonly rank: number;
  /** Singular values up to this count as zero. */
  readonly tolerance: number;
}

/** Orthonormal basis of the span of A's rows: the right singular vectors with σ > max(rows, cols)·ε·σ_max. */
export function rowSpaceBasis(a: Float64Array, rows: number, cols: number): RowSpaceBasis {
  const { s, v, rank } = svd(a, rows, cols);
  const tolerance = Math.max(rows, cols) * Number.EPSILON * (s[0] ?? 0);
  const r = rank(tolerance);
  return { basis: v.slice(0, r * cols), rank: r, tolerance };
}

const MAX_SWEEPS = 60;

function rotate(work: Float64Array, turn: Float64Array, count: number, length: number): void {
  const tolerance = Math.sqrt(length) * Number.EPSILON;
  const squares = new Float64Array(count);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let rotated = false;
    for (let k = 0; k < count; k++) squares[k] = product(work, k * length, work, k * length, length);
    for (let p = 0; p < count - 1; p++) {
      for (let q = p + 1; q < count; q++) {
        const alpha = squares[p];
        const beta = squares[q];
        if (alpha === 0 || beta === 0) continue;
        const gamma = product(work, p * length, work, q * length, length);
        if (!(Math.abs(gamma) > tolerance * Math.sqrt(alpha) * Math.sqrt(beta))) continue;
        rotated = true;
        const zeta = (beta - alpha) / (2 * gamma);
        const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const c = 1 / Math.sqrt(1 + t * t);
        turnPair(work, p * length, q * length, length, c, c * t);
        turnPair(turn, p * count, q * count, count, c, c * t);
        squares[p] = product(work, p * length, work, p * length, length);
        squares[q] = product(work, q * length, work, q * length, length);
      }
    }
    if (!rotated) return;
  }
}

function turnPair(a: Float64Array, p: number, q: number, length: number, c: number, s: number): void {
  for (let k = 0; k < length; k++) {
    const x = a[p + k];
    const y = a[q + k];
    a[p + k] = c * x - s * y;
    a[q + k] = s * x + c * y;
  }
}

function product(a: Float64Array, p: number, b: Float64Array, q: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let k = 0;
  for (; k + 1 < length; k += 2) {
    s0 += a[p + k] * b[q + k];
    s1 += a[p + k + 1] * b[q + k + 1];
  }
  if (k < length) s0 += a[p + k] * b[q + k];
  return s0 + s1;
}

/** Divides by a power of two that brings the largest entry near 1, so that squares neither overflow nor vanish. */
function rescale(a: Float64Array): number {
  let m = 0;
  for (let k = 0; k < a.length; k++) m = Math.max(m, Math.abs(a[k]));
  if (m === 0 || !Number.isFinite(m)) return 1;
  const unit = 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(m))));
  for (let k = 0; k < a.length; k++) a[k] /= unit;
  return unit;
}
