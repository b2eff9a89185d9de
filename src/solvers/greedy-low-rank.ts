/**
 * Greedy low-rank learning (Z. Li, Y. Luo, K. Lyu, Towards resolving the implicit bias of gradient descent for matrix factorization,
 * ICLR 2021, Algorithm 1) for f(W) = ½ Σ (⟨A_i, W⟩ − y_i)² over positive semidefinite W = UUᵀ:
 * from W_0 = 0 add to U the column √ε u with u the top eigenvector of −∇f(W_r), follow the flow U′ = −∇f(UUᵀ)U of these few columns to
 * rest, and repeat while −∇f(W_r) has a positive eigenvalue.
 *
 * At the end ∇f(W)U = 0 and −∇f(W) ⪯ 0 hold, which for the convex f is optimality over W ⪰ 0: that is the certificate.
 */
import type { Dataset } from '../data/dataset';
import { createMatrixFactorization } from '../models/matrix-factorization';
import type { Model } from '../models/model';
import { inWords } from '../numerics/in-words';
import { luInPlace, luSolve } from '../numerics/lu';
import { Rosenbrock } from '../numerics/rosenbrock';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { norm2 } from '../numerics/vectors';
import { SolverError, type Answer } from './reference-problem';

export interface GreedyPhase {
  readonly rank: number;
  /** Largest and second eigenvalue of −∇f at the point where the phase begins. */
  readonly eigenvalue: number;
  readonly second: number;
  /** f and the trace of W where it ends. */
  readonly loss: number;
  readonly trace: number;
  /** W, n × n. */
  readonly point: Float64Array;
}

export interface GreedyAnswer extends Answer {
  readonly phases: readonly GreedyPhase[];
}

/** ε: the squared length of a new column, relative to the scale of the answer. */
const SEED = 1e-14;
/** An eigenvalue of −∇f counts as positive above this, relative to the first one. */
const POSITIVE = 1e-9;
const TOLERANCE = 1e-9;
const MOST_STEPS = 20_000;
/** The flow has come to rest when its speed is this far below λ₁‖U‖. */
const REST = 1e-13;
/** The trace is this many times ‖y‖: the infimum is not attained. */
const UNBOUNDED = 1e3;
/** A point whose certificate is worse is no answer. */
const ACCEPTABLE = 1e-6;
/** Columns times rows beyond which the Hessian is not factored. */
const LARGEST = 400;

/** @throws SolverError "no-convergence" where a phase does not come to rest, or is too large to follow */
export function greedyLowRank(data: Dataset): GreedyAnswer {
  const n = data.matrix?.rows ?? 0;
  const phases: GreedyPhase[] = [];
  let u: Float64Array = new Float64Array(0);
  let w = new Float64Array(n * n);
  let stationarity = 0;
  let top = topOf(data, w, n);
  const scale = Math.sqrt(norm2(data.y)) || 1;
  const first = top.value;
  while (phases.length < n && top.value > POSITIVE * first && top.value > 0) {
    const rank = phases.length + 1;
    if (n * rank > LARGEST) throw new SolverError('greedy-low-rank', 'no-convergence', `phase ${rank} has ${n * rank} parameters`);
    const begin = new Float64Array(n * rank);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k + 1 < rank; k++) begin[i * rank + k] = u[i * (rank - 1) + k];
      begin[i * rank + rank - 1] = Math.sqrt(SEED) * scale * top.vector[i];
    }
    const model = createMatrixFactorization({ depth: 2, symmetric: true, width: rank }, data);
    u = descend(model, data.y, begin, first);
    w = new Float64Array(n * n);
    model.predictor?.(u, w);
    const { eigenvalue, second } = { eigenvalue: top.value, second: top.second };
    top = topOf(data, w, n);
    stationarity = norm2(slopeOf(model, data.y, u)) / (first * norm2(u));
    let trace = 0;
    for (let i = 0; i < n; i++) trace += w[i * n + i];
    phases.push({ rank, eigenvalue, second, loss: top.loss, trace, point: w });
  }
  const feasibility = Math.max(0, top.value) / (first || 1);
  const value = Math.max(stationarity, feasibility);
  if (!(value <= ACCEPTABLE)) {
    throw new SolverError(
      'greedy-low-rank',
      'no-convergence',
      `the last phase ends with ‖∇f(W)U‖ = ${stationarity}, λ₁(−∇f) = ${feasibility}, relatively`,
    );
  }
  return {
    phases,
    point: w,
    multipliers: new Float64Array(0),
    objective: phases.at(-1)?.trace ?? 0,
    certificate: {
      kind: 'kkt-residual',
      value,
      says:
        `after ${phases.length} phases ‖∇f(W)U‖ is ${inWords(stationarity, 2)} and the largest eigenvalue of −∇f(W) ` +
        `${inWords(feasibility, 2)}, relative to the first phase`,
    },
  };
}

