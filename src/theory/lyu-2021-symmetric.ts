/**
 * K. Lyu, Z. Li, R. Wang, S. Arora, Gradient Descent on Two-layer Nets: Margin Maximization and Simplicity Bias, NeurIPS 2021.
 *
 * A two-layer leaky ReLU network f(x) = Σ a_k φ(w_k·x) without biases, both layers trained by gradient flow on the logistic loss
 * from a small Gaussian start, on linearly separable data that is symmetric ((x, y) with (−x, −y)): with probability at least
 * 1 − 2^(−(m−1)), that both signs occur among the a_k, the direction of θ converges to a global maximiser of the margin, and
 * on ‖θ‖ = 1 the function is linear, f(x) = (1 + α)/4 · w*·x with w* the unit max-margin direction.
 */
import type { Experiment } from '../experiment/schema';
import { activationSpec } from '../models/create-model';
import { randomStream } from '../numerics/random';
import { norm2 } from '../numerics/vectors';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import type { MaxMargin } from '../solvers/max-margin';
import { FALLING, isClassification, marginGrowth, parameterMarginOf } from './homogeneous-limit';
import { separationCondition, separationOfData } from './linear-separation';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'lyu-2021-symmetric';

/**
 * The flow along kinks is followed to first order; its relative steps end near 10⁻⁵ (0.05·|ln ℒ|^(−3/4) at ln ℒ = −10⁵), and what
 * the start left fades like ‖θ(0)‖/‖θ‖. A hundred of these steps is far below the distance of any other direction or shape.
 */
const TOLERANCE = 1e-3;
/** Before this the transient of the start may still hide the limit. */
const SETTLED = -1e3;
/**
 * A unit vector whose margin is a part g below the largest is within √(2g) of the max-margin direction: u·w* = Σλᵢ zᵢ·u/‖ŵ‖ ≥ 1 − g. A
 * distance of that size says only that the margin is not yet the largest; twice as much leaves room for what is not linear.
 */
const EXPLAINED = 2;
/** The theorem asks for a scale that is "sufficiently small" without a number: the slope of the loss is then ½ to a per mille. */
const SMALL_OUTPUT = 1e-3;
/** (−x, −y) is looked for up to rounding of the data's decimals. */
const SAME = 1e-12;
const PROBES = 400;

