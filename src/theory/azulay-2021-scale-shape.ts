/**
 * S. Azulay, E. Moroshko, M. Shpigel Nacson, B. Woodworth, N. Srebro, A. Globerson, D. Soudry,
 * On the implicit bias of initialization shape: beyond infinitesimal mirror descent, ICML 2021, PMLR 139.
 *
 * Diagonal networks whose two layers are not shared, x ↦ Σ_k (a_k ∘ b_k)·x; one term is the `diagonal` model, two terms are the paper's
 * u₊∘v₊ − u₋∘v₋ with a₂ = u₋, b₂ = −v₋. With r = −∂ℒ/∂w and ρ = ∫ r dt, (a + b)′ = (a + b) r and (a − b)′ = −(a − b) r, so
 *   w = A e^(2ρ) − B e^(−2ρ),  A = Σ_k (a_k(0) + b_k(0))²/4,  B = Σ_k (a_k(0) − b_k(0))²/4,
 * for any start. From u₊ = u₋ = u, v₊ = v₋ = v it is the paper's w = (√κ/2) sinh(2ρ), √κ = 2(u² + v²), with scale α = |uv| and shape
 * s = (|v| − |u|)/(|v| + |u|); its Q_κ is half of the potential in the variable 2ρ that is used here. u² − v² is conserved.
 */
import type { Experiment } from '../experiment/schema';
import type { Condition, Reference } from '../protocol/report';
import { minimumPotential } from '../solvers/potential';
import { largestSignedSlack } from '../solvers/signed-solution';
import { exponentialPotential } from './exponential-potential';
import { besideFiniteStep, flowCondition, judgeFlowLimit } from './flow-limit';
import { interpolationCondition } from './interpolation';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation } from './result';
import { condition, inWords } from './wording';

const ID = 'azulay-2021-scale-shape';

export const azulay2021ScaleShape: PublishedResult = {
  id: ID,
  row: 'R4',
  title: 'Two-layer diagonal network: the regularizer by scale and shape of the start',
  statement:
    'Gradient flow on the square loss of a two-layer diagonal network whose layers are not shared reaches the interpolator that ' +
    'minimises an explicit potential. It is fixed by the start: between ℓ1 and ℓ2, ℓ2 either by a large scale or, at any scale, by layers of very different size.',
  formula:
    'w(∞) = argmin Q(w) s.t. Xw = y,  Q(w) = Σ q(wᵢ),  q(x) = (√κ/4)[1 − √(1 + 4x²/κ) + (2x/√κ) asinh(2x/√κ)],  ' +
    '√κ = 2(u² + v²) = 4α(1 + s²)/(1 − s²)',
  status: 'theorem',
  citation: {
    authors: 'Shahar Azulay, Edward Moroshko, Mor Shpigel Nacson, Blake Woodworth, Nathan Srebro, Amir Globerson, Daniel Soudry',
    year: 2021,
    title: 'On the Implicit Bias of Initialization Shape: Beyond Infinitesimal Mirror Descent',
    venue: 'International Conference on Machine Learning, PMLR 139',
    url: 'https://proceedings.mlr.press/v139/azulay21a.html',
  },

  outline(experiment) {
    const terms = termsOf(experiment);
    if (terms === 0 || experiment.loss.kind !== 'square') return null;
    return {
      regularizer: 'hypentropy',
      symbol: 'min Q(w), by scale and shape of the start',
      conditions: [flowCondition(experiment.optimizer)],
      modelNote:
        terms === 1
          ? 'one product a coordinate: equal layers freeze its sign'
          : 'a sum of products a coordinate, from which both signs can be reached',
      optimizerNote: experiment.optimizer.kind === 'gradient-descent' ? 'a finite step deviates from the flow by O(η)' : null,
    } satisfies Outline;
  },

  async examine(situation) {
    const outline = azulay2021ScaleShape.outline(situation.experiment);
    return outline === null ? null : examine(situation, outline);
  },
};

/** Number of products that w is the sum of; 0 for other models. */
function termsOf({ model }: Experiment): number {
  if (model.kind === 'diagonal') return !model.tied && model.depth === 2 ? 1 : 0;
  if (model.kind !== 'sum') return 0;
  return model.terms.every((term) => term.kind === 'diagonal' && !term.tied && term.depth === 2) ? model.terms.length : 0;
}

/** What the start fixes, coordinate by coordinate. */
interface Start {
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** w(0) = A − B vanishes. */
  readonly unbiased: boolean;
  /** Coordinates whose parameters are all 0. */
  readonly stuck: number;
  /** 1 where w stays positive, −1 where it stays negative, 0 where it is free. */
  readonly frozen: Int8Array;
}

