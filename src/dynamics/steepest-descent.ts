/**
 * Steepest descent in a norm: θ ← θ − η_t v with v the direction of ∇ℒ in the norm, ‖v‖ = ‖∇ℒ‖_* (`numerics/norms.ts`).
 * ℓ2 is gradient descent, ℓ1 is greedy coordinate descent, ℓ∞ is sign descent with the factor ‖∇ℒ‖₁.
 * Divided by the loss: θ ← θ − η_t v/ℒ. Divided by the gradient: every step has length η_t in the norm.
 * Source: S. Gunasekar, J. Lee, D. Soudry, N. Srebro, ICML 2018, Section 2.3.
 */
import type { Norm } from '../numerics/norms';
import { norm2 } from '../numerics/vectors';
import { ENORMOUS, type Normalization } from './descent-options';
import type { Dynamics, StepState } from './dynamics';
import type { Objective } from './objective';
import { ScaledGradient, scheduledStep, type Schedule } from './step-schedule';

export interface SteepestDescentOptions {
  /** η > 0, for the loss with its reduction. */
  readonly stepSize: number;
  readonly norm: Norm;
  readonly normalize: Normalization;
  readonly schedule: Schedule;
}

/** @param start θ(0), copied */
export function createSteepestDescent(objective: Objective, start: Float64Array, options: SteepestDescentOptions): Dynamics {
  return new SteepestDescent(objective, start, options);
}

class SteepestDescent implements Dynamics {
  readonly kind = 'steepest-descent';
  readonly parameters: Float64Array;
  readonly stepSize: number;
  steps = 0;
  private state: StepState = 'running';
  private readonly scaled: ScaledGradient;
  private readonly direction: Float64Array;

  constructor(
    objective: Objective,
    start: Float64Array,
    private readonly options: SteepestDescentOptions,
  ) {
    this.parameters = start.slice();
    this.stepSize = options.stepSize;
    this.scaled = new ScaledGradient(objective, options.normalize);
    this.direction = new Float64Array(start.length);
  }

  get logTime(): number {
    return this.scaled.logTime;
  }

  advance(count: number): StepState {
    for (let k = 0; k < count && this.state === 'running'; k++) this.step();
    return this.state;
  }

  private step(): void {
    const { parameters, scaled, direction, options } = this;
    if (!scaled.at(parameters)) {
      this.state = 'diverged';
      return;
    }
    const size = options.norm.steepest(scaled.gradient, direction);
    const rate = scaled.rate(scheduledStep(options.stepSize, options.schedule, this.steps), size);
    let changed = false;
    for (let j = 0; j < parameters.length; j++) {
      const next = parameters[j] - rate * direction[j];
      changed ||= next !== parameters[j];
      parameters[j] = next;
    }
    if (!changed) {
      this.state = 'at-rest';
      return;
    }
    this.steps++;
    if (!(norm2(parameters) < ENORMOUS)) this.state = 'diverged';
  }
}
