/**
 * Mirror descent: ∇ψ(θ) ← ∇ψ(θ) − η∇ℒ(θ), or −η∇ℒ/ℒ when divided by the loss, or −η∇ℒ/‖∇ℒ‖₂.
 * The dual variable ∇ψ(θ) is what is kept and added to, so that nothing is lost where ∇ψ is flat.
 */
import { norm2 } from '../numerics/vectors';
import { ENORMOUS, type Normalization } from './descent-options';
import type { Dynamics, StepState } from './dynamics';
import type { MirrorMap } from './mirror-map';
import type { Objective } from './objective';
import { ScaledGradient } from './step-schedule';

export interface MirrorDescentOptions {
  /** η > 0, for the loss with its reduction. */
  readonly stepSize: number;
  readonly map: MirrorMap;
  readonly normalize: Normalization;
}

/** @param start θ(0) in the domain of the potential, copied */
export function createMirrorDescent(objective: Objective, start: Float64Array, options: MirrorDescentOptions): Dynamics {
  return new MirrorDescent(objective, start, options);
}

class MirrorDescent implements Dynamics {
  readonly kind = 'mirror-descent';
  readonly parameters: Float64Array;
  readonly stepSize: number;
  steps = 0;
  private state: StepState = 'running';
  private readonly dual: Float64Array;
  private readonly scaled: ScaledGradient;

  constructor(
    objective: Objective,
    start: Float64Array,
    private readonly options: MirrorDescentOptions,
  ) {
    this.parameters = start.slice();
    this.dual = start.map((value) => options.map.forward(value));
    this.stepSize = options.stepSize;
    this.scaled = new ScaledGradient(objective, options.normalize);
  }

  get logTime(): number {
    return this.scaled.logTime;
  }

  advance(count: number): StepState {
    for (let k = 0; k < count && this.state === 'running'; k++) this.step();
    return this.state;
  }

  private step(): void {
    const { parameters, dual, scaled, options } = this;
    if (!scaled.at(parameters)) {
      this.state = 'diverged';
      return;
    }
    const rate = scaled.rate(options.stepSize, norm2(scaled.gradient));
    let changed = false;
    for (let j = 0; j < dual.length; j++) {
      const next = dual[j] - rate * scaled.gradient[j];
      changed ||= next !== dual[j];
      dual[j] = next;
      parameters[j] = options.map.backward(next);
    }
    if (!changed) {
      this.state = 'at-rest';
      return;
    }
    this.steps++;
    if (!(norm2(parameters) < ENORMOUS)) this.state = 'diverged';
  }
}
