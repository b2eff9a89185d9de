/**
 * D. Soudry, E. Hoffer, M. Shpigel Nacson, S. Gunasekar, N. Srebro,
 * The implicit bias of gradient descent on separable data, JMLR 19(70), 2018.
 *
 * On linearly separable data, gradient descent on a loss with an exponential tail diverges in the direction of the ℓ2
 * max-margin predictor: w(t) = ŵ ln t + ρ(t), ρ bounded for almost every data set (Theorem 3), and where the support
 * vectors span the data ρ(t) → w̃ (Theorem 4). Symbols: ŵ → reference.predictor, α_n → multipliers, w̃ → `offset`.
 */
import type { Experiment } from '../experiment/schema';
import { directionDistance } from '../measures/agreement';
import { norm2 } from '../numerics/vectors';
import type { Condition, Reference, Verdict } from '../protocol/report';
import type { Separable } from '../solvers/max-margin';
import { largestRow, logarithmicClosing, startLoss } from './linear-classification';
import { logarithmicLaw } from './logarithmic-law';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'soudry-2018-max-margin';

/**
 * A flow ends at ln ℒ = −10⁸ by default, where the first-order law ‖P⊥w̃‖/‖w‖ leaves about 10⁻⁸; a tenth of a per mille
 * is the precision that this product promises for a direction.
 */
const DIRECTION_TOLERANCE = 1e-4;
/** The law's next term falls exponentially in ln t; a fifth is far above it and far below any other direction. */
const LAW_TOLERANCE = 0.2;

const REGULARIZER = 'l2-max-margin';
const SYMBOL = 'max ℓ2 margin, min ‖w‖₂ s.t. yᵢ w·xᵢ ≥ 1';

