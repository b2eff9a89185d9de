/**
 * The potential of coordinates that move as w = A e^s − B e^(−s), A, B ≥ 0 and not both 0:
 *   A, B > 0: w = 2c sinh(s + θ), c = √(AB), θ = ½ ln(A/B): hypentropy, as a Bregman divergence from w(0) = A − B
 *   B = 0:    w = A e^s > 0, R = w ln(w/A) − w + A: relative entropy, the sign is frozen
 *   A = 0:    the same for −w.
 * Two-layer diagonal networks move so (s = 2ρ: Azulay et al. 2021), and mirror descent on the entropy (B = 0) and on the hypentropy.
 */
import type { SeparablePotential } from '../solvers/separable-potential';

export function exponentialPotential(a: Float64Array, b: Float64Array): SeparablePotential {
  const c = a.map((value, i) => Math.sqrt(value) * Math.sqrt(b[i]));
  const theta = a.map((value, i) => (c[i] > 0 ? 0.5 * Math.log(value / b[i]) : 0));
  const mirror = (i: number, w: number): number => {
    if (c[i] > 0) return Math.asinh(w / (2 * c[i])) - theta[i];
    if (b[i] === 0) return w > 0 ? Math.log(w / a[i]) : -Infinity;
    return w < 0 ? -Math.log(-w / b[i]) : Infinity;
  };
  /** R*(s) = ∫₀ˢ B; a product where both terms are there, so that small s lose no digits. */
  const conjugate = (i: number, s: number): number =>
    c[i] > 0 ? 4 * c[i] * Math.sinh(s / 2 + theta[i]) * Math.sinh(s / 2) : a[i] * Math.expm1(s) + b[i] * Math.expm1(-s);
  return {
    size: a.length,
    domain: () => [-Infinity, Infinity],
    inverse: (i, s) => (c[i] > 0 ? 2 * c[i] * Math.sinh(s + theta[i]) : a[i] * Math.exp(s) - b[i] * Math.exp(-s)),
    inverseDerivative: (i, s) => (c[i] > 0 ? 2 * c[i] * Math.cosh(s + theta[i]) : a[i] * Math.exp(s) + b[i] * Math.exp(-s)),
    mirror,
    value: (i, w) => {
      if (c[i] === 0 && w === 0) return a[i] + b[i];
      const s = mirror(i, w);
      return Number.isFinite(s) ? w * s - conjugate(i, s) : Infinity;
    },
    conjugate,
  };
}
