/**
 * ψ(w) = Σ|w|^p / p as a Bregman divergence from w(0): R(w) = ψ(w) − ψ(w₀) − ψ′(w₀)(w − w₀), R′(w) = ψ′(w) − ψ′(w₀), ψ′(w) = sgn(w)|w|^(p−1).
 */
import type { SeparablePotential } from '../solvers/separable-potential';

/** The derivative of |t|^k, k < 1, is infinite at 0; below this |t| no other number of a computation is resolved. */
const TINY = 1e-100;

/** @param p > 1 */
export function powerPotential(p: number, start: Float64Array): SeparablePotential {
  const k = 1 / (p - 1);
  const q = p / (p - 1);
  const power = (t: number, exponent: number): number => Math.sign(t) * Math.pow(Math.abs(t), exponent);
  const origin = start.map((w) => power(w, p - 1));
  const dual = (t: number): number => Math.pow(Math.abs(t), q) / q;
  const conjugate = (i: number, s: number): number => dual(origin[i] + s) - dual(origin[i]);
  const mirror = (i: number, w: number): number => power(w, p - 1) - origin[i];
  return {
    size: start.length,
    degenerate: p !== 2 && start.includes(0),
    domain: () => [-Infinity, Infinity],
    inverse: (i, s) => power(origin[i] + s, k),
    inverseDerivative: (i, s) => k * Math.pow(Math.max(Math.abs(origin[i] + s), TINY), k - 1),
    mirror,
    value: (i, w) => w * mirror(i, w) - conjugate(i, mirror(i, w)),
    conjugate,
  };
}
