/**
 * G. Vardi, O. Shamir, Implicit regularization in ReLU networks with the square loss, COLT 2021, PMLR 134, Theorem 1:
 * a single neuron x ↦ σ(w·x) with a strictly monotone σ. Every gradient is in the span of the inputs and σ(Xw) = y is Xw = σ⁻¹(y), so
 * where the flow converges to zero loss it ends at the solution closest to the start. Convergence is known where 0 < γ ≤ σ′ ≤ Γ
 * (S. Oymak, M. Soltanolkotabi, ICML 2019); elsewhere it is seen in the run.
 */
import type { Experiment, ModelSpec } from '../experiment/schema';
import { relativeDistance } from '../measures/agreement';
import { matVec } from '../numerics/dense';
import { distance2, norm2 } from '../numerics/vectors';
import type { Citation, Condition, Reference, Verdict } from '../protocol/report';
import { minimumNorm } from '../solvers/minimum-norm';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'vardi-shamir-2021-monotone-neuron';

/** The gradient vanishes to 13 digits; six of them are left to the condition of X and to the slopes σ′ at the labels. */
const TOLERANCE = 1e-7;

export const VARDI_SHAMIR_2021: Citation = {
  authors: 'Gal Vardi, Ohad Shamir',
  year: 2021,
  title: 'Implicit Regularization in ReLU Networks with the Square Loss',
  venue: 'Conference on Learning Theory, PMLR 134',
  url: 'https://proceedings.mlr.press/v134/vardi21b.html',
};

export const vardiShamir2021MonotoneNeuron: PublishedResult = {
  id: ID,
  row: 'R12',
  title: 'Single neuron with a strictly monotone activation: the zero-loss point closest to the start',
  statement:
    'Gradient flow and gradient descent on the square loss of x ↦ σ(w·x), σ strictly monotone, move w in the span of the inputs. ' +
    'Where they converge to zero loss, they reach the zero-loss point that is closest to the start in Euclidean distance.',
  formula: 'w(∞) = argmin ‖w − w(0)‖₂ s.t. σ(Xw) = y = w(0) + X⁺(σ⁻¹(y) − Xw(0))',
  status: 'theorem',
  citation: { ...VARDI_SHAMIR_2021, locus: 'Theorem 1' },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'neuron' || loss.kind !== 'square') return null;
    const inverse = inverseOf(model);
    return {
      regularizer: 'l2-distance',
      symbol: 'min ‖w − w(0)‖₂ s.t. σ(Xw) = y',
      conditions: [
        spanCondition(experiment),
        condition('σ strictly monotone', inverse !== null, inverse === null ? `${nameOf(model)} is not` : `${nameOf(model)} is`),
      ],
      modelNote: inverse === null ? null : 'the same point as in linear regression on σ⁻¹(y)',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = vardiShamir2021MonotoneNeuron.outline(situation.experiment);
    const { model } = situation.experiment;
    return Promise.resolve(outline === null || model.kind !== 'neuron' ? null : examine(situation, outline, model));
  },
};

type Neuron = Extract<ModelSpec, { kind: 'neuron' }>;

function nameOf({ activation }: Neuron): string {
  return typeof activation === 'string' ? activation : `${activation.kind} of slope ${inWords(activation.slope)}`;
}

/** Slope of a leaky ReLU for which the file gives none (models/create-model.ts). */
const DEFAULT_SLOPE = 0.1;

/** σ⁻¹, NaN outside the range of σ; null where σ is not strictly monotone. */
function inverseOf({ activation }: Neuron): ((y: number) => number) | null {
  const kind = typeof activation === 'string' ? activation : activation.kind;
  switch (kind) {
    case 'identity':
      return (y) => y;
    case 'leaky-relu': {
      const slope = typeof activation === 'string' ? DEFAULT_SLOPE : activation.slope;
      return slope > 0 ? (y) => (y > 0 ? y : y / slope) : null;
    }
    case 'tanh':
      return (y) => (Math.abs(y) < 1 ? Math.atanh(y) : Number.NaN);
    case 'sigmoid':
      return (y) => (y > 0 && y < 1 ? Math.log(y / (1 - y)) : Number.NaN);
    case 'softplus':
      return (y) => (y > 0 ? y + Math.log(-Math.expm1(-y)) : Number.NaN);
    case 'relu':
    case 'quadratic':
      return null;
    default:
      return kind satisfies never;
  }
}

