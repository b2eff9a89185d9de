/**
 * How far a homogeneous classifier is from the Karush–Kuhn–Tucker conditions of
 *
 *     (P)  min ½‖θ‖²  subject to  q_k(θ) ≥ 1,
 *
 * at θ̃ = θ/q_min^(1/L) (Lyu & Li 2020, definitions C.5 and C.6): θ̃ = Σ λ_k h_k with h_k in Clarke's subdifferential of q_k,
 * λ ≥ 0 and λ_k(q_k − 1) = 0. The multipliers are found by non-negative least squares. In the scale-free form used here,
 * with u = θ/‖θ‖, γ = q_min(u), and weights p_k = λ_k L/‖θ̃‖², which sum to 1 at a KKT point,
 *
 *     ‖u − Σ p_k h_k(u)/(Lγ)‖² + Σ p_k² (q_k/q_min − 1)²  → min over p ≥ 0 and h.
 *
 * Where a hidden unit of a one-hidden-layer network is within `KINK` of its kink on a sample, its slope there is free between
 * the slopes of both sides, independently for every sample and unit: the units have weights of their own, so Clarke's set is
 * the product. The vertices of that set enter as columns one by one, those with the steepest descent first. Without this
 * freedom the residual of a max-margin ReLU network is of order 1, for its units sit on hyperplanes through the data.
 */
import { nnlsOfColumns } from '../numerics/nnls';
import { GrowingQr } from '../numerics/growing-qr';
import { axpy, norm2 } from '../numerics/vectors';
import type { Model } from '../models/model';
import { MarginConstraints } from './margin-constraints';

/** |w_j·x_i| ≤ KINK ‖w_j‖‖x_i‖ counts as on the kink: well above the 10⁻³ by which steps go to and fro across it. */
const KINK = 1e-2;
/** Margins this far above the smallest, relatively, get no multiplier. */
const ACTIVE = 0.5;
const MOST_ROUNDS = 60;
/** Cosine of column and residual: entering it would lower the residual by less than half the square of this, relatively. */
const DESCENT = 1e-3;

export interface KktResidual {
  /** ‖θ̃ − Σ λ_k h_k‖ / ‖θ̃‖: ε of an (ε, δ)-KKT point, relative to ‖θ̃‖. */
  readonly stationarity: number;
  /** √Σ p_k² (q_k/q_min − 1)²: multipliers on margins that are not the smallest. */
  readonly slackness: number;
  /** max λ_k (q_k − 1) at θ̃: δ of an (ε, δ)-KKT point. */
  readonly delta: number;
  /** λ_k at θ̃, one a margin. */
  readonly multipliers: Float64Array;
  /** Pairs of a sample and a live unit on its kink. */
  readonly kinks: number;
  /** q_min/‖θ‖^L. */
  readonly margin: number;
  /** False where more choices of slopes at kinks were left than there was time for: the residual is then an upper bound. */
  readonly complete: boolean;
}

/** Whether the residual is defined and of a size that can be computed at every recorded point. */
export function hasKktResidual(model: Model, targets: Float64Array): boolean {
  return model.degree !== null && gradientEntries(model, targets) <= (model.kinks === undefined ? RECORDED_SMOOTH : RECORDED_KINKS);
}
/** Entries of the matrix of gradients: some milliseconds for each point, and for a run some hundred points. With kinks it has many more columns. */
const RECORDED_SMOOTH = 20_000;
const RECORDED_KINKS = 3000;

/** Whether the residual can be computed once, in some seconds. */
export function isKktComputable(model: Model, targets: Float64Array): boolean {
  return gradientEntries(model, targets) <= LARGEST;
}
/** Entries of the matrix of gradients, of which there are some copies: 40 MB each. */
const LARGEST = 5_000_000;
/** Columns² × length that their factorisation may take: some seconds. */
const WORK = 4e9;

function gradientEntries({ outputsPerSample, parameterCount }: Model, targets: Float64Array): number {
  return new MarginConstraints(outputsPerSample, targets).count * parameterCount;
}

/**
 * Null where some margin is not positive: (P) has no feasible point on this ray.
 * @param work columns² × length that may be factored before the choice of slopes at kinks ends
 */
