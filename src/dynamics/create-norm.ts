/** A norm from its description. */
import type { NormSpec } from '../experiment/optimizer-schema';
import { NORMS, quadraticNorm, type Norm } from '../numerics/norms';

/** Rows of a matrix, flat. */
export function flatMatrix(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows.flat());
}

/** @throws Error where the matrix is not positive definite, which the checks of the file have excluded */
export function createNorm(spec: NormSpec): Norm {
  if (typeof spec === 'string') return NORMS[spec];
  const norm = quadraticNorm(flatMatrix(spec.matrix), spec.matrix.length);
  if (norm === null) throw new Error('The matrix of the norm is not positive definite.');
  return norm;
}
