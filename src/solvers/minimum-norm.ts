import { matTVec, matVec } from '../numerics/dense';
import { inWords } from '../numerics/in-words';
import { minimumNormLeastSquares } from '../numerics/least-squares';
import { svd } from '../numerics/svd';
import { dot, norm2 } from '../numerics/vectors';
import type { Answer } from './reference-problem';

/** A system counts as consistent when ‖Xw − y‖₂ is at most this times ‖X‖_F‖w‖₂ + ‖y‖₂: a thousand roundings. */
const CONSISTENT = 1e-13;

export interface MinimumNormAnswer extends Answer {
  /** ‖Xw − y‖₂. */
  readonly residualNorm: number;
  /** Xw = y has a solution, as far as rounding lets one say. */
  readonly consistent: boolean;
  readonly rank: number;
}

/**
 * The least-squares solution closest to an origin: w0 + X⁺(y − Xw0) = argmin ‖w − w0‖₂ over the minimizers of ‖Xw − y‖₂.
 * For a consistent system these are the solutions of Xw = y (Gunasekar et al. 2018, section 2.1).
 *
 * The certificate is the larger of two residuals of the optimality conditions, both computed from w alone:
 * ‖Xᵀ(Xw − y)‖₂ relative to ‖X‖_F(‖X‖_F‖w‖₂ + ‖y‖₂), and the part of w − w0 outside the row space of X
 * relative to ‖w‖₂ + ‖w0‖₂ (their difference is rounded to that size).
 * Multipliers: ν with w − w0 = Xᵀν, where there is a constraint to be multiplied; of a rank-deficient X the shortest.
 * @param x samples × features, row-major; y samples entries; origin w0, features entries
 */
export function minimumNorm(x: Float64Array, y: Float64Array, samples: number, features: number, origin: Float64Array): MinimumNormAnswer {
  const rest = new Float64Array(samples);
  matVec(x, samples, features, origin, rest);
  for (let i = 0; i < samples; i++) rest[i] = y[i] - rest[i];
  const decomposition = svd(x, samples, features);
  const { x: step, rank } = minimumNormLeastSquares(x, samples, features, rest, decomposition);
  const point = new Float64Array(features);
  for (let j = 0; j < features; j++) point[j] = origin[j] + step[j];

  const residual = new Float64Array(samples);
  matVec(x, samples, features, point, residual);
  for (let i = 0; i < samples; i++) residual[i] -= y[i];
  const residualNorm = norm2(residual);
  const size = norm2(x) * norm2(point) + norm2(y);
  const gradient = new Float64Array(features);
  matTVec(x, samples, features, residual, gradient);
  const stationarity = ratio(norm2(gradient), norm2(x) * size);
  const outside = ratio(
    distanceFromRowSpace(decomposition.v.subarray(0, rank * features), rank, features, point, origin),
    norm2(point) + norm2(origin),
  );
  const value = Math.max(stationarity, outside);
  const consistent = residualNorm <= CONSISTENT * size;

  // ν = Σ_k u_k (v_k·(w − w0))/σ_k.
  const multipliers = new Float64Array(samples);
  for (let k = 0; k < rank; k++) {
    const c = dot(decomposition.v.subarray(k * features, (k + 1) * features), step) / decomposition.s[k];
    for (let i = 0; i < samples; i++) multipliers[i] += c * decomposition.u[k * samples + i];
  }
  const objective = norm2(step);
  return {
    point,
    multipliers,
    objective,
    residualNorm,
    consistent,
    rank,
    certificate: {
      kind: 'kkt-residual',
      value,
      says:
        `relative stationarity ‖Xᵀ(Xw − y)‖ = ${inWords(stationarity, 2)}, ` +
        `relative distance of w − w₀ from the row space = ${inWords(outside, 2)}, ` +
        (consistent ? 'Xw = y holds to rounding' : `least squares with ‖Xw − y‖ = ${inWords(residualNorm, 4)}`),
    },
  };
}

function distanceFromRowSpace(basis: Float64Array, rank: number, features: number, point: Float64Array, origin: Float64Array): number {
  const moved = point.map((w, j) => w - origin[j]);
  const inside = new Float64Array(rank);
  const back = new Float64Array(features);
  // Twice: the second pass removes what rounding left of the first.
  for (let pass = 0; pass < 2; pass++) {
    matVec(basis, rank, features, moved, inside);
    matTVec(basis, rank, features, inside, back);
    for (let j = 0; j < features; j++) moved[j] -= back[j];
  }
  return norm2(moved);
}

function ratio(a: number, b: number): number {
  return a === 0 ? 0 : a / b;
}
