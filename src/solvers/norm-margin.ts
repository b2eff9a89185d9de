/**
 * Largest margin in a norm: min ‖w‖ subject to z_i·w ≥ 1. Its dual is max Σλ_i over λ ≥ 0 with ‖Zᵀλ‖_* ≤ 1, so by weak duality every
 * separating w and every λ ≥ 0 give  (Σλ)/‖Zᵀλ‖_*  ≤  1/γ  ≤  ‖w‖/min_i z_i·w: the certificate is the relative gap of the two, from w and λ alone.
 */
import { choleskyInPlace, choleskySolve } from '../numerics/cholesky';
import { matTVec, matVec } from '../numerics/dense';
import { inWords } from '../numerics/in-words';
import { NORMS, normP, quadraticNorm } from '../numerics/norms';
import { normInf } from '../numerics/vectors';
import { maxMargin } from './max-margin';
import { SolverError, type Answer, type LinearProgramSolver } from './reference-problem';
import { squareStorage } from './square-storage';

export interface NormMargin extends Answer {
  /** γ = max over ‖w‖ ≤ 1 of min_i z_i·w, as reached by the point. */
  readonly margin: number;
}

const PROBLEM = 'norm-margin';

/** What certifies a margin: both bounds from the answer alone. Scales the point to margin 1 and λ to ‖Zᵀλ‖_* = 1. */
export function certifiedMargin(
  z: Float64Array,
  samples: number,
  features: number,
  w: Float64Array,
  lambda: Float64Array,
  norms: { readonly symbol: string; of(v: Float64Array): number; dual(v: Float64Array): number },
): NormMargin {
  const products = new Float64Array(samples);
  matVec(z, samples, features, w, products);
  const smallest = products.reduce((least, q) => Math.min(least, q), Infinity);
  if (!(smallest > 0)) throw new SolverError(PROBLEM, 'infeasible', 'no separating vector was found');
  const point = w.map((value) => value / smallest);
  const positive = lambda.map((value) => Math.max(0, value));
  const combined = new Float64Array(features);
  matTVec(z, samples, features, positive, combined);
  const size = norms.dual(combined);
  const multipliers = positive.map((value) => value / size);
  const objective = norms.of(point);
  const bound = multipliers.reduce((sum, value) => sum + value, 0);
  const gap = Math.max(0, (objective - bound) / objective);
  const upper = 1 / bound;
  return {
    point,
    multipliers,
    objective,
    margin: 1 / objective,
    certificate: {
      kind: 'duality-gap',
      value: gap,
      says:
        `margin ${(1 / objective).toPrecision(9)} in the ${norms.symbol} norm is reached and ${upper.toPrecision(9)} is an upper bound from ` +
        `${multipliers.filter((value) => value > 0).length} samples: relative duality gap ${inWords(gap, 2)}`,
    },
  };
}

/**
 * ℓ1: min Σ(a + b) over Z(a − b) − s = 1, all ≥ 0. A maximiser is a vertex; there may be others.
 * @param z samples × features, row-major
 * @throws SolverError where the data is not separable or the program failed
 */
export function maxMarginL1(z: Float64Array, samples: number, features: number, lp: LinearProgramSolver): NormMargin {
  const columns = 2 * features + samples;
  const matrix = new Float64Array(samples * columns);
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < features; j++) {
      matrix[i * columns + j] = z[i * features + j];
      matrix[i * columns + features + j] = -z[i * features + j];
    }
    matrix[i * columns + 2 * features + i] = -1;
  }
  const cost = new Float64Array(columns).fill(1, 0, 2 * features);
  const { status, x, duals } = lp.solve({ cost, matrix, rhs: new Float64Array(samples).fill(1), rows: samples, columns });
  if (status !== 'optimal')
    throw new SolverError(PROBLEM, status === 'infeasible' ? 'infeasible' : 'no-convergence', `the linear program ended as ${status}`);
  const w = Float64Array.from({ length: features }, (_, j) => x[j] - x[features + j]);
  return certifiedMargin(z, samples, features, w, duals, NORMS.l1);
}

/** ℓ∞, by the dual min ‖Zᵀλ‖₁ over Σλ = 1: min Σ(a + b) over Zᵀλ − a + b = 0, Σλ = 1, all ≥ 0; w comes from its multipliers. */
export function maxMarginLInf(z: Float64Array, samples: number, features: number, lp: LinearProgramSolver): NormMargin {
  const rows = features + 1;
  const columns = samples + 2 * features;
  const matrix = new Float64Array(rows * columns);
  for (let j = 0; j < features; j++) {
    for (let i = 0; i < samples; i++) matrix[j * columns + i] = z[i * features + j];
    matrix[j * columns + samples + j] = -1;
    matrix[j * columns + samples + features + j] = 1;
  }
  matrix.fill(1, features * columns, features * columns + samples);
  const cost = new Float64Array(columns).fill(1, samples);
  const rhs = new Float64Array(rows);
  rhs[features] = 1;
  const { status, x, duals } = lp.solve({ cost, matrix, rhs, rows, columns });
  if (status !== 'optimal') throw new SolverError(PROBLEM, 'no-convergence', `the linear program ended as ${status}`);
  // Reduced costs: 0 ≤ −(z_i·ν) − μ, so z_i·(−ν) ≥ μ with |ν_j| ≤ 1.
  const w = Float64Array.from({ length: features }, (_, j) => -duals[j]);
  return certifiedMargin(z, samples, features, w, x.slice(0, samples), NORMS.linf);
}

