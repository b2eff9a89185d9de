/**
 * The exact potential of the flow of a product of k matrices from W_j = αI when all measurements commute: everything stays diagonal
 * in their common basis, and each eigenvalue x of the product moves by itself.
 *
 * k = 2 (and UUᵀ): x = u², u′ = u r for the driving r, so x = α² e^s: R = x ln(x/α²) − x + α².
 * k ≥ 3: x = u^k, u′ = u^(k−1) r, so x = α^k (1 − s)^(−k/(k−2)), s < 1: R = x − (k/2) α^(k−2) x^(2/k) + (k/2 − 1) α^k.
 * As α → 0 both become Σ x over x ≥ 0: the trace, which is the nuclear norm.
 */
import type { SeparablePotential } from '../solvers/separable-potential';

/** On n eigenvalues, all from α^k. */
export function spectralPotential(depth: number, alpha: number, n: number): SeparablePotential {
  return depth === 2 ? entropy(alpha * alpha, n) : power(depth, alpha, n);
}

function entropy(origin: number, size: number): SeparablePotential {
  return {
    size,
    domain: () => [-Infinity, Infinity],
    inverse: (_, s) => origin * Math.exp(s),
    inverseDerivative: (_, s) => origin * Math.exp(s),
    mirror: (_, x) => (x > 0 ? Math.log(x / origin) : -Infinity),
    value: (_, x) => (x > 0 ? x * Math.log(x / origin) - x + origin : x === 0 ? origin : Infinity),
    conjugate: (_, s) => origin * Math.expm1(s),
  };
}

function power(depth: number, alpha: number, size: number): SeparablePotential {
  const unit = Math.pow(alpha, depth);
  const p = depth / (depth - 2);
  return {
    size,
    domain: () => [-Infinity, 1],
    inverse: (_, s) => (s >= 1 ? Infinity : unit * Math.pow(1 - s, -p)),
    inverseDerivative: (_, s) => unit * p * Math.pow(1 - s, -p - 1),
    mirror: (_, x) => (x > 0 ? 1 - Math.pow(x / unit, -1 / p) : -Infinity),
    value: (_, x) => (x >= 0 ? x - (depth / 2) * unit * Math.pow(x / unit, 2 / depth) + (depth / 2 - 1) * unit : Infinity),
    // ∫_0^s B = α^k (k/2 − 1) [(1 − s)^(−2/(k−2)) − 1].
    conjugate: (_, s) => (s >= 1 ? Infinity : unit * (depth / 2 - 1) * (Math.pow(1 - s, 1 - p) - 1)),
  };
}
