/**
 * M. Shpigel Nacson, K. Ravichandran, N. Srebro, D. Soudry, Implicit bias of the step size in linear diagonal neural networks, ICML 2022.
 *
 * A minimum of a two-layer diagonal network that fits every sample and at which gradient descent is stable has a bounded weighted ℓ1 norm. The constants here are
 * derived: at a fit the Hessian has the spectrum of (1/n) X diag(u² + v²) Xᵀ for w = u∘v and of (4/n) X diag(u² + v²) Xᵀ for w = u² − v²; u² + v² ≥ 2|w| and
 * ≥ |w|. So λ_max ≥ k λ_max((1/n) X diag|w| Xᵀ) ≥ k Σ x̄_j²|w_j| with k = 2 and 4, x̄ the means of the features (the last step tests the vector 1/√n), and stability
 * says λ_max ≤ 2/η. The first inequality is attained by balanced parameters: w is a stable minimum for some (u, v) exactly when k λ_max(…) ≤ 2/η. The second is
 * nearly attained where the mean dominates the data, and says nothing of centred data.
 */
import type { Experiment } from '../experiment/schema';
import { largestGramEigenvalue } from '../numerics/symmetric-eigen';
import { norm1 } from '../numerics/vectors';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { minimumNorm } from '../solvers/minimum-norm';
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

const ID = 'nacson-2022-step-size';
const ROUNDING = 1e-9;
/** Share of the largest curvature that the mean of the inputs carries from which on the weighted ℓ1 norm is what stability bounds. */
const DOMINANT = 0.5;

