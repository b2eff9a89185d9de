/**
 * M. Shpigel Nacson, N. Srebro, D. Soudry, Stochastic gradient descent on separable data: exact convergence with a fixed learning
 * rate, AISTATS 2019: on separable data SGD with a small enough fixed step, with or without replacement, drives a smooth loss to zero;
 * with an exponential tail the direction becomes the ℓ2 max-margin one, like 1/ln t, as for gradient descent.
 *
 * A step of SGD moves on average as a step of gradient descent, and the noise vanishes with the loss; so the law of gradient descent,
 * w ≈ ŵ ln t + w̃ at t = η · steps, is what the judge compares with.
 */
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import type { Condition } from '../protocol/report';
import { isLinearClassifier, separableCondition } from './linear-classification';
import { judgeByLaw, lawFigure, maxMarginReference, type LawJudge } from './logarithmic-law';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation } from './result';
import { condition, inWords } from './wording';

const ID = 'nacson-2019-sgd';

type Sgd = Extract<OptimizerSpec, { kind: 'sgd' }>;

export const nacson2019Sgd: PublishedResult = {
  id: ID,
  row: 'C13',
  title: 'SGD with a fixed step on separable data: the ℓ2 max-margin direction',
  statement:
    'On linearly separable data, SGD with a small enough fixed step size, batches drawn with or without replacement, drives the logistic ' +
    'loss to zero, and the direction of w becomes that of the ℓ2 max-margin predictor, like 1/ln t, as with the full batch.',
  formula: 'w(t) = ŵ ln t + ρ(t),  ŵ = argmin ‖w‖₂ s.t. yᵢ w·xᵢ ≥ 1,  t = η · steps',
  status: 'theorem',
  citation: {
    authors: 'Mor Shpigel Nacson, Nathan Srebro, Daniel Soudry',
    year: 2019,
    title: 'Stochastic Gradient Descent on Separable Data: Exact Convergence with a Fixed Learning Rate',
    venue: 'International Conference on Artificial Intelligence and Statistics, PMLR 89',
    url: 'https://proceedings.mlr.press/v89/nacson19a.html',
  },

  outline(experiment) {
    const { optimizer } = experiment;
    if (!isLinearClassifier(experiment) || optimizer.kind !== 'sgd') return null;
    return {
      regularizer: 'l2-max-margin',
      symbol: 'max ℓ2 margin, min ‖w‖₂ s.t. yᵢ w·xᵢ ≥ 1',
      conditions: fileConditions(experiment, optimizer),
      modelNote: null,
      optimizerNote: 'the noise vanishes with the loss: direction error falls like 1/ln t',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = nacson2019Sgd.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function fileConditions({ loss }: Experiment, { sampling, batchSize }: Sgd): Condition[] {
  const tail = 'smooth loss with an exponential tail';
  return [
    loss.kind === 'logistic'
      ? condition(tail, true, 'ln(1 + e^(−q)), ℓ″ ≤ ¼')
      : condition(tail, false, loss.kind === 'exponential' ? 'e^(−q) has no bound on its curvature' : `${loss.kind} loss`),
    condition(
      'batches of a fixed size, with or without replacement',
      true,
      `batches of ${batchSize}, ${typeof sampling === 'string' ? sampling : 'in a given order'}`,
    ),
  ];
}

function examine(situation: Situation, outline: Outline): Examination {
  const conditions = [...outline.conditions, separableCondition(situation.facts), stepCondition(situation)];
  const law: LawJudge = { id: ID, situation, logTime: ({ logTime }) => logTime };
  return {
    prediction: predictionOf(nacson2019Sgd, outline, conditions),
    measures: ['loss', 'logLoss', 'directionDistance', 'angle', 'margin', 'marginGap', 'l2Norm'],
    companions: [],
    solve: () => Promise.resolve(maxMarginReference(situation)),
    judge: (trained, reference) => judgeByLaw(law, trained, reference),
    figures: (trained, reference) => lawFigure(law, trained, reference),
  };
}

/**
 * The theorem's own constant is far below what is needed; beyond 2/(βσ²_max) already the mean step is that of a gradient descent that need not descend.
 * Whether a step in between was small enough is seen by the judge: the law then holds or it does not.
 */
function stepCondition({ facts, loss, data, stepSize }: Situation): Condition {
  const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
  const bound = 2 / (loss.smoothness * c * facts.spectrum().largest);
  const eta = stepSize ?? Number.NaN;
  return condition(
    'fixed step size, below 2/(β σ²_max)',
    eta < bound,
    `η = ${inWords(eta)}, bound ${inWords(bound)}; how far below is not known sharply`,
  );
}
