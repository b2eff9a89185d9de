/** What the paths of gradient descent have in common. */
export type Normalization = 'none' | 'gradient' | 'loss';

export interface GradientDescentOptions {
  /** η > 0, for the loss with its reduction. */
  readonly stepSize: number;
  /** β in [0, 1); 0 is plain gradient descent. */
  readonly momentum: number;
  readonly normalize: Normalization;
}

/** Parameters of this size have no use any more: the descent has diverged. */
export const ENORMOUS = 1e150;
