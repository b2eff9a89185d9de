/**
 * Steepest descent in a norm: θ ← θ − η_t v with v the direction of ∇ℒ in the norm, ‖v‖ = ‖∇ℒ‖_* (`numerics/norms.ts`).
 * ℓ2 is gradient descent, ℓ1 is greedy coordinate descent, ℓ∞ is sign descent with the factor ‖∇ℒ‖₁.
 * Divided by the loss: θ ← θ − η_t v/ℒ. Divided by the gradient: every step has length η_t in the norm.
 * Source: S. Gunasekar, J. Lee, D. Soudry, N. Srebro, ICML 2018, Section 2.3.
 */
import type { Norm } from '../numerics/norms';
import type { Normalization } from './descent-options';
import type { Dynamics } from './dynamics';
import type { Objective } from './objective';
import { ScaledDescent } from './scaled-descent';
import { scheduledStep, type Schedule } from './step-schedule';

export interface SteepestDescentOptions {
  /** η > 0, for the loss with its reduction. */
  readonly stepSize: number;
  readonly norm: Norm;
  readonly normalize: Normalization;
  readonly schedule: Schedule;
}

/** @param start θ(0), copied */
export function createSteepestDescent(objective: Objective, start: Float64Array, options: SteepestDescentOptions): Dynamics {
  const { norm, stepSize, schedule } = options;
  const parameters = start.slice();
  const direction = new Float64Array(start.length);
  return new ScaledDescent('steepest-descent', objective, parameters, options, (scaled, steps) => {
    const size = norm.steepest(scaled.gradient, direction);
    const rate = scaled.rate(scheduledStep(stepSize, schedule, steps), size);
    let changed = false;
    for (let j = 0; j < parameters.length; j++) {
      const next = parameters[j] - rate * direction[j];
      changed ||= next !== parameters[j];
      parameters[j] = next;
    }
    return changed;
  });
}
