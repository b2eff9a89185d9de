/** Sums of homogeneous models of orders α_k: with γ = min_i y_i f(x_i), the norms ‖θ_k‖/γ^(1/α_k) that the margin path settles. */
import { norm2 } from '../numerics/vectors';
import type { Model } from '../models/model';

/** ‖θ_k‖/γ^(1/α_k); NaN where there is no such term, it is not homogeneous, or γ is not positive. */
export function scaledNorm({ terms }: Model, theta: Float64Array, smallestMargin: number, k: number): number {
  const term = terms?.at(k);
  if (term === undefined || term.model.degree === null || !(smallestMargin > 0)) return Number.NaN;
  return norm2(theta.subarray(term.offset, term.offset + term.model.parameterCount)) / Math.pow(smallestMargin, 1 / term.model.degree);
}
