/**
 * Where a descent stands: its parameters, gradient and velocity, and how a step is made.
 * In arrays, for every objective; or in the memory of the model's kernels, where a step is one pass and nothing is copied or compared.
 */
import type { Residence } from '../models/residence';
import type { Objective } from './objective';

export interface Ground {
  readonly parameters: Float64Array;
  /** Where gradients are taken: θ, or ahead of it. */
  readonly place: Float64Array;
  readonly gradient: Float64Array;
  readonly velocity: Float64Array;
  /** gradient = ∇ℒ at the place. Returns ℒ there. */
  evaluate(): number;
  /** gradient = ∇ ln ℒ at the place. Returns ln ℒ there. */
  evaluateLogarithm(): number;
  /** v ← βv − rate·g, θ ← θ + v. Returns ‖θ‖₂², or −1 where neither parameter nor velocity has changed. */
  step(rate: number, momentum: number): number;
}

/**
 * @param start θ(0), copied
 * @param ahead β where gradients are taken at θ + βv, else 0
 */
export function createGround(objective: Objective, start: Float64Array, ahead: number): Ground {
  const residence = ahead === 0 ? objective.model.settle?.(start) : null;
  return residence ? new KernelGround(objective, residence) : new ArrayGround(objective, start, ahead);
}

class ArrayGround implements Ground {
  readonly parameters: Float64Array;
  readonly place: Float64Array;
  readonly gradient: Float64Array;
  readonly velocity: Float64Array;

  constructor(
    private readonly objective: Objective,
    start: Float64Array,
    private readonly ahead: number,
  ) {
    this.parameters = start.slice();
    this.place = ahead === 0 ? this.parameters : new Float64Array(start.length);
    this.gradient = new Float64Array(start.length);
    this.velocity = new Float64Array(start.length);
  }

  evaluate(): number {
    this.look();
    return this.objective.gradient(this.place, this.gradient);
  }

  evaluateLogarithm(): number {
    this.look();
    return this.objective.logGradient(this.place, this.gradient);
  }

  private look(): void {
    const { parameters, velocity, place, ahead } = this;
    if (ahead !== 0) for (let j = 0; j < place.length; j++) place[j] = parameters[j] + ahead * velocity[j];
  }

  step(rate: number, momentum: number): number {
    const { parameters, gradient, velocity } = this;
    let changed = false;
    let squares = 0;
    if (momentum === 0) {
      for (let j = 0; j < parameters.length; j++) {
        const next = parameters[j] - rate * gradient[j];
        changed ||= next !== parameters[j];
        parameters[j] = next;
        squares += next * next;
      }
      return changed ? squares : -1;
    }
    for (let j = 0; j < parameters.length; j++) {
      const nextVelocity = momentum * velocity[j] - rate * gradient[j];
      const next = parameters[j] + nextVelocity;
      changed ||= next !== parameters[j] || nextVelocity !== velocity[j];
      velocity[j] = nextVelocity;
      parameters[j] = next;
      squares += next * next;
    }
    return changed ? squares : -1;
  }
}

class KernelGround implements Ground {
  readonly parameters: Float64Array;
  readonly place: Float64Array;
  readonly gradient: Float64Array;
  readonly velocity: Float64Array;
  private readonly outputs: Float64Array;
  private readonly cotangent: Float64Array;

  constructor(
    private readonly objective: Objective,
    private readonly residence: Residence,
  ) {
    ({ parameters: this.parameters, gradient: this.gradient, velocity: this.velocity } = residence);
    this.place = this.parameters;
    this.outputs = new Float64Array(objective.outputs.length);
    this.cotangent = new Float64Array(objective.outputs.length);
  }

  evaluate(): number {
    const { objective, residence, outputs, cotangent } = this;
    residence.outputs(outputs);
    objective.loss.derivative(outputs, objective.targets, cotangent);
    residence.pullback(cotangent);
    return objective.loss.value(outputs, objective.targets);
  }

  evaluateLogarithm(): number {
    const { objective, residence, outputs, cotangent } = this;
    residence.outputs(outputs);
    const logLoss = objective.loss.logDerivative(outputs, objective.targets, cotangent);
    residence.pullback(cotangent);
    return logLoss;
  }

  step(rate: number, momentum: number): number {
    return this.residence.step(rate, momentum);
  }
}