export function kktResidual(
  model: Model,
  targets: Float64Array,
  inputs: Float64Array,
  theta: Float64Array,
  work = WORK,
): KktResidual | null {
  const { degree, parameterCount: size } = model;
  if (degree === null) return null;
  const constraints = new MarginConstraints(model.outputsPerSample, targets);
  const length = norm2(theta);
  const u = theta.map((value) => value / length);
  const outputs = new Float64Array(model.samples * model.outputsPerSample);
  model.outputs(u, outputs);
  const margins = new Float64Array(constraints.count);
  constraints.values(outputs, margins);
  const smallest = margins.reduce((least, value) => Math.min(least, value), Infinity);
  if (!(smallest > 0)) return null;

  const jacobian = new Float64Array(outputs.length * size);
  model.jacobian(u, jacobian);
  const gradients = new Float64Array(constraints.count * size);
  constraints.rows(jacobian, size, gradients);
  const active = Array.from(margins.keys()).filter((k) => margins[k] <= (1 + ACTIVE) * smallest);
  const freedoms = freeSlopes(model, constraints, inputs, u, gradients, active);
  const { weights, residual, complete } = correct(u, gradients, margins, smallest * degree, active, freedoms, work);

  const multipliers = new Float64Array(constraints.count);
  const scale = Math.pow(smallest, -2 / degree) / degree;
  let slackness = 0;
  let delta = 0;
  active.forEach((k, a) => {
    multipliers[k] = weights[a] * scale;
    const slack = margins[k] / smallest - 1;
    slackness += (weights[a] * slack) ** 2;
    delta = Math.max(delta, multipliers[k] * slack);
  });
  return {
    stationarity: norm2(residual.subarray(0, size)),
    slackness: Math.sqrt(slackness),
    delta,
    multipliers,
    kinks: freedoms.reduce((sum, { offsets }) => sum + offsets.length, 0),
    margin: smallest,
    complete,
  };
}

/** The units on their kink for one margin: `directions` (kinks × width) is ∂∇q_k/∂slope, at `offsets` in θ (and the bias). */
interface Freedom {
  readonly offsets: readonly number[];
  readonly biases: readonly number[];
  readonly directions: Float64Array;
  readonly width: number;
  /** The slope that ∇q_k was computed with, one a kink. */
  readonly taken: readonly number[];
  readonly slope: number;
}

const NONE: Freedom = { offsets: [], biases: [], directions: new Float64Array(0), width: 0, taken: [], slope: 1 };

function freeSlopes(
  model: Model,
  constraints: MarginConstraints,
  inputs: Float64Array,
  u: Float64Array,
  gradients: Float64Array,
  active: readonly number[],
): Freedom[] {
  const first = model.blocks.find(({ name }) => name === 'W1');
  const second = model.blocks.find(({ name }) => name === 'W2');
  if (model.kind !== 'network' || model.kinks?.hiddenLayers !== 1 || first === undefined) return active.map(() => NONE);
  const bias = model.blocks.find(({ name }) => name === 'b1');
  const { rows: units, columns: width, offset } = first;
  const { slope } = model.kinks;
  const largest = norm2(u);
  return active.map((k) => {
    const i = constraints.sampleOf(k);
    const x = inputs.subarray(i * width, (i + 1) * width);
    const sizeOfX = Math.hypot(norm2(x), bias === undefined ? 0 : 1);
    const offsets: number[] = [];
    const biases: number[] = [];
    const taken: number[] = [];
    const directions: number[] = [];
    for (let j = 0; j < units; j++) {
      const at = offset + j * width;
      let z = bias === undefined ? 0 : u[bias.offset + j];
      let square = z * z;
      for (let c = 0; c < width; c++) {
        z += u[at + c] * x[c];
        square += u[at + c] ** 2;
      }
      // A unit that has died out relative to the others moves nothing.
      if (Math.abs(z) > KINK * Math.sqrt(square) * sizeOfX || square <= 1e-24 * largest) continue;
      const now = z > 0 ? 1 : slope;
      let weight: number;
      if (second !== undefined) {
        weight = 0;
        for (let c = 0; c < model.outputsPerSample; c++) weight += constraints.coefficient(k, c) * u[second.offset + c * units + j];
      } else if (now !== 0 && norm2(x) > 0) {
        // Frozen output weights are not in θ, but in the gradient of an open unit: now · weight · x.
        weight = 0;
        for (let c = 0; c < width; c++) weight += (gradients[k * u.length + at + c] * x[c]) / (now * norm2(x) ** 2);
      } else continue;
      offsets.push(at);
      biases.push(bias === undefined ? -1 : bias.offset + j);
      taken.push(now);
      for (let c = 0; c < width; c++) directions.push(weight * x[c]);
      directions.push(weight);
    }
    return { offsets, biases, directions: Float64Array.from(directions), width, taken, slope };
  });
}

