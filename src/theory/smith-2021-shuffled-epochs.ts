/**
 * S. L. Smith, B. Dherin, D. G. T. Barrett, S. De, On the origin of implicit regularization in stochastic gradient descent, ICLR 2021:
 * over one epoch of m batches, the mean over all orders of the batches of SGD with step ε stays within O(ε³) of the gradient flow of
 * ℒ + (ε/4m) Σ_k ‖∇ℒ_k‖² at time mε, ℒ_k the loss on batch k; the flow of ℒ, and that of ℒ + (ε/4)‖∇ℒ‖², are left by O(ε²).
 *
 * The mean is taken over all m! orders, none left out, at ε, ε/2, ε/4 and ε/8.
 */
import type { Dataset } from '../data/dataset';
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import { createModel } from '../models/create-model';
import { modifiedFlow, type LossPart } from '../solvers/modified-flow';
import { distance, judgeOrders, smoothCondition, stepCondition } from './barrett-dherin-2021-modified-loss';
import { orderFigure, type Halved } from './halved-steps';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, stepsInWords } from './wording';

const ID = 'smith-2021-shuffled-epochs';

const HALVINGS = 4;
/** As for gradient descent: orders are whole numbers, and are extrapolated in the step. */
const TOLERANCE = 0.1;
/** 120 orders. */
const MOST_BATCHES = 5;

type Sgd = Extract<OptimizerSpec, { kind: 'sgd' }>;

export const smith2021ShuffledEpochs: PublishedResult = {
  id: ID,
  row: 'A2',
  title: 'SGD follows, on average, the flow of a modified loss',
  statement:
    'Over one epoch with step ε, the mean of SGD over all orders of its m batches follows the gradient flow of ℒ + (ε/4m) Σ‖∇ℒ_k‖², which penalises ' +
    'the gradients of the batches, within O(ε³). The flow of ℒ, and that of the modified loss of full-batch descent, it leaves by O(ε²).',
  formula: 'θ̇ = −∇(ℒ + (ε/4m) Σₖ‖∇ℒₖ‖²):  ‖𝔼 θ_m − θ(mε)‖ = O(ε³)',
  status: 'theorem',
  citation: {
    authors: 'Samuel L. Smith, Benoit Dherin, David G. T. Barrett, Soham De',
    year: 2021,
    title: 'On the Origin of Implicit Regularization in Stochastic Gradient Descent',
    venue: 'International Conference on Learning Representations',
    url: 'https://arxiv.org/abs/2101.12176',
  },

  outline(experiment) {
    const { optimizer } = experiment;
    if (optimizer.kind !== 'sgd' || typeof optimizer.sampling === 'string') return null;
    const batches = optimizer.sampling.order.length;
    const { steps } = experiment.stop;
    return {
      regularizer: 'gradient-norm',
      symbol: 'flow of ℒ + (ε/4m) Σ‖∇ℒₖ‖², on average',
      conditions: [
        smoothCondition(experiment),
        condition(
          'all parameters trained',
          !('trainable' in experiment.model && experiment.model.trainable === 'first'),
          'as the model says',
        ),
        condition(
          `two to ${MOST_BATCHES} batches, whose orders can all be run`,
          batches >= 2 && batches <= MOST_BATCHES,
          `${batches} ${batches === 1 ? 'batch' : 'batches'}`,
        ),
        condition(
          'one epoch',
          steps === batches,
          steps === undefined ? 'no number of steps is given' : `${stepsInWords(steps)} of ${batches} batches`,
        ),
      ],
      modelNote: null,
      optimizerNote: 'small batches penalise their own gradients: (ε/4m) Σ‖∇ℒₖ‖²',
    } satisfies Outline;
  },

  examine(situation) {
    const { optimizer } = situation.experiment;
    const outline = smith2021ShuffledEpochs.outline(situation.experiment);
    if (outline === null || optimizer.kind !== 'sgd' || typeof optimizer.sampling === 'string') return Promise.resolve(null);
    return Promise.resolve(examine(situation, outline, optimizer, optimizer.sampling.order));
  },
};

