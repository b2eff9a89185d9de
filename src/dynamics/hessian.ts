/** Products with the Hessian of the training loss: ∇²ℒ v = Jᵀ diag(∂²ℒ/∂f²) J v + Σ_i (∂ℒ/∂f_i) ∇²f_i v. */
import type { Objective } from './objective';

export class Hessian {
  private readonly theta: Float64Array;
  private readonly slopes: Float64Array;
  private readonly curvatures: Float64Array;
  private readonly outputs: Float64Array;
  private readonly part: Float64Array;

  constructor(private readonly objective: Objective) {
    const { samples, parameterCount } = objective.model;
    this.theta = new Float64Array(parameterCount);
    this.slopes = new Float64Array(samples);
    this.curvatures = new Float64Array(samples);
    this.outputs = new Float64Array(samples);
    this.part = new Float64Array(parameterCount);
  }

  /** Moves the point of differentiation; θ is copied. */
  at(theta: Float64Array): this {
    const { model, loss, targets } = this.objective;
    this.theta.set(theta);
    model.outputs(theta, this.outputs);
    loss.derivative(this.outputs, targets, this.slopes);
    loss.second(this.outputs, targets, this.curvatures);
    return this;
  }

  /** out = ∇²ℒ(θ) v. */
  multiply(v: Float64Array, out: Float64Array): void {
    const { model } = this.objective;
    const { theta, outputs, curvatures, part } = this;
    model.pushforward(theta, v, outputs);
    for (let i = 0; i < outputs.length; i++) outputs[i] *= curvatures[i];
    model.pullback(theta, outputs, out);
    model.curvature(theta, this.slopes, v, part);
    for (let j = 0; j < out.length; j++) out[j] += part[j];
  }
}