/** ‖w‖_P = √(wᵀPw): the ℓ2 problem in the coordinates v = Lᵀw, P = LLᵀ. @param matrix P, positive definite, row-major */
export function maxMarginQuadratic(z: Float64Array, samples: number, features: number, matrix: Float64Array): NormMargin {
  const norms = quadraticNorm(matrix, features);
  const factor = Float64Array.from(matrix);
  if (norms === null || !choleskyInPlace(factor, features))
    throw new SolverError(PROBLEM, 'no-convergence', 'the matrix is not positive definite');
  // Rows L⁻¹z_i.
  const changed = Float64Array.from(z);
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < features; j++) {
      let sum = changed[i * features + j];
      for (let k = 0; k < j; k++) sum -= factor[j * features + k] * changed[i * features + k];
      changed[i * features + j] = sum / factor[j * features + j];
    }
  }
  const answer = maxMargin(changed, samples, features);
  if (!answer.separable) throw new SolverError(PROBLEM, 'infeasible', 'the data cannot be separated');
  const w = Float64Array.from(answer.answer.point);
  for (let j = features - 1; j >= 0; j--) {
    let sum = w[j];
    for (let k = j + 1; k < features; k++) sum -= factor[k * features + j] * w[k];
    w[j] = sum / factor[j * features + j];
  }
  return certifiedMargin(z, samples, features, w, answer.answer.multipliers, norms);
}

/** Iterations of Newton's method for all values of the barrier together. */
const MOST_ITERATIONS = 400;
/** Relative duality gap at which the path ends. */
const GAP = 1e-13;
/** A larger gap at the end is no answer. */
const ENOUGH = 1e-10;

/**
 * ℓp with 1 < p < ∞: min Σ|w_j|^p/p subject to z_i·w ≥ 1, by a primal–dual interior-point method from a separating start.
 * Below p ≈ 1.2 the curvature of |w|^p near 0 is beyond it.
 * @param start a separating vector
 * @throws SolverError "no-convergence", "too-large"
 */
export function maxMarginP(z: Float64Array, samples: number, features: number, p: number, start: Float64Array): NormMargin {
  const q = p / (p - 1);
  const norms = {
    symbol: `ℓ${p}`,
    of: (v: Float64Array): number => normP(v, p),
    dual: (v: Float64Array): number => normP(v, q),
  };
  const products = new Float64Array(samples);
  matVec(z, samples, features, start, products);
  const smallest = products.reduce((least, value) => Math.min(least, value), Infinity);
  if (!(smallest > 0)) throw new SolverError(PROBLEM, 'infeasible', 'the data cannot be separated');
  const w = start.map((value) => (2 * value) / smallest);
  const lambda = new Float64Array(samples);
  const slack = new Float64Array(samples);
  const gradient = new Float64Array(features);
  const hessian = squareStorage(PROBLEM, features);
  const image = new Float64Array(samples);
  const step = new Float64Array(features);
  const size = normInf(w);
  const readSlack = (): void => {
    matVec(z, samples, features, w, slack);
    for (let i = 0; i < samples; i++) slack[i] -= 1;
  };
  readSlack();
  let mu = Math.pow(normP(w, p), p) / samples;
  for (let i = 0; i < samples; i++) lambda[i] = mu / slack[i];
  let best = certifiedMargin(z, samples, features, w, lambda, norms);
  for (let iteration = 0; iteration < MOST_ITERATIONS && best.certificate.value > GAP; iteration++) {
    // Newton on ∇f(w) = Zᵀλ, λ_i s_i = μ, with λ eliminated.
    for (let j = 0; j < features; j++) gradient[j] = -Math.sign(w[j]) * Math.pow(Math.abs(w[j]), p - 1);
    hessian.fill(0);
    for (let i = 0; i < samples; i++) {
      const weight = lambda[i] / slack[i];
      const pull = mu / slack[i];
      const row = i * features;
      for (let j = 0; j < features; j++) {
        const a = z[row + j];
        gradient[j] += pull * a;
        for (let k = 0; k <= j; k++) hessian[j * features + k] += weight * a * z[row + k];
      }
    }
    for (let j = 0; j < features; j++) {
      // Kept away from 0 and ∞ at w_j = 0; that changes the steps, not what they lead to.
      const entry = Math.max(Math.abs(w[j]), 1e-12 * size);
      hessian[j * features + j] += (p - 1) * Math.pow(entry, p - 2) + 1e-300;
    }
    step.set(gradient);
    if (!choleskyInPlace(hessian, features)) break;
    choleskySolve(hessian, features, step);
    matVec(z, samples, features, step, image);
    // Δλ from λ_i s_i + s_iΔλ_i + λ_iΔs_i = μ.
    let length = 1;
    for (let i = 0; i < samples; i++) {
      const change = mu / slack[i] - lambda[i] - (lambda[i] * image[i]) / slack[i];
      if (image[i] < 0) length = Math.min(length, (-0.99 * slack[i]) / image[i]);
      if (change < 0) length = Math.min(length, (-0.99 * lambda[i]) / change);
    }
    for (let i = 0; i < samples; i++) lambda[i] += length * (mu / slack[i] - lambda[i] - (lambda[i] * image[i]) / slack[i]);
    for (let j = 0; j < features; j++) w[j] += length * step[j];
    readSlack();
    const answer = certifiedMargin(z, samples, features, w, lambda, norms);
    if (answer.certificate.value < best.certificate.value) best = answer;
    let product = 0;
    for (let i = 0; i < samples; i++) product += lambda[i] * slack[i];
    mu = (length > 0.9 ? 0.1 : 0.5) * (product / samples);
  }
  if (!(best.certificate.value <= ENOUGH)) {
    throw new SolverError(PROBLEM, 'no-convergence', `the method ended at a relative duality gap of ${inWords(best.certificate.value, 2)}`);
  }
  return best;
}
