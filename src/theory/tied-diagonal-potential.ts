/**
 * The exact potential of the gradient flow of x ↦ (u^D − v^D)·x from any start with positive u, v.
 *
 * With r_j = −∂ℒ/∂w_j and ρ_j = ∫ r_j dt the flow u′ = D u^(D−1) r, v′ = −D v^(D−1) r integrates to
 *   D = 2:  w = u₀² e^(4ρ) − v₀² e^(−4ρ)
 *   D ≥ 3:  w = (a − s)^(−p) − (b + s)^(−p),  s = D(D−2)ρ,  p = D/(D−2),  a = u₀^(2−D), b = v₀^(2−D).
 * ρ is a linear image Xᵀν of a vector, so w(∞) minimises R = Σ ∫ s dw_j over Xw = y: Woodworth et al. 2020, Theorem 1 (D = 2)
 * and Theorem 3 (D ≥ 3) for u₀ = v₀ = α, where R is their Q up to a constant factor; for u₀ ≠ v₀ the same integration gives the
 * Bregman divergence of that potential from w(0).
 *
 * Scale: for D ≥ 3 the variable is z = τ s with τ = max(u₀, v₀)^(D−2), so that R is the Q of the paper where u₀ = v₀ = α.
 */
import type { SeparablePotential } from '../solvers/separable-potential';

/** u, v: absolute values of the start, all positive. */
export function tiedDiagonalPotential(depth: number, u: Float64Array, v: Float64Array): SeparablePotential {
  return depth === 2 ? hypentropy(u, v) : powerPotential(depth, u, v);
}

/** D = 2: w = 2c sinh(s + θ), c = u₀v₀, θ = ln(u₀/v₀); ∇R = asinh(w/2c) − θ. */
function hypentropy(u: Float64Array, v: Float64Array): SeparablePotential {
  const size = u.length;
  const c = u.map((value, i) => value * v[i]);
  const theta = u.map((value, i) => Math.log(value / v[i]));
  return {
    size,
    domain: () => [-Infinity, Infinity],
    inverse: (i, s) => 2 * c[i] * Math.sinh(s + theta[i]),
    inverseDerivative: (i, s) => 2 * c[i] * Math.cosh(s + theta[i]),
    mirror: (i, w) => Math.asinh(w / (2 * c[i])) - theta[i],
    // R = ∫_{w₀}^w asinh(t/2c) − θ dt, zero at w₀ = 2c sinh θ: a Bregman divergence.
    value: (i, w) => w * (Math.asinh(w / (2 * c[i])) - theta[i]) - Math.hypot(w, 2 * c[i]) + 2 * c[i] * Math.cosh(theta[i]),
    // R*(s) = ∫_0^s B = 2c (cosh(s + θ) − cosh θ), as a product so that small s lose no digits.
    conjugate: (i, s) => 4 * c[i] * Math.sinh(s / 2 + theta[i]) * Math.sinh(s / 2),
  };
}

/** D ≥ 3, in the variable z = τ s. */
function powerPotential(depth: number, u: Float64Array, v: Float64Array): SeparablePotential {
  const size = u.length;
  const p = depth / (depth - 2);
  const largest = Math.max(...u, ...v);
  const a = u.map((value) => Math.pow(value / largest, 2 - depth));
  const b = v.map((value) => Math.pow(value / largest, 2 - depth));
  const unit = Math.pow(largest, depth);
  const half = (depth - 2) / 2;
  /** w / unit = (a − z)^(−p) − (b + z)^(−p). */
  const inverse = (i: number, z: number): number => unit * (Math.pow(a[i] - z, -p) - Math.pow(b[i] + z, -p));
  const mirror = (i: number, w: number): number => solvePower(a[i], b[i], w / unit, p);
  // R*(z) = unit ∫_0^z B = unit (D−2)/2 [(a−z)^(−2/(D−2)) + (b+z)^(−2/(D−2)) − same at 0].
  const conjugate = (i: number, z: number): number =>
    unit * half * (Math.pow(a[i] - z, 1 - p) - Math.pow(a[i], 1 - p) + (Math.pow(b[i] + z, 1 - p) - Math.pow(b[i], 1 - p)));
  return {
    size,
    domain: (i) => [-b[i], a[i]],
    inverse: (i, z) => (z >= a[i] ? Infinity : z <= -b[i] ? -Infinity : inverse(i, z)),
    inverseDerivative: (i, z) => unit * p * (Math.pow(a[i] - z, -p - 1) + Math.pow(b[i] + z, -p - 1)),
    mirror,
    value: (i, w) => {
      const z = mirror(i, w);
      return w * z - conjugate(i, z);
    },
    conjugate: (i, z) => (z >= a[i] || z <= -b[i] ? Infinity : conjugate(i, z)),
  };
}

/**
 * The z in (−b, a) with (a − z)^(−p) − (b + z)^(−p) = t, by Newton's method on the distance to the nearer end of the interval,
 * in which the equation is close to a pure power for large |t|.
 */
function solvePower(a: number, b: number, t: number, p: number): number {
  if (t < Math.pow(a, -p) - Math.pow(b, -p)) return -solvePower(b, a, -t, p);
  // z ≥ 0 here. r = a − z in (0, a] solves g(r) = r^(−p) − (a + b − r)^(−p) − t = 0; g falls, and (t + b^(−p))^(−1/p) is left of its zero.
  const length = a + b;
  let r = Math.min(a, Math.pow(t + Math.pow(b, -p), -1 / p));
  for (let k = 0; k < 100; k++) {
    const g = Math.pow(r, -p) - Math.pow(length - r, -p) - t;
    const slope = -p * (Math.pow(r, -p - 1) + Math.pow(length - r, -p - 1));
    const next = Math.min(Math.max(r - g / slope, r / 2), (r + length) / 2);
    if (Math.abs(next - r) <= 2 * Number.EPSILON * r) return a - next;
    r = next;
  }
  return a - r;
}
