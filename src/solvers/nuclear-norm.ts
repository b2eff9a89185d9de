/**
 * min ‖W‖_* subject to ⟨A_i, W⟩ = y_i, or min tr W over symmetric W ⪰ 0, by the alternating direction method of multipliers with
 * singular-value thresholding (Cai, Candès, Shen 2010; Boyd et al. 2011, Section 5): W in the affine set, Z = W thresholded,
 * accelerated as a fixed-point iteration.
 *
 * The certificate is computed from W and ν alone. For every ν with ‖Σ ν_i A_i‖ ≤ 1 (PSD: λ_max ≤ 1) the value yᵀν is a lower bound;
 * the multiplier of W = Z gives such a ν after division by its norm. The gap is relative to the objective.
 */
import type { Dataset } from '../data/dataset';
import { gramOfRows, matTVec, matVec, transpose } from '../numerics/dense';
import { inWords } from '../numerics/in-words';
import { svd } from '../numerics/svd';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { UpperEigen } from '../numerics/upper-eigen';
import { norm2 } from '../numerics/vectors';
import { Anderson } from '../numerics/anderson';
import { consistentSystem } from './consistent-system';
import { SolverError, type Answer } from './reference-problem';

export interface NuclearNormOptions {
  /** Relative gap at which the solver ends. */
  readonly gap: number;
  readonly iterations: number;
  /** The matrix is symmetric and positive semidefinite: the objective is its trace. */
  readonly psd: boolean;
}

const DEFAULTS: NuclearNormOptions = { gap: 1e-11, iterations: 20_000, psd: false };
/** A point whose certificate is worse is no answer. */
const ACCEPTABLE = 1e-6;
/** The gap is looked at so often. */
const LOOK_EVERY = 10;
/** Residual balancing (Boyd et al. 2011, 3.4.1): the penalty follows the ratio of primal and dual residual, with an end. */
const IMBALANCE = 5;
const BALANCING = 400;
/** A problem whose multipliers are large beside its solution asks for a small threshold: it is tried when the usual one takes long. */
const STUBBORN = 2500;
const STUBBORN_FACTOR = 0.25;
/** Over-relaxation (Boyd et al. 2011, 3.4.3): between 1.5 and 1.8 is usual. */
const RELAXATION = 1.6;

/** Projection onto {W : A(W) = y}, and onto the range of A*. */
interface Affine {
  /** Moves w to the nearest point of the affine set. */
  restore(w: Float64Array): void;
  /** Projects w onto the span of the A_i. */
  span(w: Float64Array): void;
  /** ν with Σ ν_i A_i = w for w in the span. */
  multipliers(w: Float64Array): Float64Array;
}

