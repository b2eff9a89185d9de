import type { LossSpec } from '../experiment/schema';

/**
 * A loss over all samples: ℒ = c Σ_i ℓ(f_i, y_i) with c = 1 ("sum") or 1/n ("mean").
 * The log-domain methods stay finite where ℒ itself underflows (ℒ = e^(−10000)).
 */
export interface Loss {
  readonly kind: LossSpec['kind'];
  readonly reduction: 'mean' | 'sum';
  /** Margin losses are functions of the margin q_i = y_i f_i with y_i = ±1. */
  readonly onMargins: boolean;
  /** −ℓ′ falls like e^(−q): what the theorems on max margins ask for. */
  readonly exponentialTail: boolean;
  /** Positive everywhere with infimum 0 at infinity: the log-domain methods exist, and time is measured as ds = ℒ dt. */
  readonly logarithmic: boolean;
  value(outputs: Float64Array, targets: Float64Array): number;
  /** ln ℒ; −Infinity for an exact fit with the square loss. */
  logValue(outputs: Float64Array, targets: Float64Array): number;
  /** out_i = ∂ℒ/∂f_i. */
  derivative(outputs: Float64Array, targets: Float64Array, out: Float64Array): void;
  /** out = (∂²ℒ/∂f²) v, for a vector v over the outputs. */
  secondTimes(outputs: Float64Array, targets: Float64Array, v: Float64Array, out: Float64Array): void;
  /** out_i = (∂ℒ/∂f_i)/ℒ = ∂ ln ℒ/∂f_i; `logarithmic` losses only. Returns ln ℒ. */
  logDerivative(outputs: Float64Array, targets: Float64Array, out: Float64Array): number;
  /**
   * out = (∂²ℒ/∂f²) v / ℒ; `logarithmic` losses only. The Hessian of ln ℒ in f is that minus ggᵀ, g from `logDerivative`.
   */
  logSecondTimes(outputs: Float64Array, targets: Float64Array, v: Float64Array, out: Float64Array): void;
  /** Upper bound of ℓ″ over all outputs; Infinity where there is none. Times c = 1/n for the mean. */
  readonly smoothness: number;
}
