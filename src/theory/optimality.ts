/**
 * Is a KKT point of the margin problem in parameters optimal? Two answers that can be checked, for networks f = Σ v_j φ(a_j·x) with one hidden
 * layer and both layers trained, at a KKT point θ̃ with multipliers λ:
 *
 * - Weak duality: no such network of any width has ½‖θ‖² below Σλ_i / sup_{‖a‖=1} |Σ λ_i y_i φ(a·x_i)|. Where the supremum is 1 this is
 *   the value at θ̃ (Σλ = ½‖θ̃‖² there): the point is a global optimum (Chizat & Bach 2020, Proposition 12).
 * - Where the supremum exceeds 1 and some unit is idle, that unit can be switched on in the direction that attains it, at cost s for the
 *   weights √s·(a, ±1), and the others, moved by a quadratic program, save s times the supremum to first order: a feasible path of
 *   falling norm that begins at the point, which is then no local optimum. The path is followed exactly, not to first order.
 */
import type { KktResidual } from '../measures/kkt';
import { norm2 } from '../numerics/vectors';
import { largestPatternCount } from '../solvers/activation-patterns';
import { unitPeaks, type Peak } from '../solvers/unit-peaks';
import { separationOfRows } from './linear-separation';
import type { Situation } from './result';
import { twoLayerSpec, unitActivation, unitInputs } from './two-layer-units';

/** More activation patterns than this are left to the result that is about them. */
const MOST_PATTERNS = 3000;

export interface Optimality {
  /** The direction in which |Σ λ_i y_i φ(a·x_i)| is largest, and that value. */
  readonly peak: Peak;
  /** 1 − Σλ/(sup · ½‖θ̃‖²): no network of any width has a normalized margin larger by more than about this, relatively. */
  readonly gap: number;
}

/** Null for other models, and where there are too many activation patterns to go through. */
export function optimalityOf(situation: Situation, residual: KktResidual): Optimality | null {
  const { experiment, data, model } = situation;
  const spec = twoLayerSpec(experiment);
  const activation = spec === null ? null : unitActivation(spec);
  // With quadratic units the network is of degree 3, and the units do not add up to a norm.
  if (spec === null || activation?.kind !== 'piecewise' || spec.trainable !== 'all' || model.outputsPerSample !== 1) return null;
  const { x, dimension } = unitInputs(situation, spec);
  if (largestPatternCount(data.samples, dimension) > MOST_PATTERNS) return null;
  const mu = residual.multipliers.map((value, i) => value * data.y[i]);
  const peak = unitPeaks(x, data.samples, dimension, activation).peaks(mu, 0).at(0);
  if (peak === undefined) return null;
  const total = residual.multipliers.reduce((sum, value) => sum + value, 0);
  const value = 0.5 / residual.margin;
  return { peak, gap: 1 - total / (Math.max(1, peak.height) * value) };
}

export interface PathPoint {
  /** ½‖·‖² of the unit that is switched on. */
  readonly s: number;
  /** ½‖θ‖² of a feasible θ. */
  readonly objective: number;
  /** ‖θ − θ̃‖. */
  readonly distance: number;
}

export interface DescentPath {
  /** ½‖θ̃‖², the idle units set to 0, which no margin notices. */
  readonly objective: number;
  readonly points: readonly PathPoint[];
}

/**
 * Feasible points ever closer to θ̃ = θ/√q_min, with `unit` switched on along the peak.
 * @param theta parameters of a network with one hidden layer, both layers trained
 * @param idle units that are inactive on every sample
 */
export function descentPath(situation: Situation, theta: Float64Array, peak: Peak, idle: readonly number[]): DescentPath | null {
  const { model, data, experiment } = situation;
  const spec = twoLayerSpec(experiment);
  const activation = spec === null ? null : unitActivation(spec);
  if (spec === null || activation?.kind !== 'piecewise' || idle.length === 0) return null;
  const { x, dimension } = unitInputs(situation, spec);
  const size = theta.length;
  const outputs = new Float64Array(data.samples);
  const smallest = (point: Float64Array): number => {
    model.outputs(point, outputs);
    return outputs.reduce((least, value, i) => Math.min(least, value * data.y[i]), Infinity);
  };
  const scale = 1 / Math.sqrt(smallest(theta));
  const limit = theta.map((value) => value * scale);
  for (const j of idle) for (const k of placesOf(situation, j)) limit[k] = 0;
  const objective = 0.5 * norm2(limit) ** 2;
  smallest(limit);
  const margins = outputs.map((value, i) => value * data.y[i]);
  const jacobian = new Float64Array(data.samples * size);
  model.jacobian(limit, jacobian);

  const places = placesOf(situation, idle[0]);
  const points: PathPoint[] = [];
  for (const share of SHARES) {
    const s = share * objective;
    // Rows ∇q_i·p ≥ q_i + 1 − s·y_iσφ(a·x_i), by homogeneity of degree 2, scaled to right-hand sides 1.
    const rows = new Float64Array(data.samples * size);
    let solvable = true;
    for (let i = 0; i < data.samples; i++) {
      let z = 0;
      for (let c = 0; c < dimension; c++) z += peak.direction[c] * x[i * dimension + c];
      const gain = data.y[i] * peak.sign * (z > 0 ? z : activation.slope * z);
      const bound = 1 + margins[i] - s * gain;
      if (!(bound > 0)) solvable = false;
      for (let k = 0; k < size; k++) rows[i * size + k] = (data.y[i] * jacobian[i * size + k]) / bound;
    }
    const solved = solvable ? separationOfRows(rows, data.samples, size) : null;
    if (solved?.separable !== true) continue;
    const point = Float64Array.from(solved.answer.point);
    places.forEach((k, c) => (point[k] = Math.sqrt(s) * (c < dimension ? peak.direction[c] : peak.sign)));
    const least = smallest(point);
    if (!(least > 0)) continue;
    const back = 1 / Math.sqrt(least);
    let square = 0;
    for (let k = 0; k < size; k++) square += (point[k] * back - limit[k]) ** 2;
    points.push({ s, objective: (0.5 * norm2(point) ** 2) / least, distance: Math.sqrt(square) });
  }
  return { objective, points };
}

/** s relative to ½‖θ̃‖²; distances to the point fall like their square roots. */
const SHARES = [0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4];

/** Places in θ of the incoming weights of a unit, its bias, and its output weight. */
function placesOf({ model }: Situation, unit: number): readonly number[] {
  const places: number[] = [];
  for (const { name, offset, rows, columns } of model.blocks) {
    if (name === 'W1') for (let c = 0; c < columns; c++) places.push(offset + unit * columns + c);
    else if (rows === 1) places.push(offset + unit);
  }
  return places;
}