export const nacson2022StepSize: PublishedResult = {
  id: ID,
  row: 'S4',
  title: 'Diagonal networks: a larger step, a smaller weighted ℓ1 norm',
  statement:
    'Where gradient descent on a two-layer diagonal network is stable at a fit of every sample, the predictor has a weighted ℓ1 norm of at most the inverse of the step. ' +
    'On data that is not centred large steps therefore lead to ℓ1-like solutions from starts whose flow leads to ℓ2-like ones; on centred data they do not.',
  formula: 'λ_max ≥ k λ_max((1/n) X diag|w| Xᵀ) ≥ k Σ x̄ⱼ²|wⱼ|  ⇒  Σ x̄ⱼ²|wⱼ| ≤ 2/(kη);  k = 2 for w = u∘v, 4 for w = u² − v²',
  status: 'theorem',
  citation: {
    authors: 'Mor Shpigel Nacson, Kavya Ravichandran, Nathan Srebro, Daniel Soudry',
    year: 2022,
    title: 'Implicit Bias of the Step Size in Linear Diagonal Neural Networks',
    venue: 'International Conference on Machine Learning, PMLR 162',
    url: 'https://proceedings.mlr.press/v162/nacson22a.html',
  },

  outline(experiment) {
    const { model } = experiment;
    if (model.kind !== 'diagonal' || model.depth !== 2 || !squareLossOf(experiment)) return null;
    return {
      regularizer: 'weighted-l1',
      symbol: `Σ x̄ⱼ²|wⱼ| ≤ ${factorOf(experiment) === 4 ? '1/(2η)' : '1/η'}`,
      conditions: [plainStepsCondition(experiment.optimizer)],
      modelNote: null,
      optimizerNote: 'the step bounds a weighted ℓ1 norm of a stable minimum',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = nacson2022StepSize.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** k: λ_max is at least this times λ_max((1/n) X diag|w| Xᵀ). */
function factorOf({ model }: Experiment): number {
  return model.kind === 'diagonal' && model.tied ? 4 : 2;
}

function means({ facts, data }: Situation): Float64Array {
  const { inputs, width } = facts;
  const mean = new Float64Array(width);
  for (let i = 0; i < data.samples; i++) for (let j = 0; j < width; j++) mean[j] += inputs[i * width + j] / data.samples;
  return mean;
}

function meanCondition(situation: Situation, mean: Float64Array): Condition {
  const share = mean.reduce((sum, value) => sum + value * value, 0) / (situation.facts.spectrum().largest / situation.data.samples || 1);
  return condition(
    'data that is not centred: the mean dominates its spectrum',
    share >= DOMINANT,
    `‖x̄‖² is ${inWords(share)} of λ_max(XᵀX/n)${share >= DOMINANT ? '' : ': the weights x̄ⱼ² say nothing of w'}`,
  );
}

function examine(situation: Situation, outline: Outline): Examination {
  const settled = settledMinimum(situation);
  const mean = means(situation);
  const conditions = [...outline.conditions, meanCondition(situation, mean)];
  const applies = conditions.every(({ holds }) => holds === true);
  const bound = 2 / (factorOf(situation.experiment) * meanStep(situation));
  return {
    prediction: predictionOf(
      nacson2022StepSize,
      { ...outline, symbol: `${outline.symbol} = ${inWords(bound)}` },
      [...conditions, settled.condition],
      applies,
    ),
    withoutReference: true,
    measures: ['loss', 'gradientNorm', 'sharpness', 'l1Norm', 'l2Norm'],
    companions: [],
    ...(applies && { settle: (trained: Trained) => [...conditions, settled.after(trained)] }),
    solve: () => Promise.resolve(null),
    judge: (trained) => settled.verdictElsewhere(trained, ID) ?? judge(trained, situation, mean, bound),
    figures: (trained) => predictorFigure(trained, situation),
    figuresAtEnd: true,
  };
}

/** λ_max((1/n) X diag|w| Xᵀ). */
function weightedCurvature({ facts, data }: Situation, w: Float64Array): number {
  const { inputs, width } = facts;
  return (
    largestGramEigenvalue(
      inputs.map((value, k) => value * Math.sqrt(Math.abs(w[k % width]))),
      data.samples,
      width,
    ) / data.samples
  );
}

function closest({ facts, data }: Situation): Float64Array {
  return minimumNorm(facts.inputs, data.y, data.samples, facts.width, new Float64Array(facts.width)).point;
}

function judge(trained: Trained, situation: Situation, mean: Float64Array, bound: number): Verdict {
  const base = { result: ID, measure: 'weighted ℓ1 norm', limit: 'bound' } as const;
  const w = trained.predictor;
  if (w === null) return { ...base, outcome: 'inconclusive', value: null, tolerance: null, says: 'The model has no predictor.' };
  const step = meanStep(situation);
  const factor = factorOf(situation.experiment);
  const value = w.reduce((sum, weight, j) => sum + mean[j] ** 2 * Math.abs(weight), 0);
  const curvature = weightedCurvature(situation, w);
  const sharpness = meanSharpness(gradientsAt(situation, trained.parameters), situation);
  const tolerance = bound * (1 + (situation.experiment.expect?.tolerance ?? EDGE));
  const least = norm1(closest(situation));
  const seen =
    `Σ x̄ⱼ²|wⱼ| = ${inWords(value, 4)} of at most ${inWords(bound, 4)}; λ_max((1/n)X diag|w| Xᵀ) = ${inWords(curvature, 4)}, sharpness ${inWords(sharpness, 4)}, ` +
    `2/η = ${inWords(2 / step, 4)}. ‖w‖₁ = ${inWords(norm1(w), 4)}, that of the solution of least ℓ2 norm ${inWords(least, 4)}`;
  if (value > curvature * (1 + ROUNDING) || factor * curvature > sharpness * (1 + ROUNDING) + ROUNDING)
    return { ...base, outcome: 'disagrees', value, tolerance, says: `${seen}: the order is broken.` };
  if (sharpness > (2 / step) * (1 + EDGE))
    return { ...base, value, tolerance, ...beyondTheEdge(trained, situation, value > tolerance, seen) };
  if (value > tolerance) return { ...base, outcome: 'disagrees', value, tolerance, says: `${seen}: more than the step allows.` };
  const tight = value / bound;
  return {
    ...base,
    outcome: 'agrees',
    value,
    tolerance,
    says: `${seen}: the bound is ${tight > 0.9 ? 'nearly tight' : `used to ${inWords(100 * tight, 2)} %`}.`,
  };
}

function predictorFigure({ predictor }: Trained, situation: Situation): readonly Figure[] {
  if (predictor === null) return [];
  const other = closest(situation);
  const x = Array.from(predictor, (_, j) => j + 1);
  return [
    {
      kind: 'chart',
      id: 'step-size-predictor',
      title: 'The predictor, and the solution of least ℓ2 norm',
      says: `‖w‖₁ is ${inWords(norm1(predictor), 4)}; that of the solution of least ℓ2 norm is ${inWords(norm1(other), 4)}.`,
      x: { label: 'feature j', scale: 'linear' },
      y: { label: 'wⱼ', scale: 'linear' },
      series: [
        { name: 'trained', style: 'bars', x, y: Array.from(predictor) },
        { name: 'least ℓ2 norm', style: 'points', x, y: Array.from(other) },
      ],
    },
  ];
}
