/**
 * The patterns in which one unit can be active on the samples: the cells of the arrangement of hyperplanes {a : a·x_i = 0}.
 *
 * A cell of a central arrangement in ℝ^d has a facet on some hyperplane, and the facets on hyperplane i are the cells of the other
 * hyperplanes within it, an arrangement in ℝ^(d−1): so the cells are found by recursion over the dimension. There are at most
 * 2 Σ_{k<r} C(n−1, k) of them, r the rank of the samples (Cover 1965).
 */
import { norm2 } from '../numerics/vectors';

/** A coordinate below this times the length of its sample is a zero of the projection's rounding. */
const ZERO = 1e-11;

/** Cover's count for samples in general position, an upper bound for any others. */
export function largestPatternCount(samples: number, dimension: number): number {
  let binomial = 1;
  let sum = 0;
  for (let k = 0; k < Math.min(dimension, samples); k++) {
    sum += binomial;
    binomial = (binomial * (samples - 1 - k)) / (k + 1);
  }
  return 2 * sum;
}

/**
 * @param x samples × dimension, row-major
 * @returns every pattern once, entry i +1 or −1 for the sign of a·x_i inside the cell; +1 where x_i = 0
 */
export function activationPatterns(x: Float64Array, samples: number, dimension: number): readonly Int8Array[] {
  const lengths = Float64Array.from({ length: samples }, (_, i) => norm2(x.subarray(i * dimension, (i + 1) * dimension)));
  return cells(x, samples, dimension, lengths).map((pattern) => pattern.map((sign) => (sign === 0 ? 1 : sign)));
}

/** Patterns with 0 for samples that vanish here. */
function cells(x: Float64Array, samples: number, dimension: number, lengths: Float64Array): readonly Int8Array[] {
  const found = new Map<string, Int8Array>();
  for (let i = 0; i < samples; i++) {
    const normal = unit(x.subarray(i * dimension, (i + 1) * dimension), lengths[i]);
    if (normal === null) continue;
    const within = onHyperplane(x, samples, dimension, normal);
    for (const facet of cells(within, samples, dimension - 1, lengths)) {
      for (const side of [1, -1] as const) {
        const pattern = Int8Array.from(facet);
        // Samples that vanish on the hyperplane are parallel to its normal, or vanish altogether.
        for (let j = 0; j < samples; j++) {
          if (pattern[j] === 0) pattern[j] = side * signOf(inner(x, j * dimension, normal), ZERO * lengths[j]);
        }
        found.set(pattern.join(''), pattern);
      }
    }
  }
  return found.size > 0 ? [...found.values()] : [new Int8Array(samples)];
}

function unit(row: Float64Array, length: number): Float64Array | null {
  const size = norm2(row);
  return size > ZERO * length && size > 0 ? row.map((value) => value / size) : null;
}

/** Coordinates of the samples in an orthonormal basis of the hyperplane: a Householder reflection takes its normal to an axis. */
function onHyperplane(x: Float64Array, samples: number, dimension: number, normal: Float64Array): Float64Array {
  const v = Float64Array.from(normal);
  v[0] += normal[0] < 0 ? -1 : 1;
  const scale = 2 / inner(v, 0, v);
  const out = new Float64Array(samples * (dimension - 1));
  for (let j = 0; j < samples; j++) {
    const factor = scale * inner(x, j * dimension, v);
    for (let k = 1; k < dimension; k++) out[j * (dimension - 1) + k - 1] = x[j * dimension + k] - factor * v[k];
  }
  return out;
}

function inner(x: Float64Array, at: number, v: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < v.length; k++) sum += x[at + k] * v[k];
  return sum;
}

function signOf(value: number, zero: number): -1 | 0 | 1 {
  return value > zero ? 1 : value < -zero ? -1 : 0;
}
