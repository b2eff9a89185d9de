/** A norm from its description. */
import { NORMS, quadraticNorm, type Norm } from './norms';

/** A norm by its name, or by the positive definite matrix M of √(wᵀMw). */
export type NormDescription = keyof typeof NORMS | { readonly kind: 'quadratic'; readonly matrix: readonly (readonly number[])[] };

/** Rows of a matrix, flat. */
export function flatMatrix(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows.flat());
}

/** @throws Error where the matrix is not positive definite, which the checks of the file have excluded */
export function createNorm(spec: NormDescription): Norm {
  if (typeof spec === 'string') return NORMS[spec];
  const norm = quadraticNorm(flatMatrix(spec.matrix), spec.matrix.length);
  if (norm === null) throw new Error('The matrix of the norm is not positive definite.');
  return norm;
}
