/** Separation by a hyperplane through the origin, of the samples themselves or of rows made of them. */
import type { Dataset } from '../data/dataset';
import type { Condition } from '../protocol/report';
import { maxMargin, type MaxMargin } from '../solvers/max-margin';
import { SolverError } from '../solvers/reference-problem';
import { separableCondition } from './homogeneous-limit';
import { condition } from './wording';

/** Null where neither a separating vector nor a vanishing combination is found to rounding. */
export function separationOfRows(z: Float64Array, rows: number, columns: number): MaxMargin | null {
  try {
    return maxMargin(z, rows, columns);
  } catch (error) {
    if (error instanceof SolverError) return null;
    throw error;
  }
}

/** Of the rows y_i x_i, whatever the model is. */
export function separationOfData({ x, y, samples, features }: Dataset): MaxMargin | null {
  return separationOfRows(
    x.map((value, k) => value * y[Math.floor(k / features)]),
    samples,
    features,
  );
}

export function separationCondition(separation: MaxMargin | null): Condition {
  return separation === null
    ? condition('data linearly separable through the origin', 'unknown', 'it cannot be told in double precision')
    : separableCondition(separation);
}
