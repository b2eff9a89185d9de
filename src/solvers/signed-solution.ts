/** Whether Xw = y has a solution whose coordinates keep given signs. */
import type { LinearProgramSolver } from './reference-problem';
import { SolverError } from './reference-problem';

/**
 * max t ≤ 1 such that some w solves Xw = y with signs_i w_i ≥ t wherever signs_i ≠ 0: positive where a solution has these signs
 * strictly, negative where none has them, 0 where one has them with zeros only.
 * @param x samples × features, row-major; Xw = y must have a solution
 * @throws SolverError where the linear program could not be solved
 */
export function largestSignedSlack(
  x: Float64Array,
  y: Float64Array,
  samples: number,
  features: number,
  signs: Int8Array,
  solver: LinearProgramSolver,
): number {
  // w_i = sign_i (t + p_i) or w_i = p_i − m_i; t = t₊ − t₋, t₊ + slack = 1.
  const columns = 2 * features + 3;
  const rows = samples + 1;
  const matrix = new Float64Array(rows * columns);
  const rhs = new Float64Array(rows);
  for (let k = 0; k < samples; k++) {
    rhs[k] = y[k];
    let total = 0;
    for (let i = 0; i < features; i++) {
      const value = x[k * features + i];
      matrix[k * columns + i] = signs[i] === 0 ? value : signs[i] * value;
      matrix[k * columns + features + i] = signs[i] === 0 ? -value : 0;
      total += signs[i] * value;
    }
    matrix[k * columns + 2 * features] = total;
    matrix[k * columns + 2 * features + 1] = -total;
  }
  matrix[samples * columns + 2 * features] = 1;
  matrix[samples * columns + 2 * features + 2] = 1;
  rhs[samples] = 1;
  const cost = new Float64Array(columns);
  cost[2 * features] = -1;
  cost[2 * features + 1] = 1;
  const answer = solver.solve({ cost, matrix, rhs, rows, columns });
  if (answer.status !== 'optimal') {
    const reason = answer.status === 'failed' ? 'no-convergence' : answer.status;
    throw new SolverError('signed-solution', reason, `the linear program of the signs is ${answer.status}`);
  }
  return answer.x[2 * features] - answer.x[2 * features + 1];
}
