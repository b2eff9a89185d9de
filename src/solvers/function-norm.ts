/**
 * The least cost in weights of a two-layer ReLU network of one variable, of any width, that passes through given points, its biases free:
 * min ½‖W‖² = min Σ|c_k| over f(x) = b + Σ c_k (±(x − t_k))₊ with f(x_i) = y_i. For a given f that is max(∫|f″|, |f′(−∞) + f′(+∞)|)
 * (Savarese, Evron, Soudry and Srebro 2019).
 *
 * Its dual is max Σν_i y_i s.t. |Σν_i (±(x_i − t))₊| ≤ 1 for all t and Σν_i = 0. The left side is linear in t between the x_i and
 * constant beyond them, so t = x_i are all its constraints, and kinks at the x_i are enough.
 */
import { inWords } from '../numerics/in-words';
import { minimumNormLeastSquares } from '../numerics/least-squares';
import type { Certificate } from '../protocol/report';
import { SolverError, type LinearProgramSolver } from './reference-problem';

export interface FunctionNormAnswer {
  /** The points in ascending order of x. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Slopes of the minimizer: before the first point, between neighbours, behind the last. */
  readonly slopes: Float64Array;
  /** R* = max(∫|f″|, |f′(−∞) + f′(+∞)|). */
  readonly objective: number;
  readonly certificate: Certificate;
  /**
   * A lower bound of ½ρ Σ(f(x_i) − y_i)² + λR(f) over all f, from the dual: max λκν·y − (λκ)²‖ν‖²/2ρ over κ ≤ 1, for the feasible ν that
   * is nearest to ρy/λ among those with the signs of the minimizer.
   */
  regularizedBound(lambda: number, rho: number): number;
}

/** A coefficient below this times the largest is the program's zero. */
const ZERO = 1e-9;

/**
 * @throws SolverError "infeasible" where two points have one x, "no-convergence" where the program could not be solved
 */
export function functionNorm(inputs: Float64Array, targets: Float64Array, lp: LinearProgramSolver): FunctionNormAnswer {
  const order = Array.from(inputs.keys()).sort((a, b) => inputs[a] - inputs[b]);
  const x = Float64Array.from(order, (i) => inputs[i]);
  const y = Float64Array.from(order, (i) => targets[i]);
  const n = x.length;
  for (let i = 1; i < n; i++) {
    if (x[i] === x[i - 1]) throw new SolverError('function-norm', 'infeasible', `two samples lie at x = ${x[i]}`);
  }
  const ramps = rampsOf(x);
  const { coefficients, duals } = solve(ramps, y, lp);
  // The ramps to the right make the slope at +∞, those to the left that at −∞; between the points the slopes are given.
  const slopes = new Float64Array(n + 1);
  ramps.forEach(({ side }, k) => (slopes[side > 0 ? n : 0] += side * coefficients[k]));
  for (let i = 1; i < n; i++) slopes[i] = (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
  const objective = costOf(slopes);
  const bound = dot(feasible(ramps, duals), y);
  const gap = objective === 0 ? 0 : Math.abs(objective - bound) / objective;
  return {
    x,
    y,
    slopes,
    objective,
    certificate: {
      kind: 'duality-gap',
      value: gap,
      says: `cost ${objective.toPrecision(10)} of a function through the ${n} points, ${bound.toPrecision(10)} is a lower bound from the dual: relative gap ${inWords(gap, 2)}`,
    },
    regularizedBound: (lambda, rho) => {
      const nu = feasible(ramps, nearestDual(ramps, coefficients, y, rho / lambda));
      const [linear, square] = [lambda * dot(nu, y), (lambda * lambda * dot(nu, nu)) / rho];
      const kappa = Math.min(1, linear / square);
      return kappa * linear - (kappa * kappa * square) / 2;
    },
  };
}

/** max(∫|f″|, |f′(−∞) + f′(+∞)|) of a piecewise linear function with these slopes, from left to right. */
export function costOf(slopes: ArrayLike<number>): number {
  let variation = 0;
  for (let k = 1; k < slopes.length; k++) variation += Math.abs(slopes[k] - slopes[k - 1]);
  return Math.max(variation, Math.abs(slopes[0] + slopes[slopes.length - 1]));
}

/** (side · (x − t))₊ at the points. */
interface Ramp {
  readonly side: 1 | -1;
  readonly values: Float64Array;
}

function rampsOf(x: Float64Array): readonly Ramp[] {
  return ([1, -1] as const).flatMap((side) =>
    Array.from(x, (t): Ramp => ({ side, values: x.map((value) => Math.max(0, side * (value - t))) })).filter(({ values }) =>
      values.some((value) => value > 0),
    ),
  );
}

/** min Σ|c| s.t. b + Σ c_k ramp_k = y, as a program in the positive and negative parts. */
function solve(
  ramps: readonly Ramp[],
  y: Float64Array,
  lp: LinearProgramSolver,
): { readonly coefficients: Float64Array; readonly duals: Float64Array } {
  const rows = y.length;
  const k = ramps.length;
  const columns = 2 * k + 2;
  const matrix = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    ramps.forEach(({ values }, r) => {
      matrix[i * columns + r] = values[i];
      matrix[i * columns + k + r] = -values[i];
    });
    matrix[i * columns + 2 * k] = 1;
    matrix[i * columns + 2 * k + 1] = -1;
  }
  const cost = new Float64Array(columns).fill(1, 0, 2 * k);
  const answer = lp.solve({ cost, matrix, rhs: y, rows, columns });
  if (answer.status !== 'optimal') throw new SolverError('function-norm', 'no-convergence', `the linear program ended as ${answer.status}`);
  return { coefficients: Float64Array.from({ length: k }, (_, r) => answer.x[r] - answer.x[k + r]), duals: answer.duals };
}

/** ν moved to Σν = 0 and shortened until no ramp exceeds 1: feasible whatever it was. */
function feasible(ramps: readonly Ramp[], nu: Float64Array): Float64Array {
  const mean = nu.reduce((sum, value) => sum + value, 0) / nu.length;
  const centred = nu.map((value) => value - mean);
  const largest = ramps.reduce((most, { values }) => Math.max(most, Math.abs(dot(values, centred))), 1);
  return centred.map((value) => value / largest);
}

/** The ν nearest to scale · y with Σν = 0 and ±1 on the ramps that the minimizer uses. */
function nearestDual(ramps: readonly Ramp[], coefficients: Float64Array, y: Float64Array, scale: number): Float64Array {
  const n = y.length;
  const largest = coefficients.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const used = Array.from(coefficients.keys()).filter((k) => Math.abs(coefficients[k]) > ZERO * largest);
  const matrix = new Float64Array((used.length + 1) * n).fill(1, used.length * n);
  const rest = new Float64Array(used.length + 1);
  const nu = y.map((value) => scale * value);
  used.forEach((k, row) => {
    matrix.set(ramps[k].values, row * n);
    rest[row] = Math.sign(coefficients[k]) - dot(ramps[k].values, nu);
  });
  rest[used.length] = -nu.reduce((sum, value) => sum + value, 0);
  const step = minimumNormLeastSquares(matrix, used.length + 1, n, rest).x;
  return nu.map((value, i) => value + step[i]);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
