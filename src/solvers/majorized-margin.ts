/**
 * Largest margin in a norm that is a minimum of quadratic forms: min ‖w‖ s.t. z_i·w ≥ 1 for sums of Euclidean lengths and for the
 * nuclear norm. ‖w‖ = min over S of ½(‖S⁻¹w‖₂² + …), attained at an S(w): so each step solves the ℓ2 margin problem of the rows S z_i
 * exactly (least-distance programming) and the norm never rises. The steps converge linearly, and faster where the solution is a vertex.
 *
 * Parts of w that are 0 would stay 0; a floor under S that falls to nothing lets every part come back that the optimum needs. The
 * certificate is computed from the answer alone (`certifiedMargin`), so a wrong part would show.
 */
import { inWords } from '../numerics/in-words';
import { svd } from '../numerics/svd';
import { maxMargin } from './max-margin';
import { certifiedMargin, type NormMargin } from './norm-margin';
import { SolverError } from './reference-problem';

export interface MajorizedNorm {
  readonly symbol: string;
  of(w: Float64Array): number;
  dual(v: Float64Array): number;
  /** The symmetric linear map S(w) as v ↦ out; parts of w below `floor` times the largest count as that. */
  scaling(w: Float64Array, floor: number): (v: Float64Array, out: Float64Array) => void;
}

/** Some 50 to 1000 are usual, most where nearly as good parts compete. */
const MOST_STEPS = 4000;
const FLOOR_FALL = 0.6;
/** Relative duality gap at which there is nothing left to gain. */
const GAP = 1e-13;
/** Steps without progress after which rounding has the word, and what counts as progress of the objective. */
const PATIENCE = 40;
const PROGRESS = 1e-12;
/** A point whose certificate is worse is no answer. */
const ACCEPTABLE = 1e-8;

/**
 * @param z samples × size, row-major
 * @throws SolverError where the rows cannot be separated, or no certificate better than 10⁻⁸ is found
 */
export function majorizedMargin(z: Float64Array, samples: number, size: number, norm: MajorizedNorm): NormMargin {
  const plain = maxMargin(z, samples, size);
  if (!plain.separable) throw new SolverError('norm-margin', 'infeasible', 'the data cannot be separated');
  let w = plain.answer.point;
  let best = certifiedMargin(z, samples, size, w, plain.answer.multipliers, norm);
  const rows = new Float64Array(samples * size);
  let floor = 0.1;
  let least = best.objective;
  let since = 0;
  for (let step = 0; step < MOST_STEPS && best.certificate.value > GAP && since < PATIENCE; step++) {
    const scale = norm.scaling(w, floor);
    for (let i = 0; i < samples; i++) scale(z.subarray(i * size, (i + 1) * size), rows.subarray(i * size, (i + 1) * size));
    const inner = maxMargin(rows, samples, size);
    if (!inner.separable) break;
    w = new Float64Array(size);
    scale(inner.answer.point, w);
    const answer = certifiedMargin(z, samples, size, w, inner.answer.multipliers, norm);
    // The dual bound may fall back for hundreds of steps, while the objective never rises but by rounding.
    const better = answer.certificate.value < best.certificate.value;
    since = better || answer.objective < least * (1 - PROGRESS) || floor > 1e-16 ? 0 : since + 1;
    least = Math.min(least, answer.objective);
    if (better) best = answer;
    floor *= FLOOR_FALL;
  }
  if (!(best.certificate.value <= ACCEPTABLE)) {
    throw new SolverError('norm-margin', 'no-convergence', `the best point has relative duality gap ${inWords(best.certificate.value, 2)}`);
  }
  return best;
}

/** Σ_g C_g ‖w_g‖₂ over groups of coordinates that partition them. */
export function groupNorm(
  symbol: string,
  groups: readonly { readonly indices: readonly number[]; readonly weight: number }[],
): MajorizedNorm {
  const lengthOf = (v: Float64Array, indices: readonly number[]): number => Math.hypot(...indices.map((j) => v[j]));
  return {
    symbol,
    of: (w) => groups.reduce((sum, { indices, weight }) => sum + weight * lengthOf(w, indices), 0),
    dual: (v) => groups.reduce((largest, { indices, weight }) => Math.max(largest, lengthOf(v, indices) / weight), 0),
    scaling: (w, floor) => {
      const lengths = groups.map(({ indices }) => lengthOf(w, indices));
      const least = floor * Math.max(...lengths);
      const factors = new Float64Array(w.length);
      groups.forEach(({ indices, weight }, g) => indices.forEach((j) => (factors[j] = Math.sqrt(Math.max(lengths[g], least) / weight))));
      return (v, out) => {
        for (let j = 0; j < v.length; j++) out[j] = factors[j] * v[j];
      };
    },
  };
}

/** ‖W‖_* of a rows × columns matrix, row-major: S(W) = (WWᵀ)^(1/4) from the left. */
export function nuclearNorm(rows: number, columns: number): MajorizedNorm {
  return {
    symbol: 'nuclear',
    of: (w) => svd(w, rows, columns).s.reduce((sum, value) => sum + value, 0),
    dual: (v) => svd(v, rows, columns).s[0],
    scaling: (w, floor) => {
      const { u, s, count } = svd(w, rows, columns);
      const least = floor * s[0];
      // √least on the whole space, and the rest of √σ along the left singular vectors: null directions included.
      const root = new Float64Array(rows * rows);
      for (let a = 0; a < rows; a++) root[a * rows + a] = Math.sqrt(least);
      for (let k = 0; k < count; k++) {
        const extra = Math.sqrt(Math.max(s[k], least)) - Math.sqrt(least);
        for (let a = 0; a < rows; a++) for (let b = 0; b < rows; b++) root[a * rows + b] += extra * u[k * rows + a] * u[k * rows + b];
      }
      return (v, out) => {
        for (let a = 0; a < rows; a++) {
          for (let j = 0; j < columns; j++) {
            let sum = 0;
            for (let b = 0; b < rows; b++) sum += root[a * rows + b] * v[b * columns + j];
            out[a * columns + j] = sum;
          }
        }
      };
    },
  };
}
