/**
 * First-order stationarity of a linear predictor β for
 *
 *     min Σ_g C_g ‖β_g‖^p  subject to  z_i·β ≥ 1,     0 < p ≤ 1,
 *
 * the problem in the predictor that diagonal (p = 2/L, groups of one coordinate) and convolutional (groups of one frequency) linear
 * networks of depth L have (Gunasekar et al. 2018b). β, scaled to min z_i·β = 1, is stationary when some λ ≥ 0 with λ_i(z_i·β − 1) = 0
 * has p C_g ‖β_g‖^(p−2) β_g = (Zᵀλ)_g on every group with β_g ≠ 0; where β_g = 0 nothing is asked for p < 1, and nothing by the KKT
 * conditions in the parameters for p = 1 either, which is why those may hold at a point that is not optimal.
 */
import { matTVec, matVec } from '../numerics/dense';
import { nnlsOfColumns } from '../numerics/nnls';

export interface Group {
  /** Coordinates of β that belong together. */
  readonly indices: readonly number[];
  /** C_g. */
  readonly weight: number;
}

export interface GroupStationarity {
  /**
   * Residual relative to the size of the gradient, each group weighted by √C_g ‖β_g‖^(1−p/2) so that the right-hand side has length √f, and with
   * λ_i(z_i·β − 1)/f for the complementarity.
   */
  readonly residual: number;
  /** λ at β scaled to margin 1. */
  readonly multipliers: Float64Array;
  /** Σ_g C_g ‖β_g‖^p at margin 1. */
  readonly objective: number;
  /** max_g ‖(Zᵀλ)_g‖/C_g over all groups: for p = 1, at most 1 exactly where λ proves that β is optimal. */
  readonly dualNorm: number;
  /** Groups that count as zero. */
  readonly zeros: number;
}

/** Groups up to this times the largest count as zero: what a flow at ln ℒ = −10⁸ has left there is smaller. */
export const ZERO_GROUP = 1e-4;
/** Margins this far above the smallest, relatively, get no multiplier. */
const ACTIVE = 0.5;

/** One group a coordinate, C = 1. */
export function coordinateGroups(size: number): readonly Group[] {
  return Array.from({ length: size }, (_, j) => ({ indices: [j], weight: 1 }));
}

/** Σ_g C_g ‖β_g‖^p. */
export function groupPower(beta: Float64Array, groups: readonly Group[], p: number): number {
  let sum = 0;
  for (const group of groups) sum += group.weight * Math.pow(lengthOf(beta, group), p);
  return sum;
}

/** max_g ‖v_g‖/C_g. */
export function dualGroupNorm(v: Float64Array, groups: readonly Group[]): number {
  return groups.reduce((largest, group) => Math.max(largest, lengthOf(v, group) / group.weight), 0);
}

function lengthOf(v: Float64Array, { indices }: Group): number {
  if (indices.length === 1) return Math.abs(v[indices[0]]);
  return Math.hypot(...indices.map((j) => v[j]));
}

/**
 * @param z samples × size, row-major
 * @returns null where some margin is not positive
 */
export function groupStationarity(
  z: Float64Array,
  samples: number,
  beta: Float64Array,
  groups: readonly Group[],
  p: number,
): GroupStationarity | null {
  const size = beta.length;
  const margins = new Float64Array(samples);
  matVec(z, samples, size, beta, margins);
  const smallest = margins.reduce((least, q) => Math.min(least, q), Infinity);
  if (!(smallest > 0)) return null;
  const point = beta.map((value) => value / smallest);
  const lengths = groups.map((group) => lengthOf(point, group));
  const cut = ZERO_GROUP * Math.max(...lengths);
  const live = groups.filter((_, g) => lengths[g] > cut);
  const liveLengths = lengths.filter((length) => length > cut);
  const objective = groupPower(point, groups, p);
  const root = Math.sqrt(objective);
  const rows = live.reduce((sum, { indices }) => sum + indices.length, 0);
  const active = Array.from(margins.keys()).filter((i) => margins[i] <= (1 + ACTIVE) * smallest);
  const length = rows + active.length;
  const columns = new Float64Array(active.length * length);
  const target = new Float64Array(length);
  let row = 0;
  live.forEach(({ indices, weight }, g) => {
    const r = liveLengths[g];
    for (const j of indices) {
      // C^½ r^(p/2) β_j/r = Σ (λ_i/p) C^(−½) r^(1−p/2) z_ij, divided by √f.
      target[row] = (Math.sqrt(weight) * Math.pow(r, p / 2 - 1) * point[j]) / root;
      const factor = Math.pow(r, 1 - p / 2) / Math.sqrt(weight) / root;
      active.forEach((i, a) => (columns[a * length + row] = factor * z[i * size + j]));
      row++;
    }
  });
  active.forEach((i, a) => (columns[a * length + rows + a] = (margins[i] / smallest - 1) / objective));
  const { u, residualNorm } = nnlsOfColumns(columns, active.length, length, target);
  const multipliers = new Float64Array(samples);
  active.forEach((i, a) => (multipliers[i] = p * u[a]));
  const combined = new Float64Array(size);
  matTVec(z, samples, size, multipliers, combined);
  return { residual: residualNorm, multipliers, objective, dualNorm: dualGroupNorm(combined, groups), zeros: groups.length - live.length };
}