/** @throws SolverError "infeasible" where the measurements contradict each other, "no-convergence" where no certificate is reached */
export function minimumNuclearNorm(data: Dataset, options: Partial<NuclearNormOptions> = {}): Answer {
  const { gap: goal, iterations, psd } = { ...DEFAULTS, ...options };
  const { matrix } = data;
  if (matrix === undefined) throw new Error('The nuclear norm is a norm of matrices.');
  const { rows, columns } = matrix;
  const size = rows * columns;
  const affine = affineSet(data, psd);
  const w = new Float64Array(size);
  affine.restore(w);
  const scale = norm2(w);
  if (scale === 0) return certified(w, { y: new Float64Array(size), nu: new Float64Array(data.samples) }, data, psd);
  // The iteration in one variable (Douglas–Rachford): Z = shrink(S), W = the point of the affine set next to 2Z − S, S ← S + α(W − Z).
  const s = Float64Array.from(w);
  const z = new Float64Array(size);
  const u = new Float64Array(size);
  const previous = new Float64Array(size);
  const next = new Float64Array(size);
  const acceleration = new Anderson(size);
  // Singular values are compared with 1/ρ: a fifth of their typical size in the least-squares solution.
  let threshold = (0.2 * scale) / Math.sqrt(Math.min(rows, columns));
  const shrink = psd ? eigenThreshold(rows) : singularThreshold(rows, columns);
  let best: Answer | null = null;
  for (let k = 1; k <= iterations; k++) {
    previous.set(z);
    shrink(s, threshold, z);
    for (let i = 0; i < size; i++) {
      u[i] = s[i] - z[i];
      w[i] = z[i] - u[i];
    }
    affine.restore(w);
    let primal = 0;
    let dual = 0;
    for (let i = 0; i < size; i++) {
      next[i] = s[i] + RELAXATION * (w[i] - z[i]);
      primal += (w[i] - z[i]) ** 2;
      dual += (z[i] - previous[i]) ** 2;
    }
    acceleration.advance(s, next);
    if (k % LOOK_EVERY === 0 || k === iterations) {
      // The cheap test first: both residuals bound the gap from the scale they work on.
      if (Math.sqrt(primal) <= goal * scale * 100 || k % (10 * LOOK_EVERY) === 0) {
        const answer = certified(w, dualPoint(u, threshold, affine), data, psd);
        if (best === null || answer.certificate.value < best.certificate.value) best = answer;
        if (best.certificate.value <= goal) break;
      }
      if (k <= BALANCING || (k % STUBBORN === 0 && k <= 5 * STUBBORN)) {
        const ratio = Math.sqrt(primal / dual);
        const factor = k > BALANCING ? STUBBORN_FACTOR : ratio > IMBALANCE ? 0.5 : ratio < 1 / IMBALANCE ? 2 : 1;
        if (factor !== 1) {
          // u is the multiplier divided by ρ = 1/threshold.
          threshold *= factor;
          for (let i = 0; i < size; i++) s[i] = z[i] + factor * u[i];
          acceleration.forget();
        }
      }
    }
  }
  if (best === null || !(best.certificate.value <= ACCEPTABLE)) {
    throw new SolverError('nuclear-norm', 'no-convergence', `the best point has relative gap ${best?.certificate.value ?? Infinity}`);
  }
  return best;
}

function affineSet(data: Dataset, psd: boolean): Affine {
  const observed = data.matrix?.observed ?? null;
  return observed !== null && !psd ? observedSet(observed, data.y) : generalSet(data, psd);
}

function observedSet(observed: Int32Array, y: Float64Array): Affine {
  return {
    restore: (w) => {
      for (let i = 0; i < observed.length; i++) w[observed[i]] = y[i];
    },
    span: (w) => {
      const kept = Float64Array.from(observed, (place) => w[place]);
      w.fill(0);
      for (let i = 0; i < observed.length; i++) w[observed[i]] = kept[i];
    },
    multipliers: (w) => Float64Array.from(observed, (place) => w[place]),
  };
}

/** Of symmetric matrices a measurement sees only its own symmetric part. */
function generalSet(data: Dataset, psd: boolean): Affine {
  const { samples, features, y } = data;
  const n = Math.round(Math.sqrt(features));
  const x = Float64Array.from(data.x);
  if (psd) for (let i = 0; i < samples; i++) symmetrize(x.subarray(i * features, (i + 1) * features), n);
  const system = consistentSystem('nuclear-norm', x, y, samples, features);
  const { q, c, rank } = system;
  const mu = new Float64Array(rank);
  const part = new Float64Array(features);
  return {
    restore: (w) => {
      matVec(q, rank, features, w, mu);
      for (let k = 0; k < rank; k++) mu[k] = c[k] - mu[k];
      matTVec(q, rank, features, mu, part);
      for (let k = 0; k < features; k++) w[k] += part[k];
      if (psd) symmetrize(w, n);
    },
    span: (w) => {
      matVec(q, rank, features, w, mu);
      matTVec(q, rank, features, mu, w);
    },
    multipliers: (w) => {
      matVec(q, rank, features, w, mu);
      return system.multipliers(mu);
    },
  };
}

function symmetrize(w: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = 0.5 * (w[i * n + j] + w[j * n + i]);
      w[i * n + j] = mean;
      w[j * n + i] = mean;
    }
  }
}

