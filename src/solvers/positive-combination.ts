import { matTVec } from '../numerics/dense';
import { nnlsOfColumns } from '../numerics/nnls';
import { norm2 } from '../numerics/vectors';

/** A combination vanishes when ‖Σ u_i z_i‖₂ ≤ this · Σ u_i‖z_i‖₂: the sum's own rounding with some hundred operations. */
export const VANISHES = 1e-12;

export interface PositiveCombination {
  /** u with every entry positive, Σu_i = 1 and Σ u_i z_i = 0 to rounding; null when there is none. */
  readonly positive: Float64Array | null;
  /** When there is none: a unit w with Zw ≥ 0 to rounding and Zw ≠ 0. */
  readonly recession: Float64Array | null;
}

/**
 * Stiemke's alternative for the rows z_i: either some u > 0 has Zᵀu = 0, or some w has Zw ≥ 0, Zw ≠ 0.
 * The shortest r = Zᵀ(1 + v), v ≥ 0, decides it (non-negative least squares): r = 0 shows the first; otherwise Zr ≥ 0 and
 * Σ(Zr)_i ≥ ‖r‖² > 0, the second. Rows are brought to unit length first, so their scale does not matter.
 */
export function positiveCombination(z: Float64Array, samples: number, features: number): PositiveCombination {
  const lengths = new Float64Array(samples);
  const scaled = new Float64Array(samples * features);
  for (let i = 0; i < samples; i++) {
    lengths[i] = norm2(z.subarray(i * features, (i + 1) * features));
    if (lengths[i] > 0) for (let j = 0; j < features; j++) scaled[i * features + j] = z[i * features + j] / lengths[i];
  }
  const longest = lengths.reduce((m, t) => Math.max(m, t), 0);
  if (!(longest > 0)) return { positive: new Float64Array(samples).fill(1 / samples), recession: null };
  const target = new Float64Array(features);
  matTVec(scaled, samples, features, new Float64Array(samples).fill(-1), target);
  const { u, residual, residualNorm } = nnlsOfColumns(scaled, samples, features, target);
  const total = u.reduce((s, t) => s + t, samples);
  if (!(residualNorm <= VANISHES * total)) return { positive: null, recession: residual.map((t) => -t / residualNorm) };
  const positive = u.map((t, i) => ((1 + t) * longest) / (lengths[i] > 0 ? lengths[i] : longest));
  const sum = positive.reduce((s, t) => s + t, 0);
  return { positive: positive.map((t) => t / sum), recession: null };
}
