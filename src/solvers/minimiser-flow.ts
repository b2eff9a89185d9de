/**
 * The set Γ = {f(x_i) = y_i} of zero square loss as a manifold: where the gradient flow arrives on it, the nearest point of it, and the
 * flow along it that lowers the sharpness λ₁, the largest eigenvalue of ∇²ℒ = c JᵀJ on Γ:
 *     X′ = −rate · P ∇λ₁(X)  or  −rate · P ∇ log λ₁(X),   P the projection onto ker J, the tangent space.
 * With u the leading left singular vector of J, λ₁ = c‖Jᵀu‖² and ∇λ₁ = 2c Σ u_i ∇²f_i (Jᵀu).
 */
import type { Model } from '../models/model';
import { DormandPrince } from '../numerics/dormand-prince';
import { stepsInWords } from '../numerics/in-words';
import { minimumNormLeastSquares } from '../numerics/least-squares';
import { svd, type Svd } from '../numerics/svd';
import { dot, norm2 } from '../numerics/vectors';
import { SolverError } from './reference-problem';

/** Relative local error of a step; the answers are asked for to about six digits. */
const TOLERANCE = 1e-10;
const MOST_STEPS = 20_000;
/** ‖f − y‖ relative to the start's at which Newton's method takes over from the flow: what it skips is of the order of its square. */
const NEAR = 1e-7;
const NEWTON_STEPS = 50;
/** ‖f − y‖ of a point of Γ, relative to ‖y‖ + ‖f‖. */
const ON = 1e-13;

export interface SharpnessAt {
  /** λ₁ of ∇²ℒ. */
  readonly value: number;
  /** λ₂/λ₁; 0 for one sample. */
  readonly second: number;
  /** Smallest over largest singular value of J: 0 where Γ is no manifold of codimension n. */
  readonly regularity: number;
  /** ∇λ₁ in the space of parameters. */
  readonly gradient: Float64Array;
  /** P∇λ₁, its part along Γ. */
  readonly along: Float64Array;
}

export class MinimiserFlow {
  private readonly outputs: Float64Array;
  private readonly jacobian: Float64Array;

  /**
   * @param weight c of ℒ = ½c Σ (f_i − y_i)²
   * One output a sample, twice differentiable; dense n × p matrices are formed.
   */
  constructor(
    private readonly model: Model,
    private readonly targets: Float64Array,
    private readonly weight: number,
  ) {
    this.outputs = new Float64Array(model.samples);
    this.jacobian = new Float64Array(model.samples * model.parameterCount);
  }

  private residual(theta: Float64Array, out: Float64Array): number {
    this.model.outputs(theta, this.outputs);
    for (let i = 0; i < out.length; i++) out[i] = this.outputs[i] - this.targets[i];
    return norm2(out);
  }

  /** Where the gradient flow from a point arrives. @throws SolverError when it does not come to zero loss */
  arrival(start: Float64Array): Float64Array {
    const residual = new Float64Array(this.targets.length);
    const goal = NEAR * Math.max(this.residual(start, residual), norm2(this.targets));
    const slope = (theta: Float64Array, out: Float64Array): void => {
      this.residual(theta, residual);
      for (let i = 0; i < residual.length; i++) residual[i] *= -this.weight;
      this.model.pullback(theta, residual, out);
    };
    const near = follow(start, slope, (theta) => this.residual(theta, residual) <= goal, Infinity);
    return this.nearest(near);
  }

  /** The point of Γ at which Gauss–Newton arrives: the nearest one up to the square of the distance. @throws SolverError when there is none */
  nearest(theta: Float64Array): Float64Array {
    const { model, jacobian } = this;
    const point = Float64Array.from(theta);
    const residual = new Float64Array(this.targets.length);
    for (let k = 0; k < NEWTON_STEPS; k++) {
      const size = this.residual(point, residual);
      if (size <= ON * (norm2(this.targets) + norm2(this.outputs))) return point;
      model.jacobian(point, jacobian);
      const { x } = minimumNormLeastSquares(jacobian, model.samples, model.parameterCount, residual);
      for (let j = 0; j < point.length; j++) point[j] -= x[j];
    }
    throw new SolverError('minimiser-flow', 'no-convergence', 'no point of zero loss was found nearby');
  }

