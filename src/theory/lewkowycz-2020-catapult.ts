/**
 * A. Lewkowycz, Y. Bahri, E. Dyer, J. Sohl-Dickstein, G. Gur-Ari, The large learning rate phase of deep learning: the catapult mechanism,
 * 2020 (arXiv:2003.02218). f = m^(−1/2) u·v on one sample with target 0:
 *     f⁺ = f(1 − ηλ + η²f²/m),   λ⁺ = λ + (ηf²/m)(ηλ − 4),   λ = (|u|² + |v|²)/m.
 *
 * The paper has m → ∞. The two phase boundaries are exact for every width: from λ ≥ 2|f|/√m the factor of f is between 1 − ηλ and
 * (1 − ηλ/2)². For ηλ₀ < 4, λ never grows and |f| ≤ √m λ₀/2 stays bounded; the falls of λ can be summed, so f → 0. For ηλ₀ > 4, λ grows for ever:
 * it could only settle with f → 0, but there |1 − ηλ| > 3.
 */
import type { Figure, Verdict } from '../protocol/report';
import { afterStep, isOneSampleProduct, productAt, type Product } from './one-sample-product';
import { parameterPlane, PLANE_MEASURES } from './parameter-plane';
import { plainDescentCondition } from './plain-descent';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'lewkowycz-2020-catapult';

/** Two ways to compute the same numbers differ by rounding, which the thrown phase amplifies; compared is where that stays below a tenth. */
const TOLERANCE = 1e-8;
/** Relative rounding of some steps, and what it may grow to for the recursion to be a prediction. */
const NUDGE = 1e-13;
const GROWN = 1e-9;
/** Of the largest loss: an exact fit. */
const FITTED = 1e-20;
const MOST_STEPS = 100_000;
const ENORMOUS = 1e100;

