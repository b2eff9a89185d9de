/** The training loss as a function of the parameters: θ ↦ ℒ(f_θ(x), y), with everything a dynamics needs of it. */
import type { Loss } from '../losses/loss';
import type { Model } from '../models/model';

export class Objective {
  readonly outputs: Float64Array;
  private readonly cotangent: Float64Array;

  /** @param targets one a sample of the model */
  constructor(
    readonly model: Model,
    readonly loss: Loss,
    readonly targets: Float64Array,
  ) {
    this.outputs = new Float64Array(model.samples * model.outputsPerSample);
    this.cotangent = new Float64Array(this.outputs.length);
  }

  get size(): number {
    return this.model.parameterCount;
  }

  value(theta: Float64Array): number {
    this.model.outputs(theta, this.outputs);
    return this.loss.value(this.outputs, this.targets);
  }

  /** ln ℒ(θ). */
  logValue(theta: Float64Array): number {
    this.model.outputs(theta, this.outputs);
    return this.loss.logValue(this.outputs, this.targets);
  }

  /** out = ∇ℒ(θ). Returns ℒ(θ). */
  gradient(theta: Float64Array, out: Float64Array): number {
    this.model.outputs(theta, this.outputs);
    this.loss.derivative(this.outputs, this.targets, this.cotangent);
    this.model.pullback(theta, this.cotangent, out);
    return this.loss.value(this.outputs, this.targets);
  }

  /** out = ∇ ln ℒ(θ), finite where ℒ underflows; margin losses only. Returns ln ℒ(θ). */
  logGradient(theta: Float64Array, out: Float64Array): number {
    this.model.outputs(theta, this.outputs);
    const logLoss = this.loss.logDerivative(this.outputs, this.targets, this.cotangent);
    this.model.pullback(theta, this.cotangent, out);
    return logLoss;
  }
}