  /** λ₁ and its gradient at a point of Γ. */
  sharpness(theta: Float64Array): SharpnessAt {
    const { model, jacobian, weight } = this;
    const { samples, parameterCount } = model;
    model.jacobian(theta, jacobian);
    const decomposition = svd(jacobian, samples, parameterCount);
    const { s, u, v, count } = decomposition;
    const leading = Float64Array.from(v.subarray(0, parameterCount), (value) => s[0] * value);
    const gradient = new Float64Array(parameterCount);
    model.curvature(theta, u.slice(0, samples), leading, gradient);
    for (let j = 0; j < parameterCount; j++) gradient[j] *= 2 * weight;
    return {
      value: weight * s[0] * s[0],
      second: count > 1 ? (s[1] / s[0]) ** 2 : 0,
      regularity: count < samples ? 0 : s[count - 1] / s[0],
      gradient,
      along: tangential(gradient, decomposition, parameterCount),
    };
  }

  /**
   * X(τ) from X(0) on Γ.
   * @param of the sharpness itself or its logarithm
   * @param watch hears of every accepted point with its time
   * @throws SolverError when the integrator gives up
   */
  drift(
    start: Float64Array,
    of: 'sharpness' | 'log-sharpness',
    rate: number,
    tau: number,
    watch: (time: number, x: Float64Array) => void = () => undefined,
  ): Float64Array {
    const slope = (theta: Float64Array, out: Float64Array): void => {
      const { value, along } = this.sharpness(theta);
      const factor = -rate / (of === 'sharpness' ? 1 : value);
      for (let j = 0; j < out.length; j++) out[j] = factor * along[j];
    };
    watch(0, start);
    const end = follow(
      start,
      slope,
      () => false,
      tau,
      (time, x) => {
        x.set(this.nearest(x));
        watch(time, x);
      },
    );
    return end;
  }
}

/** P g: what is left of g beside the rows of J. */
function tangential(g: Float64Array, { v, s, count }: Svd, size: number): Float64Array {
  const out = Float64Array.from(g);
  for (let k = 0; k < count; k++) {
    if (!(s[k] > 1e-12 * s[0])) continue;
    const row = v.subarray(k * size, (k + 1) * size);
    const along = dot(row, g);
    for (let j = 0; j < size; j++) out[j] -= along * row[j];
  }
  return out;
}

/** y′ = F(y) by Dormand–Prince with steps that keep the local error, until `done` or the time is over. */
function follow(
  start: Float64Array,
  rhs: (y: Float64Array, out: Float64Array) => void,
  done: (y: Float64Array) => boolean,
  end: number,
  accepted: (time: number, y: Float64Array) => void = () => undefined,
): Float64Array {
  const method = new DormandPrince(start.length, rhs);
  const y = Float64Array.from(start);
  const slope = new Float64Array(start.length);
  let time = 0;
  rhs(y, slope);
  let h = Math.min(end, (1e-4 * (1 + norm2(y))) / Math.max(norm2(slope), 1e-300));
  for (let k = 0; k < MOST_STEPS; k++) {
    if (time >= end || done(y)) return y;
    method.attempt(y, slope, h);
    const error = norm2(method.error) / (TOLERANCE * (1e-3 + norm2(y)));
    if (error <= 1) {
      time = h >= end - time ? end : time + h;
      y.set(method.next);
      accepted(time, y);
      rhs(y, slope);
    }
    const factor = Number.isFinite(error) ? Math.min(4, Math.max(0.2, 0.9 * Math.pow(Math.max(error, 1e-12), -0.2))) : 0.2;
    h = Math.min(h * factor, end - time);
  }
  throw new SolverError('minimiser-flow', 'no-convergence', `the flow was not at its end after ${stepsInWords(MOST_STEPS)}`);
}