export const lewkowycz2020Catapult: PublishedResult = {
  id: ID,
  row: 'S10',
  title: 'Two linear layers, one sample: lazy, catapult, divergent',
  statement:
    'With f = u·v/√m on one sample of target 0, output f and tangent kernel λ move by themselves. Below 2/λ₀ the step changes λ little; between 2/λ₀ and 4/λ₀ the ' +
    'loss first grows, λ falls, and the descent is thrown to a flatter minimum with ηλ ≤ 2; beyond 4/λ₀ it diverges.',
  formula: 'f⁺ = f(1 − ηλ + η²f²/m),  λ⁺ = λ + (ηf²/m)(ηλ − 4);  ηλ₀ < 4 ⇒ f → 0 with ηλ_∞ ≤ 2,  ηλ₀ > 4 ⇒ λ → ∞',
  status: 'theorem',
  citation: {
    authors: 'Aitor Lewkowycz, Yasaman Bahri, Ethan Dyer, Jascha Sohl-Dickstein, Guy Gur-Ari',
    year: 2020,
    title: 'The large learning rate phase of deep learning: the catapult mechanism',
    venue: 'arXiv:2003.02218',
    url: 'https://arxiv.org/abs/2003.02218',
  },

  outline(experiment) {
    if (!isOneSampleProduct(experiment) || experiment.optimizer.kind !== 'gradient-descent') return null;
    return {
      regularizer: 'sharpness',
      symbol: 'ηλ₀ < 2 lazy, < 4 thrown to a flatter minimum, > 4 divergent',
      conditions: [plainDescentCondition(experiment.optimizer)],
      modelNote: null,
      optimizerNote: 'between 2/λ₀ and 4/λ₀ the loss first grows, then λ is smaller',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = lewkowycz2020Catapult.outline(situation.experiment);
    return Promise.resolve(outline === null || situation.data.samples !== 1 ? null : examine(situation, outline));
  },
};

function examine(situation: Situation, outline: Outline): Examination {
  const product = productAt(situation, situation.start);
  const { y, f, x, eta, lambda } = product;
  const conditions = [
    ...outline.conditions,
    condition(
      'target 0',
      y === 0,
      y === 0 ? 'y = 0' : `y = ${inWords(y)}: the sharpness of a fit is at least 2|xy| = ${inWords(2 * Math.abs(x * y))}`,
    ),
    condition('the output does not vanish at the start', f !== 0, `f = ${inWords(f)}`),
    condition('a step that is not at a boundary', eta * lambda !== 4 && eta * lambda !== 2, `ηλ₀ = ${inWords(eta * lambda, 4)}`),
  ];
  return {
    prediction: predictionOf(
      lewkowycz2020Catapult,
      { ...outline, symbol: `ηλ₀ = ${inWords(eta * lambda)}: ${phaseOf(product)}` },
      conditions,
    ),
    withoutReference: true,
    judgesDivergence: true,
    measures: ['loss', 'gradientNorm', 'parameterNorm', ...PLANE_MEASURES],
    companions: [],
    solve: () => Promise.resolve(null),
    judge: (trained) => judge(trained, situation, product),
    figuresAtEnd: true,
    figures: (trained) => [...parameterPlane(situation, trained), ...kernelFigure(trained, situation, product)],
  };
}

function phaseOf({ eta, lambda }: Product): string {
  if (eta * lambda < 2) return 'lazy, λ changes little';
  return eta * lambda < 4 ? 'catapult to a flatter minimum' : 'divergence';
}

/** λ over the steps by the recursion, as long as it is finite; one entry a step. */
function recursion(product: Product, steps: number): { readonly losses: Float64Array; readonly kernels: Float64Array } {
  const count = Math.min(steps, MOST_STEPS) + 1;
  const losses = new Float64Array(count).fill(Infinity);
  const kernels = new Float64Array(count).fill(Infinity);
  let now = product;
  for (let k = 0; k < count && now.lambda < ENORMOUS; k++) {
    losses[k] = (now.f - now.y) ** 2 / 2;
    kernels[k] = now.lambda;
    now = afterStep(now);
  }
  return { losses, kernels };
}

/** λ of the run at its recorded points: what of W₁ is across the sample never moves. */
function kernelsOf({ trajectory }: Trained, { data, start, stepSize, model }: Situation): readonly number[] {
  const { x, lambda } = productAt({ data, model, stepSize }, start);
  const frozen = x * x * start.reduce((sum, value) => sum + value * value, 0) - lambda;
  return (trajectory['parameterNorm'] ?? []).map((norm) => x * x * norm * norm - frozen);
}

function judge(trained: Trained, situation: Situation, product: Product): Verdict {
  const { eta, lambda } = product;
  const base = { result: ID, measure: 'relative error of λ', tolerance: situation.experiment.expect?.tolerance ?? TOLERANCE };
  const { losses, kernels } = recursion(product, trained.steps);
  const nudged = recursion({ ...product, f: product.f * (1 + NUDGE), lambda: product.lambda * (1 + NUDGE) }, trained.steps);
  const steps = trained.trajectory['step'] ?? [];
  const measured = kernelsOf(trained, situation);
  let value = 0;
  for (let k = 0; k < steps.length; k++) {
    // Where rounding alone has grown too far, the recursion says nothing any more.
    if (!(Math.abs(nudged.kernels[steps[k]] / kernels[steps[k]] - 1) <= GROWN)) continue;
    value = Math.max(value, Math.abs(measured[k] / kernels[steps[k]] - 1));
  }
  const largest = losses.reduce((most, loss) => (loss < Infinity ? Math.max(most, loss) : most), 0);
  const fitted = trained.loss <= FITTED * largest;
  const end = measured.at(-1) ?? Number.NaN;
  const diverges = eta * lambda > 4;
  const says =
    `ηλ₀ = ${inWords(eta * lambda, 4)}: ${phaseOf(product)} is foreseen. ` +
    (trained.outcome === 'diverged'
      ? 'The run diverged'
      : `The loss went from ${inWords(losses[0])} over ${inWords(largest)} to ${inWords(trained.loss)}, ηλ to ${inWords(eta * end, 4)}`) +
    `; λ follows its recursion to ${inWords(value)}`;
  if (diverges !== (trained.outcome === 'diverged') && (fitted || trained.outcome === 'diverged'))
    return { ...base, outcome: 'disagrees', value, says: `${says}.` };
  if (value > base.tolerance) return { ...base, outcome: 'disagrees', value, says: `${says}.` };
  if (!fitted && !diverges) return { ...base, outcome: 'inconclusive', value, says: `${says}. The run ended before it fitted the sample.` };
  if (!fitted && trained.outcome !== 'diverged')
    return { ...base, outcome: 'inconclusive', value, says: `${says}. The run ended before it diverged.` };
  if (fitted && eta * end > 2) return { ...base, outcome: 'disagrees', value, says: `${says}: an unstable end.` };
  return { ...base, outcome: 'agrees', value, says: `${says}.` };
}

function kernelFigure(trained: Trained, situation: Situation, product: Product): readonly Figure[] {
  const { eta } = product;
  const { kernels } = recursion(product, trained.steps);
  const steps = trained.trajectory['step'] ?? [];
  const kept = steps.flatMap((step, k) => (step > 0 && kernels[step] < Infinity ? [k] : []));
  if (kept.length < 2) return [];
  const measured = kernelsOf(trained, situation);
  const x = kept.map((k) => steps[k]);
  const y = x.map((step) => eta * kernels[step]);
  return [
    {
      kind: 'chart',
      id: 'tangent-kernel',
      title: 'The tangent kernel over the steps',
      says: `ηλ goes from ${inWords(eta * product.lambda, 4)} to ${inWords(y[y.length - 1], 4)}; below 2 a fit is stable.`,
      x: { label: 'step', scale: 'log' },
      // Where it diverges a linear axis would show its last value alone.
      y: { label: 'ηλ', scale: trained.outcome === 'diverged' ? 'log' : 'linear' },
      series: [
        { name: 'recursion of two numbers', style: 'line', x, y },
        { name: 'the run', style: 'points', x, y: kept.map((k) => eta * measured[k]) },
        { name: 'edge of stability', style: 'line', x: [x[0], x[x.length - 1]], y: [2, 2] },
      ],
    },
  ];
}
