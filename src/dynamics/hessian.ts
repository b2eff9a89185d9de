/** Products with the Hessian of the training loss: ∇²ℒ v = Jᵀ (∂²ℒ/∂f²) J v + Σ_i (∂ℒ/∂f_i) ∇²f_i v. */
import type { Objective } from './objective';

export class Hessian {
  private readonly theta: Float64Array;
  private readonly slopes: Float64Array;
  private readonly outputs: Float64Array;
  private readonly pushed: Float64Array;
  private readonly weighted: Float64Array;
  private readonly part: Float64Array;

  constructor(private readonly objective: Objective) {
    const { samples, outputsPerSample, parameterCount } = objective.model;
    const outputs = samples * outputsPerSample;
    this.theta = new Float64Array(parameterCount);
    this.slopes = new Float64Array(outputs);
    this.outputs = new Float64Array(outputs);
    this.pushed = new Float64Array(outputs);
    this.weighted = new Float64Array(outputs);
    this.part = new Float64Array(parameterCount);
  }

  /** Moves the point of differentiation; θ is copied. */
  at(theta: Float64Array): this {
    const { model, loss, targets } = this.objective;
    this.theta.set(theta);
    model.outputs(theta, this.outputs);
    loss.derivative(this.outputs, targets, this.slopes);
    return this;
  }

  /** out = ∇²ℒ(θ) v. */
  multiply(v: Float64Array, out: Float64Array): void {
    const { model, loss, targets } = this.objective;
    const { theta, pushed, weighted, part } = this;
    model.pushforward(theta, v, pushed);
    loss.secondTimes(this.outputs, targets, pushed, weighted);
    if (model.pullbackTangent !== undefined) {
      model.pullbackTangent(theta, this.slopes, weighted, v, out);
      return;
    }
    model.pullback(theta, weighted, out);
    model.curvature(theta, this.slopes, v, part);
    for (let j = 0; j < out.length; j++) out[j] += part[j];
  }
}
