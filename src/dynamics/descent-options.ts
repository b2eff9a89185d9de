/** What the paths of gradient descent have in common. */
export type Normalization = 'none' | 'gradient' | 'loss';

/** Gradient descent can also go down √ℒ: its gradient is ∇ℒ divided by 2√ℒ. */
export type DescentNormalization = Normalization | 'sqrt-loss';

/** Where momentum takes its gradient and how it weighs it: ∇ℒ(θ), ∇ℒ(θ + βv), or (1 − β)∇ℒ(θ). */
export type MomentumKind = 'heavy-ball' | 'nesterov' | 'ema';

export interface GradientDescentOptions {
  /** η > 0, for the loss with its reduction. */
  readonly stepSize: number;
  /** β in [0, 1); 0 is plain gradient descent. */
  readonly momentum: number;
  /** Default: heavy ball. */
  readonly momentumKind?: MomentumKind;
  readonly normalize: DescentNormalization;
  /** λ ≥ 0 of ½λ‖W‖² over all weights, not over biases; with steps that are not normalised; default 0. */
  readonly weightDecay?: number;
  /** Steps in which η grows to its full size by equal ratios; none where it is absent. */
  readonly warmup?: number;
}

/** Parameters of this size have no use any more: the descent has diverged. */
export const ENORMOUS = 1e150;
