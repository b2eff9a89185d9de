/**
 * C. Yun, S. Krishnan, H. Mobahi, A unifying view on implicit bias in training linear neural networks, ICLR 2021, and for two layers
 * S. Azulay et al., ICML 2021: deep fully-connected linear networks trained from a small start end near the interpolator of least ℓ2 norm.
 *
 * The quantitative form that is checked here: every gradient of W₁ is (…)ᵀ rᵀX, so W₁P⊥ never changes, P⊥ the projection onto ker X.
 * With β = W_L…W₁ and Xβ = y therefore β = X⁺y + P⊥β and
 *   ‖P⊥β(∞)‖ = ‖W_L…W₂(∞) W₁(0)P⊥‖ ≤ ‖W_L…W₂(∞)‖ ‖W₁(0)P⊥‖ = O(α) from a start of scale α.
 */
import type { Experiment } from '../experiment/schema';
import type { Model } from '../models/model';
import { norm2 } from '../numerics/vectors';
import type { Condition, Reference, Verdict } from '../protocol/report';
import { minimumNorm } from '../solvers/minimum-norm';
import { outsideRowSpace } from '../solvers/one-unit-limit';
import { interpolationCondition } from './interpolation';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'yun-2021-small-start';

/** Beyond this share of ‖X⁺y‖ the start is not small, and nothing is said of where the network ends. */
const SMALL = 0.1;
/** What is left of Xβ = y and of rounding: the gradient vanishes to 13 digits, six of which the condition of X may take. */
const RESIDUAL = 1e-7;

