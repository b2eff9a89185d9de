/**
 * Z. Ji, M. Dudík, R. Schapire, M. Telgarsky, Gradient descent follows the regularization path for general losses, COLT 2020, Theorem 1:
 * for a convex loss that decreases strictly to 0, on separable data, the direction of gradient descent converges if that of the regularization
 * path argmin_{‖w‖ ≤ B} ℒ(w) does, and to the same limit. Which limit depends on the tail:
 *   - ℓ(t(1 − ε))/ℓ(t) → ∞ for every ε > 0, as for e^(−q^ν), any ν > 0: the path goes to the ℓ2 max margin (S. Rosset, J. Zhu, T. Hastie,
 *     NIPS 2004, Theorem 2.1);
 *   - q^(−b): to the minimiser of Σ (yᵢu·xᵢ)^(−b) over unit vectors, which weighs all samples and is another direction (Propositions 11 and 12).
 * Where the infimum is attained (hinge, squared hinge) or the tail is unknown, there are losses without a limit (Proposition 13).
 */
import type { Experiment } from '../experiment/schema';
import { directionDistance } from '../measures/agreement';
import type { Condition, Reference, Verdict } from '../protocol/report';
import { polynomialTail } from '../solvers/polynomial-tail';
import { earlierValue, isLinearClassifier, separableCondition } from './linear-classification';
import { maxMarginReference } from './logarithmic-law';
import { rateFigure } from './rate-figure';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'ji-2020-tails';

/**
 * The precision promised for a direction. The error falls like 1/‖w‖ (polynomial) or ‖w‖^(−ν): the default end of a flow leaves about 10⁻⁸ of it.
 */
const DIRECTION_TOLERANCE = 1e-4;

type Tail =
  | { readonly kind: 'exponential-power'; readonly power: number }
  | { readonly kind: 'polynomial'; readonly power: number }
  | { readonly kind: 'squared-hinge' };

