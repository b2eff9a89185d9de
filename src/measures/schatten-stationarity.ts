/**
 * First-order stationarity of a linear predictor W = UΣVᵀ (K × d) for
 *
 *     min Σ_r σ_r(W)^p  subject to  ⟨A_k, W⟩ ≥ 1,     0 < p ≤ 1,
 *
 * the problem in W that deep linear networks of depth L = 2/p with several outputs have. W, scaled to smallest margin 1, is
 * stationary when some λ ≥ 0 with λ_k(⟨A_k, W⟩ − 1) = 0 and Y = Σ λ_k A_k has YV = pUΣ^(p−1) and UᵀY = pΣ^(p−1)Vᵀ on the singular
 * vectors with σ ≠ 0. For p = 1, the nuclear norm, ‖Y‖ ≤ 1 certifies the optimum.
 */
import { matTVec, matVec } from '../numerics/dense';
import { nnlsOfColumns } from '../numerics/nnls';
import { svd } from '../numerics/svd';
import type { GroupStationarity } from './group-stationarity';

/** Singular values up to this times the largest count as zero: what a flow at ln ℒ = −10⁸ has left there is smaller. */
const ZERO = 1e-4;
/** Margins this far above the smallest, relatively, get no multiplier. */
const ACTIVE = 0.5;

/**
 * @param a count × (rows · columns): the A_k, row-major
 * @returns null where some margin is not positive; `dualNorm` is ‖Y‖, `zeros` the singular values that count as zero
 */
export function schattenStationarity(
  a: Float64Array,
  count: number,
  w: Float64Array,
  rows: number,
  columns: number,
  p: number,
): GroupStationarity | null {
  const size = rows * columns;
  const margins = new Float64Array(count);
  matVec(a, count, size, w, margins);
  const smallest = margins.reduce((least, q) => Math.min(least, q), Infinity);
  if (!(smallest > 0)) return null;
  const decomposition = svd(
    w.map((value) => value / smallest),
    rows,
    columns,
  );
  const { s, u, v } = decomposition;
  const rank = s.filter((value) => value > ZERO * s[0]).length;
  const objective = s.reduce((sum, value) => sum + Math.pow(value, p), 0);
  const root = Math.sqrt(2 * objective);
  const active = Array.from(margins.keys()).filter((k) => margins[k] <= (1 + ACTIVE) * smallest);
  const left = rank * rows;
  const both = rank * (rows + columns);
  const length = both + active.length;
  const target = new Float64Array(length);
  const entries = new Float64Array(active.length * length);
  for (let r = 0; r < rank; r++) {
    // Each side times σ^(1−p/2)/p, so that the targets are UΣ^(p/2) and Σ^(p/2)Vᵀ, of squared length f each.
    const goal = Math.pow(s[r], p / 2) / root;
    const factor = Math.pow(s[r], 1 - p / 2) / root;
    for (let i = 0; i < rows; i++) target[r * rows + i] = goal * u[r * rows + i];
    for (let j = 0; j < columns; j++) target[left + r * columns + j] = goal * v[r * columns + j];
    active.forEach((k, c) => {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const entry = factor * a[k * size + i * columns + j];
          entries[c * length + r * rows + i] += entry * v[r * columns + j];
          entries[c * length + left + r * columns + j] += entry * u[r * rows + i];
        }
      }
    });
  }
  active.forEach((k, c) => (entries[c * length + both + c] = (margins[k] / smallest - 1) / objective));
  const { u: weights, residualNorm } = nnlsOfColumns(entries, active.length, length, target);
  const multipliers = new Float64Array(count);
  active.forEach((k, c) => (multipliers[k] = p * weights[c]));
  const combined = new Float64Array(size);
  matTVec(a, count, size, multipliers, combined);
  return { residual: residualNorm, multipliers, objective, dualNorm: svd(combined, rows, columns).s[0], zeros: s.length - rank };
}