/** out = Σ (σ_k − τ)₊ u_k v_kᵀ, through the eigenvectors of the smaller Gram matrix: what is kept is far above √ε σ_1. */
function singularThreshold(rows: number, columns: number): (w: Float64Array, tau: number, out: Float64Array) => void {
  const tall = rows >= columns;
  const n = Math.min(rows, columns);
  const m = Math.max(rows, columns);
  const long = new Float64Array(rows * columns);
  const turned = new Float64Array(rows * columns);
  const gram = new Float64Array(n * n);
  const image = new Float64Array(m);
  const eigen = new UpperEigen(n);
  return (w, tau, out) => {
    // n × m with n ≤ m.
    if (tall) transpose(w, rows, columns, long);
    else long.set(w);
    gramOfRows(long, n, m, gram);
    eigen.find(gram, tau * tau);
    turned.fill(0);
    for (let k = 0; k < eigen.count; k++) {
      const vector = eigen.vectors.subarray(k * n, (k + 1) * n);
      // σ_k v_kᵀ = u_kᵀW.
      matTVec(long, n, m, vector, image);
      addOuter(1 - tau / Math.sqrt(eigen.values[k]), vector, image, turned);
    }
    if (tall) transpose(turned, n, m, out);
    else out.set(turned);
  };
}

/** out = Σ (λ_k − τ)₊ v_k v_kᵀ: the proximal map of the trace on the cone. */
function eigenThreshold(n: number): (w: Float64Array, tau: number, out: Float64Array) => void {
  const eigen = new UpperEigen(n);
  return (w, tau, out) => {
    eigen.find(w, tau);
    out.fill(0);
    for (let k = 0; k < eigen.count; k++) {
      const vector = eigen.vectors.subarray(k * n, (k + 1) * n);
      addOuter(eigen.values[k] - tau, vector, vector, out);
    }
  };
}

/** out += α u vᵀ. */
function addOuter(alpha: number, u: Float64Array, v: Float64Array, out: Float64Array): void {
  const m = v.length;
  for (let i = 0; i < u.length; i++) {
    const factor = alpha * u[i];
    for (let j = 0, at = i * m; j < m; j++) out[at + j] += factor * v[j];
  }
}

/** The multiplier of W = Z as a combination of measurements. */
function dualPoint(u: Float64Array, threshold: number, affine: Affine): { readonly y: Float64Array; readonly nu: Float64Array } {
  const y = u.map((value) => value / threshold);
  affine.span(y);
  return { y, nu: affine.multipliers(y) };
}

/** Objective, bound and gap of a W that meets the measurements and a Y = Σ ν_i A_i of any size. */
function certified(
  w: Float64Array,
  { y: dual, nu }: { readonly y: Float64Array; readonly nu: Float64Array },
  data: Dataset,
  psd: boolean,
): Answer {
  const { rows, columns } = data.matrix ?? { rows: 1, columns: data.features };
  const spectrum = psd ? symmetricEigen(w, rows).values : svd(w, rows, columns).s;
  const objective = spectrum.reduce((sum, value) => sum + Math.abs(value), 0);
  const least = psd ? Math.max(0, -spectrum[0]) : 0;
  const norm = psd ? symmetricEigen(dual, rows).values[rows - 1] : svd(dual, rows, columns).s[0];
  const multipliers = norm > 1 ? nu.map((value) => value / norm) : nu;
  let bound = 0;
  for (let i = 0; i < nu.length; i++) bound += data.y[i] * multipliers[i];
  const size = objective || 1;
  const gap = Math.abs(objective - bound) / size;
  const violation = Math.max(measured(data, w), (least * rows) / size);
  return {
    point: Float64Array.from(w),
    multipliers,
    objective,
    certificate: {
      kind: 'duality-gap',
      value: Math.max(gap, violation),
      says:
        `${psd ? 'trace' : 'nuclear norm'} ${objective.toPrecision(12)}, lower bound ${bound.toPrecision(12)} from multipliers of operator norm ≤ 1: ` +
        `relative gap ${inWords(gap, 2)}; measurements hold to ${inWords(violation, 2)}`,
    },
  };
}

/** max_i |⟨A_i, W⟩ − y_i| relative to ‖y‖∞. */
function measured(data: Dataset, w: Float64Array): number {
  const observed = data.matrix?.observed ?? null;
  const size = data.y.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  let worst = 0;
  for (let i = 0; i < data.samples; i++) {
    let value = -data.y[i];
    if (observed !== null) value += w[observed[i]];
    else for (let k = 0; k < data.features; k++) value += data.x[i * data.features + k] * w[k];
    worst = Math.max(worst, Math.abs(value) / size);
  }
  return worst;
}
