/**
 * L. Wu, M. Wang, W. Su, The alignment property of SGD noise and how it helps select flat minima: a stability analysis, NeurIPS 2022.
 *
 * With the noise aligned with the curvature, tr(HΣ_g) ≥ 2μ₀ ℒ ‖H‖_F² for the covariance Σ_g of the gradients of single samples, a loss that stays bounded in the
 * mean needs ‖H‖_F ≤ (1/η)√(B/μ₀). In the linear regime E ℒ⁺ = ½ E δ⁺ᵀHδ⁺ ≥ (η²p/2) tr(HΣ_g), p = 1/B with replacement: Σ_g must be the centred covariance,
 * E gg^T − ∇ℒ∇ℒᵀ (with the second moment in its place the bound is wrong, and excludes minima that are stable). μ₀ is taken as the least over all δ, an
 * eigenvalue; then the factor η²pμ₀‖H‖_F² bounds the growth of the mean loss in every single step from below, which is what a run is held against.
 */
import type { Verdict } from '../protocol/report';
import { allowance, averageRatio, tooFewSteps, type Regime } from './linear-regime';
import { regimeResult } from './regime-result';
import type { Situation, Trained } from './result';
import { inWords, stepsInWords } from './wording';

const ID = 'wu-2022-frobenius';
const SYMBOL = '‖H‖_F ≤ (1/η)√(B/μ₀)';

export const wu2022Frobenius = regimeResult({
  id: ID,
  title: 'SGD at a minimum that fits every sample: the Frobenius norm of the Hessian',
  statement:
    'The noise of SGD points where the loss is curved. At a minimum at which the mean loss of SGD stays bounded the Frobenius norm of the Hessian is therefore at ' +
    'most of order √B/η, independently of the numbers of parameters and samples. Necessary, not sufficient.',
  formula: '‖H‖_F ≤ (1/η)√(B/μ₀),  μ₀ = min_δ tr(HΣ_g)/(2ℒ‖H‖_F²);  E ℒ⁺ ≥ (η²μ₀‖H‖_F²/B) ℒ',
  citation: {
    authors: 'Lei Wu, Mingze Wang, Weijie Su',
    year: 2022,
    title: 'The Alignment Property of SGD Noise and How It Helps Select Flat Minima: A Stability Analysis',
    venue: 'Advances in Neural Information Processing Systems 35',
    url: 'https://arxiv.org/abs/2207.02628',
  },

  regularizer: 'hessian-frobenius',
  symbol: SYMBOL,
  optimizerNote: null,
  inInvariantNorm: false,
  find: (regime, situation) => ({
    symbol: `${SYMBOL}: η ≤ ${inWords(regime.bounds.frobenius, 4)}, η = ${inWords(regime.stepSize, 4)}`,
    judge: (trained) => judge(trained, situation, regime),
  }),
});

function judge(trained: Trained, situation: Situation, { bounds, stepSize, p, minimum, threshold }: Regime): Verdict {
  const average = averageRatio(trained, situation, 'loss', 1);
  const few = tooFewSteps(ID, average);
  if (few !== null) return { ...few, measure: 'growth of the mean loss' };
  const least = stepSize ** 2 * p * bounds.alignment;
  const frobenius = Math.hypot(...minimum.curvatures);
  const tolerance = situation.experiment.expect?.tolerance ?? allowance(average, situation);
  const value = Math.max(0, least - average.mean);
  const forbidden = stepSize > bounds.frobenius;
  return {
    result: ID,
    measure: 'growth of the mean loss, short of its bound',
    value,
    tolerance,
    outcome: value <= tolerance ? 'agrees' : 'disagrees',
    says:
      `‖H‖_F = ${inWords(frobenius)}, the bound at this step is ${inWords((frobenius * bounds.frobenius) / stepSize)}: the minimum is ` +
      (forbidden
        ? 'excluded.'
        : `allowed, which does not make it stable${stepSize > threshold ? ` (it is not: η* = ${inWords(threshold, 4)})` : ''}.`) +
      ` The mean loss must be multiplied by at least ${inWords(least)} a step; over ${stepsInWords(average.count)} of the run it is ${inWords(average.mean)} ± ${inWords(average.error, 2)}.`,
  };
}