/** b − Σ u_c columns_c: what the weights leave, whatever has found them. */
function remainder(b: Float64Array, columns: readonly Float64Array[], u: Float64Array): Float64Array {
  const out = Float64Array.from(b);
  columns.forEach((column, c) => {
    if (u[c] > 0) axpy(-u[c], column, out);
  });
  return out;
}

/**
 * Fully corrective column generation over the vertices of the Clarke sets. Columns are as long as θ, but there are few: the least squares
 * are solved in their span, where nothing is longer than their number.
 */
function correct(
  u: Float64Array,
  gradients: Float64Array,
  margins: Float64Array,
  scale: number,
  active: readonly number[],
  freedoms: readonly Freedom[],
  work: number,
): { weights: Float64Array; residual: Float64Array; complete: boolean } {
  const size = u.length;
  const length = size + active.length;
  const target = new Float64Array(length);
  target.set(u);
  const smallest = active.reduce((least, k) => Math.min(least, margins[k]), Infinity);
  const columns: Float64Array[] = [];
  const owners: number[] = [];
  const known = new Set<string>();
  const factored = new GrowingQr(length);
  /** The vertex of constraint a that descends most along r, if it is new. */
  const enter = (a: number, r: Float64Array, threshold: number): boolean => {
    const k = active[a];
    const { offsets, biases, directions, width, taken, slope } = freedoms[a];
    const column = new Float64Array(length);
    column.set(gradients.subarray(k * size, (k + 1) * size));
    let name = String(a);
    for (let s = 0; s < offsets.length; s++) {
      let along = biases[s] < 0 ? 0 : r[biases[s]] * directions[s * (width + 1) + width];
      for (let c = 0; c < width; c++) along += r[offsets[s] + c] * directions[s * (width + 1) + c];
      const chosen = along > 0 === slope < 1 ? 1 : slope;
      name += chosen === 1 ? '+' : '-';
      const change = chosen - taken[s];
      for (let c = 0; c < width; c++) column[offsets[s] + c] += change * directions[s * (width + 1) + c];
      if (biases[s] >= 0) column[biases[s]] += change * directions[s * (width + 1) + width];
    }
    if (known.has(name)) return false;
    for (let c = 0; c < size; c++) column[c] /= scale;
    column[size + a] = margins[k] / smallest - 1;
    let descent = 0;
    for (let c = 0; c < length; c++) descent += column[c] * r[c];
    if (!(descent > threshold * norm2(column))) return false;
    known.add(name);
    columns.push(column);
    factored.add(column);
    owners.push(a);
    return true;
  };
  let residual: Float64Array = target;
  let solution: Float64Array = new Float64Array(0);
  let complete = false;
  for (let round = 0; round < MOST_ROUNDS && !complete && (round === 0 || factored.count ** 2 * length <= work); round++) {
    let entered = 0;
    for (let a = 0; a < active.length; a++) if (enter(a, residual, DESCENT * norm2(residual))) entered++;
    complete = entered === 0;
    if (complete) break;
    solution = nnlsOfColumns(factored.reduced(), factored.count, factored.rank, factored.project(target)).u;
    residual = remainder(target, columns, solution);
  }
  const weights = new Float64Array(active.length);
  solution.forEach((weight, c) => (weights[owners[c]] += weight));
  return { weights, residual, complete };
}
