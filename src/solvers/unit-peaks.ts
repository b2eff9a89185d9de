/**
 * The largest values of |g| on the unit sphere, g(a) = Σ_i μ_i φ(a·x_i): the oracle of the variation-norm problem and of its
 * certificate. Exact, because g is linear on every activation pattern of a piecewise linear φ, and quadratic for φ(z) = z².
 */
import { countInWords } from '../numerics/in-words';
import { nnlsOfColumns } from '../numerics/nnls';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { norm2 } from '../numerics/vectors';
import { activationPatterns, largestPatternCount } from './activation-patterns';
import { SolverError } from './reference-problem';

/** φ(z) = z for z > 0 and slope · z else, or z². */
export type UnitActivation = { readonly kind: 'piecewise'; readonly slope: number } | { readonly kind: 'quadratic' };

export interface Peak {
  /** Unit vector a. */
  readonly direction: Float64Array;
  /** Sign of g there. */
  readonly sign: 1 | -1;
  /** |g(a)|. */
  readonly height: number;
  /** Peaks of one sign on one pattern add up to a unit of that pattern; −1 where there are no patterns. */
  readonly pattern: number;
}

export interface UnitPeaks {
  /** Activation patterns gone through; 0 where there are none. */
  readonly patterns: number;
  /** sup |g| over the unit sphere, and the peaks above `least`, highest first. The highest is there always. */
  peaks(mu: Float64Array, least: number): readonly Peak[];
}

/** More patterns than this are not gone through. */
export const MOST_PATTERNS = 20_000;

/**
 * @param x samples × dimension, row-major
 * @throws SolverError "no-convergence" where there may be more than `MOST_PATTERNS` activation patterns
 */
export function unitPeaks(x: Float64Array, samples: number, dimension: number, activation: UnitActivation): UnitPeaks {
  return activation.kind === 'quadratic' ? quadraticPeaks(x, samples, dimension) : piecewisePeaks(x, samples, dimension, activation.slope);
}

/** g(a) = aᵀ(Σ μ_i x_i x_iᵀ)a: the peaks are eigenvectors. */
function quadraticPeaks(x: Float64Array, samples: number, dimension: number): UnitPeaks {
  const matrix = new Float64Array(dimension * dimension);
  return {
    patterns: 0,
    peaks: (mu, least) => {
      matrix.fill(0);
      for (let i = 0; i < samples; i++) {
        for (let j = 0; j < dimension; j++) {
          const scaled = mu[i] * x[i * dimension + j];
          for (let k = 0; k < dimension; k++) matrix[j * dimension + k] += scaled * x[i * dimension + k];
        }
      }
      const { values, vectors } = symmetricEigen(matrix, dimension);
      const all = Array.from(values, (value, k): Peak => {
        const direction = Float64Array.from({ length: dimension }, (_, j) => vectors[k * dimension + j]);
        return { direction, sign: value < 0 ? -1 : 1, height: Math.abs(value), pattern: -1 };
      });
      return highest(all, least);
    },
  };
}

/** On the cone of a pattern g(a) = p·a, largest at the projection of p onto the cone (Moreau), by non-negative least squares. */
function piecewisePeaks(x: Float64Array, samples: number, dimension: number, slope: number): UnitPeaks {
  const most = largestPatternCount(samples, dimension);
  if (most > MOST_PATTERNS) {
    throw new SolverError(
      'variation-norm',
      'no-convergence',
      `${samples} samples in ${dimension} dimensions have up to ${most} activation patterns, of which ${countInWords(MOST_PATTERNS)} can be gone through`,
    );
  }
  const patterns = activationPatterns(x, samples, dimension);
  const walls = patterns.map((pattern) => {
    const columns = new Float64Array(samples * dimension);
    for (let i = 0; i < samples; i++) {
      for (let j = 0; j < dimension; j++) columns[i * dimension + j] = -pattern[i] * x[i * dimension + j];
    }
    return columns;
  });
  const p = new Float64Array(dimension);
  return {
    patterns: patterns.length,
    peaks: (mu, least) => {
      const found: Peak[] = [];
      let top = 0;
      patterns.forEach((pattern, c) => {
        p.fill(0);
        for (let i = 0; i < samples; i++) {
          const weight = mu[i] * (pattern[i] > 0 ? 1 : slope);
          if (weight !== 0) for (let j = 0; j < dimension; j++) p[j] += weight * x[i * dimension + j];
        }
        // The projection is no longer than p: what cannot matter is not projected.
        if (!(norm2(p) > Math.min(least, top))) return;
        for (const sign of [1, -1] as const) {
          const target = p.map((value) => sign * value);
          const { residual } = nnlsOfColumns(walls[c], samples, dimension, target);
          const height = norm2(residual);
          if (!(height > 0) || !(height >= Math.min(least, top))) continue;
          top = Math.max(top, height);
          found.push({ direction: residual.map((value) => value / height), sign, height, pattern: c });
        }
      });
      return highest(found, least);
    },
  };
}

function highest(peaks: readonly Peak[], least: number): readonly Peak[] {
  const sorted = peaks.toSorted((a, b) => b.height - a.height);
  return sorted.filter(({ height }, k) => k === 0 || height > least);
}
