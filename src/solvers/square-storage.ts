/** Room for the Hessians of solvers that need all of one. Samples × features are limited by the file format, features² are not. */
import { SolverError } from './reference-problem';

/** Numbers of a matrix: 1 GB. Typed arrays are outside the heap that limits a worker, so this is the limit there is. */
export const LARGEST_SQUARE = 125_000_000;

/**
 * @returns size × size zeros
 * @throws SolverError "too-large" where they would take more than 1 GB
 */
export function squareStorage(problem: string, size: number): Float64Array {
  if (size * size <= LARGEST_SQUARE) return new Float64Array(size * size);
  const gigabytes = ((8 * size * size) / 1e9).toPrecision(3);
  throw new SolverError(problem, 'too-large', `its Hessian of ${size} × ${size} numbers needs ${gigabytes} GB, at most 1 GB is taken`);
}
