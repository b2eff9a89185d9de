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
  // R*(s) = ∫_0^s B = 2c (cosh(s + θ) − cosh θ), as a product so that small s lose no digits.
  const conjugate = (i: number, s: number): number => 4 * c[i] * Math.sinh(s / 2 + theta[i]) * Math.sinh(s / 2);
  return {
    size,
    domain: () => [-Infinity, Infinity],
    inverse: (i, s) => 2 * c[i] * Math.sinh(s + theta[i]),
    inverseDerivative: (i, s) => 2 * c[i] * Math.cosh(s + theta[i]),
    mirror: (i, w) => Math.asinh(w / (2 * c[i])) - theta[i],
    // R = ∫_{w₀}^w asinh(t/2c) − θ dt, zero at w₀ = 2c sinh θ: a Bregman divergence, from its conjugate, which loses no digits.
    value: (i, w) => {
      const s = Math.asinh(w / (2 * c[i])) - theta[i];
      return w * s - conjugate(i, s);
    },
    conjugate,
  };
}

/**
 * D ≥ 3, in the variable z = τ s. With h = (a + b)/2 and ζ = z − (a − b)/2, so that a − z = h − ζ and b + z = h + ζ, the difference of
 * powers is a product, w = 2 unit (h² − ζ²)^(−p/2) sinh(p artanh(ζ/h)), which loses no digits where w is small against α^D.
 */
function powerPotential(depth: number, u: Float64Array, v: Float64Array): SeparablePotential {
  const size = u.length;
  const p = depth / (depth - 2);
  const q = p - 1;
  const largest = Math.max(...u, ...v);
  const a = u.map((value) => Math.pow(value / largest, 2 - depth));
  const b = v.map((value) => Math.pow(value / largest, 2 - depth));
  const h = a.map((value, i) => (value + b[i]) / 2);
  const origin = a.map((value, i) => (b[i] - value) / 2);
  const unit = Math.pow(largest, depth);
  /** artanh(ζ/h) = ½ ln((b + z)/(a − z)); near the ends of (−b, a) the quotient is the exact one. */
  const argument = (i: number, z: number): number => {
    const ratio = (z + origin[i]) / h[i];
    return Math.abs(ratio) < 0.5 ? Math.atanh(ratio) : 0.5 * Math.log((b[i] + z) / (a[i] - z));
  };
  const inverse = (i: number, z: number): number => 2 * unit * Math.pow((a[i] - z) * (b[i] + z), -p / 2) * Math.sinh(p * argument(i, z));
  const mirror = (i: number, w: number): number => h[i] * Math.tanh(solvePower((w / unit / 2) * Math.pow(h[i], p), p)) - origin[i];
  /**
   * R*(z) = unit ∫_0^z B = unit (D−2)/2 [(a−z)^(−q) + (b+z)^(−q) − same at 0]. The bracket is 2 e^A cosh T with
   * A = −(q/2) ln((a−z)(b+z)), T = q artanh(ζ/h); its change is written by expm1, log1p and a product of sinh.
   */
  const conjugate = (i: number, z: number): number => {
    const product = a[i] * b[i];
    const rise = Math.expm1((-q / 2) * Math.log1p((z * (a[i] - b[i] - z)) / product));
    const before = q * argument(i, 0);
    const after = q * argument(i, z);
    const ratio = (h[i] * z) / (h[i] * h[i] - origin[i] * (z + origin[i]));
    const turn = Math.abs(ratio) < 0.5 ? q * Math.atanh(ratio) : after - before;
    const cosh = rise * Math.cosh(after) + 2 * Math.sinh((after + before) / 2) * Math.sinh(turn / 2);
    return unit * (depth - 2) * Math.pow(product, -q / 2) * cosh;
  };
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
 * The x with cosh^p(x) sinh(p x) = t: Newton's method in ln x on the logarithm of the equation, which is linear in ln x for small and
 * in x for large t, from asinh(t)/p on the far side of the zero.
 */
function solvePower(t: number, p: number): number {
  if (t === 0) return 0;
  const goal = Math.log(Math.abs(t));
  let x = Math.asinh(Math.abs(t)) / p;
  for (let k = 0; k < 100; k++) {
    // ln sinh y = y + ln(1 − e^(−2y)) − ln 2 and ln cosh alike: neither overflows.
    const value = p * (x + Math.log1p(Math.exp(-2 * x)) - Math.LN2) + p * x + Math.log(-Math.expm1(-2 * p * x)) - Math.LN2 - goal;
    const step = value / (p * (Math.tanh(x) + 1 / Math.tanh(p * x)) * x);
    x *= Math.exp(-step);
    if (Math.abs(step) <= 2 * Number.EPSILON) break;
  }
  return Math.sign(t) * x;
}
