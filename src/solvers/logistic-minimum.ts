import { choleskyInPlace, choleskySolve } from '../numerics/cholesky';
import { matTVec, matVec } from '../numerics/dense';
import { inWords } from '../numerics/in-words';
import { log1pExp, sigmoid } from '../numerics/log-sum-exp';
import { rowSpaceBasis } from '../numerics/svd';
import { dot, norm2 } from '../numerics/vectors';
import { positiveCombination } from './positive-combination';
import { SolverError, type Answer } from './reference-problem';

const MAX_NEWTON = 200;
/** Ratio of weights below which the existence of a minimizer is checked. */
const SUSPICIOUS = 1e-8;
/** A point whose certificate is worse is no answer. */
const ACCEPTABLE = 1e-6;

/**
 * The minimizer of Σ_i ℓ(z_i·w), z_i = y_i x_i, whose part outside the row space of Z is that of `start` (no gradient method changes it),
 * for ℓ(q) = ln(1 + e^(−q)) or e^(−q). It exists where a positive combination of all z_i vanishes (`maxMargin` decides that), and is then unique.
 *
 * Newton's method with line search on the coordinates in the row space. The certificate is the duality gap
 * Σ [ℓ(q_i) + ℓ*(−p_i) + p_i q_i] ≥ 0, relative to Σ ℓ(q_i), at p_i = −ℓ′(q_i) projected onto Zᵀp = 0; with p ≥ 0
 * (p ≤ 1 for logistic) any such p bounds the minimum from below (Fenchel):
 * −ℓ*(−p) = −p ln p − (1 − p) ln(1 − p) for the logistic loss, p − p ln p for the exponential one.
 * Multipliers: p. Objective: the sum Σ ℓ(q_i), not the mean.
 * @param z samples × features, row-major; start features entries
 * @throws SolverError "unbounded" when there is no minimizer, "no-convergence" when it was not found
 */
export function finiteMinimum(
  z: Float64Array,
  samples: number,
  features: number,
  loss: 'logistic' | 'exponential',
  start: Float64Array,
): Answer {
  const { basis, rank } = rowSpaceBasis(z, samples, features);
  const reduced = new Float64Array(samples * rank);
  for (let i = 0; i < samples; i++) {
    for (let k = 0; k < rank; k++) {
      let t = 0;
      for (let j = 0; j < features; j++) t += z[i * features + j] * basis[k * features + j];
      reduced[i * rank + k] = t;
    }
  }
  const coordinates = minimize(reduced, samples, rank, loss);

  // w = start − its projection on the row space + the minimizer there.
  const inside = new Float64Array(rank);
  matVec(basis, rank, features, start, inside);
  for (let k = 0; k < rank; k++) inside[k] = coordinates[k] - inside[k];
  const point = new Float64Array(features);
  matTVec(basis, rank, features, inside, point);
  for (let j = 0; j < features; j++) point[j] += start[j];

  const margins = new Float64Array(samples);
  matVec(z, samples, features, point, margins);
  const p = projectedWeights(reduced, samples, rank, margins, loss);
  let objective = 0;
  let gap = 0;
  for (let i = 0; i < samples; i++) {
    const value = loss === 'logistic' ? log1pExp(-margins[i]) : Math.exp(-margins[i]);
    objective += value;
    gap += Math.max(0, value + conjugate(p[i], loss) + p[i] * margins[i]);
  }
  const relative = samples === 0 ? 0 : gap / objective;
  // A vanishing weight is what a loss without minimizer shows at a finite point; whether there is one is decided exactly then.
  const least = p.reduce((m, t) => Math.min(m, t), Infinity);
  const suspicious = !(least > SUSPICIOUS * p.reduce((m, t) => Math.max(m, t), 0));
  if (suspicious && positiveCombination(z, samples, features).positive === null) {
    throw new SolverError('finite-minimum', 'unbounded', `the ${loss} loss has no minimizer: it falls along a direction for ever`);
  }
  if (!(relative <= ACCEPTABLE)) {
    throw new SolverError('finite-minimum', 'no-convergence', `the relative duality gap of the ${loss} loss stays at ${relative}`);
  }
  return {
    point,
    multipliers: p,
    objective,
    certificate: {
      kind: 'duality-gap',
      value: relative,
      says: `relative duality gap ${inWords(relative, 2)} between Σ ℓ = ${objective.toPrecision(9)} and the dual at a projected weight vector`,
    },
  };
}

