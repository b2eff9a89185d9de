/**
 * P. Savarese, I. Evron, D. Soudry, N. Srebro, How do infinite width bounded norm networks look in function space?, COLT 2019: a two-layer
 * ReLU network of one variable, its biases free, can be f with weights of least norm ½‖W‖² = R(f) = max(∫|f″|, |f′(−∞) + f′(+∞)|).
 * So training with weight decay looks for the f that fits with least R.
 *
 * min ℒ + ½λ‖W‖² over all widths is bounded below by the dual of min R s.t. f(xᵢ) = yᵢ (`function-norm.ts`), whatever the width: a
 * trained network that comes near the bound is near the global minimum of a problem that is not convex. Without weight decay nothing
 * says that R is least: gradient flow on the square loss does not minimise it.
 */
import type { Experiment } from '../experiment/schema';
import { sizeOf } from '../experiment/checks/data-checks';
import { distinctKinks, kinksOf, radiusOf } from '../measures/linear-regions';
import { representationCost } from '../measures/representation-cost';
import { norm2 } from '../numerics/vectors';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import { functionNorm, type FunctionNormAnswer } from '../solvers/function-norm';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'savarese-2019-function-norm';

/** One percent: what this product promises of networks with kinks, where descent goes on to step to and fro. */
const TOLERANCE = 0.01;
/** Nothing lies below the bound by more than rounding. */
const ROUNDING = 1e-9;
/** What a move by the length of W along the gradient that is left could gain at most, as a part of ℒ + ½λ‖W‖²: below a percent it is settled. */
const SETTLED = 0.01;
/** Points of a drawn curve. */
const POINTS = 401;