export const ji2020Tails: PublishedResult = {
  id: ID,
  row: 'C14',
  title: 'Other losses: the tail decides the direction',
  statement:
    'On linearly separable data, gradient descent on a convex loss that decreases strictly to zero follows the direction of the regularization path. ' +
    'Tails that fall faster than every power, as e^(−q^ν), lead to the ℓ2 max margin; a polynomial tail leads to a direction of its own, in which ' +
    'all samples count. For a loss whose infimum is attained nothing of the kind holds.',
  formula: 'q^(−b):  w(t)/‖w(t)‖ → argmin over ‖u‖ = 1 of Σ (yᵢ u·xᵢ)^(−b);   e^(−q^ν):  → ŵ/‖ŵ‖, max ℓ2 margin',
  status: 'theorem',
  citation: {
    authors: 'Ziwei Ji, Miroslav Dudík, Robert E. Schapire, Matus Telgarsky',
    year: 2020,
    title: 'Gradient descent follows the regularization path for general losses',
    venue: 'Conference on Learning Theory, PMLR 125',
    locus: 'Theorem 1, Propositions 11 and 12',
    url: 'https://proceedings.mlr.press/v125/ji20a.html',
  },

  outline(experiment) {
    const tail = tailOf(experiment);
    if (tail === null) return null;
    return {
      regularizer: tail.kind === 'polynomial' ? 'polynomial-tail' : tail.kind === 'squared-hinge' ? 'none' : 'l2-max-margin',
      symbol: symbolOf(tail),
      conditions: fileConditions(experiment, tail),
      modelNote: null,
      optimizerNote: tail.kind === 'squared-hinge' ? null : 'the direction follows the regularization path',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = ji2020Tails.outline(situation.experiment);
    const tail = tailOf(situation.experiment);
    return Promise.resolve(outline === null || tail === null ? null : examine(situation, outline, tail));
  },
};

/** The exponential and the logistic loss have results of their own. */
function tailOf(experiment: Experiment): Tail | null {
  const { loss } = experiment;
  if (!isLinearClassifier(experiment)) return null;
  if (loss.kind === 'exponential-power' || loss.kind === 'polynomial') return { kind: loss.kind, power: loss.power };
  return loss.kind === 'squared-hinge' ? { kind: loss.kind } : null;
}

function symbolOf(tail: Tail): string {
  switch (tail.kind) {
    case 'polynomial':
      return `min Σ (yᵢ u·xᵢ)^(−${tail.power}) over ‖u‖₂ = 1`;
    case 'exponential-power':
      return 'max ℓ2 margin, min ‖w‖₂ s.t. yᵢ w·xᵢ ≥ 1';
    case 'squared-hinge':
      return 'no direction: the infimum is attained';
    default:
      return tail satisfies never;
  }
}

function fileConditions({ optimizer }: Experiment, tail: Tail): Condition[] {
  const plain =
    optimizer.kind === 'gradient-flow' ||
    (optimizer.kind === 'gradient-descent' && optimizer.momentum === 0 && optimizer.normalize === 'none');
  return [
    tailCondition(tail),
    condition(
      'gradient flow or plain gradient descent',
      plain,
      plain ? optimizer.kind : optimizer.kind === 'gradient-descent' ? 'momentum or normalised steps' : optimizer.kind,
    ),
  ];
}

function tailCondition(tail: Tail): Condition {
  const text = 'loss strictly decreasing to an infimum that is not attained, with a known tail';
  switch (tail.kind) {
    case 'polynomial':
      return condition(text, true, `q^(−${tail.power})`);
    case 'exponential-power':
      return condition(text, true, `e^(−q^${tail.power}): ℓ(t(1 − ε))/ℓ(t) → ∞, faster than every power`);
    case 'squared-hinge':
      return condition(
        text,
        false,
        '½ max(0, 1 − q)² is 0 wherever all margins are at least 1: an attained infimum; which of these points is reached depends on the start',
      );
    default:
      return tail satisfies never;
  }
}

function examine(situation: Situation, outline: Outline, tail: Tail): Examination {
  const { facts, loss, data, stepSize, experiment } = situation;
  const conditions = [...outline.conditions, separableCondition(facts)];
  if (experiment.optimizer.kind !== 'gradient-flow' && stepSize !== null) {
    const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
    const bound = 1 / (loss.smoothness * c * facts.spectrum().largest);
    // The default is the bound itself, rounded on the way.
    conditions.push(
      condition('step size at most 1/(sup ℓ″ σ²_max)', stepSize <= bound * (1 + 1e-9), `η = ${inWords(stepSize)}, bound ${inWords(bound)}`),
    );
  }
  const tolerance = experiment.expect?.tolerance ?? DIRECTION_TOLERANCE;
  return {
    prediction: predictionOf(ji2020Tails, outline, conditions),
    measures: ['loss', 'logLoss', 'directionDistance', 'angle', 'margin', 'l1Norm', 'l2Norm'],
    companions: [],
    solve: () => Promise.resolve(tail.kind === 'polynomial' ? polynomialReference(situation, tail.power) : maxMarginReference(situation)),
    judge: (trained, reference) => judge(trained, reference, tail, tolerance),
    figures: (trained) =>
      rateFigure({
        id: 'direction-rate',
        title: 'Distance of the direction over ‖w‖',
        x: { label: '‖w‖₂', scale: 'log', values: trained.trajectory['l2Norm'] ?? [] },
        y: { label: '‖w/‖w‖ − u*‖', measured: trained.trajectory['directionDistance'] ?? [], foreseen: [] },
        foreseenName: '',
      }),
  };
}

function polynomialReference({ facts, data }: Situation, power: number): Reference | null {
  const separation = facts.separability();
  if (!separation.separable) return null;
  const answer = polynomialTail(facts.signedInputs(), data.samples, facts.width, power, separation.answer.point);
  return {
    id: 'polynomial-tail',
    title: `Direction of least Σ (yᵢ u·xᵢ)^(−${power}), scaled to margin 1`,
    regularizer: 'polynomial-tail',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

function judge(trained: Trained, reference: Reference | null, tail: Tail, tolerance: number): Verdict {
  const base = { result: ID, measure: 'direction-distance', tolerance };
  if (reference?.predictor == null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const value = directionDistance(trained.predictor, Float64Array.from(reference.predictor));
  const where = tail.kind === 'polynomial' ? 'the direction of the polynomial tail' : 'the max-margin direction';
  const says = `The direction of w is ${inWords(value)} from ${where}`;
  if (value <= tolerance) return { ...base, outcome: 'agrees', value, says: `${says}, within ${inWords(tolerance)}.` };
  const earlier = earlierValue(trained, 'directionDistance');
  return earlier === null || value < earlier / FALLING
    ? {
        ...base,
        outcome: 'inconclusive',
        value,
        says: `${says}, and still falling${earlier === null ? '' : ` (${inWords(earlier)} at half of ln t)`}.`,
      }
    : { ...base, outcome: 'disagrees', value, says: `${says}, and it no longer falls.` };
}

/** Both rates fall by far more from half of ln t to ln t; a tenth is the least that counts as falling. */
const FALLING = 1.1;
