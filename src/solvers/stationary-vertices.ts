/**
 * min Σ|β_j|^p subject to Zβ ≥ 1 with 0 < p ≤ 1. On every orthant the objective is concave and the feasible set a polyhedron without
 * lines, so some vertex is a global minimiser: β_T = Z_{A,T}⁻¹ 1 for samples A and coordinates T of one size, zero elsewhere.
 * For small problems all of them are looked at. A vertex is stationary (a KKT point) when λ_A = Z_{A,T}⁻ᵀ (p|β_T|^(p−1) sgn β_T) ≥ 0.
 * Stationary points that are no vertices exist too, but for p < 1 they are not local minimisers along their face. For p = 1 the problem is
 * convex, and the vertices beyond the first level are stationary only where the zero coordinates of β stay zero.
 */
import { luInPlace, luSolve } from '../numerics/lu';

export interface StationaryVertex {
  readonly point: Float64Array;
  readonly multipliers: Float64Array;
  /** Σ|β_j|^p. */
  readonly objective: number;
  /** Relative error of the stationarity equations and of the feasibility, from the point and the multipliers alone. */
  readonly residual: number;
}

export interface StationaryVertices {
  /** By objective: the first is a global minimiser. */
  readonly vertices: readonly StationaryVertex[];
  /** Pairs (A, T) that were looked at. */
  readonly examined: number;
}

/** More pairs than this would take seconds. */
const MOST_PAIRS = 200_000;
/** Rounding of a small system that is not nearly singular. */
const ROUNDING = 1e-9;

/** Number of pairs (A, T), |A| = |T| ≥ 1: C(n + d, n) − 1. */
export function vertexPairs(samples: number, features: number): number {
  let count = 1;
  for (let k = 1; k <= samples; k++) count = (count * (features + k)) / k;
  return Math.round(count) - 1;
}

/** Null where there are too many pairs. @param z samples × features, row-major */
export function stationaryVertices(z: Float64Array, samples: number, features: number, p: number): StationaryVertices | null {
  if (!(vertexPairs(samples, features) <= MOST_PAIRS)) return null;
  const vertices: StationaryVertex[] = [];
  let examined = 0;
  for (let size = 1; size <= Math.min(samples, features); size++) {
    for (const coordinates of subsets(features, size)) {
      for (const active of subsets(samples, size)) {
        examined++;
        const vertex = solveVertex(z, samples, features, p, active, coordinates);
        // A degenerate vertex has several pairs.
        if (vertex !== null && !vertices.some(({ point }) => point.every((value, j) => Math.abs(value - vertex.point[j]) <= ROUNDING))) {
          vertices.push(vertex);
        }
      }
    }
  }
  return { vertices: vertices.sort((a, b) => a.objective - b.objective), examined };
}

function* subsets(total: number, size: number): Generator<readonly number[]> {
  const chosen = Array.from({ length: size }, (_, k) => k);
  for (;;) {
    yield chosen;
    let k = size - 1;
    while (k >= 0 && chosen[k] === total - size + k) k--;
    if (k < 0) return;
    chosen[k]++;
    for (let m = k + 1; m < size; m++) chosen[m] = chosen[m - 1] + 1;
  }
}

function solveVertex(
  z: Float64Array,
  samples: number,
  features: number,
  p: number,
  active: readonly number[],
  coordinates: readonly number[],
): StationaryVertex | null {
  const size = active.length;
  const matrix = new Float64Array(size * size);
  const transposed = new Float64Array(size * size);
  active.forEach((i, a) =>
    coordinates.forEach((j, c) => {
      matrix[a * size + c] = z[i * features + j];
      transposed[c * size + a] = z[i * features + j];
    }),
  );
  const pivots = new Int32Array(size);
  const part = new Float64Array(size).fill(1);
  if (!luInPlace(matrix, size, pivots)) return null;
  luSolve(matrix, size, pivots, part);
  const largest = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // A coordinate that came out as zero belongs to a smaller vertex; a nearly singular pair to none.
  if (!(largest < 1 / ROUNDING) || part.some((value) => !(Math.abs(value) > ROUNDING * largest))) return null;
  let violation = 0;
  for (let i = 0; i < samples; i++) {
    let q = 0;
    coordinates.forEach((j, c) => (q += z[i * features + j] * part[c]));
    violation = Math.max(violation, 1 - q);
  }
  if (violation > ROUNDING) return null;
  const gradient = part.map((value) => p * Math.pow(Math.abs(value), p - 1) * Math.sign(value));
  const lambda = Float64Array.from(gradient);
  if (!luInPlace(transposed, size, pivots)) return null;
  luSolve(transposed, size, pivots, lambda);
  const scale = lambda.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (lambda.some((value) => value < -ROUNDING * scale)) return null;
  const point = new Float64Array(features);
  const multipliers = new Float64Array(samples);
  coordinates.forEach((j, c) => (point[j] = part[c]));
  active.forEach((i, a) => (multipliers[i] = Math.max(0, lambda[a])));
  let residual = Math.max(0, violation);
  coordinates.forEach((j, c) => {
    let sum = 0;
    active.forEach((i) => (sum += z[i * features + j] * multipliers[i]));
    residual = Math.max(residual, Math.abs(sum - gradient[c]) / Math.abs(gradient[c]));
  });
  const objective = part.reduce((sum, value) => sum + Math.pow(Math.abs(value), p), 0);
  return { point, multipliers, objective, residual };
}
