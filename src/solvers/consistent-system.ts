import { pivotedLq, solveLower, solveLowerTransposed } from '../numerics/pivoted-lq';
import { normInf } from '../numerics/vectors';
import { SolverError } from './reference-problem';

/** Left-over of a dependent equation, relative to its terms, up to which the system counts as consistent. */
const CONSISTENT = 1e-9;

/**
 * Xw = y with its dependent equations removed and the others orthonormalised: Qw = c.
 * X[order] = L·Q; the leading rank × rank triangle of L belongs to the equations that are kept.
 */
export interface ConsistentSystem {
  readonly rank: number;
  /** rank × features, orthonormal rows. */
  readonly q: Float64Array;
  readonly c: Float64Array;
  /** out = L₁⁻¹ r for the kept entries of r: what a residual y − Xw is in terms of c − Qw. */
  reduce(r: Float64Array, out: Float64Array): void;
  /** ν with Xᵀν = Qᵀμ; 0 at removed equations. */
  multipliers(mu: Float64Array): Float64Array;
}

/** @throws SolverError "infeasible" when the equations contradict each other */
export function consistentSystem(problem: string, x: Float64Array, y: Float64Array, samples: number, features: number): ConsistentSystem {
  const { rank, order, l, q } = pivotedLq(x, samples, features);
  const reduce = (r: Float64Array, out: Float64Array): void => {
    for (let k = 0; k < rank; k++) out[k] = r[order[k]];
    solveLower(l, rank, rank, out);
  };
  const c = new Float64Array(rank);
  reduce(y, c);
  for (let k = rank; k < samples; k++) {
    let value = 0;
    let size = Math.abs(y[order[k]]);
    for (let i = 0; i < rank; i++) {
      value += l[k * rank + i] * c[i];
      size += Math.abs(l[k * rank + i] * c[i]);
    }
    const left = Math.abs(value - y[order[k]]);
    if (!(left <= CONSISTENT * size)) {
      throw new SolverError(
        problem,
        'infeasible',
        `equation ${order[k]} contradicts the others: they give ${value} where ${y[order[k]]} is wanted`,
      );
    }
  }
  const multipliers = (mu: Float64Array): Float64Array => {
    const part = Float64Array.from(mu);
    solveLowerTransposed(l, rank, rank, part);
    const nu = new Float64Array(samples);
    for (let k = 0; k < rank; k++) nu[order[k]] = part[k];
    return nu;
  };
  return { rank, q, c, reduce, multipliers };
}

/**
 * max_i |(Xw − y)_i| / (Σ_j |x_ij|·largest + |y_i|): the violation in units of what rounding w can change in the equation.
 * @param largest size of the numbers that w was computed from, default ‖w‖∞
 */
export function relativeViolation(
  x: Float64Array,
  y: Float64Array,
  samples: number,
  features: number,
  w: Float64Array,
  largest: number = normInf(w),
): number {
  let worst = 0;
  for (let i = 0; i < samples; i++) {
    let value = -y[i];
    let row = 0;
    for (let j = 0; j < features; j++) {
      value += x[i * features + j] * w[j];
      row += Math.abs(x[i * features + j]);
    }
    if (value !== 0) worst = Math.max(worst, Math.abs(value) / (row * largest + Math.abs(y[i])));
    if (value !== value) return NaN;
  }
  return worst;
}
