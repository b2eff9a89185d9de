/**
 * X. Zhu, Z. Wang, X. Wang, M. Zhou, R. Ge, Understanding edge-of-stability training dynamics with a minimalist example, ICLR 2023:
 * ℒ = ½(x²y² − 1)², four weights in two equal pairs. A start whose flow ends beyond 2/η is led to a minimum with a sharpness just below 2/η, by O(η).
 *
 * With p = xy, s = x² + y², r = p² − 1 a step is p⁺ = p(1 − ηrs + η²r²p²), s⁺ = s(1 + η²r²p²) − 4ηrp², and multiplies q = x² − y² by 1 − η²r²p².
 * At a minimum S = 2s = 2√(q² + 4), so the flow ends at 2√(q₀² + 4). Near the edge, to leading order in η, the flip bifurcation across the minima
 * (chen-bruna-2022-two-step.ts: its half width has 2r² in place of e) and the law of q give, for e = ηS − 2 and the size |r| of the oscillation,
 *     d ln|r| = e − 2r²,   de = −2η²r²,
 * which draws every start to e = 2r² − η²/2: as r → 0 the run ends at S = 2/η − η/2, wherever it came from. For another sample a b c d x → y the
 * weights are scaled to the target 1; the step is then h = η|y|^(3/2)|x|^(1/2).
 */
import type { Experiment } from '../experiment/schema';
import { norm2 } from '../numerics/vectors';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { plainDescentCondition } from './plain-descent';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'zhu-2023-minimalist-edge';

/** What the leading order leaves out, relative to the gap: the recursion in an independent program has gap/(h/2) = 1 − 8.0h² for h = 0.01 … 0.05. */
const NEXT_ORDER = 16;
/** Steps up to which that stays below a sixth. */
const LARGEST_STEP = 0.1;
/** Excess e over the edge, in h²: what is left of the start on the way down is about exp(−2e/h²). */
const EXCESS = 10;
/** Of ηS/2 at the end of the flow: below 2 the cubic z⁺ = z(1 − κ(z² − 1)) keeps |z| < √(1 + 2/κ); next to it the frozen x is no guide. */
const CAUGHT = 1.9;
/** Relative: weights of a pair that the file gives as equal. */
const EQUAL = 1e-12;
/** Of the tolerance: what the oscillation that is left can still move. */
const SETTLED = 0.1;

