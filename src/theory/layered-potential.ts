/**
 * The potential of a diagonal network of L layers that start at |w_1| = … = |w_(L−1)| = e, w_L = 0, coordinate by coordinate
 * (Yun, Krishnan, Mobahi, ICLR 2021; the closed form follows from their ordinary differential equations).
 *
 * With p = |w_l|/e for l < L and q = w_L/e up to sign, p² − q² = 1 is conserved, dq/dσ = p^(L−1) for σ = e^(L−2) s, so
 *   σ(q) = ∫₀^q (1 + x²)^(−(L−1)/2) dx = ∫₀^(arctan q) cos^(L−3) θ dθ,   w = e^L q (1 + q²)^((L−1)/2),
 *   R(w) = e² H_L(w/e^L),  H_L(t) = tσ − q²/2,  R*(s) = e² q²/2.
 * L = 2: q = sinh σ; L = 3: q = tan σ; L = 4: q = σ/√(1 − σ²). s is bounded for L ≥ 3.
 */
import type { SeparablePotential } from '../solvers/separable-potential';

/** @param depth L ≥ 2, @param e the size of the start, one positive entry a coordinate */
export function layeredPotential(depth: number, e: Float64Array): SeparablePotential {
  const end = integral(depth, Math.PI / 2);
  const unit = e.map((value) => Math.pow(value, depth));
  const scale = e.map((value) => Math.pow(value, depth - 2));
  const image = (i: number, q: number): number => unit[i] * q * Math.pow(1 + q * q, (depth - 1) / 2);
  const layerAt = (i: number, s: number): number => {
    const sigma = scale[i] * s;
    return Math.abs(sigma) >= end ? Math.sign(s) * Infinity : inverseIntegral(depth, sigma, end);
  };
  return {
    size: e.length,
    domain: (i) => [-end / scale[i], end / scale[i]],
    inverse: (i, s) => image(i, layerAt(i, s)),
    inverseDerivative: (i, s) => {
      const q = layerAt(i, s);
      return unit[i] * scale[i] * Math.pow(1 + q * q, depth - 2) * (1 + depth * q * q);
    },
    mirror: (i, w) => ofLayer(depth, solveLayer(depth, w / unit[i])) / scale[i],
    value: (i, w) => {
      const q = solveLayer(depth, w / unit[i]);
      return (w * ofLayer(depth, q)) / scale[i] - (e[i] * q) ** 2 / 2;
    },
    conjugate: (i, s) => (e[i] * layerAt(i, s)) ** 2 / 2,
  };
}

/** σ(q). */
function ofLayer(depth: number, q: number): number {
  return depth === 2 ? Math.asinh(q) : integral(depth, Math.atan(q));
}

/** ∫₀^φ cos^(L−3) θ dθ by the recursion of cos^n; infinite at π/2 for L = 2. */
function integral(depth: number, phi: number): number {
  if (depth === 2) return phi >= Math.PI / 2 ? Infinity : Math.asinh(Math.tan(phi));
  const n = depth - 3;
  const cos = Math.cos(phi);
  const sin = Math.sin(phi);
  let value = n % 2 === 0 ? phi : sin;
  for (let k = n % 2 === 0 ? 2 : 3; k <= n; k += 2) value = (Math.pow(cos, k - 1) * sin + (k - 1) * value) / k;
  return value;
}

/** q with σ(q) = sigma. For L ≥ 5 Newton's method in φ = arctan q, kept in the interval that brackets the zero. */
function inverseIntegral(depth: number, sigma: number, end: number): number {
  if (depth === 2) return Math.sinh(sigma);
  if (depth === 3) return Math.tan(sigma);
  if (depth === 4) return sigma / Math.sqrt((1 - sigma) * (1 + sigma));
  const goal = Math.abs(sigma);
  let low = 0;
  let high = Math.PI / 2;
  let phi = (goal / end) * high;
  for (let k = 0; k < 200; k++) {
    const error = integral(depth, phi) - goal;
    if (error > 0) high = phi;
    else low = phi;
    const newton = phi - error / Math.pow(Math.cos(phi), depth - 3);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - phi) <= Number.EPSILON * phi) break;
    phi = next;
  }
  return Math.sign(sigma) * Math.tan(phi);
}

/** q with q (1 + q²)^((L−1)/2) = t, by Newton's method in ln q on the logarithm of the equation, whose slope is between 1 and L. */
function solveLayer(depth: number, t: number): number {
  if (t === 0) return 0;
  const goal = Math.log(Math.abs(t));
  let x = Math.min(goal, goal / depth);
  for (let k = 0; k < 100; k++) {
    const square = Math.exp(2 * x);
    const step = (x + ((depth - 1) / 2) * Math.log1p(square) - goal) / (1 + ((depth - 1) * square) / (1 + square));
    x -= step;
    if (Math.abs(step) <= 2 * Number.EPSILON * Math.max(1, Math.abs(x))) break;
  }
  return Math.sign(t) * Math.exp(x);
}