export const yun2021SmallStart: PublishedResult = {
  id: ID,
  row: 'R6',
  title: 'Deep linear network from a small start: the least ℓ2 norm',
  statement:
    'A fully-connected linear network that is trained on the square loss from a small start and fits the data ends near the interpolator ' +
    'of least ℓ2 norm, at any depth. How near is certified: what the first layer is outside the span of the inputs never changes.',
  formula: 'β(∞) → argmin ‖β‖₂ s.t. Xβ = y as the start → 0,  ‖β(∞) − X⁺y‖ ≤ ‖W_L…W₂(∞)‖ ‖W₁(0)P⊥‖',
  status: 'theorem',
  citation: {
    authors: 'Chulhee Yun, Shankar Krishnan, Hossein Mobahi',
    year: 2021,
    title: 'A Unifying View on Implicit Bias in Training Linear Neural Networks',
    venue: 'International Conference on Learning Representations',
    url: 'https://openreview.net/forum?id=ZsZM-4iMQkH',
  },

  outline(experiment) {
    if (experiment.model.kind !== 'linear-network' || experiment.loss.kind !== 'square') return null;
    return {
      regularizer: 'l2',
      symbol: 'min ‖β‖₂ s.t. Xβ = y as the start → 0',
      conditions: [spanCondition(experiment)],
      modelNote: 'W₁ never changes outside the span of the inputs: the smaller it starts there, the nearer to least ℓ2',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = yun2021SmallStart.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function spanCondition({ optimizer }: Experiment): Condition {
  const text = 'updates of W₁ in the span of the inputs that settle';
  switch (optimizer.kind) {
    case 'gradient-flow':
      return condition(text, true, 'gradient flow');
    case 'gradient-descent':
      if (optimizer.normalize !== 'none')
        return condition(text, false, 'normalised steps do not shrink at the solution: they never settle');
      return condition(text, true, `${optimizer.kind}: every gradient of W₁ is a matrix times X`);
    case 'sgd':
      return condition(text, true, `${optimizer.kind}: every gradient of W₁ is a matrix times X`);
    case 'steepest-descent':
    case 'mirror-descent':
    case 'adam':
      return condition(text, false, `${optimizer.kind}: its steps leave the span of the inputs`);
    default:
      return optimizer satisfies never;
  }
}

/** ‖W₁P⊥‖_F, an upper bound of the spectral norm. */
function outsideSpan(model: Model, theta: Float64Array, { data }: Situation): number {
  const { rows, columns, offset } = model.blocks[0];
  let sum = 0;
  for (let u = 0; u < rows; u++) {
    const row = theta.slice(offset + u * columns, offset + (u + 1) * columns);
    sum += norm2(outsideRowSpace(data.x, data.samples, data.features, row)) ** 2;
  }
  return Math.sqrt(sum);
}

/** ‖W_L…W₂‖₂ of a network with one output. */
function upperLength(model: Model, theta: Float64Array): number {
  const [, ...upper] = model.blocks;
  let row = Float64Array.of(1);
  for (const { rows, columns, offset } of upper.reverse()) {
    const next = new Float64Array(columns);
    for (let u = 0; u < rows; u++) for (let k = 0; k < columns; k++) next[k] += row[u] * theta[offset + u * columns + k];
    row = next;
  }
  return norm2(row);
}

function examine(situation: Situation, outline: Outline): Examination {
  const { facts, data, model, start } = situation;
  const least = minimumNorm(data.x, data.y, data.samples, data.features, new Float64Array(data.features));
  const size = norm2(least.point);
  const layers = model.blocks.length;
  const outside = outsideSpan(model, start, situation);
  // Layers of a small start end balanced, each as long as ‖β‖^(1/L).
  const expected = outside / Math.pow(size, 1 / layers);
  const moves = start.some((value) => value !== 0);
  const conditions = [
    ...outline.conditions,
    interpolationCondition(facts, 'β'),
    condition(
      'a small start, but not 0',
      moves && expected <= SMALL,
      !moves
        ? 'all layers are 0, where the gradient vanishes'
        : size === 0
          ? 'the interpolator X⁺y is 0, against which no start is small'
          : `‖W₁(0)P⊥‖ = ${inWords(outside)} foresees a distance of about ${inWords(expected)} of ‖X⁺y‖, small is at most ${inWords(SMALL)}`,
    ),
  ];
  return {
    prediction: predictionOf(yun2021SmallStart, outline, conditions),
    measures: ['loss', 'gradientNorm', 'distance', 'l2Norm', 'rankDefect', 'balanceDrift'],
    companions: [],
    solve: () =>
      Promise.resolve({
        id: 'least-norm',
        title: 'Interpolator of least ℓ2 norm',
        regularizer: 'l2',
        predictor: Array.from(least.point),
        objective: least.objective,
        certificate: least.certificate,
        role: 'predicted',
      } satisfies Reference),
    judge: (trained, reference) => judge(trained, reference, situation, outside),
  };
}

function judge(trained: Trained, reference: Reference | null, { experiment, model, data }: Situation, outside: number): Verdict {
  const base = { result: ID, measure: 'relative-distance' };
  if (reference?.predictor == null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, tolerance: null, says: NO_REFERENCE };
  }
  const { predictor } = reference;
  const size = norm2(Float64Array.from(predictor)) || 1;
  const gap = trained.predictor.map((value, j) => value - predictor[j]);
  const across = outsideRowSpace(data.x, data.samples, data.features, gap);
  const value = norm2(gap) / size;
  const along = norm2(gap.map((g, j) => g - across[j])) / size;
  const bound = (upperLength(model, trained.parameters) * outside) / size;
  const tolerance = experiment.expect?.tolerance ?? bound + RESIDUAL;
  const where = `β is ${inWords(value)} from the least ℓ2 solution`;
  if (along > RESIDUAL) {
    const why =
      trained.outcome === 'converged' ? 'it came to rest where it does not fit the data' : 'the run ended before it fitted the data';
    return { ...base, outcome: 'inconclusive', value, tolerance, says: `${where}; ${why}: Xβ = y is missed by ${inWords(along)} of ‖β‖.` };
  }
  if (bound > 2 * SMALL) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      tolerance,
      says: `${where}; the upper layers grew so much that ${inWords(bound)} is allowed.`,
    };
  }
  return value <= tolerance
    ? {
        ...base,
        outcome: 'agrees',
        value,
        tolerance,
        says: `${where}, within the ${inWords(tolerance)} that its start outside the span allows.`,
      }
    : {
        ...base,
        outcome: 'disagrees',
        value,
        tolerance,
        says: `${where}, more than the ${inWords(tolerance)} that its start outside the span allows.`,
      };
}
