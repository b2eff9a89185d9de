/** What the paths of gradient descent have in common. */
export type Normalization = 'none' | 'gradient' | 'loss';

export interface GradientDescentOptions {
  /** η > 0, for the loss with its reduction. */
  readonly stepSize: number;
  /** β in [0, 1); 0 is plain gradient descent. */
  readonly momentum: number;
  readonly normalize: Normalization;
  /** λ ≥ 0 of ½λ‖W‖² over all weights, not over biases; with steps that are not normalised; default 0. */
  readonly weightDecay?: number;
}

/** Parameters of this size have no use any more: the descent has diverged. */
export const ENORMOUS = 1e150;
