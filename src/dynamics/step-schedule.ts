/** How long the steps of a descent are: the factor of step t before and after it is divided by the loss or by the gradient. */
import { logAddExp } from '../numerics/log-sum-exp';
import type { Normalization } from './descent-options';
import type { Objective } from './objective';

/** η_t = η, η/√t for t = 1, 2, …, or η times `factor` for each of the step counts `at` that lie behind. */
export type Schedule = 'constant' | 'inverse-sqrt' | { readonly kind: 'drops'; readonly at: readonly number[]; readonly factor: number };

/** @param step steps that have been done */
export function scheduledStep(stepSize: number, schedule: Schedule, step: number): number {
  if (schedule === 'constant') return stepSize;
  if (schedule === 'inverse-sqrt') return stepSize / Math.sqrt(step + 1);
  let size = stepSize;
  for (const drop of schedule.at) if (step >= drop) size *= schedule.factor;
  return size;
}

/**
 * The gradient of a descent that may be divided by the loss or by its own size, and the sum of its step sizes.
 * A loss with log-domain methods gives ∇ ln ℒ, so that nothing underflows where the steps are divided by ℒ.
 */
export class ScaledGradient {
  readonly gradient: Float64Array;
  /** ln Σ of the step sizes of ∇ℒ itself. */
  logTime = -Infinity;
  private logLoss = 0;
  private readonly relative: boolean;

  constructor(
    private readonly objective: Objective,
    private readonly normalize: Normalization,
  ) {
    this.gradient = new Float64Array(objective.size);
    this.relative = normalize !== 'none' && objective.loss.logarithmic;
  }

  /** Fills `gradient` with ∇ℒ, or with ∇ ln ℒ where steps are normalized and the loss allows it. False when it is not finite. */
  at(theta: Float64Array): boolean {
    const { objective, gradient } = this;
    if (this.relative) {
      this.logLoss = objective.logGradient(theta, gradient);
      return this.logLoss < Infinity;
    }
    const loss = objective.gradient(theta, gradient);
    this.logLoss = Math.log(loss);
    return loss < Infinity;
  }

  /**
   * What to multiply `gradient` by for a step of size η, given its (dual) norm: η, η/ℒ or η/‖∇ℒ‖_*; 0 at an exact minimum.
   * Counts the step into `logTime`.
   */
  rate(stepSize: number, size: number): number {
    if (size === 0) return 0;
    const { normalize, relative, logLoss } = this;
    // ln of ℒ-factor that `gradient` lacks against ∇ℒ.
    const missing = relative ? logLoss : 0;
    let logRate = Math.log(stepSize);
    if (normalize === 'gradient') logRate -= Math.log(size);
    else if (normalize === 'loss' && !relative) logRate -= logLoss;
    this.logTime = logAddExp(this.logTime, logRate - missing);
    return Math.exp(logRate);
  }
}
