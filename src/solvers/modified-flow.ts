/**
 * θ̇ = −∇(ℒ + c Σ_k ‖∇ℒ_k‖²) followed to a given time, ℒ the mean of the parts ℒ_k: the flow that backward error analysis puts beside a
 * descent. Its right-hand side is −(∇ℒ + 2c Σ_k ∇²ℒ_k ∇ℒ_k), one product with each Hessian.
 */
import type { Loss } from '../losses/loss';
import type { Model } from '../models/model';
import { DormandPrince } from '../numerics/dormand-prince';

/** A loss on some of the samples: the model bound to them, their targets, and what the loss with its reduction is multiplied by. */
export interface LossPart {
  readonly model: Model;
  readonly loss: Loss;
  readonly targets: Float64Array;
  readonly factor: number;
}

/** Largest local error of a step, absolute: some thousand steps leave 10⁻⁹. */
const LOCAL_ERROR = 1e-12;
const SAFETY = 0.9;
/** A flow that needs more steps than this is not followed: it has become too stiff, or runs away. */
const MOST_STEPS = 100_000;

/**
 * @param coefficient c ≥ 0; 0 is the flow of ℒ itself
 * @returns θ(time), or null where the flow could not be followed so far
 */
export function modifiedFlow(parts: readonly LossPart[], coefficient: number, start: Float64Array, time: number): Float64Array | null {
  const slopes = parts.map((part) => new PartSlopes(part));
  const size = start.length;
  const rhs = (theta: Float64Array, out: Float64Array): void => {
    out.fill(0);
    for (const part of slopes) part.add(theta, -1 / parts.length, -2 * coefficient, out);
  };
  const method = new DormandPrince(size, rhs);
  const theta = start.slice();
  const slope = new Float64Array(size);
  let done = 0;
  let step = time / 16;
  for (let k = 0; k < MOST_STEPS; k++) {
    if (done >= time) return theta;
    const length = Math.min(step, time - done);
    rhs(theta, slope);
    method.attempt(theta, slope, length);
    const error = method.error.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (Number.isNaN(error)) return null;
    if (error <= LOCAL_ERROR || length < 1e-9 * time) {
      theta.set(method.next);
      done = length < step ? time : done + length;
    }
    step = length * Math.min(4, Math.max(0.2, SAFETY * Math.pow(LOCAL_ERROR / Math.max(error, 1e-30), 0.2)));
  }
  return null;
}

/** ∇ℒ_k and ∇²ℒ_k∇ℒ_k. */
class PartSlopes {
  private readonly outputs: Float64Array;
  private readonly cotangent: Float64Array;
  private readonly pushed: Float64Array;
  private readonly weighted: Float64Array;
  private readonly gradient: Float64Array;
  private readonly product: Float64Array;

  constructor(private readonly part: LossPart) {
    const { samples, outputsPerSample, parameterCount } = part.model;
    const outputs = (): Float64Array => new Float64Array(samples * outputsPerSample);
    [this.outputs, this.cotangent, this.pushed, this.weighted] = [outputs(), outputs(), outputs(), outputs()];
    this.gradient = new Float64Array(parameterCount);
    this.product = new Float64Array(parameterCount);
  }

  /** out += a ∇ℒ_k + b ∇²ℒ_k ∇ℒ_k. */
  add(theta: Float64Array, a: number, b: number, out: Float64Array): void {
    const { outputs, cotangent, pushed, weighted, gradient, product } = this;
    const { model, loss, targets, factor } = this.part;
    model.outputs(theta, outputs);
    loss.derivative(outputs, targets, cotangent);
    model.pullback(theta, cotangent, gradient);
    for (let j = 0; j < out.length; j++) out[j] += a * factor * gradient[j];
    if (b === 0) return;
    const weight = b * factor * factor;
    model.pushforward(theta, gradient, pushed);
    loss.secondTimes(outputs, targets, pushed, weighted);
    model.pullback(theta, weighted, product);
    for (let j = 0; j < out.length; j++) out[j] += weight * product[j];
    model.curvature(theta, cotangent, gradient, product);
    for (let j = 0; j < out.length; j++) out[j] += weight * product[j];
  }
}