export const savarese2019FunctionNorm: PublishedResult = {
  id: ID,
  row: 'A4',
  title: 'Norm in the weights, norm of the function: ∫|f″|',
  statement:
    'A two-layer ReLU network of one variable represents f with weights of least squared norm 2 max(∫|f″|, |f′(−∞) + f′(+∞)|), biases not counted. ' +
    'With weight decay, training a wide one looks for the function that fits the data with the least of it. Without, nothing says that it is least.',
  formula: 'min ½‖W‖² s.t. network = f  =  R(f) = max(∫|f″|, |f′(−∞) + f′(+∞)|);  min ℒ + ½λ‖W‖² = min_f ℒ(f) + λR(f)',
  status: 'theorem',
  citation: {
    authors: 'Pedro Savarese, Itay Evron, Daniel Soudry, Nathan Srebro',
    year: 2019,
    title: 'How Do Infinite Width Bounded Norm Networks Look in Function Space?',
    venue: 'Conference on Learning Theory, PMLR 99',
    url: 'https://proceedings.mlr.press/v99/savarese19a.html',
  },
  covers: ['weight-decay'],

  outline(experiment) {
    const { model, loss, data, features } = experiment;
    if (model.kind !== 'network' || model.widths.length !== 1 || model.activation !== 'relu' || loss.kind !== 'square') return null;
    if (features !== undefined || (sizeOf(data).features ?? 1) !== 1 || experiment.optimizer.kind !== 'gradient-descent') return null;
    return {
      regularizer: 'function-norm',
      symbol: 'min ∫|f″|, with |f′(−∞) + f′(+∞)| at most that, through the data',
      conditions: fileConditions(experiment),
      modelNote: 'weights of a function cost max(∫|f″|, |f′(−∞) + f′(+∞)|)',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = situation.data.features === 1 ? savarese2019FunctionNorm.outline(situation.experiment) : null;
    return outline === null ? Promise.resolve(null) : examine(situation, outline);
  },
};

function fileConditions({ model, optimizer }: Experiment): Condition[] {
  const decay = optimizer.kind === 'gradient-descent' ? optimizer.weightDecay : 0;
  const normalized = optimizer.kind === 'gradient-descent' && optimizer.normalize !== 'none';
  const whole = model.kind === 'network' && model.bias === 'all' && model.trainable === 'all' && !model.residual;
  return [
    condition(
      'weight decay',
      decay > 0,
      decay > 0
        ? `λ = ${inWords(decay)}, biases left out`
        : 'there is none, and gradient flow on the loss alone need not find the least norm',
    ),
    condition('plain steps', !normalized, normalized ? 'normalised steps do not settle' : 'gradient descent'),
    condition(
      'one hidden layer with biases in both layers, all of it trained',
      whole,
      whole ? 'biases are free' : 'the file has another network',
    ),
  ];
}

async function examine(situation: Situation, outline: Outline): Promise<Examination> {
  const { data, experiment } = situation;
  const { optimizer } = experiment;
  const lambda = optimizer.kind === 'gradient-descent' ? optimizer.weightDecay : 0;
  const distinct = new Set(data.x).size === data.samples;
  const width = situation.model.blocks[0].rows;
  const constant = data.y.every((value) => value === data.y[0]);
  const conditions = [
    ...outline.conditions,
    condition(
      'inputs that differ, at least two',
      distinct && data.samples > 1,
      distinct ? `${data.samples} samples` : 'two samples have the same input',
    ),
    condition('targets that differ', !constant, constant ? 'all are the same: a constant costs nothing' : 'no constant fits them'),
    condition(
      'at least as many units as samples',
      width >= data.samples,
      `${width} units, ${data.samples} samples: the least function needs no more units than samples`,
    ),
  ];
  const prediction = predictionOf(savarese2019FunctionNorm, outline, conditions);
  const answer = prediction.applies ? functionNorm(data.x, data.y, await situation.linearPrograms()) : null;
  return {
    prediction,
    fixedTime: true,
    measures: ['loss', 'gradientNorm', 'representationCost', 'parameterNorm'],
    companions: [],
    solve: () => Promise.resolve(answer === null ? null : referenceOf(answer)),
    judge: (trained) => judge(situation, trained, answer, lambda, experiment.expect?.tolerance ?? TOLERANCE),
    figures: (trained) => (answer === null ? [] : [functionFigure(situation, trained, answer)]),
  };
}

function referenceOf({ objective, certificate }: FunctionNormAnswer): Reference {
  return {
    id: 'function-norm',
    title: `Least ½‖W‖² of all networks through the data: ${inWords(objective, 6)}`,
    regularizer: 'function-norm',
    predictor: null,
    objective,
    certificate,
    role: 'predicted',
  };
}

/** ½‖W‖², and ‖∇ℒ + λW‖ ‖W‖: what a move by the length of W could gain, to first order. */
function weightsOf({ model, objective }: Situation, theta: Float64Array, lambda: number): { readonly half: number; readonly gain: number } {
  const gradient = new Float64Array(theta.length);
  objective.gradient(theta, gradient);
  let square = 0;
  for (const { name, offset, rows, columns } of model.blocks) {
    if (!name.startsWith('W')) continue;
    for (let j = offset; j < offset + rows * columns; j++) {
      square += theta[j] ** 2;
      gradient[j] += lambda * theta[j];
    }
  }
  return { half: square / 2, gain: norm2(gradient) * Math.sqrt(square) };
}

function judge(situation: Situation, trained: Trained, answer: FunctionNormAnswer | null, lambda: number, tolerance: number): Verdict {
  const base = { result: ID, measure: 'relative gap of ℒ + ½λ‖W‖² to its lower bound', tolerance };
  if (answer === null) return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  const { loss, data } = situation;
  const { half, gain } = weightsOf(situation, trained.parameters, lambda);
  const bound = answer.regularizedBound(lambda, loss.reduction === 'mean' ? 1 / data.samples : 1);
  const reached = trained.loss + lambda * half;
  const value = reached / bound - 1;
  const says =
    `ℒ + ½λ‖W‖² is ${inWords(reached, 5)}; no network of any width has less than ${inWords(bound, 5)}, and the least one through the data has ` +
    `${inWords(lambda * answer.objective, 5)}. ½‖W‖² = ${inWords(half, 4)}, of the function alone ${inWords(representationCost(trained.parameters, data.x), 4)}`;
  if (value < -ROUNDING) return { ...base, outcome: 'disagrees', value, says: `${says}: it lies below what any network can have.` };
  if (value <= tolerance) return { ...base, outcome: 'agrees', value, says: `${says}: ${inWords(100 * value)} % above the bound.` };
  if (gain > SETTLED * reached) {
    const more = `${says}. A move of the length of W could still gain ${inWords(gain)}: the run has not settled.`;
    return { ...base, outcome: 'inconclusive', value, says: more };
  }
  return {
    ...base,
    outcome: 'inconclusive',
    value,
    says:
      reached > lambda * answer.objective
        ? `${says}: it has settled above both, at a local minimum. The theorem is about the least one, and does not say that descent finds it.`
        : `${says}: between the two, where the bound does not tell; a smaller λ would.`,
  };
}

/** The trained function with its kinks, and the least one through the data. */
function functionFigure({ data, model }: Situation, { parameters }: Trained, { x, y, slopes, objective }: FunctionNormAnswer): Figure {
  const [low, high] = [x[0], x[x.length - 1]];
  const margin = 0.15 * (high - low);
  const grid = Float64Array.from({ length: POINTS }, (_, k) => low - margin + ((high - low + 2 * margin) * k) / (POINTS - 1));
  const on = (inputs: Float64Array): number[] => {
    const out = new Float64Array(inputs.length);
    model.outputsOn(parameters, inputs, inputs.length, out);
    return Array.from(out);
  };
  const least = (t: number): number => {
    const k = Array.from(x).filter((value) => value <= t).length;
    const from = Math.max(0, k - 1);
    return y[from] + slopes[k] * (t - x[from]);
  };
  const kinks = distinctKinks(kinksOf(parameters, 0), radiusOf(data.x), 0.01)
    .map(({ position }) => position)
    .filter((position) => position >= grid[0] && position <= grid[POINTS - 1]);
  return {
    kind: 'chart',
    id: 'function-norm-function',
    title: 'The function with its kinks, and the least one through the data',
    says:
      `The trained function has the cost ${inWords(representationCost(parameters, data.x), 4)}, the least through the data ${inWords(objective, 4)}; ` +
      `${kinks.length} ${kinks.length === 1 ? 'kink is' : 'kinks are'} in the picture.`,
    x: { label: 'x', scale: 'linear' },
    y: { label: 'f(x)', scale: 'linear' },
    series: [
      { name: 'samples', style: 'points', x: Array.from(data.x), y: Array.from(data.y) },
      { name: 'trained', style: 'line', x: Array.from(grid), y: on(grid) },
      { name: 'kinks', style: 'points', x: kinks, y: on(Float64Array.from(kinks)) },
      { name: 'least through the data', style: 'line', x: Array.from(grid), y: Array.from(grid, least) },
    ],
  };
}