export function spanCondition({ optimizer }: Experiment): Condition {
  const text = 'updates in the span of the inputs that settle';
  switch (optimizer.kind) {
    case 'gradient-flow':
      return condition(text, true, 'gradient flow');
    case 'gradient-descent':
      return optimizer.normalize === 'none'
        ? condition(text, true, 'gradient descent; that it converges is seen in the run')
        : condition(text, false, `steps divided by the ${optimizer.normalize} do not shrink at the solution`);
    case 'sgd':
      return condition(text, true, `batches of ${optimizer.batchSize}; that it converges is seen in the run`);
    case 'steepest-descent':
    case 'mirror-descent':
    case 'adam':
      return condition(text, false, `${optimizer.kind}: its steps leave the span of the inputs`);
    default:
      return optimizer satisfies never;
  }
}

function examine(situation: Situation, outline: Outline, model: Neuron): Examination {
  const { data, start } = situation;
  const conditions = [...outline.conditions];
  const inverse = inverseOf(model);
  const targets = inverse === null ? null : Float64Array.from(data.y, inverse);
  let answer: ReturnType<typeof minimumNorm> | null = null;
  if (targets !== null) {
    const outside = targets.filter(Number.isNaN).length;
    conditions.push(
      condition(
        'labels in the range of σ',
        outside === 0,
        outside === 0
          ? 'all'
          : `${outside} of ${data.samples} ${outside === 1 ? 'is' : 'are'} not: the loss cannot vanish, and w grows without end`,
      ),
    );
    if (outside === 0) {
      answer = minimumNorm(data.x, targets, data.samples, data.features, start);
      const { consistent, rank } = answer;
      conditions.push(
        condition(
          'zero loss is possible',
          consistent,
          consistent ? `Xw = σ⁻¹(y) has a solution, rank ${rank} of ${data.samples} × ${data.features}` : 'Xw = σ⁻¹(y) has no solution',
        ),
      );
    }
  }
  const closest = answer;
  return {
    prediction: predictionOf(vardiShamir2021MonotoneNeuron, outline, conditions),
    measures: ['loss', 'gradientNorm', 'parameterNorm'],
    companions: [],
    solve: () => Promise.resolve(closest === null ? null : referenceOf(closest)),
    judge: (trained, reference) => judge(trained, reference, situation),
  };
}

function referenceOf({ point, objective, certificate }: ReturnType<typeof minimumNorm>): Reference {
  return {
    id: 'closest',
    title: 'Zero-loss point closest to the start',
    regularizer: 'l2-distance',
    predictor: Array.from(point),
    objective,
    certificate,
    role: 'predicted',
  };
}

/**
 * The law has two halves. That w − w(0) stays in the span of the inputs holds at every time, so a part outside it disagrees whatever the
 * loss. That Xw comes to σ⁻¹(y) is the hypothesis of zero loss, and the loss says it only as far as the slopes σ′ at the labels let it:
 * where σ is flat, Xw may be far from σ⁻¹(y) at a loss that is zero to all digits. What is missing there is inconclusive.
 */
function judge(trained: Trained, reference: Reference | null, { experiment, data, start }: Situation): Verdict {
  const tolerance = experiment.expect?.tolerance ?? TOLERANCE;
  const base = { result: ID, measure: 'relative-distance', tolerance };
  if (reference?.predictor == null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const closest = Float64Array.from(reference.predictor);
  const value = relativeDistance(trained.parameters, closest);
  const where = `w is ${inWords(value)} from the closest zero-loss point`;
  if (value <= tolerance) return { ...base, outcome: 'agrees', value, says: `${where}, within ${inWords(tolerance)}.` };
  const { samples, features } = data;
  const inputs = new Float64Array(samples);
  matVec(data.x, samples, features, trained.parameters, inputs);
  const { point } = minimumNorm(data.x, inputs, samples, features, start);
  const size = norm2(closest);
  const outside = distance2(trained.parameters, point) / (size > 0 ? size : 1);
  const left = `${inWords(outside)} of it outside the span of the inputs`;
  return outside > tolerance
    ? { ...base, outcome: 'disagrees', value, says: `${where}, ${left}, where no step may lead: more than ${inWords(tolerance)}.` }
    : {
        ...base,
        outcome: 'inconclusive',
        value,
        says: `${where}, ${left}: what remains is in Xw, which has not come to σ⁻¹(y) at the loss ${inWords(trained.loss)}.`,
      };
}