function startOf({ start, model }: Situation): Start {
  const d = model.features;
  const a = new Float64Array(d);
  const b = new Float64Array(d);
  for (let at = 0; at < start.length; at += 2 * d) {
    for (let i = 0; i < d; i++) {
      a[i] += (start[at + i] + start[at + d + i]) ** 2 / 4;
      b[i] += (start[at + i] - start[at + d + i]) ** 2 / 4;
    }
  }
  return {
    a,
    b,
    // A and B are sums of squares, each rounded.
    unbiased: a.every((value, i) => Math.abs(value - b[i]) <= 4 * Number.EPSILON * value),
    stuck: a.filter((value, i) => value === 0 && b[i] === 0).length,
    frozen: Int8Array.from(a, (value, i) => (b[i] === 0 && value > 0 ? 1 : value === 0 && b[i] > 0 ? -1 : 0)),
  };
}

/** "c = 0.02 …": 2c is the coefficient at which ℓ2 goes over into ℓ1. */
function sizeInWords({ a, b }: Start): string {
  const sizes = a.map((value, i) => 2 * Math.sqrt(value) * Math.sqrt(b[i]));
  const least = Math.min(...sizes);
  const most = Math.max(...sizes);
  return least === most ? inWords(least) : `${inWords(least)} … ${inWords(most)}`;
}

function startCondition(start: Start, situation: Situation): Condition {
  const text = 'a start from which every coordinate moves';
  if (start.stuck > 0)
    return condition(text, false, `${start.stuck} of ${start.a.length} have all their parameters 0, where the gradient vanishes`);
  const free = start.frozen.some((sign) => sign === 0);
  const size = free
    ? `2√(AB) = ${sizeInWords(start)}: small against wᵢ is ℓ1-like, large ℓ2-like`
    : 'relative entropy from w(0): no coordinate changes its sign';
  return condition(text, true, shapeInWords(situation) + size);
}

/** Scale and shape of the first product, as the paper names them, where they are the same in every coordinate. */
function shapeInWords({ start, model: { features: d } }: Situation): string {
  const u = Math.abs(start[0]);
  const v = Math.abs(start[d]);
  for (let i = 0; i < d; i++) if (Math.abs(start[i]) !== u || Math.abs(start[d + i]) !== v) return '';
  return `scale α = ${inWords(u * v)}, shape s = ${inWords(u + v === 0 ? 0 : (v - u) / (v + u))}, `;
}

/** Rounding of the linear program, whose coefficients and slack are of order one. */
const SLACK = 1e-9;

async function signCondition({ frozen }: Start, situation: Situation): Promise<Condition | null> {
  const count = frozen.filter((sign) => sign !== 0).length;
  const { facts, data } = situation;
  if (count === 0 || !facts.consistent) return null;
  const text = 'a solution with the signs that the start freezes';
  const slack = largestSignedSlack(facts.inputs, data.y, data.samples, facts.width, frozen, await situation.linearPrograms());
  const of = `|u| = |v| freezes the sign of ${count} of ${frozen.length} coordinates`;
  if (slack > SLACK) return condition(text, true, `${of}, and Xw = y has a solution with these signs`);
  return slack < -SLACK
    ? condition(text, false, `${of}, and no solution of Xw = y has these signs: the loss cannot vanish`)
    : condition(text, 'unknown', `${of}, and solutions of Xw = y with these signs have zeros, which are reached only in the limit`);
}

async function examine(situation: Situation, outline: Outline): Promise<Examination> {
  const { experiment, facts, stepSize } = situation;
  const start = startOf(situation);
  const conditions = [...outline.conditions, startCondition(start, situation), interpolationCondition(facts, 'w')];
  const signs = await signCondition(start, situation);
  if (signs !== null) conditions.push(signs);
  const applies = conditions.every(({ holds }) => holds === true);
  const { formula } = azulay2021ScaleShape;
  return {
    prediction: {
      ...predictionOf(azulay2021ScaleShape, outline, conditions),
      symbol: start.unbiased ? `min Q(w), √κ/2 = ${sizeInWords(start)}` : 'min D_Q(w, w(0)): Bregman divergence from w(0)',
      formula: start.unbiased
        ? formula
        : 'w(∞) = argmin D_Q(w, w(0)) s.t. Xw = y,  ∇Q(w)ᵢ = asinh(wᵢ/2cᵢ), cᵢ = √(AᵢBᵢ), A, B = Σ(u ± v)²/4 at the start (one product: 2c = |u² − v²|/2)',
    },
    measures: ['loss', 'gradientNorm', 'distance', 'l1Norm', 'l2Norm', 'invariantDrift'],
    companions: applies ? besideFiniteStep(experiment, stepSize) : [],
    solve: () => Promise.resolve(applies ? solve(situation, start) : null),
    judge: (trained, reference, companions) => judgeFlowLimit(ID, trained, reference, companions, experiment),
  };
}

function solve({ facts, data }: Situation, { a, b, unbiased }: Start): Reference {
  const answer = minimumPotential(exponentialPotential(a, b), facts.inputs, data.y, data.samples, facts.width);
  return {
    id: 'potential',
    title: unbiased ? 'Interpolator of least Q' : 'Interpolator of least divergence from w(0)',
    regularizer: 'hypentropy',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}
