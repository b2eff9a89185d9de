/**
 * C. Zhang, D. Zou, Y. Cao, The implicit bias of Adam on separable data, NeurIPS 2024 (later than the review article): full-batch Adam
 * without the stability constant ε, with steps η_t that decrease, Σ η_t = ∞, on the logistic or exponential loss of separable data, maximises the ℓ∞ margin.
 * With ε > 0 that holds only while the gradient is larger than ε; afterwards Adam is gradient descent with a large step.
 */
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import { NORMS } from '../numerics/norms';
import { normInf } from '../numerics/vectors';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import { maxMarginLInf } from '../solvers/norm-margin';
import { earlierValue, isLinearClassifier, separableCondition, smallestMargin } from './linear-classification';
import { rateFigure } from './rate-figure';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE, stepsInWords } from './wording';

const ID = 'zhang-2024-adam';

/** As for sign descent with steps 1/√t, of which Adam is a smoothed kind: the margins of other norms differ by far more. */
const MARGIN_TOLERANCE = 1e-2;

type AdamSpec = Extract<OptimizerSpec, { kind: 'adam' }>;

export const zhang2024Adam: PublishedResult = {
  id: ID,
  row: 'C13',
  title: 'Adam without ε: the largest ℓ∞ margin',
  statement:
    'On linearly separable data, full-batch Adam without the stability constant ε and with decreasing steps η_t, Σ η_t = ∞, drives the margin ' +
    'min yᵢ w·xᵢ/‖w‖∞ to its largest value; gradient descent maximises the ℓ2 margin instead. (A result later than the review article.)',
  formula: 'minᵢ yᵢ w(t)·xᵢ / ‖w(t)‖∞ → max over ‖w‖∞ ≤ 1 of minᵢ yᵢ w·xᵢ',
  status: 'theorem',
  citation: {
    authors: 'Chenyang Zhang, Difan Zou, Yuan Cao',
    year: 2024,
    title: 'The Implicit Bias of Adam on Separable Data',
    venue: 'Advances in Neural Information Processing Systems 37',
    url: 'https://arxiv.org/abs/2406.10650',
  },

  outline(experiment) {
    const { optimizer } = experiment;
    if (!isLinearClassifier(experiment) || optimizer.kind !== 'adam') return null;
    return {
      regularizer: 'linf-max-margin',
      symbol: 'max ℓ∞ margin, min ‖w‖∞ s.t. yᵢ w·xᵢ ≥ 1',
      conditions: fileConditions(experiment, optimizer),
      modelNote: null,
      optimizerNote:
        optimizer.epsilon === 0 ? 'a smoothed sign descent' : 'ε turns Adam into gradient descent once the gradient is below it',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = zhang2024Adam.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function fileConditions({ loss }: Experiment, { epsilon, schedule, beta1, beta2 }: AdamSpec): Condition[] {
  const tail = loss.kind === 'logistic' || loss.kind === 'exponential';
  return [
    condition('logistic or exponential loss', tail, tail ? loss.kind : `${loss.kind} loss`),
    condition(
      'no stability constant, ε = 0',
      epsilon === 0,
      epsilon === 0 ? 'ε = 0' : `ε = ${inWords(epsilon)}: below it √v̂ + ε ≈ ε, and Adam becomes gradient descent with momentum`,
    ),
    condition(
      'step sizes that decrease, with Σ η_t = ∞',
      schedule === 'inverse-sqrt',
      schedule === 'inverse-sqrt' ? 'η/√t' : 'constant: the margin is known to come close only to within the order of η',
    ),
    condition('β₁ ≤ β₂', beta1 <= beta2, `β₁ = ${beta1}, β₂ = ${beta2}`),
  ];
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts } = situation;
  const conditions = [...outline.conditions, separableCondition(facts), gradientCondition(situation)];
  const tolerance = experiment.expect?.tolerance ?? MARGIN_TOLERANCE;
  return {
    prediction: predictionOf(zhang2024Adam, outline, conditions),
    measures: ['loss', 'logLoss', 'normMargin', 'normMarginGap', 'margin', 'l2Norm'],
    companions: [],
    solve: () => solve(situation),
    judge: (trained, reference) => judge(trained, reference, situation, tolerance),
    figures,
  };
}

/** No entry of the gradient is 0 at the start. */
function gradientCondition({ model, loss, data, start }: Situation): Condition {
  const outputs = new Float64Array(data.samples);
  const slopes = new Float64Array(data.samples);
  const gradient = new Float64Array(start.length);
  model.outputs(start, outputs);
  loss.derivative(outputs, data.y, slopes);
  model.pullback(start, slopes, gradient);
  const still = gradient.findIndex((value) => value === 0);
  return condition('no entry of the gradient is 0 at the start', still < 0, still < 0 ? 'all entries move' : `entry ${still} is 0`);
}

async function solve(situation: Situation): Promise<Reference | null> {
  const { facts, data } = situation;
  const answer = maxMarginLInf(facts.signedInputs(), data.samples, facts.width, await situation.linearPrograms());
  return {
    id: 'linf-max-margin',
    title: `Largest margin in the ${NORMS.linf.symbol} norm, scaled to margin 1`,
    regularizer: 'linf-max-margin',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

function judge(trained: Trained, reference: Reference | null, { facts }: Situation, tolerance: number): Verdict {
  const base = { result: ID, measure: 'norm-margin-gap', tolerance };
  if (reference === null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const best = 1 / reference.objective;
  const reached = smallestMargin(facts, trained.predictor) / normInf(trained.predictor);
  const value = 1 - reached / best;
  const both = `The ℓ∞ margin is ${inWords(reached, 5)} of the largest ${inWords(best, 5)}, a gap of ${inWords(value)}`;
  if (value <= tolerance) return { ...base, outcome: 'agrees', value, says: `${both}, within ${inWords(tolerance)}.` };
  const earlier = earlierValue(trained, 'normMarginGap');
  return earlier === null || value < earlier / FALLING
    ? { ...base, outcome: 'inconclusive', value, says: `${both}, and still falling after ${stepsInWords(trained.steps)}.` }
    : { ...base, outcome: 'disagrees', value, says: `${both}, and it no longer falls after ${stepsInWords(trained.steps)}.` };
}

/** A rate of 1/√t doubles its digits from half of ln t on; a tenth is the least that counts as falling. */
const FALLING = 1.1;

function figures(trained: Trained): readonly Figure[] {
  const steps = trained.trajectory['step'] ?? [];
  return rateFigure({
    id: 'margin-rate',
    title: 'Gap of the ℓ∞ margin over the steps',
    x: { label: 'step', scale: 'log', values: steps },
    y: { label: '1 − γ/γ*', measured: trained.trajectory['normMarginGap'] ?? [], foreseen: [] },
    foreseenName: '',
  });
}
