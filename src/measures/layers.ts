/**
 * What the layers W_1 … W_L of a deep linear network do while it trains (Ji & Telgarsky 2019, Theorem 1 and Lemma 2; Arora et al. 2018):
 * each tends to rank one, and the leading singular vectors of neighbours align. What the flow conserves: `conservation.ts`.
 */
import type { Model } from '../models/model';
import { svd, type Svd } from '../numerics/svd';

/** Whether the model is a product of matrices, so that these measures have a meaning. */
export function hasLinearLayers(model: Model): boolean {
  return model.kind === 'linear-network' || (model.kind === 'matrix-factorization' && model.blocks.length > 1);
}

/** Singular values and vectors of each layer. */
export function layerSpectra({ blocks }: Model, theta: Float64Array): readonly Svd[] {
  return blocks.map(({ rows, columns, offset }) => svd(theta.subarray(offset, offset + rows * columns), rows, columns));
}

/** max_k 1 − σ_1(W_k)/‖W_k‖_F, in [0, 1): 0 where every layer has rank one. NaN where a layer vanishes. */
export function rankDefect(model: Model, theta: Float64Array): number {
  let largest = 0;
  for (const { s } of layerSpectra(model, theta)) {
    let rest = 0;
    for (let k = s.length - 1; k > 0; k--) rest += s[k] * s[k];
    const frobenius = Math.sqrt(rest + s[0] * s[0]);
    // 1 − σ_1/F = (F² − σ_1²)/(F(F + σ_1)): no cancellation.
    const defect = rest / (frobenius * (frobenius + s[0]));
    if (!(defect <= largest)) largest = defect;
  }
  return largest;
}

/** max_k 1 − |⟨u_k, v_{k+1}⟩| with u_k the leading left vector of W_k, v_{k+1} the leading right vector of W_{k+1}; in [0, 1]. */
export function alignmentDefect(model: Model, theta: Float64Array): number {
  const spectra = layerSpectra(model, theta);
  let largest = 0;
  for (let k = 0; k + 1 < spectra.length; k++) {
    const width = model.blocks[k].rows;
    let plus = 0;
    let minus = 0;
    for (let j = 0; j < width; j++) {
      const u = spectra[k].u[j];
      const v = spectra[k + 1].v[j];
      plus += (u + v) ** 2;
      minus += (u - v) ** 2;
    }
    // 1 − |cos| = ½ min ‖u ∓ v‖² for unit vectors.
    const defect = spectra[k].s[0] > 0 && spectra[k + 1].s[0] > 0 ? Math.min(plus, minus) / 2 : Number.NaN;
    if (!(defect <= largest)) largest = defect;
  }
  return largest;
}