/** Newton from 0 in the row space: q = 0 there, where no loss overflows, whatever the start was. */
function minimize(a: Float64Array, samples: number, rank: number, loss: 'logistic' | 'exponential'): Float64Array {
  const v = new Float64Array(rank);
  const q = new Float64Array(samples);
  const dq = new Float64Array(samples);
  const trial = new Float64Array(samples);
  const pull = new Float64Array(samples);
  const gradient = new Float64Array(rank);
  const hessian = new Float64Array(rank * rank);
  let stalled = 0;
  let least = Infinity;
  for (let iteration = 0; iteration < MAX_NEWTON; iteration++) {
    let trace = 0;
    hessian.fill(0);
    for (let i = 0; i < samples; i++) {
      const p = weight(q[i], loss);
      pull[i] = p;
      const curvature = loss === 'logistic' ? p * sigmoid(q[i]) : p;
      const row = i * rank;
      for (let k = 0; k < rank; k++) {
        const c = curvature * a[row + k];
        for (let m = 0; m <= k; m++) hessian[k * rank + m] += c * a[row + m];
      }
    }
    matTVec(a, samples, rank, pull, gradient);
    const size = norm2(gradient);
    stalled = size < 0.5 * least ? 0 : stalled + 1;
    least = Math.min(least, size);
    // Quadratic convergence has ended in rounding when the gradient no longer falls.
    if (size === 0 || stalled >= 4) break;
    for (let k = 0; k < rank; k++) trace += hessian[k * rank + k];
    const factor = Float64Array.from(hessian);
    for (let lift = 0; !choleskyInPlace(factor, rank); lift = Math.max(10 * lift, Number.EPSILON * trace)) {
      if (!(lift < trace)) throw new SolverError('finite-minimum', 'no-convergence', 'the Hessian of the loss is not finite');
      factor.set(hessian);
      for (let k = 0; k < rank; k++) factor[k * rank + k] += Math.max(10 * lift, Number.EPSILON * trace);
    }
    const step = Float64Array.from(gradient);
    choleskySolve(factor, rank, step);
    matVec(a, samples, rank, step, dq);
    // The loss is convex along the step: its derivative there, −Σ p(q + tδ)δ, is still below half of the first one's size.
    const slope = dot(pull, dq);
    let t = 1;
    for (let cut = 0; cut < 60; cut++) {
      let rising = 0;
      for (let i = 0; i < samples; i++) rising -= weight(q[i] + t * dq[i], loss) * dq[i];
      if (rising <= 0.5 * slope) break;
      t *= 0.5;
    }
    for (let k = 0; k < rank; k++) v[k] += t * step[k];
    matVec(a, samples, rank, v, trial);
    q.set(trial);
  }
  return v;
}

/** −ℓ′(q). */
function weight(q: number, loss: 'logistic' | 'exponential'): number {
  return loss === 'logistic' ? sigmoid(-q) : Math.exp(-q);
}

/** ℓ*(−p); Infinity outside its domain. */
function conjugate(p: number, loss: 'logistic' | 'exponential'): number {
  if (!(p >= 0)) return Infinity;
  const entropy = p === 0 ? 0 : p * Math.log(p);
  if (loss === 'exponential') return entropy - p;
  if (p > 1) return Infinity;
  return entropy + (p === 1 ? 0 : (1 - p) * Math.log1p(-p));
}

/** p = −ℓ′(q) moved to the nearest p with Zᵀp = 0. */
function projectedWeights(
  a: Float64Array,
  samples: number,
  rank: number,
  margins: Float64Array,
  loss: 'logistic' | 'exponential',
): Float64Array {
  const p = margins.map((q) => weight(q, loss));
  const gram = new Float64Array(rank * rank);
  for (let i = 0; i < samples; i++) {
    for (let k = 0; k < rank; k++) for (let m = 0; m <= k; m++) gram[k * rank + m] += a[i * rank + k] * a[i * rank + m];
  }
  if (!choleskyInPlace(gram, rank)) return p;
  const excess = new Float64Array(rank);
  const correction = new Float64Array(samples);
  // Twice: the second pass removes what rounding left.
  for (let pass = 0; pass < 2; pass++) {
    matTVec(a, samples, rank, p, excess);
    choleskySolve(gram, rank, excess);
    matVec(a, samples, rank, excess, correction);
    for (let i = 0; i < samples; i++) p[i] -= correction[i];
  }
  return p;
}
