/** The zero-loss point of a single ReLU neuron that is closest to an origin. */
import { inWords } from '../numerics/in-words';
import { nnls } from '../numerics/nnls';
import { dot, norm2 } from '../numerics/vectors';
import { relativeViolation } from './consistent-system';
import { minimumNorm } from './minimum-norm';
import { outsideRowSpace } from './one-unit-limit';
import { SolverError, type Answer } from './reference-problem';

/** Of a residual of length one: below this the half-spaces contradict each other, as far as rounding lets one say. */
const CONTRADICTION = 1e-12;

/**
 * min ‖w − w₀‖₂ subject to w·x_i = y_i where y_i > 0 and w·x_i ≤ 0 where y_i = 0.
 *
 * First the point m of the equations that is closest to w₀, then the least u within their null space with g·(m + u) ≤ 0 for the other
 * rows g: a least-distance problem, solved as one of non-negative least squares (Lawson and Hanson 1974, chapter 23). Certificate: the
 * larger of the violation of the constraints and the gap between ‖w − w₀‖² and ‖m − w₀‖² + 2hᵀλ − ‖Aᵀλ‖², relative to the former,
 * A the rows −g within the null space, h = g·m.
 * @param y samples entries, ≥ 0
 * @throws SolverError "infeasible" when there is no such w
 */
export function closestReluInterpolator(x: Float64Array, y: Float64Array, samples: number, features: number, origin: Float64Array): Answer {
  const rowsWhere = (wanted: (label: number) => boolean): Float64Array =>
    Float64Array.from({ length: samples }, (_, i) => i)
      .filter((i) => wanted(y[i]))
      .reduce((rows, i) => Float64Array.from([...rows, ...x.subarray(i * features, (i + 1) * features)]), new Float64Array(0));
  const equal = rowsWhere((label) => label > 0);
  const below = rowsWhere((label) => label === 0);
  const equations = equal.length / features;
  const bounds = below.length / features;
  const targets = y.filter((label) => label > 0);
  const nearest = equations === 0 ? null : minimumNorm(equal, targets, equations, features, origin);
  if (nearest?.consistent === false) throw new SolverError('relu-zero-loss', 'infeasible', 'the positive labels contradict each other');
  const m = nearest?.point ?? Float64Array.from(origin);

  const a = new Float64Array(bounds * features);
  const h = new Float64Array(bounds);
  for (let k = 0; k < bounds; k++) {
    const g = below.slice(k * features, (k + 1) * features);
    h[k] = dot(g, m);
    const inside = equations === 0 ? g : outsideRowSpace(equal, equations, features, g);
    for (let j = 0; j < features; j++) a[k * features + j] = -inside[j];
  }
  const lambda = multipliers(a, h, bounds, features);
  const u = new Float64Array(features);
  for (let k = 0; k < bounds; k++) for (let j = 0; j < features; j++) u[j] += lambda[k] * a[k * features + j];
  const point = m.map((value, j) => value + u[j]);

  const size = norm2(point) + norm2(origin);
  let violation = equations === 0 ? 0 : relativeViolation(equal, targets, equations, features, point, size);
  for (let k = 0; k < bounds; k++) {
    const g = below.subarray(k * features, (k + 1) * features);
    violation = Math.max(violation, dot(g, point) / ((norm2(g) || 1) * size || 1));
  }
  const away = m.map((value, j) => value - origin[j]);
  const distance = norm2(point.map((value, j) => value - origin[j]));
  const lower = dot(away, away) + 2 * dot(h, lambda) - dot(u, u);
  const gap = distance === 0 ? 0 : Math.abs(distance * distance - lower) / (distance * distance);
  return {
    point,
    multipliers: lambda,
    objective: distance,
    certificate: {
      kind: 'duality-gap',
      value: Math.max(violation, gap),
      says: `relative duality gap ${inWords(gap, 2)}, the constraints hold to ${inWords(violation, 2)} relatively`,
    },
  };
}

/** λ ≥ 0 of min ‖u‖ s.t. Au ≥ h, with u = Aᵀλ. */
function multipliers(a: Float64Array, h: Float64Array, rows: number, columns: number): Float64Array {
  if (h.every((value) => value <= 0)) return new Float64Array(rows);
  // Scaled so that both parts of a column are of one order.
  const scale = 1 / Math.max(...h.map(Math.abs), Number.MIN_VALUE);
  const matrix = new Float64Array((columns + 1) * rows);
  for (let k = 0; k < rows; k++) {
    for (let j = 0; j < columns; j++) matrix[j * rows + k] = a[k * columns + j];
    matrix[columns * rows + k] = scale * h[k];
  }
  const goal = new Float64Array(columns + 1);
  goal[columns] = 1;
  const { u, residual } = nnls(matrix, columns + 1, rows, goal);
  const rest = residual[columns];
  if (!(rest > CONTRADICTION))
    throw new SolverError('relu-zero-loss', 'infeasible', 'no w is off on every sample with label 0 and fits the others');
  return u.map((value) => value / (scale * rest));
}
