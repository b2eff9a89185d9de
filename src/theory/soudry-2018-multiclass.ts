/**
 * D. Soudry, E. Hoffer, M. Shpigel Nacson, S. Gunasekar, N. Srebro, The implicit bias of gradient descent on separable data,
 * JMLR 19(70), 2018, the extension to several classes: with the cross-entropy of a linear model, w_k(t) = ŵ_k ln t + ρ_k(t), where Ŵ is the
 * multiclass support vector machine min Σ‖w_k‖² s.t. (w_y − w_k)·x ≥ 1 for every sample and every other class. Σ_k w_k never changes.
 */
import type { Experiment } from '../experiment/schema';
import { directionDistance } from '../measures/agreement';
import type { Condition, Reference, Verdict } from '../protocol/report';
import type { Separable } from '../solvers/max-margin';
import { logarithmicClosing } from './linear-classification';
import { classesSeparable, classMargins, classSeparability, smallestClassMargin } from './multiclass';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'soudry-2018-multiclass';
/** What the start keeps is ‖W(0)‖/‖W‖, 10⁻⁸ at ln ℒ = −10⁸; a tenth of a per mille is promised for directions. */
const TOLERANCE = 1e-4;

export const soudry2018Multiclass: PublishedResult = {
  id: ID,
  row: 'C12',
  title: 'Several classes, linear model: the multiclass max margin',
  statement:
    'With the cross-entropy of a linear model, on data whose classes can be separated, gradient flow and gradient descent with small steps turn ' +
    'the weights to the multiclass max-margin direction: the least ‖W‖_F with margins of at least 1 between the own class and every ' +
    'other. It is not the support vector machine of each class against the rest.',
  formula: 'W(t)/‖W(t)‖ → Ŵ/‖Ŵ‖,  Ŵ = argmin ‖W‖_F s.t. (w_y − w_k)·x ≥ 1 for all samples (x, y) and k ≠ y',
  status: 'theorem',
  citation: {
    authors: 'Daniel Soudry, Elad Hoffer, Mor Shpigel Nacson, Suriya Gunasekar, Nathan Srebro',
    year: 2018,
    title: 'The Implicit Bias of Gradient Descent on Separable Data',
    venue: 'Journal of Machine Learning Research 19(70)',
    locus: 'the extension to the cross-entropy of several classes',
    url: 'https://jmlr.org/papers/v19/18-188.html',
  },

  outline(experiment) {
    if (experiment.model.kind !== 'linear' || experiment.loss.kind !== 'cross-entropy') return null;
    return {
      regularizer: 'multiclass-max-margin',
      symbol: 'min ‖W‖_F s.t. (w_y − w_k)·x ≥ 1',
      conditions: fileConditions(experiment),
      modelNote: experiment.model.bias ? 'margin in (W, b): the biases are part of the norm' : 'margins of differences of the classes',
      optimizerNote: 'direction error falls like 1/ln t',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = soudry2018Multiclass.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function fileConditions({ optimizer }: Experiment): Condition[] {
  const plain =
    optimizer.kind === 'gradient-flow' ||
    (optimizer.kind === 'gradient-descent' && optimizer.momentum === 0 && optimizer.normalize === 'none');
  return [
    condition(
      'gradient flow or plain gradient descent',
      plain,
      plain || optimizer.kind !== 'gradient-descent'
        ? optimizer.kind
        : optimizer.momentum > 0
          ? `momentum ${optimizer.momentum}`
          : `steps divided by the ${optimizer.normalize}`,
    ),
  ];
}

/** Inputs x̃: with a bias per class, (x, 1). */
function inputsOf({ experiment, data }: Situation): Float64Array {
  if (experiment.model.kind !== 'linear' || !experiment.model.bias) return data.x;
  const width = data.features + 1;
  const out = new Float64Array(data.samples * width).fill(1);
  for (let i = 0; i < data.samples; i++) out.set(data.x.subarray(i * data.features, (i + 1) * data.features), i * width);
  return out;
}

/** Rows (w_k, b_k) of the parameters W, b. */
function weightsOf({ experiment, model, data }: Situation, theta: Float64Array): Float64Array {
  if (experiment.model.kind !== 'linear' || !experiment.model.bias) return theta;
  const classes = model.outputsPerSample;
  const width = data.features + 1;
  const out = new Float64Array(classes * width);
  for (let k = 0; k < classes; k++) {
    out.set(theta.subarray(k * data.features, (k + 1) * data.features), k * width);
    out[k * width + data.features] = theta[classes * data.features + k];
  }
  return out;
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, data, model, loss, stepSize } = situation;
  const inputs = inputsOf(situation);
  const margins = classMargins(data, inputs, model.outputsPerSample);
  const separation = classSeparability(margins);
  const conditions = [...outline.conditions, classesSeparable(separation)];
  if (stepSize !== null && experiment.optimizer.kind === 'gradient-descent') {
    // The Hessian of the total loss is at most ½ λ_max(X̃ᵀX̃), and λ_max ≤ trace: a sufficient bound.
    const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
    let trace = 0;
    for (const value of inputs) trace += value * value;
    const bound = 2 / (loss.smoothness * c * trace);
    conditions.push(
      condition(
        'small steps, η < 2/(β ‖X‖_F²) suffices',
        stepSize < bound ? true : 'unknown',
        `η = ${inWords(stepSize)}, bound ${inWords(bound)}`,
      ),
    );
  }
  const applies = conditions.every(({ holds }) => holds === true);
  return {
    prediction: predictionOf(soudry2018Multiclass, outline, conditions),
    measures: ['loss', 'logLoss', 'directionDistance', 'angle', 'parameterMargin', 'l2Norm', 'parameterNorm'],
    companions: [],
    solve: () => Promise.resolve(applies && separation.separable ? referenceOf(separation, situation) : null),
    judge: (trained) =>
      judge(trained, separation.separable ? separation : null, situation, experiment.expect?.tolerance ?? TOLERANCE, (w) =>
        smallestClassMargin(margins, w),
      ),
  };
}

function referenceOf({ answer }: Separable, { experiment }: Situation): Reference {
  const bias = experiment.model.kind === 'linear' && experiment.model.bias;
  return {
    id: 'multiclass-max-margin',
    title: `Multiclass max-margin predictor, scaled to margin 1${bias ? ', rows (w_k, b_k)' : ''}`,
    regularizer: 'multiclass-max-margin',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

function judge(
  trained: Trained,
  separation: Separable | null,
  situation: Situation,
  tolerance: number,
  marginOf: (w: Float64Array) => number,
): Verdict {
  const base = { result: ID, measure: 'direction-distance', tolerance };
  if (separation === null) return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  const w = trained.predictor ?? weightsOf(situation, trained.parameters);
  const value = directionDistance(w, separation.answer.point);
  const margin = marginOf(w) / Math.hypot(...w);
  const reached = `the multiclass margin of W/‖W‖_F is ${inWords(margin, 6)}, the largest ${inWords(separation.margin, 6)}`;
  if (value <= tolerance) {
    return {
      ...base,
      outcome: 'agrees',
      value,
      says: `The direction of W is ${inWords(value)} from the multiclass max-margin direction, within ${inWords(tolerance)}; ${reached}.`,
    };
  }
  const { closing, halfway } = logarithmicClosing(trained, 'directionDistance', value);
  if (closing) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      says:
        `The direction is still ${inWords(value)} from the multiclass max-margin direction at ln t = ${inWords(trained.logTime)}, and theory lets it fall only ` +
        `like 1/ln t${halfway === null ? '' : ` (it was ${inWords(halfway)} at half that ln t)`}; ${reached}.`,
    };
  }
  return {
    ...base,
    outcome: 'disagrees',
    value,
    says: `The direction stays ${inWords(value)} away from the multiclass max-margin direction at ln t = ${inWords(trained.logTime)}; ${reached}.`,
  };
}
