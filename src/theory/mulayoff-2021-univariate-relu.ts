/**
 * R. Mulayoff, T. Michaeli, D. Soudry, The implicit bias of minima stability: a view from function space, NeurIPS 2021.
 *
 * f(x) = Σ_j v_j σ(w_j x + b_j) + c with ReLU units, square loss (1/2n) Σ (f(x_i) − y_i)². At a twice differentiable minimum that fits every sample
 * λ_max ≥ 1 + 2 ∫|f″| g, so a minimum at which gradient descent with step η is stable has ∫|f″| g ≤ 1/η − ½, whatever the width and the start.
 *
 * Why: λ_max(JJᵀ/n) ≥ ‖mean of ∇f(x_i)‖² = 1 + Σ_j [v_j²P_j²(1 + E_j[X]²) + (w_j P_j E_j|X − τ_j|)²] with P_j, E_j over the side on which unit j is active,
 * and each bracket is at least 2|v_j w_j| P_j² E_j|X − τ_j| √(1 + E_j[X]²) ≥ 2|v_j w_j| g(τ_j). Units whose kinks coincide add up before the absolute value, which
 * only lowers the left side. The output bias gives the 1.
 */
import { sizeOf } from '../experiment/checks/data-checks';
import type { Experiment } from '../experiment/schema';
import { isUnivariateRelu, kinksAt, kinkWeight, weightedRoughness } from '../measures/weighted-roughness';
import { activationSpec } from '../models/create-model';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import {
  beyondTheEdge,
  EDGE,
  gradientsAt,
  meanSharpness,
  meanStep,
  plainStepsCondition,
  settledMinimum,
  squareLossOf,
} from './settled-minimum';
import { condition, inWords } from './wording';

const ID = 'mulayoff-2021-univariate-relu';
/** Rounding of the sharpness and of the sum over kinks. */
const ROUNDING = 1e-9;
const POINTS = 401;

