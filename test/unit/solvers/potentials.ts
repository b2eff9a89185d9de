/** Small separable potentials with closed forms, for the tests of the dual solver. */
import type { SeparablePotential } from '../../../src/solvers/separable-potential';

const everywhere = (): readonly [number, number] => [-Infinity, Infinity];

/** ½ Σ w². */
export function euclidean(size: number): SeparablePotential {
  return {
    size,
    value: (_, w) => 0.5 * w * w,
    mirror: (_, w) => w,
    inverse: (_, s) => s,
    inverseDerivative: () => 1,
    conjugate: (_, s) => 0.5 * s * s,
    domain: everywhere,
  };
}

/** Σ w asinh(w/b) − √(w² + b²) + b (Ghai, Hazan and Singer 2020); b = 2α² is Woodworth et al. 2020, Theorem 1. */
export function hypentropy(size: number, b: number): SeparablePotential {
  return {
    size,
    value: (_, w) => w * Math.asinh(w / b) - 2 * b * Math.sinh(Math.asinh(w / b) / 2) ** 2,
    mirror: (_, w) => Math.asinh(w / b),
    inverse: (_, s) => b * Math.sinh(s),
    inverseDerivative: (_, s) => b * Math.cosh(s),
    conjugate: (_, s) => 2 * b * Math.sinh(s / 2) ** 2,
    domain: everywhere,
  };
}

/** Σ w ln(w/a) − w + a on w > 0. */
export function entropy(size: number, a: number): SeparablePotential {
  return {
    size,
    value: (_, w) => (w === 0 ? a : w * Math.log(w / a) - w + a),
    mirror: (_, w) => Math.log(w / a),
    inverse: (_, s) => a * Math.exp(s),
    inverseDerivative: (_, s) => a * Math.exp(s),
    conjugate: (_, s) => a * Math.expm1(s),
    domain: everywhere,
  };
}

/**
 * Woodworth et al. 2020, Theorem 3, depth D ≥ 3: w = α^D[(1 − z)^(−p) − (1 + z)^(−p)], p = D/(D − 2),
 * written 2α^D (1 − z²)^(−p/2) sinh(p artanh z), which loses no digits near z = 0.
 */
export function deepDiagonal(size: number, depth: number, alpha: number): SeparablePotential {
  const p = depth / (depth - 2);
  const unit = alpha ** depth;
  const inverse = (z: number): number =>
    z >= 1 ? Infinity : z <= -1 ? -Infinity : 2 * unit * ((1 - z) * (1 + z)) ** (-p / 2) * Math.sinh(p * Math.atanh(z));
  const slope = (z: number): number => unit * p * ((1 - z) ** (-p - 1) + (1 + z) ** (-p - 1));
  // (D − 2)/2·[(1 − z)^(1 − p) + (1 + z)^(1 − p) − 2], with (1 ∓ z)^(1 − p) − 1 from expm1 and log1p.
  const conjugate = (z: number): number =>
    Math.abs(z) >= 1 ? Infinity : (unit * (depth - 2) * (Math.expm1((1 - p) * Math.log1p(-z)) + Math.expm1((1 - p) * Math.log1p(z)))) / 2;
  const mirror = (w: number): number => {
    // Bisection between neighbouring numbers: slow and sure.
    let low = 0;
    let high = 1;
    const t = Math.abs(w);
    for (;;) {
      const middle = low + (high - low) / 2;
      if (!(middle > low && middle < high)) return Math.sign(w) * low;
      if (inverse(middle) <= t) low = middle;
      else high = middle;
    }
  };
  return {
    size,
    value: (_, w) => {
      const z = mirror(w);
      return w * z - conjugate(z);
    },
    mirror: (_, w) => mirror(w),
    inverse: (_, z) => inverse(z),
    inverseDerivative: (_, z) => slope(z),
    conjugate: (_, z) => conjugate(z),
    domain: () => [-1, 1],
  };
}
