/**
 * The regularization path of the exponential loss: w̄(B) = argmin of ln Σ e^(−z_i·w) over ‖w‖₂ ≤ B.
 * A point of it minimises ln Σ e^(−z_i·w) + (λ/2)‖w‖², which is strictly convex; ‖w‖ falls with λ, so the λ of a given B is found by bisection.
 * The dual is max over probability vectors p of −Σ p ln p − ‖Zᵀp‖²/(2λ); with p ∝ e^(−q) the gap is computed from w alone.
 */
import { choleskyInPlace, choleskySolve } from '../numerics/cholesky';
import { matTVec, matVec } from '../numerics/dense';
import { softmaxInto } from '../numerics/log-sum-exp';
import { dot, norm2 } from '../numerics/vectors';
import { SolverError } from './reference-problem';

export interface PathPoint {
  readonly w: Float64Array;
  readonly norm: number;
  /** λ of the penalty. */
  readonly lambda: number;
  /** (primal − dual)/max(1, |primal|). */
  readonly gap: number;
}

const MOST_ITERATIONS = 100;
const MOST_BISECTIONS = 200;
/** Relative accuracy of the norm asked for. */
const NORM_TOLERANCE = 1e-13;

/**
 * The points of the path with these norms.
 * @param z samples × features, row-major, of data that can be separated
 * @param norms positive, ascending
 * @param margin largest ℓ2 margin γ: ‖w̄‖ ≈ γ/λ for small λ
 * @throws SolverError "no-convergence"
 */
export function regularizationPath(
  z: Float64Array,
  samples: number,
  features: number,
  norms: readonly number[],
  margin: number,
): PathPoint[] {
  const newton = new PenalisedMinimum(z, samples, features);
  let start: Float64Array = new Float64Array(features);
  return norms.map((norm) => {
    let low = 0;
    let high = Infinity;
    let lambda = margin / norm;
    let point = newton.at(lambda, start);
    for (let k = 0; k < MOST_BISECTIONS && Math.abs(point.norm - norm) > NORM_TOLERANCE * norm; k++) {
      if (point.norm > norm) low = lambda;
      else high = lambda;
      // ‖w‖λ is nearly constant far out: the next guess is exact there, and is kept inside the bracket.
      const guess = lambda * (point.norm / norm);
      const next = guess > low && guess < high ? guess : high < Infinity ? 0.5 * (low + high) : 2 * lambda;
      if (next === lambda) break;
      lambda = next;
      point = newton.at(lambda, point.w);
    }
    start = point.w;
    return point;
  });
}

class PenalisedMinimum {
  private readonly q: Float64Array;
  private readonly p: Float64Array;
  private readonly pull: Float64Array;
  private readonly hessian: Float64Array;

  constructor(
    private readonly z: Float64Array,
    private readonly samples: number,
    private readonly features: number,
  ) {
    this.q = new Float64Array(samples);
    this.p = new Float64Array(samples);
    this.pull = new Float64Array(features);
    this.hessian = new Float64Array(features * features);
  }

  /** Damped Newton from a start. */
  at(lambda: number, start: Float64Array): PathPoint {
    const { z, samples, features, p, pull, hessian } = this;
    const w = start.slice();
    const trial = new Float64Array(features);
    let now = this.value(w, lambda);
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      // −∇ = Zᵀp − λw, H = Zᵀ(diag p − ppᵀ)Z + λI.
      matTVec(z, samples, features, p, pull);
      hessian.fill(0);
      for (let i = 0; i < samples; i++) {
        if (p[i] === 0) continue;
        for (let j = 0; j < features; j++) {
          const a = p[i] * (z[i * features + j] - pull[j]);
          for (let k = 0; k <= j; k++) hessian[j * features + k] += a * (z[i * features + k] - pull[k]);
        }
      }
      for (let j = 0; j < features; j++) hessian[j * features + j] += lambda;
      const step = pull.map((value, j) => value - lambda * w[j]);
      const slope = step.slice();
      if (!choleskyInPlace(hessian, features))
        throw new SolverError('regularization-path', 'no-convergence', 'the Hessian is not positive definite');
      choleskySolve(hessian, features, step);
      const decrement = dot(slope, step);
      let length = 1;
      let next = Infinity;
      for (let halvings = 0; halvings < 60; halvings++, length /= 2) {
        for (let j = 0; j < features; j++) trial[j] = w[j] + length * step[j];
        next = this.value(trial, lambda);
        if (next <= now - 0.25 * length * decrement || decrement <= 1e-13 * (1 + Math.abs(now))) break;
      }
      w.set(trial);
      now = next;
      if (norm2(step) <= 1e-15 * norm2(w)) break;
      if (decrement <= 1e-26) break;
    }
    matTVec(z, samples, features, p, pull);
    let entropy = 0;
    for (let i = 0; i < samples; i++) if (p[i] > 0) entropy -= p[i] * Math.log(p[i]);
    const dual = entropy - dot(pull, pull) / (2 * lambda);
    return { w, norm: norm2(w), lambda, gap: Math.abs(now - dual) / Math.max(1, Math.abs(now)) };
  }

  /** ln Σ e^(−q) + (λ/2)‖w‖², and p at w. */
  private value(w: Float64Array, lambda: number): number {
    matVec(this.z, this.samples, this.features, w, this.q);
    for (let i = 0; i < this.samples; i++) this.q[i] = -this.q[i];
    return softmaxInto(this.q, this.p) + 0.5 * lambda * dot(w, w);
  }
}
