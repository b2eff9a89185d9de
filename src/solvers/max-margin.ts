import { matTVec, matVec } from '../numerics/dense';
import { distinctRows, type DistinctRows } from '../numerics/distinct-rows';
import { inWords } from '../numerics/in-words';
import { nnlsOfColumns } from '../numerics/nnls';
import { pivotedLq, solveLower, solveLowerTransposed } from '../numerics/pivoted-lq';
import { norm2 } from '../numerics/vectors';
import type { Certificate } from '../protocol/report';
import { positiveCombination, VANISHES } from './positive-combination';
import { SolverError, type Answer } from './reference-problem';

/**
 * Data are called separable when a w is known with min_i z_i·w/‖w‖₂ above this times √d·max_i ‖z_i‖₂: the products are then
 * positive beyond their own rounding. With less, a combination that vanishes to rounding is shown instead.
 */
const SEPARABLE = 16 * Number.EPSILON;

export interface Separable {
  readonly separable: true;
  /** Point ŵ; multipliers α ≥ 0 with ŵ = Σ α_i z_i; objective ½‖ŵ‖². */
  readonly answer: Answer;
  /** γ = 1/‖ŵ‖₂ = max over unit w of min_i z_i·w. */
  readonly margin: number;
  /** Indices with α_i > 0. */
  readonly support: Int32Array;
}

export interface Inseparable {
  readonly separable: false;
  /** u ≥ 0 with Σu_i = 1 and Σ u_i z_i = 0 to rounding (Gordan): no w has z_i·w > 0 for all i. All entries positive when `strictly`. */
  readonly combination: Float64Array;
  readonly certificate: Certificate;
  /**
   * A combination with every entry positive exists (Stiemke): no w ≠ 0 in the row space has Zw ≥ 0,
   * so a decreasing convex loss has a finite minimizer.
   */
  readonly strictly: boolean;
  /** When not strictly: a unit w with Zw ≥ 0 to rounding and Zw ≠ 0, along which such a loss falls for ever; else null. */
  readonly recession: Float64Array | null;
}

export type MaxMargin = Separable | Inseparable;

/**
 * Hard-margin support vector machine through the origin: min ½‖w‖₂² subject to z_i·w ≥ 1, z_i = y_i x_i.
 *
 * It is least-distance programming (Lawson and Hanson 1974, chapter 23.4): with r the residual of the one non-negative
 * least-squares problem [Zᵀ; 1ᵀ]u ≈ (0, …, 0, 1), w = −r_{1…d}/r_{d+1}, and r = 0 says that the data are not separable.
 * The passive columns of its active set are then solved for exactly (z_i·w = 1 on them), which gives multipliers to rounding.
 *
 * The certificate is (P − D)/P with P = ½‖w‖²/(min_i z_i·w)², D = ½(Σα)²/‖Zᵀα‖², computed from w and α alone: by weak duality
 * the margin of w is within half of that, relatively, of the best.
 *
 * Of rows that repeat, one takes part: a multiplier stands at its first appearance, a weight of a vanishing combination is shared by all.
 * @param z samples × features, row-major, finite
 * @throws SolverError "no-convergence" when neither a separating w nor a vanishing combination is found to rounding
 */
export function maxMargin(z: Float64Array, samples: number, features: number): MaxMargin {
  const distinct = distinctRows(z, samples, features);
  if (distinct === null) return maxMarginOfDistinct(z, samples, features);
  const found = maxMarginOfDistinct(distinct.rows, distinct.count, features);
  return found.separable ? atFirst(found, distinct) : shared(found, distinct);
}

function atFirst(found: Separable, { of, first }: DistinctRows): Separable {
  const multipliers = new Float64Array(of.length);
  first.forEach((i, k) => (multipliers[i] = found.answer.multipliers[k]));
  return { ...found, answer: { ...found.answer, multipliers }, support: found.support.map((k) => first[k]) };
}

function shared(found: Inseparable, { of, count }: DistinctRows): Inseparable {
  const times = new Float64Array(count);
  for (const k of of) times[k]++;
  return { ...found, combination: Float64Array.from(of, (k) => found.combination[k] / times[k]) };
}

function maxMarginOfDistinct(z: Float64Array, samples: number, features: number): MaxMargin {
  const unit = largestRow(z, samples, features);
  if (!(unit > 0)) return inseparable(z, samples, features, new Float64Array(samples).fill(1 / samples));
  const scaled = z.map((x) => x / unit);
  // Weighting the last row by the margin itself balances the problem: a first solution says how small it is.
  let weight = 1;
  let best: { w: Float64Array; alpha: Float64Array; support: Int32Array; margin: number } | null = null;
  let combination: Float64Array = new Float64Array(samples).fill(1 / samples);
  for (let round = 0; round < 3; round++) {
    const { u, passive } = leastDistance(scaled, samples, features, weight);
    const total = u.reduce((s, t) => s + t, 0);
    if (total > 0) combination = u.map((t) => t / total);
    const polished = onActiveSet(scaled, samples, features, passive);
    if (polished !== null && (best === null || polished.margin > best.margin)) best = polished;
    const distance = lengthOfCombination(scaled, samples, features, combination);
    if (distance > 0.01 * weight || distance < VANISHES) break;
    weight = distance;
  }
  if (best === null || !(best.margin > SEPARABLE * Math.sqrt(features))) {
    return inseparable(z, samples, features, combination);
  }
  return separable(z, samples, features, best);
}

