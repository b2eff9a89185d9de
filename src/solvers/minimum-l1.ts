import { matTVec, matVec } from '../numerics/dense';
import { inWords } from '../numerics/in-words';
import { pivotedLq } from '../numerics/pivoted-lq';
import { norm1, normInf } from '../numerics/vectors';
import { minimumNormLeastSquares } from '../numerics/least-squares';
import { relativeViolation } from './consistent-system';
import { SolverError, type Answer, type LinearProgramSolver } from './reference-problem';

/** Entries up to this times ‖w‖∞ are the linear program's zeros (its feasibility tolerance is 1e-9 or better, relatively). */
const ZERO = 1e-9;
/** |x_jᵀν| at most 1 minus this is strictly inside. */
const STRICT = 1e-7;

export interface MinimumL1Answer extends Answer {
  /** Indices of the non-zero entries, ascending. */
  readonly support: Int32Array;
  /**
   * True when proven: the columns of the support are independent and some ν has x_jᵀν = sgn w_j on the support and |x_jᵀν| < 1 off it, which is
   * necessary and sufficient (Zhang, Yin and Cheng 2015, Theorem 1). False: not shown, the point may be one vertex of a face of minimizers.
   */
  readonly unique: boolean;
}

/**
 * Basis pursuit: min ‖w‖₁ subject to Xw = y (Chen, Donoho and Saunders 1998), as the linear program min 1ᵀ(a + b), X(a − b) = y, a, b ≥ 0.
 * The program's answer is then solved for on its support, so that Xw = y holds to rounding. Where the minimizer is not
 * unique, this is a vertex of the set of minimizers, which one depends on the linear program's solver.
 *
 * The certificate is (‖w‖₁ − yᵀν)/‖w‖₁ for ν scaled to ‖Xᵀν‖∞ ≤ 1, or the relative violation of Xw = y when that is larger.
 * @param x samples × features, row-major; y samples entries
 * @throws SolverError "infeasible" when Xw = y has no solution, "no-convergence" when the program could not be solved
 */
export function minimumL1(x: Float64Array, y: Float64Array, samples: number, features: number, lp: LinearProgramSolver): MinimumL1Answer {
  if (normInf(y) === 0) return zero(samples, features);
  const program = lp.solve({
    cost: new Float64Array(2 * features).fill(1),
    matrix: doubled(x, samples, features),
    rhs: y,
    rows: samples,
    columns: 2 * features,
  });
  if (program.status === 'infeasible') throw new SolverError('l1', 'infeasible', 'Xw = y has no solution');
  if (program.status !== 'optimal') throw new SolverError('l1', 'no-convergence', `the linear program ended as ${program.status}`);
  const raw = new Float64Array(features);
  for (let j = 0; j < features; j++) raw[j] = program.x[j] - program.x[features + j];
  const cut = ZERO * normInf(raw);
  const support = Int32Array.from(Array.from(raw.keys()).filter((j) => Math.abs(raw[j]) > cut));
  const point = onSupport(x, y, samples, features, raw, support);

  const signs = Float64Array.from(support, (j) => Math.sign(point[j]));
  const columns = columnsOf(x, samples, features, support);
  const independent = pivotedLq(columns, support.length, samples).rank === support.length;
  let nu = polishDual(columns, support.length, samples, signs, program.duals);
  let off = largestOff(x, samples, features, support, nu);
  const consider = (start: Float64Array): void => {
    const candidate = polishDual(columns, support.length, samples, signs, start);
    const largest = largestOff(x, samples, features, support, candidate);
    if (largest < off) {
      nu = candidate;
      off = largest;
    }
  };
  // The vertex need not be the dual that tells. Try the shortest (Fuchs 2004), then look for the one that is furthest inside off the support.
  if (independent && support.length < features && !(off < 1 - STRICT)) {
    consider(new Float64Array(samples));
    const inner = off < 1 - STRICT ? null : innermostDual(x, samples, features, support, signs, lp);
    if (inner !== null) consider(inner);
  }
  const image = new Float64Array(features);
  matTVec(x, samples, features, nu, image);
  const over = Math.max(1, normInf(image));
  const multipliers = nu.map((t) => t / over);
  const objective = norm1(point);
  let bound = 0;
  for (let i = 0; i < samples; i++) bound += y[i] * multipliers[i];
  const gap = Math.abs(objective - bound) / objective;
  const violation = relativeViolation(x, y, samples, features, point);
  const unique = independent && (support.length === features || off < 1 - STRICT);
  return {
    point,
    multipliers,
    objective,
    support,
    unique,
    certificate: {
      kind: 'duality-gap',
      value: Math.max(gap, violation),
      says:
        `‖w‖₁ = ${objective.toPrecision(9)} with relative duality gap ${inWords(gap, 2)}, Xw = y holds to ${inWords(violation, 2)} relatively; ` +
        (unique
          ? `the minimizer is unique (largest |xⱼᵀν| off the support ${off.toFixed(6)})`
          : 'the minimizer was not shown to be unique'),
    },
  };
}

