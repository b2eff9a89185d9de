/**
 * The second moments at which SGD on the square loss of a linear model comes to rest about a minimum that does not fit every sample, or whose labels or
 * gradients are noisy. With θ* the minimum, r_i its residuals and Σ r_i x_i = 0, a step takes δ = θ − θ* to
 *     δ⁺ = (I − ηH_B) δ + η ε_B,   E ε_B = 0,   E ε_B ε_Bᵀ = N = p A + (δ²/B) H + γ²I,   A = (1/n) Σ r_i² x_i x_iᵀ
 * for the mean over the samples: p is the share of single samples (linear-stability.ts), δ the noise of the labels, γ that of the gradient. Once the mean of δ has
 * died, the batch is independent of δ and nothing is left of the product of the two terms, so V = E δδᵀ solves V = M(V) + η²N. I − M is symmetric, and positive
 * definite exactly where ρ(M) < 1; elsewhere no stationary second moment exists.
 *
 * The equation is solved by conjugate gradients. Without the noise of batches M is diagonal in the eigenvectors of H; that part is the preconditioner.
 */
import { dot, norm2 } from '../numerics/vectors';
import { secondMomentStep, type FittedMinimum } from './linear-stability';
import { SolverError } from './reference-problem';

export interface StationaryMoments {
  /** V, symmetric, directions × directions in the eigenvectors of H. */
  readonly moments: Float64Array;
  /** ‖V − M(V) − η²N‖ / ‖η²N‖. */
  readonly residual: number;
}

export interface StepNoise {
  /** Share of single samples in the second moment of a batch. */
  readonly p: number;
  readonly batchSize: number;
  /** δ: ±δ is added to every label of a batch. */
  readonly labels: number;
  /** γ: standard deviation of what is added to every entry of the gradient. */
  readonly gradient: number;
}

/** N, directions × directions. @param residuals r_i of the minimum */
export function noiseCovariance(minimum: FittedMinimum, residuals: Float64Array, noise: StepNoise): Float64Array {
  const { samples, directions: r, curvatures, gradients, scale } = minimum;
  const covariance = new Float64Array(r * r);
  for (let i = 0; i < samples; i++) {
    const weight = (noise.p * (scale * residuals[i]) ** 2) / samples;
    for (let a = 0; a < r; a++) for (let b = 0; b < r; b++) covariance[a * r + b] += weight * gradients[i * r + a] * gradients[i * r + b];
  }
  for (let a = 0; a < r; a++)
    covariance[a * r + a] += ((scale * noise.labels) ** 2 / noise.batchSize) * curvatures[a] + noise.gradient ** 2;
  return covariance;
}

const PROBLEM = 'stationary-second-moments';
/** Relative residual at which the iteration ends, and beyond which the answer is none. */
const ENOUGH = 1e-13;
const TOO_MUCH = 1e-9;
const MOST_ITERATIONS = 2000;

/**
 * V for ρ(M) < 1. @param covariance N
 * @throws SolverError where the residual stays above 10⁻⁹: ρ(M) is then 1 to rounding
 */
export function stationaryMoments(minimum: FittedMinimum, p: number, stepSize: number, covariance: Float64Array): StationaryMoments {
  const { directions: r, curvatures: h } = minimum;
  const step = secondMomentStep(minimum, p, stepSize);
  const stepped = new Float64Array(r * r);
  const left = (v: Float64Array, out: Float64Array): void => {
    step(v, stepped);
    for (let k = 0; k < v.length; k++) out[k] = v[k] - stepped[k];
  };
  const diagonal = Float64Array.from({ length: r * r }, (_, k) => {
    const [a, b] = [stepSize * h[Math.floor(k / r)], stepSize * h[k % r]];
    return a + b - a * b;
  });
  const right = covariance.map((entry) => stepSize ** 2 * entry);
  const size = norm2(right);
  const v = new Float64Array(r * r);
  const rest = right.slice();
  const scaled = rest.map((entry, k) => entry / diagonal[k]);
  const direction = scaled.slice();
  const image = new Float64Array(r * r);
  let product = dot(rest, scaled);
  for (let k = 0; k < MOST_ITERATIONS && norm2(rest) > ENOUGH * size; k++) {
    left(direction, image);
    const curvature = dot(direction, image);
    if (!(curvature > 0)) break;
    const along = product / curvature;
    for (let j = 0; j < v.length; j++) {
      v[j] += along * direction[j];
      rest[j] -= along * image[j];
      scaled[j] = rest[j] / diagonal[j];
    }
    const next = dot(rest, scaled);
    for (let j = 0; j < v.length; j++) direction[j] = scaled[j] + (next / product) * direction[j];
    product = next;
  }
  // The residual of the answer itself, not the one that the iteration carries along.
  left(v, image);
  for (let j = 0; j < v.length; j++) image[j] -= right[j];
  const residual = size > 0 ? norm2(image) / size : 0;
  if (!(residual <= TOO_MUCH)) {
    throw new SolverError(
      PROBLEM,
      'no-convergence',
      `The stationary second moments satisfy their equation only up to ${residual.toExponential(1)}.`,
    );
  }
  return { moments: v, residual };
}