export const mulayoff2021UnivariateRelu: PublishedResult = {
  id: ID,
  row: 'S3',
  title: 'Univariate ReLU networks: a larger step, a smoother function',
  statement:
    'Where gradient descent on a two-layer ReLU network of one variable is stable at a fit of every sample, the function is smooth in the sense of a weighted ℓ1 norm of ' +
    'its second derivative: at most 1/η − ½, whatever the width and the start. The weight is large in the middle of the data and 0 outside. A bound, often far from tight.',
  formula: 'λ_max ≥ 1 + 2 ∫|f″| g  ⇒  ∫|f″(x)| g(x) dx ≤ 1/η − ½,  g = min(g⁻, g⁺), g⁺(t) = P(X>t)² E[X−t | X>t] √(1 + E[X | X>t]²)',
  status: 'theorem',
  citation: {
    authors: 'Rotem Mulayoff, Tomer Michaeli, Daniel Soudry',
    year: 2021,
    title: 'The Implicit Bias of Minima Stability: A View from Function Space',
    venue: 'Advances in Neural Information Processing Systems 34',
    url: 'https://proceedings.neurips.cc/paper/2021/hash/944a5ae3483ed5c1e10bbccb7942a279-Abstract.html',
  },

  outline(experiment) {
    const { model, data } = experiment;
    if (model.kind !== 'network' || model.widths.length !== 1 || !squareLossOf(experiment)) return null;
    const { features } = sizeOf(data);
    if (features !== null && features !== 1) return null;
    return {
      regularizer: 'weighted-roughness',
      symbol: symbolOf(experiment),
      conditions: [plainStepsCondition(experiment.optimizer), networkCondition(model)],
      modelNote: 'stable minima are smooth functions, whatever the width',
      optimizerNote: 'the step bounds the roughness of the function',
    } satisfies Outline;
  },

  examine(situation) {
    const { features } = situation.data.before?.data ?? situation.data;
    const outline = features === 1 && situation.data.features === 1 ? mulayoff2021UnivariateRelu.outline(situation.experiment) : null;
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function symbolOf({ optimizer, loss }: Experiment): string {
  const given = 'stepSize' in optimizer && loss.reduction === 'mean' ? optimizer.stepSize : undefined;
  return `∫|f″| g ≤ 1/η − ½${given === undefined ? '' : ` = ${inWords(1 / given - 0.5)}`}`;
}

function networkCondition(model: Extract<Experiment['model'], { kind: 'network' }>): Condition {
  const activation = activationSpec(model.activation).kind;
  const fits = activation === 'relu' && model.bias === 'all' && model.trainable === 'all' && !model.residual;
  return condition(
    'two-layer ReLU network with biases in both layers, all of it trained',
    fits,
    fits
      ? `${model.widths[0]} units`
      : `${activation}, bias ${model.bias}, trained: ${model.trainable}${model.residual ? ', residual' : ''}`,
  );
}

function examine(situation: Situation, outline: Outline): Examination {
  const settled = settledMinimum(situation);
  const bound = 1 / meanStep(situation) - 0.5;
  const applies = outline.conditions.every(({ holds }) => holds === true);
  const symbol = `∫|f″| g ≤ 1/η − ½ = ${inWords(bound)}`;
  const away = 'no sample on a kink';
  return {
    prediction: predictionOf(
      mulayoff2021UnivariateRelu,
      { ...outline, symbol },
      [...outline.conditions, settled.condition, condition(away, 'unknown', 'the run decides')],
      applies,
    ),
    withoutReference: true,
    measures: ['loss', 'gradientNorm', 'sharpness', 'weightedRoughness'],
    companions: [],
    ...(applies && {
      settle: (trained: Trained) => {
        const distance = distanceToKinks(trained.parameters, situation.data.x);
        return [
          ...outline.conditions,
          settled.after(trained),
          condition(away, distance > 0, `the nearest is ${inWords(distance)} away; the paper extends the bound to samples on kinks`),
        ];
      },
    }),
    solve: () => Promise.resolve(null),
    judge: (trained) => settled.verdictElsewhere(trained, ID) ?? judge(trained, situation, bound),
    figures: (trained) =>
      isUnivariateRelu(situation.model) ? [functionFigure(trained, situation), weightFigure(trained, situation, bound)] : [],
  };
}

function distanceToKinks(theta: Float64Array, x: Float64Array): number {
  return kinksAt(theta).reduce(
    (least, { position }) => x.reduce((nearest, value) => Math.min(nearest, Math.abs(value - position)), least),
    Infinity,
  );
}

function judge(trained: Trained, situation: Situation, bound: number): Verdict {
  const value = weightedRoughness(trained.parameters, situation.data.x);
  const step = meanStep(situation);
  const sharpness = meanSharpness(gradientsAt(situation, trained.parameters), situation);
  // The slack of an eigenvalue at the edge: 1 + 2∫|f″|g ≤ λ_max ≤ (2/η)(1 + EDGE).
  const tolerance = bound + (situation.experiment.expect?.tolerance ?? EDGE / step);
  const least = 1 + 2 * value;
  const base = { result: ID, measure: 'weighted roughness', value, tolerance, limit: 'bound' } as const;
  const seen = `∫|f″| g = ${inWords(value, 4)}, allowed 1/η − ½ = ${inWords(bound, 4)}. The sharpness ${inWords(sharpness, 4)} lies between 1 + 2∫|f″| g = ${inWords(least, 4)} and 2/η = ${inWords(2 / step, 4)}`;
  if (sharpness < least * (1 - ROUNDING)) {
    return { ...base, outcome: 'disagrees', says: `${seen.replace('lies between', 'against')}: the order is broken.` };
  }
  if (sharpness > (2 / step) * (1 + EDGE))
    return { ...base, ...beyondTheEdge(trained, situation, value > tolerance, seen.replace('lies between', 'is not between')) };
  if (value > tolerance) return { ...base, outcome: 'disagrees', says: `${seen}: more than the step allows.` };
  return { ...base, outcome: 'agrees', says: `${seen}: ${inWords(bound / value, 2)} times the roughness would be allowed.` };
}

function functionFigure({ parameters }: Trained, { data, model }: Situation): Figure {
  const inputs = Array.from(data.x);
  const [low, high] = [Math.min(...inputs), Math.max(...inputs)];
  const margin = 0.1 * (high - low || 1);
  const grid = Float64Array.from({ length: POINTS }, (_, k) => low - margin + ((high - low + 2 * margin) * k) / (POINTS - 1));
  const on = (x: Float64Array): number[] => {
    const out = new Float64Array(x.length);
    model.outputsOn(parameters, x, x.length, out);
    return Array.from(out);
  };
  const shown = Float64Array.from(
    kinksAt(parameters)
      .map(({ position }) => position)
      .filter((position) => position >= grid[0] && position <= grid[POINTS - 1]),
  );
  return {
    kind: 'chart',
    id: 'stable-function',
    title: 'The function with its kinks over the samples',
    says: `${shown.length} kinks in the picture, ${inputs.length} samples.`,
    x: { label: 'x', scale: 'linear' },
    y: { label: 'f(x)', scale: 'linear' },
    series: [
      { name: 'trained', style: 'line', x: Array.from(grid), y: on(grid) },
      { name: 'kinks', style: 'points', x: Array.from(shown), y: on(shown) },
      { name: 'samples', style: 'points', x: inputs, y: Array.from(data.y) },
    ],
  };
}

function weightFigure({ parameters }: Trained, { data }: Situation, bound: number): Figure {
  const inputs = Array.from(data.x);
  const [low, high] = [Math.min(...inputs), Math.max(...inputs)];
  const grid = Array.from({ length: POINTS }, (_, k) => low + ((high - low) * k) / (POINTS - 1));
  const inside = kinksAt(parameters).filter(({ position }) => position >= low && position <= high);
  const total = weightedRoughness(parameters, data.x);
  return {
    kind: 'chart',
    id: 'kink-weights',
    title: 'The weight of a kink, and the kinks',
    says: `The sum of |change of slope| times g over the ${inside.length} kinks between the samples is ${inWords(total)}; the step allows ${inWords(bound)}.`,
    x: { label: 'x', scale: 'linear' },
    y: { label: 'g, |Δf′|', scale: 'linear' },
    series: [
      { name: 'weight g', style: 'line', x: grid, y: grid.map((t) => kinkWeight(data.x, t)) },
      {
        name: 'change of slope |Δf′|',
        style: 'points',
        x: inside.map(({ position }) => position),
        y: inside.map(({ change }) => Math.abs(change)),
      },
    ],
  };
}
