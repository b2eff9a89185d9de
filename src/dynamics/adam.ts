/**
 * Adam on the full batch (D. Kingma, J. Ba, ICLR 2015, Algorithm 1):
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − η_t m̂/(√v̂ + ε), with m̂ and v̂ corrected for their start at 0.
 * With ε = 0 an entry whose gradient has always been 0 does not move.
 *
 * m and √v are kept in units of the present loss where it can be had in the log domain: the gradient of an exponentially small loss
 * would otherwise underflow, and with it m̂/√v̂, which does not depend on the unit when ε = 0.
 */
import { norm2 } from '../numerics/vectors';
import { ENORMOUS } from './descent-options';
import type { Dynamics, StepState } from './dynamics';
import type { Objective } from './objective';
import { scheduledStep, type Schedule } from './step-schedule';
import { logAddExp } from '../numerics/log-sum-exp';

export interface AdamOptions {
  /** η > 0. */
  readonly stepSize: number;
  /** In [0, 1). */
  readonly beta1: number;
  readonly beta2: number;
  /** ε ≥ 0, in the unit of the gradient of the loss with its reduction. */
  readonly epsilon: number;
  readonly schedule: Schedule;
}

/** @param start θ(0), copied */
export function createAdam(objective: Objective, start: Float64Array, options: AdamOptions): Dynamics {
  return new Adam(objective, start, options);
}

class Adam implements Dynamics {
  readonly kind = 'adam';
  readonly parameters: Float64Array;
  readonly stepSize: number;
  steps = 0;
  logTime = -Infinity;
  private state: StepState = 'running';
  private readonly gradient: Float64Array;
  /** m and v in units of e^unit and e^(2·unit). */
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private unit = 0;
  private power1 = 1;
  private power2 = 1;

  constructor(
    private readonly objective: Objective,
    start: Float64Array,
    private readonly options: AdamOptions,
  ) {
    this.parameters = start.slice();
    this.stepSize = options.stepSize;
    this.gradient = new Float64Array(start.length);
    this.first = new Float64Array(start.length);
    this.second = new Float64Array(start.length);
  }

  advance(count: number): StepState {
    for (let k = 0; k < count && this.state === 'running'; k++) this.step();
    return this.state;
  }

  /** P = (1 − β₁^t)(√v̂ + ε), of the step that led here: θ moves by −ηP⁻¹m (Cohen et al., arXiv 2207.14484). */
  preconditioner(out: Float64Array): void {
    if (this.steps === 0) {
      out.fill(Number.NaN);
      return;
    }
    const scale = Math.exp(this.unit);
    for (let j = 0; j < out.length; j++) {
      const root = scale * Math.sqrt(this.second[j] / (1 - this.power2)) + this.options.epsilon;
      out[j] = (1 - this.power1) * root;
    }
  }

  private step(): void {
    const { objective, parameters, gradient, first, second, options } = this;
    const { beta1, beta2 } = options;
    if (objective.loss.logarithmic) {
      const logLoss = objective.logGradient(parameters, gradient);
      if (!(logLoss < Infinity)) {
        this.state = 'diverged';
        return;
      }
      const ratio = this.steps === 0 ? 1 : Math.exp(this.unit - logLoss);
      for (let j = 0; j < first.length; j++) {
        first[j] *= ratio;
        second[j] *= ratio * ratio;
      }
      this.unit = logLoss;
    } else if (!(objective.gradient(parameters, gradient) < Infinity)) {
      this.state = 'diverged';
      return;
    }
    this.power1 *= beta1;
    this.power2 *= beta2;
    const rate = scheduledStep(options.stepSize, options.schedule, this.steps);
    const epsilon = options.epsilon === 0 ? 0 : options.epsilon * Math.exp(-this.unit);
    let changed = false;
    let moving = false;
    for (let j = 0; j < parameters.length; j++) {
      const g = gradient[j];
      first[j] = beta1 * first[j] + (1 - beta1) * g;
      second[j] = beta2 * second[j] + (1 - beta2) * g * g;
      moving ||= first[j] !== 0;
      const root = Math.sqrt(second[j] / (1 - this.power2)) + epsilon;
      if (root === 0 || first[j] === 0) continue;
      const next = parameters[j] - (rate * (first[j] / (1 - this.power1))) / root;
      changed ||= next !== parameters[j];
      parameters[j] = next;
    }
    if (!changed && !moving) {
      this.state = 'at-rest';
      return;
    }
    this.steps++;
    this.logTime = logAddExp(this.logTime, Math.log(rate));
    if (!(norm2(parameters) < ENORMOUS)) this.state = 'diverged';
  }
}