export const zhu2023MinimalistEdge: PublishedResult = {
  id: ID,
  row: 'S8',
  title: 'Four weights at the edge: the end is just below 2/η',
  statement:
    'The product of four weights in two equal pairs is the least example whose sharpness does not jump far below the edge. From a start whose flow ends beyond 2/η gradient ' +
    'descent oscillates, drifts along the minima, and comes to rest at one whose sharpness is below 2/η by O(η): to leading order by η/2, from wherever it started.',
  formula: 'ℒ = ½(x²y² − 1)²,  S_flow = 2√((x₀² − y₀²)² + 4) > 2/η  ⇒  S(θ∞) ∈ (2/η − O(η), 2/η),  S(θ∞) = 2/η − η/2 + O(η³)',
  status: 'theorem',
  citation: {
    authors: 'Xingyu Zhu, Zixuan Wang, Xiang Wang, Mo Zhou, Rong Ge',
    year: 2023,
    title: 'Understanding Edge-of-Stability Training Dynamics with a Minimalist Example',
    venue: 'International Conference on Learning Representations',
    url: 'https://arxiv.org/abs/2210.03294',
  },

  outline(experiment) {
    if (!isProductOfFour(experiment) || experiment.optimizer.kind !== 'gradient-descent') return null;
    return {
      regularizer: 'sharpness',
      symbol: 'λ_max(∇²ℒ(θ∞)) = 2/η − η/2',
      conditions: [plainDescentCondition(experiment.optimizer)],
      modelNote: null,
      optimizerNote: 'a flow that would end beyond 2/η is led to just below it',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = zhu2023MinimalistEdge.outline(situation.experiment);
    return Promise.resolve(outline === null || situation.stepSize === null ? null : examine(situation, outline, situation.stepSize));
  },
};

function isProductOfFour({ model, data, loss, features }: Experiment): boolean {
  return (
    model.kind === 'linear-network' &&
    model.widths.length === 3 &&
    model.widths.every((width) => width === 1) &&
    data.kind === 'inline' &&
    data.y.length === 1 &&
    data.x[0]?.length === 1 &&
    features === undefined &&
    loss.kind === 'square'
  );
}

/** The run in the scale in which the target is 1. */
interface Scaled {
  /** The step there. */
  readonly h: number;
  /** S of the file over S there. */
  readonly sharpness: number;
  /** A weight of the file over one there. */
  readonly weight: number;
}

/** Null where no product of squares fits the sample. */
function scaledBy(x: number, y: number, eta: number): Scaled | null {
  if (!(x * y > 0)) return null;
  const weight = (y / x) ** 0.25;
  const sharpness = (y / weight) ** 2;
  return { h: eta * sharpness, sharpness, weight };
}

/** x ≥ y of the two pairs; null where the weights do not come in equal pairs. */
function pairsOf(theta: Float64Array): readonly [number, number] | null {
  const [a, b, c, d] = Float64Array.from(theta).sort().reverse();
  const equal = (u: number, v: number): boolean => Math.abs(u - v) <= EQUAL * Math.max(Math.abs(u), Math.abs(v));
  return equal(a, b) && equal(c, d) ? [a, c] : null;
}

function examine(situation: Situation, outline: Outline, eta: number): Examination {
  const { data, start } = situation;
  const [x, y] = [data.x[0], data.y[0]];
  const scaled = scaledBy(x, y, eta);
  const pairs = pairsOf(start);
  const conditions = [
    ...outline.conditions,
    condition('a target that two squares can fit', scaled !== null, `input ${inWords(x)}, target ${inWords(y)}`),
    condition(
      'four weights in two equal pairs',
      pairs !== null,
      pairs === null
        ? `they are ${Array.from(start, (w) => inWords(w)).join(', ')}`
        : `${inWords(pairs[0])} and ${inWords(pairs[1])}, twice each`,
    ),
    ...(scaled === null || pairs === null ? [] : edgeConditions(scaled, pairs[0] / scaled.weight, pairs[1] / scaled.weight)),
  ];
  const limit = scaled === null ? null : (2 / scaled.h - scaled.h / 2) * scaled.sharpness;
  return {
    prediction: predictionOf(
      zhu2023MinimalistEdge,
      limit === null ? outline : { ...outline, symbol: `λ_max(∇²ℒ(θ∞)) = ${inWords(limit, 6)}, the edge at ${inWords(2 / eta, 6)}` },
      conditions,
    ),
    withoutReference: true,
    judgesDivergence: true,
    measures: ['loss', 'gradientNorm', 'sharpness', 'stabilityThreshold', 'parameterNorm', 'balanceDrift'],
    companions: [],
    solve: () => Promise.resolve(null),
    judge: (trained) => judge(trained, situation, scaled),
    figures: (trained) => (scaled === null || limit === null ? [] : sharpnessFigure(trained, scaled, limit, flowSharpness(pairs, scaled))),
  };
}

/** S at the end of the flow, in the scale of the file. */
function flowSharpness(pairs: readonly [number, number] | null, { weight, sharpness }: Scaled): number | null {
  return pairs === null ? null : 2 * Math.hypot((pairs[0] ** 2 - pairs[1] ** 2) / weight ** 2, 2) * sharpness;
}

function edgeConditions({ h }: Scaled, x: number, y: number): Condition[] {
  const edge = 2 * h * Math.hypot(x * x - y * y, 2);
  const kappa = edge / 2;
  const z = Math.abs(x * y);
  const farthest = Math.sqrt(1 + 2 / kappa);
  return [
    condition(
      'a small step',
      h <= LARGEST_STEP,
      `${inWords(h)} for a target scaled to 1, at most ${LARGEST_STEP}: beyond it more than the leading order counts`,
    ),
    condition(
      'the flow ends beyond the edge',
      edge >= 2 + EXCESS * h * h,
      `ηS = ${inWords(edge, 4)} at its end${edge < 2 ? ': the descent follows it to a sharpness below 2/η' : `, at least 2 + ${inWords(EXCESS * h * h)}`}`,
    ),
    condition(
      'a start that the oscillation catches',
      kappa < CAUGHT && z < farthest ? true : kappa < 2 && z < farthest ? 'unknown' : false,
      `ηS/2 = ${inWords(kappa)}, below ${CAUGHT}; |xy| = ${inWords(z)}, below √(1 + 2/(ηS/2)) = ${inWords(farthest)}`,
    ),
  ];
}

function judge(trained: Trained, { experiment, model, stepSize, objective, data }: Situation, scaled: Scaled | null): Verdict {
  const eta = stepSize ?? Number.NaN;
  const h = scaled?.h ?? Number.NaN;
  const tolerance = experiment.expect?.tolerance ?? NEXT_ORDER * h * h;
  const base = { result: ID, measure: 'relative error of the gap to the edge', tolerance };
  const foreseen = `The run is foreseen to end ${inWords((h / 2) * (scaled?.sharpness ?? Number.NaN), 4)} below 2/η = ${inWords(2 / eta, 5)}`;
  if (trained.outcome === 'diverged') return { ...base, value: null, outcome: 'disagrees', says: `${foreseen}; it diverged.` };
  // The oscillation r that is left will lower e = ηS − 2 by another 2r².
  const left = (4 * (2 * objective.value(trained.parameters))) / (data.y[0] * data.y[0] * h * h);
  const gradient = new Float64Array(model.parameterCount);
  model.jacobian(trained.parameters, gradient);
  const sharpness = norm2(gradient) ** 2;
  const gap = 2 / eta - sharpness;
  const value = Math.abs((2 * gap) / (h * (scaled?.sharpness ?? Number.NaN)) - 1);
  const says = `${foreseen}. It ends at a sharpness of ${inWords(sharpness, 7)}, ${inWords(gap, 4)} below`;
  if (!(left <= SETTLED * tolerance))
    return {
      ...base,
      value,
      outcome: 'inconclusive',
      says: `${says}, and still oscillates: that dies out e-fold in about ${inWords(2 / (h * h))} steps.`,
    };
  return { ...base, value, outcome: value <= tolerance ? 'agrees' : 'disagrees', says: `${says}.` };
}

/** At a minimum S is ‖θ‖² in the scale with target 1; on the way that is what the drift has come to. */
function sharpnessFigure({ trajectory }: Trained, { sharpness, weight }: Scaled, limit: number, flow: number | null): readonly Figure[] {
  const [steps, norms] = [trajectory['step'], trajectory['parameterNorm']];
  if (steps === undefined || norms === undefined) return [];
  const kept = steps.flatMap((step, k) => (step > 0 && Number.isFinite(norms[k]) ? [k] : []));
  if (kept.length < 2) return [];
  const x = kept.map((k) => steps[k]);
  const y = kept.map((k) => sharpness * (norms[k] / weight) ** 2);
  const ends = [x[0], x[x.length - 1]];
  return [
    {
      kind: 'chart',
      id: 'edge-of-four-weights',
      title: 'Sharpness of the minimum that the run is near',
      says: `It goes from ${inWords(y[0], 4)} to ${inWords(y[y.length - 1], 6)}; foreseen is ${inWords(limit, 6)}.`,
      x: { label: 'step', scale: 'log' },
      y: { label: '‖θ‖², S at a minimum', scale: 'linear' },
      series: [
        { name: 'the run', style: 'line', x, y },
        { name: 'foreseen end, just below 2/η', style: 'line', x: ends, y: [limit, limit] },
        ...(flow === null ? [] : [{ name: 'end of the flow', style: 'line' as const, x: ends, y: [flow, flow] }]),
      ],
    },
  ];
}
