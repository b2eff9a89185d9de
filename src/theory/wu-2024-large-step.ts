/**
 * J. Wu, P. Bartlett, M. Telgarsky, B. Yu, Large stepsize gradient descent for logistic loss: non-monotonicity of the loss improves optimization efficiency,
 * COLT 2024; J. Wu, V. Braverman, J. Lee, Implicit bias of gradient descent for logistic regression at the edge of stability, NeurIPS 2023.
 *
 * On separable data gradient descent on the logistic loss converges for every step size: the loss rises and falls for a number of steps of the order of η,
 * then it falls in every step, like 1/(ηt), and w turns to the max-margin direction. The constant: once w points there, ‖∇ℒ‖ ≈ γℒ,
 * so 1/ℒ grows by γ²η a step, whatever the reduction:
 *     γ² η T ℒ(T) → 1.
 * Of the deviation it is known from the run itself where its stable part began, at step s with a loss of at most 1/η: about s/T + 1/(γ²ηT ℒ(s)), and ℒ ln(1/ℒ) besides, by which the logistic
 * loss differs from its tail.
 */
import { norm2 } from '../numerics/vectors';
import type { Reference, Verdict } from '../protocol/report';
import { isLinearClassifier, separableCondition } from './linear-classification';
import { maxMarginReference } from './logarithmic-law';
import { plainDescentCondition } from './plain-descent';
import { predictionOf } from './prediction';
import { rateFigure } from './rate-figure';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, countInWords, inWords, stepsInWords } from './wording';

const ID = 'wu-2024-large-step';

/** The law is a limit: what a run of usual length leaves of it. A wrong constant, of another margin or of half the rate, is far off. */
const TOLERANCE = 2e-2;
/** Of what the run itself foresees of its deviation, as an order. */
const ORDER = 2;

export const wu2024LargeStep: PublishedResult = {
  id: ID,
  row: 'C15',
  title: 'Logistic regression with any step: the loss falls like 1/(γ²ηt)',
  statement:
    'On separable data gradient descent on the logistic loss converges however large its step is. The loss oscillates for about as many steps as η is large, then falls ' +
    'like 1/(γ²ηt), so a larger step is faster, and w turns to the max-margin direction.',
  formula: 'γ² η T ℒ(T) → 1,  w/‖w‖ → u*,  for every η > 0',
  status: 'theorem',
  citation: {
    authors: 'Jingfeng Wu, Peter Bartlett, Matus Telgarsky, Bin Yu',
    year: 2024,
    title: 'Large Stepsize Gradient Descent for Logistic Loss: Non-Monotonicity of the Loss Improves Optimization Efficiency',
    venue: 'Conference on Learning Theory, PMLR 247',
    url: 'https://proceedings.mlr.press/v247/wu24b.html',
  },

  outline(experiment) {
    const { optimizer, loss } = experiment;
    if (!isLinearClassifier(experiment) || optimizer.kind !== 'gradient-descent') return null;
    return {
      regularizer: 'l2-max-margin',
      symbol: 'ℒ ≈ 1/(γ²ηt), max ℓ2 margin, for any η',
      conditions: [
        condition(
          'logistic loss',
          loss.kind === 'logistic',
          loss.kind === 'logistic' ? 'its slope is at most 1' : `${loss.kind}: a large step may throw w away for ever`,
        ),
        plainDescentCondition(optimizer),
      ],
      modelNote: null,
      optimizerNote: 'a step of any size converges; the larger, the faster in the end',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = wu2024LargeStep.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function examine(situation: Situation, outline: Outline): Examination {
  const conditions = [...outline.conditions, separableCondition(situation.facts)];
  const eta = situation.stepSize ?? Number.NaN;
  return {
    prediction: predictionOf(wu2024LargeStep, outline, conditions),
    measures: ['loss', 'logLoss', 'directionDistance', 'margin', 'marginGap', 'l2Norm'],
    companions: [],
    solve: () => Promise.resolve(maxMarginReference(situation)),
    judge: (trained, reference) => judge(trained, reference, eta, situation.experiment.expect?.tolerance),
    figures: (trained, reference) => {
      const margin = marginOf(reference);
      const steps = trained.trajectory['step'] ?? [];
      return rateFigure({
        id: 'large-step-rate',
        title: 'The loss over the steps',
        x: { label: 'step', scale: 'log', values: steps },
        y: {
          label: 'ℒ',
          measured: trained.trajectory['loss'] ?? [],
          foreseen: margin === null ? [] : steps.map((step) => 1 / (margin * margin * eta * step)),
        },
        foreseenName: '1/(γ²ηt)',
      });
    },
  };
}

/** γ = 1/‖ŵ‖. */
function marginOf(reference: Reference | null): number | null {
  return reference?.predictor == null ? null : 1 / norm2(Float64Array.from(reference.predictor));
}

/** Since when the recorded loss has fallen from point to point, and how often it rose before. */
function calmSince(losses: readonly number[]): { readonly since: number; readonly rises: number } {
  let [since, rises] = [0, 0];
  for (let k = 1; k < losses.length; k++) {
    if (losses[k] < losses[k - 1]) continue;
    since = k;
    rises++;
  }
  return { since, rises };
}

function judge(trained: Trained, reference: Reference | null, eta: number, asked: number | undefined): Verdict {
  const base = { result: ID, measure: 'relative error of γ²ηTℒ', tolerance: asked ?? TOLERANCE };
  const margin = marginOf(reference);
  const { step: steps, loss: losses } = trained.trajectory;
  if (margin === null || steps === undefined || losses === undefined || trained.steps === 0) {
    return { ...base, outcome: 'inconclusive', value: null, says: 'There is no margin, or no step, to compare with.' };
  }
  const rate = margin * margin * eta;
  const law = rate * trained.steps * trained.loss;
  const value = Math.abs(law - 1);
  const { since, rises } = calmSince(losses);
  // The loss with which the stable part begins, at most 1/η: far below that where the last rise threw w far ahead.
  const thrown = losses.find((loss, k) => k >= since && loss <= 1 / eta) ?? losses[since];
  const foreseen = steps[since] / trained.steps + 1 / (rate * trained.steps * thrown) + trained.loss * Math.log(1 + 1 / trained.loss);
  const directions = trained.trajectory['directionDistance'];
  const says =
    `γ²ηTℒ(T) = ${inWords(law, 5)} after T = ${stepsInWords(trained.steps)}, γ = ${inWords(margin, 4)}` +
    (rises === 0
      ? '; the loss never rose'
      : `; the loss rose at ${rises} recorded ${rises === 1 ? 'step' : 'steps'}, last at ${countInWords(steps[since])}`) +
    (directions === undefined ? '' : `. The direction is ${inWords(directions[directions.length - 1])} from the max-margin one`);
  if (value <= base.tolerance) return { ...base, outcome: 'agrees', value, says: `${says}.` };
  return value <= ORDER * foreseen
    ? { ...base, outcome: 'inconclusive', value, says: `${says}: the start of the run still explains about ${inWords(foreseen)}.` }
    : { ...base, outcome: 'disagrees', value, says: `${says}: the run explains only about ${inWords(foreseen)}.` };
}
