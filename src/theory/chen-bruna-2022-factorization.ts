/**
 * L. Chen, J. Bruna, Beyond the Edge of Stability via Two-step Gradient Updates, ICML 2023 (arXiv:2206.04172), on the product of two weights:
 * with a step beyond the stability of the flattest minimiser, starts that are nearly symmetric end on an orbit of period two with equal weights.
 *
 * In closed form: the flattest fit of one sample has sharpness 2|xy|; with κ = η|xy| and balanced layers f = y z², z⁺ = z(1 − κ(z² − 1)).
 * Its orbit has z₁z₂ = 1/κ and (z₁ + z₂)² = 1 + 3/κ; two steps multiply a deviation along it by 9 − 2(1 + κ)² and the imbalance by 3 − 2κ,
 * so it attracts for 1 < κ < √5 − 1. A step multiplies |p|²|q|², the square of the imbalance, by exactly (1 − η²r²x²)².
 */
import type { Verdict } from '../protocol/report';
import { afterStep, isOneSampleProduct, productAt, type Product } from './one-sample-product';
import { parameterPlane, PLANE_MEASURES } from './parameter-plane';
import { plainDescentCondition } from './plain-descent';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { judgeCycle } from './two-step-cycle';
import { condition, inWords } from './wording';

const ID = 'chen-bruna-2022-factorization';

const LARGEST = Math.sqrt(5) - 1;
/** |q|²/|p|² at the start up to which it counts as nearly symmetric: the result is local in it. */
const SYMMETRIC = 0.1;

export const chenBruna2022Factorization: PublishedResult = {
  id: ID,
  row: 'S10',
  title: 'A product of two layers beyond the flattest minimum: a balanced orbit of two points',
  statement:
    'A step above 2 over the sharpness of the flattest fit leaves no stable minimum of a product of two layers on one sample. From a nearly symmetric start gradient descent ' +
    'ends on an orbit of two points with balanced layers, above and below the target.',
  formula: 'κ = η|xy| ∈ (1, √5 − 1)  ⇒  f/y ∈ {z₁², z₂²},  z₁z₂ = 1/κ,  (z₁ + z₂)² = 1 + 3/κ,  imbalance → 0',
  status: 'theorem',
  citation: {
    authors: 'Lei Chen, Joan Bruna',
    year: 2023,
    title: 'Beyond the Edge of Stability via Two-step Gradient Updates',
    venue: 'International Conference on Machine Learning, PMLR 202',
    url: 'https://arxiv.org/abs/2206.04172',
  },

  outline(experiment) {
    if (!isOneSampleProduct(experiment) || experiment.optimizer.kind !== 'gradient-descent') return null;
    return {
      regularizer: 'sharpness',
      symbol: 'beyond 2/S of the flattest fit: a balanced orbit of two points',
      conditions: [plainDescentCondition(experiment.optimizer)],
      modelNote: null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = chenBruna2022Factorization.outline(situation.experiment);
    return Promise.resolve(outline === null || situation.data.samples !== 1 ? null : examine(situation, outline));
  },
};

/** |p|² and |q|² of the factor that grows towards the target, and the other. */
function halves({ x, y, f, lambda }: Product): { readonly toward: number; readonly across: number } {
  const sum = lambda / (x * x);
  const difference = (2 * f) / x;
  const [p, q] = [(sum + difference) / 2, (sum - difference) / 2];
  return y >= 0 ? { toward: p, across: Math.max(0, q) } : { toward: q, across: Math.max(0, p) };
}

function examine(situation: Situation, outline: Outline): Examination {
  const product = productAt(situation, situation.start);
  const { x, y, eta } = product;
  const kappa = eta * Math.abs(x * y);
  const { toward, across } = halves(product);
  // Balanced, f = y z² with z² = x|p|²/(2|y|).
  const z = Math.sqrt((x * toward) / (2 * Math.abs(y)));
  const top = Math.sqrt(1 + 1 / kappa);
  const conditions = [
    ...outline.conditions,
    condition(
      'a step beyond the flattest minimum, below the doubling of the orbit: 1 < κ < √5 − 1',
      kappa > 1 && kappa < LARGEST,
      `κ = η|xy| = ${inWords(kappa, 4)}${kappa <= 1 ? ': the flattest fit is stable' : ''}`,
    ),
    condition('a nearly symmetric start', across <= SYMMETRIC * toward, `|q|²/|p|² = ${inWords(across / toward)}, at most ${SYMMETRIC}`),
    condition(
      'a start that a step does not throw to the other side',
      z > 0 && z < top,
      `z = ${inWords(z)}, below √(1 + 1/κ) = ${inWords(top)}`,
    ),
  ];
  return {
    prediction: predictionOf(chenBruna2022Factorization, outline, conditions),
    withoutReference: true,
    judgesDivergence: true,
    measures: ['loss', 'gradientNorm', 'parameterNorm', 'balanceDrift', ...PLANE_MEASURES],
    companions: [],
    solve: () => Promise.resolve(null),
    judge: (trained) => judge(trained, situation, kappa),
    figuresAtEnd: true,
    figures: (trained) => parameterPlane(situation, trained),
  };
}

/** The two points of z ↦ z(1 − κ(z² − 1)). */
export function balancedOrbit(kappa: number): readonly [number, number] {
  const sum = Math.sqrt(1 + 3 / kappa);
  const half = Math.sqrt(1 - 1 / kappa) / 2;
  return [sum / 2 - half, sum / 2 + half];
}

function judge(trained: Trained, situation: Situation, kappa: number): Verdict {
  const now = productAt(situation, trained.parameters);
  const next = afterStep(now);
  const { toward, across } = halves(now);
  const [low, high] = balancedOrbit(kappa);
  const flip = Math.abs(9 - 2 * (1 + kappa) ** 2);
  const verdict = judgeCycle(
    {
      result: ID,
      name: 'the output over its target',
      points: [low * low, high * high],
      contraction: Math.max(flip, Math.abs(3 - 2 * kappa)),
      remark: `; the imbalance is ${inWords(across / toward)} of the layers`,
    },
    now.f / now.y,
    next.f / next.y,
    trained,
    situation.experiment.expect?.tolerance,
  );
  // On the orbit and yet unbalanced: that is another orbit than the foreseen one.
  const balanced = across <= (verdict.tolerance ?? 0) * toward;
  return verdict.outcome === 'agrees' && !balanced ? { ...verdict, outcome: 'disagrees' } : verdict;
}
