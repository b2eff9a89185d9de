/**
 * L. Wu, C. Ma, W. E, How SGD selects the global minima in over-parameterized learning: a dynamical stability perspective, NeurIPS 2018.
 *
 * λ_max{(I − ηH)² + η²pΣ} ≤ 1, Σ = (1/n) Σ H_i² − H², p = (n − B)/(B(n − 1)), makes E‖δ⁺‖² ≤ ‖δ‖² for every δ, so it suffices for stability in mean square. It
 * implies a ≤ 2/η and s ≤ 1/(η√p) for the sharpness a = λ_max(H) and the non-uniformity s = λ_max(Σ)^½. These two are necessary for the contraction of the Euclidean
 * norm, not for stability: between them and η* of Mulayoff and Michaeli there are steps that violate them and are stable in mean square.
 */
import type { Condition, Verdict } from '../protocol/report';
import { allowance, averageRatio, tooFewSteps, type Regime } from './linear-regime';
import { regimeResult } from './regime-result';
import type { Situation, Trained } from './result';
import { condition, inWords, stepsInWords } from './wording';
import { WU_MA_E_2018 } from './wu-2018-stable-minima';

const ID = 'wu-2018-contraction';

export const wu2018Contraction = regimeResult({
  id: ID,
  title: 'SGD at a minimum that fits every sample: sharpness and non-uniformity',
  statement:
    'When the step contracts E‖δ‖² whatever δ is, the minimum is stable in mean square. That needs sharpness at most 2/η and a non-uniformity of the samples’ ' +
    'curvatures below a bound that falls with the batch size. The condition is sufficient; the two bounds are necessary for it, not for stability.',
  formula: 'λ_max{(I−ηH)² + η²pΣ} ≤ 1 ⇒ E‖δ⁺‖² ≤ ‖δ‖²;  Σ = (1/n) Σ Hᵢ² − H²;  it implies λ_max(H) ≤ 2/η and λ_max(Σ)^½ ≤ 1/(η√p)',
  citation: WU_MA_E_2018,

  regularizer: 'mean-square-stability',
  symbol: 'λ_max{(I−ηH)² + η²pΣ} ≤ 1 ⇒ stable in mean square',
  optimizerNote: null,
  inInvariantNorm: true,
  find: (regime, situation) => ({
    conditions: contractionConditions(regime),
    judge: (trained) => judge(trained, situation, regime),
  }),
});

function contractionConditions({ stepSize, bounds, threshold, p }: Regime): readonly Condition[] {
  const contracts = stepSize <= bounds.contraction;
  const stable = stepSize <= threshold;
  return [
    condition(
      'the step contracts E‖δ‖² for every δ',
      contracts,
      `η = ${inWords(stepSize, 4)}, contraction up to ${inWords(bounds.contraction, 4)}; sharpness and non-uniformity s = ${inWords(bounds.uniformity)} alone would allow ` +
        `min(2/a, 1/(s√p)) = ${inWords(bounds.nonUniformity, 4)}, p = ${inWords(p)}` +
        (contracts
          ? ''
          : `. It is sufficient only: the exact threshold is ${inWords(threshold, 4)}, so this step is ${stable ? 'stable' : 'unstable'} in mean square`),
    ),
  ];
}

function judge(trained: Trained, situation: Situation, { bounds, stepSize }: Regime): Verdict {
  const average = averageRatio(trained, situation, 'lawSize', 2);
  const few = tooFewSteps(ID, average);
  if (few !== null) return few;
  const tolerance = 1 + (situation.experiment.expect?.tolerance ?? allowance(average, situation));
  const agrees = average.mean <= tolerance;
  return {
    result: ID,
    measure: 'growth of second moments',
    value: average.mean,
    tolerance,
    limit: 'bound',
    outcome: agrees ? 'agrees' : 'disagrees',
    says:
      `η = ${inWords(stepSize, 4)} is below ${inWords(bounds.contraction, 4)}, so second moments must not grow; over ${stepsInWords(average.count)} of the run their average ` +
      `factor is ${inWords(average.mean, 5)} ± ${inWords(average.error, 2)}${agrees ? '.' : ', above 1.'}`,
  };
}
