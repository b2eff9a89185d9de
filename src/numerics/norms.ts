/**
 * Norms with what steepest descent needs of them: the dual norm ‖g‖_* = max {g·v : ‖v‖ ≤ 1} and the direction that attains it.
 */
import { choleskyInPlace, choleskySolve } from './cholesky';
import { dot, norm1, norm2, normInf } from './vectors';

export interface Norm {
  /** "ℓ1", "ℓ2", "ℓ∞", "P". */
  readonly symbol: string;
  /** ‖v‖. */
  of(v: Float64Array): number;
  /** ‖g‖_*. */
  dual(g: Float64Array): number;
  /**
   * out = a v with ‖v‖ = ‖g‖_* and g·v = ‖g‖_*²: minus the minimiser of ⟨g, v⟩ + ½‖v‖². Where there are several (ties, entries 0 of g)
   * it is the one of the first largest entry (ℓ1) and of sign(0) = 0 (ℓ∞). Returns ‖g‖_*.
   */
  steepest(g: Float64Array, out: Float64Array): number;
}

const l1: Norm = {
  symbol: 'ℓ1',
  of: norm1,
  dual: normInf,
  steepest(g, out) {
    let at = 0;
    for (let j = 1; j < g.length; j++) if (Math.abs(g[j]) > Math.abs(g[at])) at = j;
    out.fill(0);
    out[at] = g[at];
    return Math.abs(g[at]);
  },
};

const l2: Norm = {
  symbol: 'ℓ2',
  of: norm2,
  dual: norm2,
  steepest(g, out) {
    out.set(g);
    return norm2(g);
  },
};

const linf: Norm = {
  symbol: 'ℓ∞',
  of: normInf,
  dual: norm1,
  steepest(g, out) {
    const length = norm1(g);
    for (let j = 0; j < g.length; j++) out[j] = length * Math.sign(g[j]);
    return length;
  },
};

export const NORMS: Readonly<Record<'l1' | 'l2' | 'linf', Norm>> = { l1, l2, linf };

/**
 * ‖v‖_P = √(vᵀPv) for a symmetric positive definite matrix P, row-major; its dual norm is √(gᵀP⁻¹g).
 * Null when P is not positive definite to working precision. P and its factor are kept; the products allocate nothing.
 */
export function quadraticNorm(matrix: Float64Array, size: number): Norm | null {
  const factor = Float64Array.from(matrix);
  if (!choleskyInPlace(factor, size)) return null;
  const image = new Float64Array(size);
  return {
    symbol: 'P',
    of(v) {
      // ‖Lᵀv‖₂ with P = LLᵀ.
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let i = j; i < size; i++) sum += factor[i * size + j] * v[i];
        image[j] = sum;
      }
      return norm2(image);
    },
    dual(g) {
      image.set(g);
      choleskySolve(factor, size, image);
      return Math.sqrt(Math.max(0, dot(g, image)));
    },
    steepest(g, out) {
      out.set(g);
      choleskySolve(factor, size, out);
      return Math.sqrt(Math.max(0, dot(g, out)));
    },
  };
}

/** (Σ|v_j|^p)^(1/p) for p ≥ 1, free of overflow and underflow in between. */
export function normP(v: Float64Array, p: number): number {
  const largest = normInf(v);
  if (!(largest > 0) || largest === Infinity) return largest;
  let sum = 0;
  for (let j = 0; j < v.length; j++) sum += Math.pow(Math.abs(v[j]) / largest, p);
  return largest * Math.pow(sum, 1 / p);
}
