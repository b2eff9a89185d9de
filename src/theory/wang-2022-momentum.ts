/**
 * B. Wang, Q. Meng, H. Zhang, R. Sun, W. Chen, Z. Ma, T. Liu, Does momentum change the implicit regularization on separable data?, NeurIPS 2022:
 * gradient descent with heavy-ball momentum on a loss with an exponential tail converges in direction to the ℓ2 max-margin predictor too.
 *
 * The energy ℒ(w) + (β/2η)‖v‖² falls in every step when η ≤ 2(1 − β)/Λ, Λ the smoothness of ℒ: with v⁺ = βv − η∇ℒ,
 * ℒ⁺ + (β/2η)‖v⁺‖² ≤ ℒ + (β/2η)‖v‖² + ((β − 1)/η + Λ/2)‖v⁺‖². Late steps are slow, so v ≈ −η∇ℒ/(1 − β): the flow at t = η · steps/(1 − β).
 * The exponential mean of the gradients is the heavy ball with step (1 − β)η.
 */
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import type { Condition } from '../protocol/report';
import { isLinearClassifier, separableCondition } from './linear-classification';
import { judgeByLaw, lawFigure, maxMarginReference, type LawJudge } from './logarithmic-law';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation } from './result';
import { condition, inWords } from './wording';

const ID = 'wang-2022-momentum';

type Descent = Extract<OptimizerSpec, { kind: 'gradient-descent' }>;

export const wang2022Momentum: PublishedResult = {
  id: ID,
  row: 'C13',
  title: 'Momentum on separable data: the ℓ2 max-margin direction still',
  statement:
    'On linearly separable data, gradient descent with heavy-ball momentum on a loss with an exponential tail converges in direction to the ' +
    'ℓ2 max-margin predictor, as plain gradient descent does.',
  formula: 'w(t)/‖w(t)‖ → ŵ/‖ŵ‖,  ŵ = argmin ‖w‖₂ s.t. yᵢ w·xᵢ ≥ 1,  t = η · steps/(1 − β)',
  status: 'theorem',
  citation: {
    authors: 'Bohan Wang, Qi Meng, Huishuai Zhang, Ruoyu Sun, Wei Chen, Zhi-Ming Ma, Tie-Yan Liu',
    year: 2022,
    title: 'Does Momentum Change the Implicit Regularization on Separable Data?',
    venue: 'Advances in Neural Information Processing Systems 35',
    url: 'https://arxiv.org/abs/2110.03891',
  },

  outline(experiment) {
    const { optimizer } = experiment;
    if (!isLinearClassifier(experiment) || optimizer.kind !== 'gradient-descent' || optimizer.momentum === 0) return null;
    return {
      regularizer: 'l2-max-margin',
      symbol: 'max ℓ2 margin, min ‖w‖₂ s.t. yᵢ w·xᵢ ≥ 1',
      conditions: fileConditions(experiment, optimizer),
      modelNote: null,
      optimizerNote: optimizer.momentumKind === 'heavy-ball' ? 'momentum: the time runs 1/(1 − β) times as fast' : null,
    } satisfies Outline;
  },

  examine(situation) {
    const { optimizer } = situation.experiment;
    const outline = wang2022Momentum.outline(situation.experiment);
    if (outline === null || optimizer.kind !== 'gradient-descent') return Promise.resolve(null);
    return Promise.resolve(examine(situation, outline, optimizer));
  },
};

function fileConditions({ loss }: Experiment, { normalize, momentumKind }: Descent): Condition[] {
  const tail = 'smooth loss with an exponential tail';
  return [
    loss.kind === 'logistic'
      ? condition(tail, true, 'ln(1 + e^(−q)), ℓ″ ≤ ¼')
      : condition(tail, false, loss.kind === 'exponential' ? 'e^(−q) has no bound on its curvature' : `${loss.kind} loss`),
    condition('steps that are not normalised', normalize === 'none', normalize === 'none' ? 'steps of η∇ℒ' : `divided by the ${normalize}`),
    condition(
      'heavy-ball momentum, or the exponential mean of the gradients',
      momentumKind !== 'nesterov',
      momentumKind === 'nesterov' ? 'Nesterov takes the gradient ahead of the iterate' : momentumKind,
    ),
  ];
}

function examine(situation: Situation, outline: Outline, { momentum, momentumKind }: Descent): Examination {
  const { facts, loss, data, stepSize } = situation;
  const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
  // What a step weighs its gradient by, and what the steps add up to: 1 and 1/(1 − β), or 1 − β and 1.
  const gain = momentumKind === 'ema' ? 1 : 1 / (1 - momentum);
  const bound = 2 / (gain * loss.smoothness * c * facts.spectrum().largest);
  const eta = stepSize ?? Number.NaN;
  const conditions = [
    ...outline.conditions,
    separableCondition(facts),
    condition(
      `step size below ${momentumKind === 'ema' ? '2/Λ' : '2(1 − β)/Λ'}, Λ = sup ℓ″ σ²_max`,
      eta < bound,
      `η = ${inWords(eta)}, β = ${momentum}, bound ${inWords(bound)}`,
    ),
  ];
  const law: LawJudge = { id: ID, situation, logTime: ({ logTime }) => logTime + Math.log(gain) };
  return {
    prediction: predictionOf(wang2022Momentum, outline, conditions),
    measures: ['loss', 'logLoss', 'directionDistance', 'angle', 'margin', 'marginGap', 'l2Norm'],
    companions: [],
    solve: () => Promise.resolve(maxMarginReference(situation)),
    judge: (trained, reference) => judgeByLaw(law, trained, reference),
    figures: (trained, reference) => lawFigure(law, trained, reference),
  };
}
