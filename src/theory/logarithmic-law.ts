/** Where Theorem 4 of D. Soudry et al., JMLR 19(70), 2018 puts a linear classifier at a finite time. */
import { minimumNorm } from '../solvers/minimum-norm';
import type { Situation } from './result';
import { rowRank } from './row-rank';

/**
 * The predictor that Theorem 4 foresees at time t of the total loss: ŵ ln t + w̃ with α_n = exp(−z_n·w̃) on the support
 * vectors and w̃ = w(0) across them. Null where the support vectors do not span the data, or one has α_n = 0.
 */
export function logarithmicLaw(logTime: number, situation: Situation): Float64Array | null {
  const { facts, data, loss, start } = situation;
  const separation = facts.separability();
  if (!separation.separable || !Number.isFinite(logTime)) return null;
  const { point, multipliers } = separation.answer;
  const z = facts.signedInputs();
  const largest = multipliers.reduce((most, value) => Math.max(most, value), 0);
  const support = Array.from(multipliers.keys()).filter((i) => multipliers[i] > 1e-9 * largest);
  const width = facts.width;
  const rows = new Float64Array(support.length * width);
  support.forEach((i, k) => rows.set(z.subarray(i * width, (i + 1) * width), k * width));
  if (rowRank(rows, support.length, width) < facts.spectrum().rank) return null;
  // A sample that lies on the margin without a multiplier makes ρ grow like ln ln t.
  for (let i = 0; i < data.samples; i++) {
    if (support.includes(i)) continue;
    let q = 0;
    for (let j = 0; j < width; j++) q += z[i * width + j] * point[j];
    if (q < 1 + 1e-7) return null;
  }
  const rhs = Float64Array.from(support, (i) => -Math.log(multipliers[i]));
  const offset = minimumNorm(rows, rhs, support.length, width, start).point;
  const logTotalTime = logTime - (loss.reduction === 'mean' ? Math.log(data.samples) : 0);
  return offset.map((value, j) => value + point[j] * logTotalTime);
}