/** Non-negative least squares on the columns (z_i, weight). */
function leastDistance(z: Float64Array, samples: number, features: number, weight: number): { u: Float64Array; passive: Int32Array } {
  const length = features + 1;
  const columns = new Float64Array(samples * length);
  for (let i = 0; i < samples; i++) {
    columns.set(z.subarray(i * features, (i + 1) * features), i * length);
    columns[i * length + features] = weight;
  }
  const target = new Float64Array(length);
  target[features] = 1;
  return nnlsOfColumns(columns, samples, length, target);
}

/** The shortest w with z_i·w = 1 on the set, and α with w = Σ α_i z_i; null when the rows depend on each other. */
function onActiveSet(
  z: Float64Array,
  samples: number,
  features: number,
  set: Int32Array,
): { w: Float64Array; alpha: Float64Array; support: Int32Array; margin: number } | null {
  const size = set.length;
  if (size === 0 || size > features) return null;
  const rows = new Float64Array(size * features);
  for (let k = 0; k < size; k++) rows.set(z.subarray(set[k] * features, (set[k] + 1) * features), k * features);
  const { rank, order, l, q } = pivotedLq(rows, size, features);
  if (rank < size) return null;
  const w = new Float64Array(features);
  const part = new Float64Array(size);
  const alphaOfSet = new Float64Array(size);
  const rest = new Float64Array(size).fill(1);
  const image = new Float64Array(size);
  // The second pass refines: it solves for what rounding left of z_i·w = 1.
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < size; k++) part[k] = rest[order[k]];
    solveLower(l, size, size, part);
    const step = new Float64Array(features);
    matTVec(q, size, features, part, step);
    for (let j = 0; j < features; j++) w[j] += step[j];
    solveLowerTransposed(l, size, size, part);
    for (let k = 0; k < size; k++) alphaOfSet[order[k]] += part[k];
    matVec(rows, size, features, w, image);
    for (let k = 0; k < size; k++) rest[k] = 1 - image[k];
  }
  const alpha = new Float64Array(samples);
  for (let k = 0; k < size; k++) alpha[set[k]] = Math.max(0, alphaOfSet[k]);
  const margin = smallestProduct(z, samples, features, w) / norm2(w);
  return { w, alpha, support: Int32Array.from(set).sort(), margin };
}

function separable(
  z: Float64Array,
  samples: number,
  features: number,
  found: { w: Float64Array; alpha: Float64Array; support: Int32Array },
): Separable {
  const smallest = smallestProduct(z, samples, features, found.w);
  // Scaled to be feasible: min z·w = 1 to rounding.
  const point = found.w.map((t) => t / smallest);
  const length = norm2(point);
  const total = found.alpha.reduce((s, t) => s + t, 0);
  const back = new Float64Array(features);
  matTVec(z, samples, features, found.alpha, back);
  const distance = norm2(back) / total;
  // α scaled for the dual Σα − ½‖Zᵀα‖² to be largest.
  const multipliers = found.alpha.map((t) => t / (total * distance * distance));
  const primal = 0.5 * length * length;
  // 1 − D/P with D = ½/distance²; the product is near 1, so the difference has no cancellation worth the name.
  const achieved = 1 / length;
  const gap = Math.max(0, ((distance - achieved) * (distance + achieved)) / (distance * distance));
  return {
    separable: true,
    answer: {
      point,
      multipliers,
      objective: primal,
      certificate: {
        kind: 'duality-gap',
        value: gap,
        says:
          `margin ${achieved.toPrecision(9)} is reached and ${distance.toPrecision(9)} is an upper bound from ` +
          `${found.support.length} support vectors: relative duality gap ${inWords(gap, 2)}`,
      },
    },
    margin: achieved,
    support: found.support.filter((i) => multipliers[i] > 0),
  };
}

function inseparable(z: Float64Array, samples: number, features: number, combination: Float64Array): Inseparable {
  let chosen = combination;
  const { positive, recession } = positiveCombination(z, samples, features);
  if (positive !== null) chosen = positive;
  const length = lengthOfCombination(z, samples, features, chosen);
  let size = 0;
  for (let i = 0; i < samples; i++) size += chosen[i] * norm2(z.subarray(i * features, (i + 1) * features));
  const value = size > 0 ? length / size : 0;
  if (!(value <= VANISHES)) {
    throw new SolverError(
      'max-margin',
      'no-convergence',
      `neither a separating vector nor a vanishing combination was found: ${value} remains`,
    );
  }
  return {
    separable: false,
    combination: chosen,
    certificate: {
      kind: 'vanishing-combination',
      value,
      says: `the combination Σ uᵢyᵢxᵢ with u ≥ 0, Σ uᵢ = 1 has relative length ${inWords(value, 2)}: no w has yᵢ(w·xᵢ) > 0 for all i`,
    },
    strictly: positive !== null,
    recession,
  };
}

function smallestProduct(z: Float64Array, samples: number, features: number, w: Float64Array): number {
  const products = new Float64Array(samples);
  matVec(z, samples, features, w, products);
  return products.reduce((m, t) => Math.min(m, t), Infinity);
}

function lengthOfCombination(z: Float64Array, samples: number, features: number, u: Float64Array): number {
  const sum = new Float64Array(features);
  matTVec(z, samples, features, u, sum);
  return norm2(sum);
}

function largestRow(z: Float64Array, samples: number, features: number): number {
  let largest = 0;
  for (let i = 0; i < samples; i++) largest = Math.max(largest, norm2(z.subarray(i * features, (i + 1) * features)));
  return largest;
}
