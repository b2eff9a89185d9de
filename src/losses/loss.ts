/**
 * A loss over all samples: ℒ = c Σ_i ℓ(f_i, y_i) with c = 1 ("sum") or 1/n ("mean").
 * The log-domain methods stay finite where ℒ itself underflows (ℒ = e^(−10000)).
 */
export interface Loss {
  readonly kind: 'square' | 'logistic' | 'exponential' | 'cross-entropy';
  readonly reduction: 'mean' | 'sum';
  /** Margin losses are functions of the margin q_i = y_i f_i with y_i = ±1. */
  readonly onMargins: boolean;
  /** Positive everywhere with infimum 0 at infinity: time is measured as ds = ℒ dt. */
  readonly exponentialTail: boolean;
  value(outputs: Float64Array, targets: Float64Array): number;
  /** ln ℒ; −Infinity for an exact fit with the square loss. */
  logValue(outputs: Float64Array, targets: Float64Array): number;
  /** out_i = ∂ℒ/∂f_i. */
  derivative(outputs: Float64Array, targets: Float64Array, out: Float64Array): void;
  /** out = (∂²ℒ/∂f²) v, for a vector v over the outputs. */
  secondTimes(outputs: Float64Array, targets: Float64Array, v: Float64Array, out: Float64Array): void;
  /** out_i = (∂ℒ/∂f_i)/ℒ = ∂ ln ℒ/∂f_i; losses with an exponential tail only. Returns ln ℒ. */
  logDerivative(outputs: Float64Array, targets: Float64Array, out: Float64Array): number;
  /**
   * out = (∂²ℒ/∂f²) v / ℒ; losses with an exponential tail only. The Hessian of ln ℒ in f is that minus ggᵀ, g from `logDerivative`.
   */
  logSecondTimes(outputs: Float64Array, targets: Float64Array, v: Float64Array, out: Float64Array): void;
  /** Upper bound of ℓ″ over all outputs; Infinity where there is none. Times c = 1/n for the mean. */
  readonly smoothness: number;
}
