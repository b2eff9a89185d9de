import { matTVec, matVec } from '../numerics/dense';
import { inWords } from '../numerics/in-words';
import { svd } from '../numerics/svd';
import { dot, norm2 } from '../numerics/vectors';
import type { Answer } from './reference-problem';

export interface EarlyStoppedAnswer extends Answer {
  /** Eigenvalues λ_k of H above rounding, descending. */
  readonly eigenvalues: Float64Array;
  /** Orthonormal eigenvectors v_k, row by row. */
  readonly directions: Float64Array;
  /** v_k·w for the least-squares solution of least norm: what the flow has learned of v_k in the end. */
  readonly limits: Float64Array;
}

/**
 * Where the flow w′ = −∇ℒ(w) of ℒ = ½c‖Xw − y‖² from 0 is at time t. With H = cXᵀX = Σ λ_k v_k v_kᵀ it is
 *     w(t) = Σ_k (1 − e^(−tλ_k)) (v_k·X⁺y) v_k,
 * which is also the one minimiser of ℒ(w) + ½ wᵀQw for Q = H(e^(tH) − I)⁻¹, with 1/t in place of 0/0 on the kernel of H
 * (Ali, Kolter, Tibshirani 2019: early stopping as a penalty).
 *
 * The certificate is the largest of three residuals, computed from w and the v_k alone: ∇ℒ(w) + Qw relative to ∇ℒ(0), where ∇ℒ comes from X and y;
 * Hv_k − λ_k v_k relative to λ_max; and v_j·v_k − δ_jk.
 * @param x samples × features, row-major; y samples entries; c the factor of ½‖Xw − y‖² in the loss; time t > 0
 */
export function earlyStopped(
  x: Float64Array,
  y: Float64Array,
  samples: number,
  features: number,
  c: number,
  time: number,
): EarlyStoppedAnswer {
  const decomposition = svd(x, samples, features);
  // What lies below is rounding and pulls at nothing; were it more, ∇ℒ + Qw would not vanish.
  const count = decomposition.rank();
  const directions = decomposition.v.slice(0, count * features);
  const eigenvalues = decomposition.s.slice(0, count).map((sigma) => c * sigma * sigma);
  const limits = new Float64Array(count);
  const point = new Float64Array(features);
  for (let k = 0; k < count; k++) {
    limits[k] = dot(decomposition.u.subarray(k * samples, (k + 1) * samples), y) / decomposition.s[k];
    const learned = -Math.expm1(-time * eigenvalues[k]) * limits[k];
    for (let j = 0; j < features; j++) point[j] += learned * directions[k * features + j];
  }

  const penalty = penaltyGradient(point, directions, eigenvalues, time);
  const residual = new Float64Array(samples);
  matVec(x, samples, features, point, residual);
  for (let i = 0; i < samples; i++) residual[i] -= y[i];
  const gradient = new Float64Array(features);
  matTVec(x, samples, features, residual, gradient);
  const start = new Float64Array(features);
  matTVec(x, samples, features, y, start);
  const sum = penalty.map((value, j) => c * gradient[j] + value);
  const stationarity = ratio(norm2(sum), c * norm2(start));
  const spectral = spectralResidual(x, samples, features, c, directions, eigenvalues);
  const orthogonality = orthogonalityDefect(directions, count, features);
  const value = Math.max(stationarity, spectral, orthogonality);
  return {
    point,
    multipliers: new Float64Array(0),
    objective: 0.5 * c * dot(residual, residual) + 0.5 * dot(point, penalty),
    eigenvalues,
    directions,
    limits,
    certificate: {
      kind: 'kkt-residual',
      value,
      says:
        `relative stationarity ‖∇ℒ(w) + Qw‖ = ${inWords(stationarity, 2)}, of the eigenvectors in Q: ‖Hv − λv‖/λ_max = ${inWords(spectral, 2)}, ` +
        `v·v′ = 0 and ‖v‖ = 1 to ${inWords(orthogonality, 2)}`,
    },
  };
}

/** Qw. On what is orthogonal to all v_k it is w/t. */
function penaltyGradient(w: Float64Array, directions: Float64Array, eigenvalues: Float64Array, time: number): Float64Array {
  const rest = w.slice();
  const out = new Float64Array(w.length);
  for (let k = 0; k < eigenvalues.length; k++) {
    const v = directions.subarray(k * w.length, (k + 1) * w.length);
    const share = dot(v, w);
    // λ/(e^(tλ) − 1), which goes to 1/t as λ → 0 and to 0 as λ → ∞.
    const weight = (share * eigenvalues[k]) / Math.expm1(time * eigenvalues[k]);
    for (let j = 0; j < w.length; j++) {
      out[j] += weight * v[j];
      rest[j] -= share * v[j];
    }
  }
  for (let j = 0; j < w.length; j++) out[j] += rest[j] / time;
  return out;
}

function spectralResidual(
  x: Float64Array,
  samples: number,
  features: number,
  c: number,
  directions: Float64Array,
  eigenvalues: Float64Array,
): number {
  const image = new Float64Array(samples);
  const back = new Float64Array(features);
  let most = 0;
  for (let k = 0; k < eigenvalues.length; k++) {
    const v = directions.subarray(k * features, (k + 1) * features);
    matVec(x, samples, features, v, image);
    matTVec(x, samples, features, image, back);
    for (let j = 0; j < features; j++) back[j] = c * back[j] - eigenvalues[k] * v[j];
    most = Math.max(most, norm2(back));
  }
  return ratio(most, eigenvalues[0]);
}

function orthogonalityDefect(directions: Float64Array, count: number, features: number): number {
  let most = 0;
  for (let j = 0; j < count; j++) {
    const v = directions.subarray(j * features, (j + 1) * features);
    for (let k = 0; k <= j; k++) {
      most = Math.max(most, Math.abs(dot(v, directions.subarray(k * features, (k + 1) * features)) - (j === k ? 1 : 0)));
    }
  }
  return most;
}

function ratio(a: number, b: number): number {
  return a === 0 ? 0 : a / b;
}