interface Top {
  readonly value: number;
  readonly second: number;
  readonly vector: Float64Array;
  readonly loss: number;
}

/** Eigenvalues of the symmetric part of −∇f(W). */
function topOf(data: Dataset, w: Float64Array, n: number): Top {
  const observed = data.matrix?.observed ?? null;
  const gradient = new Float64Array(n * n);
  let loss = 0;
  for (let i = 0; i < data.samples; i++) {
    let residual = -data.y[i];
    if (observed !== null) residual += w[observed[i]];
    else for (let k = 0; k < n * n; k++) residual += data.x[i * n * n + k] * w[k];
    loss += 0.5 * residual * residual;
    if (observed !== null) gradient[observed[i]] -= residual;
    else for (let k = 0; k < n * n; k++) gradient[k] -= residual * data.x[i * n * n + k];
  }
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) gradient[i * n + j] = 0.5 * (gradient[i * n + j] + gradient[j * n + i]);
  const { values, vectors } = symmetricEigen(gradient, n);
  return { value: values[n - 1], second: n > 1 ? values[n - 2] : 0, vector: vectors.slice((n - 1) * n), loss };
}

/** −∇f(UUᵀ)U: half the negative gradient of f in U. */
function slopeOf(model: Model, y: Float64Array, u: Float64Array): Float64Array {
  const residual = new Float64Array(model.samples);
  const out = new Float64Array(u.length);
  model.outputs(u, residual);
  for (let i = 0; i < residual.length; i++) residual[i] -= y[i];
  model.pullback(u, residual, out);
  return out.map((value) => -0.5 * value);
}

/** The flow to rest, by L-stable steps with the exact Jacobian. */
function descend(model: Model, y: Float64Array, begin: Float64Array, rate: number): Float64Array {
  const size = begin.length;
  const u = Float64Array.from(begin);
  const m = model.samples;
  const jacobian = new Float64Array(m * size);
  const hessian = new Float64Array(size * size);
  const factors = new Float64Array(size * size);
  const pivots = new Int32Array(size);
  const residual = new Float64Array(m);
  const unit = new Float64Array(size);
  const column = new Float64Array(size);
  const linearize = (at: Float64Array): void => {
    model.outputs(at, residual);
    for (let i = 0; i < m; i++) residual[i] -= y[i];
    model.jacobian(at, jacobian);
    hessian.fill(0);
    for (let i = 0; i < m; i++) {
      for (let p = 0; p < size; p++) {
        const value = 0.5 * jacobian[i * size + p];
        if (value !== 0) for (let q = 0; q < size; q++) hessian[p * size + q] += value * jacobian[i * size + q];
      }
    }
    for (let p = 0; p < size; p++) {
      unit[p] = 1;
      model.curvature(at, residual, unit, column);
      unit[p] = 0;
      for (let q = 0; q < size; q++) hessian[p * size + q] += 0.5 * column[q];
    }
  };
  const method = new Rosenbrock({
    size,
    rhs: (at, out) => out.set(slopeOf(model, y, at)),
    linearize,
    factor: (shift) => {
      factors.set(hessian);
      for (let p = 0; p < size; p++) factors[p * size + p] += shift;
      return luInPlace(factors, size, pivots);
    },
    solve: (b) => luSolve(factors, size, pivots, b),
  });
  // The new column is small against the others: its growth is what is followed.
  const floor = Math.sqrt(SEED) * norm2(begin);
  let h = 1e-3 / rate;
  let slope = slopeOf(model, y, u);
  for (let step = 0; step < MOST_STEPS; step++) {
    linearize(u);
    let accepted = false;
    for (let tries = 0; tries < 60 && !accepted; tries++) {
      const solved = method.attempt(u, slope, h);
      let error = 0;
      for (let p = 0; p < size; p++) {
        const ratio = Math.abs(method.error[p]) / (TOLERANCE * Math.max(Math.abs(u[p]), Math.abs(method.next[p]), floor));
        if (!(ratio <= error)) error = ratio;
      }
      accepted = solved && error <= 1;
      h *= accepted || Number.isFinite(error) ? Math.min(6, Math.max(0.1, 0.9 * Math.pow(Math.max(error, 1e-12), -0.25))) : 0.1;
    }
    if (!accepted) break;
    u.set(method.next);
    slope = slopeOf(model, y, u);
    const speed = norm2(slope);
    if (norm2(u) ** 2 > UNBOUNDED * norm2(y)) break;
    if (speed <= REST * rate * norm2(u)) return u;
  }
  const why = norm2(u) ** 2 > UNBOUNDED * norm2(y) ? 'it grows without bound' : `its speed is ${norm2(slope)}`;
  throw new SolverError('greedy-low-rank', 'no-convergence', `a phase did not come to rest: ${why}`);
}
