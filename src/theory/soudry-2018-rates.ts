/**
 * D. Soudry et al., JMLR 19(70), 2018, Theorems 4 and 5: how fast the direction is reached. ‖w/‖w‖ − u*‖ = O(1/ln t), 1 − cos = O(1/ln² t), the margin
 * gap is O(1/ln t) and the loss O(1/t); where the support vectors span the data, w − ŵ ln t → w̃, which fixes every constant.
 */
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation } from './result';
import { isLinearClassifier } from './linear-classification';
import { judgeByLaw, lawFigure, logarithmicLaw, type LawJudge } from './logarithmic-law';
import { soudry2018MaxMargin } from './soudry-2018-max-margin';
import { condition } from './wording';

const ID = 'soudry-2018-rates';

export const soudry2018Rates: PublishedResult = {
  id: ID,
  row: 'C15',
  title: 'Finite time: where w is on its way to the max-margin direction',
  statement:
    'Gradient descent and gradient flow on separable data come closer to the max-margin direction only like 1/ln t. Where the support vectors span the data, ' +
    'w − ŵ ln t tends to an offset w̃ that the data alone gives, so the distance at every late time is foreseen, not only its order.',
  formula: 'w(t) − ŵ ln t → w̃,  ‖w/‖w‖ − u*‖ ≈ ‖P⊥w̃‖/(‖ŵ‖ ln t),  e^(−yᵢ w̃·xᵢ) = αᵢ on the support vectors, ŵ = Σ αᵢ yᵢ xᵢ',
  status: 'theorem',
  citation: { ...soudry2018MaxMargin.citation, locus: 'Theorems 4 and 5' },

  outline(experiment) {
    const outline = isLinearClassifier(experiment) ? soudry2018MaxMargin.outline(experiment) : null;
    return outline === null ? null : ({ ...outline, symbol: 'w ≈ ŵ ln t + w̃', modelNote: null } satisfies Outline);
  },

  async examine(situation) {
    const outline = soudry2018Rates.outline(situation.experiment);
    const limit = await soudry2018MaxMargin.examine(situation);
    return outline === null || limit === null ? null : examine(situation, outline, limit);
  },
};

function examine(situation: Situation, outline: Outline, limit: Examination): Examination {
  const spans = situation.facts.separability().separable === true && logarithmicLaw(1, situation) !== null;
  const conditions = [
    ...limit.prediction.conditions,
    condition(
      'support vectors span the data, each with a positive multiplier',
      spans,
      spans ? 'the offset w̃ is determined' : 'they do not: the offset depends on the path, or grows like ln ln t',
    ),
  ];
  const law: LawJudge = { id: ID, situation, logTime: ({ logTime }) => logTime };
  return {
    prediction: predictionOf(soudry2018Rates, outline, conditions),
    measures: limit.measures,
    companions: [],
    solve: () => limit.solve(),
    judge: (trained, reference) => judgeByLaw(law, trained, reference),
    figures: (trained, reference) => lawFigure(law, trained, reference),
  };
}
