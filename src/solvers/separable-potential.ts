/**
 * R(w) = Σ_i R_i(w_i) with R_i strictly convex and differentiable. R_i′ is the mirror map, s = R_i′(w);
 * B_i = (R_i′)⁻¹ = (R_i*)′ takes s back to w. s = 0 must lie inside every domain: B_i(0) is the minimizer of R_i.
 */
export interface SeparablePotential {
  readonly size: number;
  /** True where B_i′(0) is 0 or infinite for some i, as of |w|^p at w = 0: no path can be started at s = 0 then. */
  readonly degenerate?: boolean;
  /** R_i(w). */
  value(i: number, w: number): number;
  /** R_i′(w). */
  mirror(i: number, w: number): number;
  /** B_i(s); ±Infinity outside the domain. */
  inverse(i: number, s: number): number;
  /** B_i′(s). */
  inverseDerivative(i: number, s: number): number;
  /** R_i*(s) = sup_w (sw − R_i(w)); Infinity outside the domain. */
  conjugate(i: number, s: number): number;
  /** The open interval of s on which B_i is defined. */
  domain(i: number): readonly [number, number];
}