export const soudry2018MaxMargin: PublishedResult = {
  id: ID,
  row: 'C1',
  title: 'Logistic regression on separable data: the ℓ2 max-margin direction',
  statement:
    'On linearly separable data, gradient descent and gradient flow on the logistic or exponential loss drive the loss to zero, ' +
    'the norm to infinity, and the direction of w to that of the ℓ2 max-margin predictor, from any starting point. ' +
    'The distance of the directions falls like 1/ln t.',
  formula: 'w(t) = ŵ ln t + ρ(t),  ŵ = argmin ‖w‖₂ s.t. yᵢ w·xᵢ ≥ 1,  w(t)/‖w(t)‖ → ŵ/‖ŵ‖',
  status: 'theorem',
  citation: {
    authors: 'Daniel Soudry, Elad Hoffer, Mor Shpigel Nacson, Suriya Gunasekar, Nathan Srebro',
    year: 2018,
    title: 'The Implicit Bias of Gradient Descent on Separable Data',
    venue: 'Journal of Machine Learning Research 19(70)',
    locus: 'Theorems 3 and 4',
    url: 'https://jmlr.org/papers/v19/18-188.html',
  },

  outline(experiment) {
    if (experiment.model.kind !== 'linear') return null;
    if (experiment.loss.kind !== 'logistic' && experiment.loss.kind !== 'exponential') return null;
    const { kind } = experiment.optimizer;
    // These have a geometry, and results, of their own.
    if (kind === 'steepest-descent' || kind === 'mirror-descent' || kind === 'adam') return null;
    return {
      regularizer: REGULARIZER,
      symbol: SYMBOL,
      conditions: fileConditions(experiment),
      modelNote: experiment.model.bias ? 'margin in (w, b): the bias is part of the norm' : 'margin through the origin',
      optimizerNote: 'direction error falls like 1/ln t',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = soudry2018MaxMargin.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function fileConditions({ loss, optimizer }: Experiment): Condition[] {
  const tail = condition('loss with an exponential tail', true, loss.kind === 'logistic' ? 'ln(1 + e^(−q))' : 'e^(−q)');
  switch (optimizer.kind) {
    case 'gradient-flow':
      return [tail, condition('gradient flow or plain gradient descent', true, 'gradient flow')];
    case 'gradient-descent': {
      const plain = optimizer.momentum === 0 && optimizer.normalize === 'none';
      return [
        tail,
        condition(
          'gradient flow or plain gradient descent',
          plain,
          plain
            ? 'full batch, constant step'
            : optimizer.momentum > 0
              ? `momentum ${optimizer.momentum}`
              : `steps divided by the ${optimizer.normalize}`,
        ),
      ];
    }
    case 'sgd':
      return [
        tail,
        condition('gradient flow or plain gradient descent', false, 'mini-batches are noisy; the theorem is for the full batch'),
      ];
    case 'steepest-descent':
    case 'mirror-descent':
    case 'adam':
      return [tail, condition('gradient flow or plain gradient descent', false, `${optimizer.kind} has a geometry of its own`)];
    default:
      return optimizer satisfies never;
  }
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts } = situation;
  const separation = facts.separability();
  const conditions = [...outline.conditions];
  conditions.push(
    separation.separable === null
      ? condition('data linearly separable through the origin', 'unknown', separation.because)
      : separation.separable
        ? condition('data linearly separable through the origin', true, `margin ${inWords(separation.margin)}`)
        : condition(
            'data linearly separable through the origin',
            false,
            `Σ uᵢ yᵢ xᵢ = 0 for non-negative weights u with Σ uᵢ = 1, to ${inWords(separation.certificate.value)}`,
          ),
  );
  const step = stepCondition(situation);
  if (step !== null) conditions.push(step);

  return {
    prediction: predictionOf(soudry2018MaxMargin, outline, conditions),
    measures: ['loss', 'logLoss', 'directionDistance', 'angle', 'margin', 'marginGap', 'l1Norm', 'l2Norm'],
    companions: [],
    solve: () => Promise.resolve(separation.separable ? referenceOf(separation) : null),
    judge: (trained, reference) => judge(trained, reference, situation, experiment.expect?.tolerance ?? DIRECTION_TOLERANCE),
  };
}

function referenceOf(separation: Separable): Reference {
  return {
    id: 'max-margin',
    title: 'ℓ2 max-margin predictor, scaled to margin 1',
    regularizer: REGULARIZER,
    predictor: Array.from(separation.answer.point),
    objective: separation.answer.objective,
    certificate: separation.answer.certificate,
    role: 'predicted',
  };
}

/** η < 2/(β σ²_max) with β the smoothness of the total loss (Theorem 3); the exponential loss needs η ≤ 1/(B² ℒ(w₀)). */
function stepCondition(situation: Situation): Condition | null {
  const { experiment, loss, facts, stepSize, data } = situation;
  if (experiment.optimizer.kind === 'gradient-flow' || stepSize === null) return null;
  const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
  if (Number.isFinite(loss.smoothness)) {
    const bound = 2 / (loss.smoothness * c * facts.spectrum().largest);
    return condition('step size below 2/(β σ²_max)', stepSize < bound, `η = ${inWords(stepSize)}, bound ${inWords(bound)}`);
  }
  // Ji et al. 2020, Remark 6: with ‖x_i‖ ≤ B the exponential loss decreases for η ≤ 1/(B² ℒ(w₀)).
  const bound = 1 / (largestRow(facts, norm2) ** 2 * startLoss(situation));
  return condition('step size at most 1/(B² ℒ(w₀)), B = max ‖xᵢ‖', stepSize <= bound, `η = ${inWords(stepSize)}, bound ${inWords(bound)}`);
}

function judge(trained: Trained, reference: Reference | null, situation: Situation, tolerance: number): Verdict {
  const base = { result: ID, measure: 'direction-distance', tolerance };
  if (reference === null || reference.predictor === null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const predicted = Float64Array.from(reference.predictor);
  const value = directionDistance(trained.predictor, predicted);
  if (value <= tolerance) {
    return {
      ...base,
      outcome: 'agrees',
      value,
      says: `The direction of w is ${inWords(value)} from the max-margin direction, within ${inWords(tolerance)}.`,
    };
  }
  const law = logarithmicLaw(trained.logTime, situation);
  const foreseen = law === null ? null : directionDistance(law, predicted);
  if (foreseen !== null && Math.abs(value - foreseen) <= LAW_TOLERANCE * foreseen) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      says:
        `The direction is still ${inWords(value)} from the max-margin direction; the 1/ln t law foresees ${inWords(foreseen)} ` +
        `at ln t = ${inWords(trained.logTime)}. Gradient flow reaches far later times.`,
    };
  }
  const { closing, halfway } = logarithmicClosing(trained, 'directionDistance', value);
  if (closing) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      says:
        `The direction is still ${inWords(value)} from the max-margin direction at ln t = ${inWords(trained.logTime)}; ` +
        `theory lets the distance fall only like 1/ln t${halfway === null ? '' : ` (it was ${inWords(halfway)} at half that ln t)`}.`,
    };
  }
  return {
    ...base,
    outcome: 'disagrees',
    value,
    says: `The direction stays ${inWords(value)} away from the max-margin direction at ln t = ${inWords(trained.logTime)}, where 1/ln t should have brought it closer.`,
  };
}
