/**
 * S. Arora, N. Cohen, W. Hu, Y. Luo, Implicit regularization in deep matrix factorization, NeurIPS 2019: Theorem 3, the velocity of the
 * singular values; S. Arora, N. Cohen, E. Hazan, ICML 2018, Theorem 1, the end-to-end equation from which it follows.
 *
 * For W = W_k … W_1 from a balanced start the product moves by itself, Ẇ = −Σ_j [WWᵀ]^{(j−1)/k} ∇ℓ(W) [WᵀW]^{(k−j)/k}, and its singular
 * values by σ̇ = −k σ^{2−2/k} ⟨∇ℓ(W), uvᵀ⟩: the larger the depth, the more the large ones run ahead of the small ones.
 * Both velocities are held against that of the factors at every recorded point. That the rank of the solution falls with depth is what
 * the paper observes, not a theorem: the run is repeated with one factor less, and what it shows is said.
 */
import { effectiveRank, imbalance as imbalanceOf, nuclearNorm } from '../measures/matrix';
import { svd } from '../numerics/svd';
import type { Experiment } from '../experiment/schema';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { flowCondition, matrixFigures, matrixModel } from './matrix-situation';
import { predictionOf } from './prediction';
import type { Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'arora-2019-deep-matrix';
/** An imbalance of this size, relative to the squared norm of the parameters, is rounding. */
const BALANCED = 1e-12;
/**
 * The integrator lets the balance drift by about its tolerance a step; the equations are off by as much of their terms, and errors are
 * relative to velocities down to a thousandth of these.
 */
const DRIFTED = 1e3;

export const arora2019DeepMatrix: PublishedResult = {
  id: ID,
  row: 'R10',
  title: 'Deep matrix factorization: how the singular values move',
  statement:
    'From a balanced start the product of the factors follows an equation of its own, and each singular value grows at a rate proportional ' +
    'to σ^(2−2/k): with more factors the large ones run ahead and the small ones stay behind, which pulls towards low rank. ' +
    'The law is a theorem; that solutions have lower rank with more factors is observed.',
  formula: 'Ẇ = −Σⱼ [WWᵀ]^((j−1)/k) ∇ℓ(W) [WᵀW]^((k−j)/k);  σ̇ᵢ = −k σᵢ^(2−2/k) ⟨∇ℓ(W), uᵢvᵢᵀ⟩',
  status: 'theorem',
  citation: {
    authors: 'Sanjeev Arora, Nadav Cohen, Wei Hu, Yuping Luo',
    year: 2019,
    title: 'Implicit Regularization in Deep Matrix Factorization',
    venue: 'Advances in Neural Information Processing Systems 32',
    locus: 'Theorem 3; end-to-end equation: Arora, Cohen, Hazan 2018, Theorem 1',
    url: 'https://arxiv.org/abs/1905.13655',
  },

  outline(experiment) {
    const model = matrixModel(experiment);
    if (model === null) return null;
    const { init } = experiment;
    return {
      regularizer: 'none',
      symbol: `σ̇ = −${model.depth} σ^${model.depth === 1 ? '0' : `(2−2/${model.depth})`} ⟨∇ℓ, uvᵀ⟩`,
      conditions: [
        flowCondition(experiment),
        condition('two factors or more', model.depth > 1, `${model.depth} ${model.depth === 1 ? 'factor' : 'factors'}`),
        ...(init.kind === 'gaussian' && !model.symmetric ? [unbalanced('independent random layers are not balanced')] : []),
      ],
      modelNote: model.depth > 1 ? `depth ${model.depth}: singular values grow like σ^(2−2/${model.depth})` : null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = arora2019DeepMatrix.outline(situation.experiment);
    const model = matrixModel(situation.experiment);
    if (outline === null || model === null) return Promise.resolve(null);
    const conditions = [...outline.conditions.filter(({ text }) => text !== BALANCE), balanceCondition(situation)];
    const applies = conditions.every(({ holds }) => holds === true);
    return Promise.resolve({
      prediction: predictionOf(arora2019DeepMatrix, outline, conditions, applies),
      withoutReference: true,
      measures: [
        'loss',
        'nuclearNorm',
        'schattenNorm',
        'effectiveRank',
        'stableRank',
        'singular1',
        'singular2',
        'singular3',
        'singular4',
        'imbalance',
        'endToEndError',
        'singularValueError',
      ],
      companions:
        applies && !model.symmetric && situation.experiment.init.kind !== 'explicit' ? [shallower(situation.experiment, model.depth)] : [],
      solve: () => Promise.resolve(null),
      judge: (trained, _reference, companions) => judge(trained, companions, situation),
      figures: (trained) => [...singularFigure(trained), ...matrixFigures(situation, trained, [])],
    });
  },
};

const BALANCE = 'a balanced start: Wⱼ₊₁ᵀWⱼ₊₁ = WⱼWⱼᵀ';

function unbalanced(because: string): Condition {
  return condition(BALANCE, false, because);
}

function balanceCondition({ model, start }: Situation): Condition {
  if (model.blocks.length === 1) return condition(BALANCE, true, 'there is one factor, or both are the same');
  const defect = imbalanceOf(model, start);
  return condition(
    BALANCE,
    defect <= BALANCED,
    defect <= BALANCED
      ? `to ${inWords(defect)} of the squared norm`
      : `the difference is ${inWords(defect)} of the squared norm of the parameters`,
  );
}

/** The same with one factor less and the same product at the start, as far as α^k tells. */
function shallower(experiment: Experiment, depth: number): Experiment {
  const { init, model } = experiment;
  if (model.kind !== 'matrix-factorization') return experiment;
  const scale =
    'scale' in init ? { init: { ...init, scale: depth > 2 ? Math.pow(init.scale, depth / (depth - 1)) : init.scale ** 2 } } : {};
  return { ...experiment, ...scale, model: { ...model, depth: depth - 1 } };
}

function rankOf({ data }: Situation, { predictor }: Trained): { readonly rank: number; readonly norm: number } | null {
  if (predictor === null) return null;
  const { s } = svd(predictor, data.matrix?.rows ?? 1, data.matrix?.columns ?? data.features);
  return { rank: effectiveRank(s), norm: nuclearNorm(s) };
}

function judge(trained: Trained, companions: readonly Trained[], situation: Situation): Verdict {
  const base = { result: ID, measure: 'largest-relative-error-of-the-equations' };
  const { optimizer, expect } = situation.experiment;
  const largest = (name: string): number => Math.max(...(trained.trajectory[name] ?? [Number.NaN]));
  const product = largest('endToEndError');
  const singular = largest('singularValueError');
  const value = Math.max(product, singular);
  if (Number.isNaN(value)) {
    return { ...base, outcome: 'inconclusive', value: null, tolerance: null, says: 'The errors of the equations were not recorded.' };
  }
  const tolerance = expect?.tolerance ?? DRIFTED * (optimizer.kind === 'gradient-flow' ? optimizer.tolerance : 1e-9);
  const agrees = value <= tolerance;
  const law =
    `Along the run the end-to-end equation holds to ${inWords(product)}, that of the singular values to ${inWords(singular)}, ` +
    `${agrees ? 'within' : 'more than'} ${inWords(tolerance)}`;
  return { ...base, outcome: agrees ? 'agrees' : 'disagrees', value, tolerance, says: law + comparison(trained, companions, situation) };
}

function comparison(trained: Trained, companions: readonly Trained[], situation: Situation): string {
  const { model } = situation.experiment;
  const now = rankOf(situation, trained);
  const other = companions.length === 0 || companions[0].outcome !== 'converged' ? null : rankOf(situation, companions[0]);
  if (now === null || other === null || model.kind !== 'matrix-factorization') return '.';
  const direction = now.rank < other.rank ? 'lower' : 'not lower';
  return (
    `. The effective rank is ${inWords(now.rank)}, ${direction} than the ${inWords(other.rank)} of ${model.depth - 1} ` +
    `${model.depth === 2 ? 'factor' : 'factors'}, at nuclear norm ${inWords(now.norm, 4)} against ${inWords(other.norm, 4)}.`
  );
}

const SINGULAR = ['σ₁', 'σ₂', 'σ₃', 'σ₄'];

/** Singular values over ln t: how the large ones run ahead. */
function singularFigure({ trajectory }: Trained): readonly Figure[] {
  const names = ['singular1', 'singular2', 'singular3', 'singular4'].filter((name) => trajectory[name] !== undefined);
  const time = trajectory['logTime'] ?? [];
  const first = time.findIndex((value) => Number.isFinite(value));
  if (names.length === 0 || first < 0) return [];
  return [
    {
      kind: 'chart',
      id: 'singular-values-over-time',
      title: 'Singular values over time',
      says: `At the end ${names.map((name, k) => `${SINGULAR[k]} = ${inWords(trajectory[name].at(-1) ?? Number.NaN)}`).join(', ')}.`,
      x: { label: 'ln t', scale: 'linear' },
      y: { label: 'singular value', scale: 'log' },
      series: names.map((name, k) => ({ name: SINGULAR[k], style: 'line', x: time.slice(first), y: trajectory[name].slice(first) })),
    },
  ];
}
