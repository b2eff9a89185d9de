/**
 * The direction that minimises Σ (z_i·u)^(−b) over unit vectors u with Zu > 0: where losses with a polynomial tail lead
 * (Z. Ji, M. Dudík, R. Schapire, M. Telgarsky, COLT 2020, Proposition 12).
 *
 * Every term is homogeneous, so for each c > 0 that direction is the one of the minimiser of the strictly convex
 *     P(w) = ½‖w‖² + c Σ q_i^(−b),  q = Zw,
 * whose dual is max over λ ≥ 0 of D(λ) = −½‖Zᵀλ‖² + Σ inf_q [c q^(−b) + λ_i q] = −½‖Zᵀλ‖² + (1 + 1/b) Σ λ_i q(λ_i), q(λ) = (cb/λ)^(1/(b+1)).
 * The certificate is (P − D)/P at λ_i = cb q_i^(−b−1), from w alone.
 */
import { choleskyInPlace, choleskySolve } from '../numerics/cholesky';
import { matTVec, matVec } from '../numerics/dense';
import { inWords } from '../numerics/in-words';
import { dot, norm2 } from '../numerics/vectors';
import { SolverError, type Answer } from './reference-problem';
import { squareStorage } from './square-storage';

const PROBLEM = 'polynomial-tail';
const MOST_ITERATIONS = 200;

/**
 * @param z samples × features, row-major
 * @param power b > 0
 * @param start a vector with z_i·start > 0 for all i
 * @returns the point scaled to min_i z_i·w = 1; multipliers λ of the scale at which the problem was solved
 * @throws SolverError "no-convergence", "too-large"
 */
export function polynomialTail(z: Float64Array, samples: number, features: number, power: number, start: Float64Array): Answer {
  const q = new Float64Array(samples);
  const smallestOf = (w: Float64Array): number => {
    matVec(z, samples, features, w, q);
    return q.reduce((least, value) => Math.min(least, value), Infinity);
  };
  const smallest = smallestOf(start);
  if (!(smallest > 0)) throw new SolverError(PROBLEM, 'infeasible', 'the data cannot be separated');
  const w = start.map((value) => value / smallest);
  // c that puts the minimiser near the start: b Σ q^(−b) c = ‖w‖² there.
  smallestOf(w);
  let sum = 0;
  for (let i = 0; i < samples; i++) sum += Math.pow(q[i], -power);
  const c = dot(w, w) / (power * sum);
  const value = (point: Float64Array): number => {
    if (!(smallestOf(point) > 0)) return Infinity;
    let total = 0.5 * dot(point, point);
    for (let i = 0; i < samples; i++) total += c * Math.pow(q[i], -power);
    return total;
  };
  const gradient = new Float64Array(features);
  const hessian = squareStorage(PROBLEM, features);
  const trial = new Float64Array(features);
  const slopes = new Float64Array(samples);
  let now = value(w);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    smallestOf(w);
    for (let i = 0; i < samples; i++) slopes[i] = c * power * Math.pow(q[i], -power - 1);
    matTVec(z, samples, features, slopes, gradient);
    hessian.fill(0);
    for (let j = 0; j < features; j++) hessian[j * features + j] = 1;
    for (let i = 0; i < samples; i++) {
      const weight = (slopes[i] * (power + 1)) / q[i];
      for (let j = 0; j < features; j++) {
        for (let k = 0; k <= j; k++) hessian[j * features + k] += weight * z[i * features + j] * z[i * features + k];
      }
    }
    // The step solves H s = −∇P = Zᵀλ − w.
    const step = gradient.map((pull, j) => pull - w[j]);
    const slope = Float64Array.from(step);
    if (!choleskyInPlace(hessian, features)) break;
    choleskySolve(hessian, features, step);
    const decrement = dot(slope, step);
    if (!(decrement > 1e-30 * now)) break;
    let length = 1;
    let next = Infinity;
    for (let halvings = 0; halvings < 60; halvings++, length /= 2) {
      for (let j = 0; j < features; j++) trial[j] = w[j] + length * step[j];
      next = value(trial);
      if (next <= now - 0.25 * length * decrement || (decrement < 1e-12 * now && next < Infinity)) break;
    }
    w.set(trial);
    now = next;
  }
  return certified(z, samples, features, power, c, w);
}

function certified(z: Float64Array, samples: number, features: number, power: number, c: number, w: Float64Array): Answer {
  const q = new Float64Array(samples);
  matVec(z, samples, features, w, q);
  const multipliers = q.map((value) => c * power * Math.pow(value, -power - 1));
  const combined = new Float64Array(features);
  matTVec(z, samples, features, multipliers, combined);
  let primal = 0.5 * dot(w, w);
  let dual = -0.5 * dot(combined, combined);
  for (let i = 0; i < samples; i++) {
    primal += c * Math.pow(q[i], -power);
    dual += (1 + 1 / power) * multipliers[i] * q[i];
  }
  const gap = Math.max(0, (primal - dual) / primal);
  const smallest = q.reduce((least, value) => Math.min(least, value), Infinity);
  if (!(smallest > 0 && gap <= 1e-8)) throw new SolverError(PROBLEM, 'no-convergence', `the relative duality gap is ${inWords(gap, 2)}`);
  const point = w.map((value) => value / smallest);
  return {
    point,
    multipliers,
    objective: norm2(point),
    certificate: {
      kind: 'duality-gap',
      value: gap,
      says: `½‖w‖² + c Σ (zᵢ·w)^(−${power}) = ${primal.toPrecision(9)} with relative duality gap ${inWords(gap, 2)}`,
    },
  };
}