export const lyu2021Symmetric: PublishedResult = {
  id: ID,
  row: 'C8',
  title: 'Symmetric separable data, leaky ReLU: the global max-margin linear classifier',
  statement:
    'On linearly separable symmetric data, gradient flow from a small Gaussian start takes a two-layer leaky ReLU network of any ' +
    'width to a linear function: that of the max-margin direction, which is the global optimum of the margin over all such networks. ' +
    'It needs output weights of both signs, which occur with probability 1 − 2^(−(m−1)).',
  formula: 'f_θ(x)/‖θ‖² → (1 + α)/4 · w*·x,  w* = argmax_{‖w‖=1} min yᵢ w·xᵢ',
  status: 'theorem',
  citation: {
    authors: 'Kaifeng Lyu, Zhiyuan Li, Runzhe Wang, Sanjeev Arora',
    year: 2021,
    title: 'Gradient Descent on Two-layer Nets: Margin Maximization and Simplicity Bias',
    venue: 'Advances in Neural Information Processing Systems 34',
    locus: 'the theorem on linearly separable and symmetric data',
    url: 'https://arxiv.org/abs/2110.13905',
  },

  outline(experiment) {
    if (leakySlope(experiment) === null) return null;
    return {
      regularizer: 'l2-max-margin',
      symbol: 'max ℓ2 margin, a linear function (1 + α)/4 · w*·x',
      conditions: fileConditions(experiment),
      modelNote: 'on symmetric separable data: a linear function',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = lyu2021Symmetric.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** Slope α of a network with one hidden leaky ReLU layer that is trained as a whole; null for any other experiment. */
function leakySlope(experiment: Experiment): number | null {
  const { model } = experiment;
  if (model.kind !== 'network' || model.widths.length !== 1 || model.trainable !== 'all' || !isClassification(experiment)) return null;
  const activation = activationSpec(model.activation);
  return activation.kind === 'leaky-relu' ? activation.slope : null;
}

function fileConditions(experiment: Experiment): Condition[] {
  const { model, loss, optimizer, init } = experiment;
  const slope = leakySlope(experiment) ?? 0;
  const gaussian = init.kind === 'gaussian';
  return [
    condition('leaky ReLU with a slope 0 < α ≤ 1', slope > 0 && slope <= 1, `α = ${inWords(slope)}`),
    condition('no bias', model.kind === 'network' && model.bias === 'none', model.kind === 'network' ? `bias: ${model.bias}` : ''),
    condition('logistic loss', loss.kind === 'logistic', loss.kind),
    condition('gradient flow', optimizer.kind === 'gradient-flow', optimizer.kind),
    condition('Gaussian start', gaussian, init.kind),
  ];
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, data } = situation;
  const slope = leakySlope(experiment) ?? 1;
  const separation = separationOfData(data);
  const conditions = [...outline.conditions, ...startConditions(situation), symmetryCondition(situation), separationCondition(separation)];
  const factor = (1 + slope) / 4;
  return {
    prediction: predictionOf(lyu2021Symmetric, outline, conditions),
    measures: ['loss', 'logLoss', 'parameterMargin', 'smoothedMargin', 'kktResidual', 'parameterNorm'],
    companions: [],
    solve: () => Promise.resolve(separation?.separable === true ? referenceOf(separation, factor) : null),
    judge: (trained, reference) => judge(trained, reference, situation, experiment.expect?.tolerance ?? TOLERANCE),
    figures: (trained, reference) => figures(trained, reference, situation),
  };
}

function startConditions({ model, data, start }: Situation): Condition[] {
  const second = model.blocks.find(({ name }) => name === 'W2');
  const weights = second === undefined ? [] : Array.from(start.subarray(second.offset, second.offset + second.rows * second.columns));
  const positive = weights.filter((value) => value > 0).length;
  const negative = weights.filter((value) => value < 0).length;
  const outputs = new Float64Array(data.samples);
  model.outputs(start, outputs);
  const largest = outputs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return [
    condition('output weights of both signs at the start', positive > 0 && negative > 0, `${positive} positive, ${negative} negative`),
    condition(
      'small start',
      largest <= SMALL_OUTPUT,
      `|f(xᵢ)| ≤ ${inWords(largest)} at the start; the theorem names no bound, the lab takes ${inWords(SMALL_OUTPUT)}`,
    ),
  ];
}

function symmetryCondition({ data }: Situation): Condition {
  const { x, y, samples, features } = data;
  const text = 'symmetric data: (−x, −y) for every (x, y)';
  for (let i = 0; i < samples; i++) {
    const row = x.subarray(i * features, (i + 1) * features);
    const size = norm2(row);
    let found = false;
    for (let k = 0; k < samples && !found; k++) {
      if (y[k] !== -y[i]) continue;
      let square = 0;
      for (let j = 0; j < features; j++) square += (x[k * features + j] + row[j]) ** 2;
      found = Math.sqrt(square) <= SAME * size;
    }
    if (!found) return condition(text, false, `sample ${i} has no opposite`);
  }
  return condition(text, true, `each of ${samples} samples has its opposite`);
}

function referenceOf(separation: Extract<MaxMargin, { separable: true }>, factor: number): Reference {
  const { point, objective, certificate } = separation.answer;
  return {
    id: 'max-margin',
    title: 'The linear function of the max-margin direction, at ‖θ‖ = 1',
    regularizer: 'l2-max-margin',
    predictor: Array.from(point, (value) => factor * separation.margin * value),
    objective,
    certificate,
    role: 'predicted',
  };
}

/** f/‖θ‖² on unit inputs. */
function functionOn(theta: Float64Array, { model }: Situation, x: Float64Array, rows: number): Float64Array {
  const length = norm2(theta);
  const out = new Float64Array(rows);
  model.outputsOn(
    theta.map((value) => value / length),
    x,
    rows,
    out,
  );
  return out;
}

/** Unit inputs on which functions are compared: the samples, the units, and directions drawn once and for all. */
function probes({ data, model }: Situation, theta: Float64Array): { x: Float64Array; rows: number } {
  const { features, samples } = data;
  const first = model.blocks[0];
  const random = randomStream(0, 'probes');
  const rows = samples + first.rows + PROBES;
  const x = new Float64Array(rows * features);
  x.set(data.x);
  x.set(theta.subarray(first.offset, first.offset + first.rows * features), samples * features);
  for (let k = (samples + first.rows) * features; k < x.length; k++) x[k] = random.gaussian();
  for (let i = 0; i < rows; i++) {
    const row = x.subarray(i * features, (i + 1) * features);
    const size = norm2(row) || 1;
    for (let j = 0; j < features; j++) row[j] /= size;
  }
  return { x, rows };
}

function judge(trained: Trained, reference: Reference | null, situation: Situation, tolerance: number): Verdict {
  const base = { result: ID, measure: 'distance of the functions on unit inputs', tolerance };
  if (reference?.predictor == null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const w = Float64Array.from(reference.predictor);
  const size = norm2(w);
  const { x, rows } = probes(situation, trained.parameters);
  const values = functionOn(trained.parameters, situation, x, rows);
  let largest = 0;
  for (let i = 0; i < rows; i++) {
    let predicted = 0;
    for (let j = 0; j < w.length; j++) predicted += w[j] * x[i * w.length + j];
    largest = Math.max(largest, Math.abs(values[i] - predicted));
  }
  const value = largest / size;
  const margin = parameterMarginOf(situation, trained.parameters);
  const margins = `normalized margin ${inWords(margin, 5)} of at most ${inWords(size / Math.sqrt(2 * reference.objective), 5)}`;
  if (value <= tolerance) {
    return {
      ...base,
      outcome: 'agrees',
      value,
      says: `On unit inputs the function is ${inWords(value)} from the predicted linear one, relatively, within ${inWords(tolerance)}; ${margins}.`,
    };
  }
  const gap = 1 - margin / (size / Math.sqrt(2 * reference.objective));
  const growth = marginGrowth(trained);
  const closing = growth !== null && gap < (1 - (1 - gap) * (1 - growth)) / FALLING;
  const early = !(trained.logLoss < SETTLED) || (closing && value <= EXPLAINED * Math.sqrt(2 * Math.max(gap, 0)));
  return {
    ...base,
    outcome: early ? 'inconclusive' : 'disagrees',
    value,
    says: early
      ? `The function is still ${inWords(value)} from the predicted linear one at ln ℒ = ${inWords(trained.logLoss)}; ${margins}.`
      : `The function stays ${inWords(value)} away from the predicted linear one at ln ℒ = ${inWords(trained.logLoss)}; ${margins}.`,
  };
}

/** For inputs in the plane: the function on the unit circle, which determines it. */
function figures(trained: Trained, reference: Reference | null, situation: Situation): Figure[] {
  const { data } = situation;
  if (reference?.predictor == null || data.features !== 2) return [];
  const [w1, w2] = reference.predictor;
  const count = 181;
  const angles = Array.from({ length: count }, (_, k) => -180 + (360 * k) / (count - 1));
  const radians = angles.map((angle) => (angle * Math.PI) / 180);
  const circle = Float64Array.from(radians.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
  const trainedValues = functionOn(trained.parameters, situation, circle, count);
  const samples = Array.from({ length: data.samples }, (_, i) => Math.atan2(data.x[2 * i + 1], data.x[2 * i]));
  const at = Float64Array.from(samples.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
  return [
    {
      kind: 'chart',
      id: 'function-on-circle',
      title: 'The function on the unit circle',
      says:
        'f/‖θ‖² of the trained network and the predicted linear function (1 + α)/4 · w*·x, a cosine, over the angle of x; ' +
        'both are homogeneous in x, so the circle shows all of them. Their zeros are the decision boundaries.',
      x: { label: 'angle of x in degrees', scale: 'linear' },
      y: { label: 'f(x)/‖θ‖²', scale: 'linear' },
      series: [
        { name: 'trained', style: 'line', x: angles, y: Array.from(trainedValues) },
        { name: 'predicted', style: 'line', x: angles, y: radians.map((angle) => w1 * Math.cos(angle) + w2 * Math.sin(angle)) },
        {
          name: 'samples',
          style: 'points',
          x: samples.map((angle) => (angle * 180) / Math.PI),
          y: Array.from(functionOn(trained.parameters, situation, at, data.samples)),
        },
      ],
    },
  ];
}