function zero(samples: number, features: number): MinimumL1Answer {
  return {
    point: new Float64Array(features),
    multipliers: new Float64Array(samples),
    objective: 0,
    support: new Int32Array(0),
    unique: true,
    certificate: { kind: 'duality-gap', value: 0, says: 'y = 0, so w = 0 is the only minimizer' },
  };
}

/** [X, −X]. */
function doubled(x: Float64Array, samples: number, features: number): Float64Array {
  const matrix = new Float64Array(2 * samples * features);
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < features; j++) {
      matrix[i * 2 * features + j] = x[i * features + j];
      matrix[i * 2 * features + features + j] = -x[i * features + j];
    }
  }
  return matrix;
}

/** Columns of X, one after the other. */
function columnsOf(x: Float64Array, samples: number, features: number, which: Int32Array): Float64Array {
  const out = new Float64Array(which.length * samples);
  which.forEach((j, k) => {
    for (let i = 0; i < samples; i++) out[k * samples + i] = x[i * features + j];
  });
  return out;
}

/** Corrects Xw = y on the support, each entry in proportion to its size, so that signs stay. */
function onSupport(
  x: Float64Array,
  y: Float64Array,
  samples: number,
  features: number,
  raw: Float64Array,
  support: Int32Array,
): Float64Array {
  const size = support.length;
  const columns = columnsOf(x, samples, features, support);
  const rows = new Float64Array(samples * size);
  for (let i = 0; i < samples; i++)
    for (let k = 0; k < size; k++) rows[i * size + k] = columns[k * samples + i] * Math.abs(raw[support[k]]);
  const point = new Float64Array(features);
  for (const j of support) point[j] = raw[j];
  const rest = new Float64Array(samples);
  for (let pass = 0; pass < 2; pass++) {
    matVec(x, samples, features, point, rest);
    for (let i = 0; i < samples; i++) rest[i] = y[i] - rest[i];
    const step = minimumNormLeastSquares(rows, samples, size, rest).x;
    const next = Float64Array.from(point);
    for (let k = 0; k < size; k++) next[support[k]] += step[k] * Math.abs(raw[support[k]]);
    const better = relativeViolation(x, y, samples, features, next) < relativeViolation(x, y, samples, features, point);
    if (!better || support.some((j) => Math.sign(next[j]) !== Math.sign(raw[j]))) break;
    point.set(next);
  }
  return point;
}

/** The nearest ν with x_jᵀν = sgn w_j on the support. */
function polishDual(columns: Float64Array, size: number, samples: number, signs: Float64Array, start: Float64Array): Float64Array {
  const nu = Float64Array.from(start);
  const rest = new Float64Array(size);
  matVec(columns, size, samples, nu, rest);
  for (let k = 0; k < size; k++) rest[k] = signs[k] - rest[k];
  const step = minimumNormLeastSquares(columns, size, samples, rest).x;
  for (let i = 0; i < samples; i++) nu[i] += step[i];
  return nu;
}

function largestOff(x: Float64Array, samples: number, features: number, support: Int32Array, nu: Float64Array): number {
  const image = new Float64Array(features);
  matTVec(x, samples, features, nu, image);
  for (const j of support) image[j] = 0;
  return normInf(image);
}

/**
 * ν that minimizes t = max |x_jᵀν| off the support subject to x_jᵀν = sgn w_j on it. It is the dual of the linear program
 * min sgnᵀ(a − b) over X_off(p − q) + X_on(a − b) = 0, Σ(p + q) = 1, all ≥ 0, whose duals are (ν, −t).
 */
function innermostDual(
  x: Float64Array,
  samples: number,
  features: number,
  support: Int32Array,
  signs: Float64Array,
  lp: LinearProgramSolver,
): Float64Array | null {
  const rows = samples + 1;
  const columns = 2 * features;
  const matrix = new Float64Array(rows * columns);
  const cost = new Float64Array(columns);
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < features; j++) {
      matrix[i * columns + j] = x[i * features + j];
      matrix[i * columns + features + j] = -x[i * features + j];
    }
  }
  matrix.fill(1, samples * columns);
  support.forEach((j, k) => {
    cost[j] = signs[k];
    cost[features + j] = -signs[k];
    matrix[samples * columns + j] = 0;
    matrix[samples * columns + features + j] = 0;
  });
  const rhs = new Float64Array(rows);
  rhs[samples] = 1;
  const { status, duals } = lp.solve({ cost, matrix, rhs, rows, columns });
  return status === 'optimal' ? duals.slice(0, samples) : null;
}
