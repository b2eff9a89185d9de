/** What the results on several classes need: the margins (w_y − w_k)·x as linear functions of the predictor W. */
import type { Dataset } from '../data/dataset';
import { MarginConstraints } from '../measures/margin-constraints';
import type { Condition } from '../protocol/report';
import { maxMargin, type MaxMargin } from '../solvers/max-margin';
import { SolverError } from '../solvers/reference-problem';
import type { Undecided } from './facts';
import { separableCondition } from './homogeneous-limit';

export interface ClassMargins {
  /** Rows A_(i,k) = (e_y − e_k) x̃_iᵀ, count × (classes · width), row-major. */
  readonly rows: Float64Array;
  readonly count: number;
  readonly classes: number;
  readonly width: number;
}

/** @param inputs samples × width */
export function classMargins(data: Dataset, inputs: Float64Array, classes: number): ClassMargins {
  const constraints = new MarginConstraints(classes, data.y);
  const width = inputs.length / data.samples;
  const { count } = constraints;
  const rows = new Float64Array(count * classes * width);
  for (let k = 0; k < count; k++) {
    const i = constraints.sampleOf(k);
    for (let c = 0; c < classes; c++) {
      const sign = constraints.coefficient(k, c);
      if (sign !== 0) for (let j = 0; j < width; j++) rows[(k * classes + c) * width + j] = sign * inputs[i * width + j];
    }
  }
  return { rows, count, classes, width };
}

export function classSeparability({ rows, count, classes, width }: ClassMargins): MaxMargin | Undecided {
  try {
    return maxMargin(rows, count, classes * width);
  } catch (error) {
    if (error instanceof SolverError) return { separable: null, because: error.message };
    throw error;
  }
}

export function classesSeparable(separation: MaxMargin | Undecided): Condition {
  return separableCondition(separation, 'some W has (w_y − w_k)·x > 0 for every sample and every other class k');
}

/** min over samples and other classes of (w_y − w_k)·x. */
export function smallestClassMargin({ rows, count }: ClassMargins, w: Float64Array): number {
  let smallest = Infinity;
  for (let k = 0; k < count; k++) {
    let q = 0;
    for (let j = 0, at = k * w.length; j < w.length; j++, at++) q += rows[at] * w[j];
    smallest = Math.min(smallest, q);
  }
  return smallest;
}