function examine(situation: Situation, outline: Outline, optimizer: Sgd, order: readonly number[]): Examination {
  const { experiment, data, stepSize } = situation;
  const batches = order.length;
  const eta = stepSize ?? Number.NaN;
  const equal = data.samples % Math.min(optimizer.batchSize, data.samples) === 0;
  const conditions = [
    ...outline.conditions,
    condition('batches of one size', equal, `${data.samples} samples in batches of ${optimizer.batchSize}`),
    stepCondition(situation),
  ];
  const prediction = predictionOf(smith2021ShuffledEpochs, outline, conditions);
  const orders = prediction.applies ? permutations(batches) : [];
  const steps = Array.from({ length: HALVINGS }, (_, k) => eta / 2 ** k);
  let measured: readonly Halved[] | null = null;
  return {
    prediction,
    withoutReference: true,
    fixedTime: true,
    measures: ['loss', 'gradientNorm', 'sharpness', 'parameterNorm'],
    companions: steps.flatMap((step) =>
      orders.map((each): Experiment => ({
        ...experiment,
        optimizer: { ...optimizer, stepSize: step, sampling: { order: each } },
        stop: { steps: batches },
      })),
    ),
    solve: () => Promise.resolve(null),
    judge: (_trained, _reference, companions) => {
      const base = {
        result: ID,
        measure: 'largest deviation of the measured orders',
        tolerance: experiment.expect?.tolerance ?? TOLERANCE,
      };
      measured = measure(situation, optimizer, companions, orders.length, steps, batches);
      return measured === null
        ? { ...base, outcome: 'inconclusive', value: null, says: 'The runs in all orders have not come to the end of their epoch.' }
        : judgeOrders(base, measured);
    },
    figures: () =>
      measured === null
        ? []
        : orderFigure(
            'shuffled-epoch-orders',
            `The mean of all ${orders.length} orders against the flows`,
            '‖mean θ − θ(t)‖',
            steps,
            measured,
          ),
  };
}

function measure(
  situation: Situation,
  { batchSize }: Sgd,
  companions: readonly Trained[],
  orders: number,
  steps: readonly number[],
  batches: number,
): readonly Halved[] | null {
  const { model, loss, data, start, experiment } = situation;
  if (companions.length !== orders * steps.length || companions.some((run) => run.steps !== batches)) return null;
  const means = steps.map((_, k) => meanOf(companions.slice(k * orders, (k + 1) * orders)));
  const whole: readonly LossPart[] = [{ model, loss, targets: data.y, factor: 1 }];
  const parts = Array.from({ length: batches }, (_, b): LossPart => {
    const part = stretch(data, b * batchSize, batchSize);
    // With the sum a batch stands for all samples.
    const factor = loss.reduction === 'sum' ? batches : 1;
    return { model: createModel(experiment.model, part, model.outputsPerSample), loss, targets: part.y, factor };
  });
  const against = (of: readonly LossPart[], coefficient: (step: number) => number): readonly number[] =>
    steps.map((step, k) => {
      const end = modifiedFlow(of, coefficient(step), start, batches * step);
      return end === null ? Number.NaN : distance(means[k], end);
    });
  return [
    { name: 'against the flow', errors: against(whole, () => 0), order: 2 },
    { name: 'against the modified flow of full-batch descent', errors: against(whole, (step) => step / 4), order: 2 },
    { name: 'against its own modified flow', errors: against(parts, (step) => step / (4 * batches)), order: 3 },
  ];
}

function stretch(data: Dataset, from: number, samples: number): Dataset {
  const { features } = data;
  return { ...data, x: data.x.subarray(from * features, (from + samples) * features), y: data.y.subarray(from, from + samples), samples };
}

function meanOf(runs: readonly Trained[]): Float64Array {
  const mean = new Float64Array(runs[0].parameters.length);
  for (const { parameters } of runs) for (let j = 0; j < mean.length; j++) mean[j] += parameters[j] / runs.length;
  return mean;
}

/** All orders of 0 … count − 1. */
function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((rest) =>
    Array.from({ length: count }, (_, k) => [...rest.slice(0, k), count - 1, ...rest.slice(k)]),
  );
}
