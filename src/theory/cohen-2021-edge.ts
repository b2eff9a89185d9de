/**
 * J. Cohen, S. Kaur, Y. Li, J. Z. Kolter, A. Talwalkar, Gradient descent on neural networks typically occurs at the edge of stability,
 * ICLR 2021: training sharpens a network until λ_max(∇²ℒ) reaches what the steps can bear, κ/η (2/η for gradient descent), and then
 * keeps it there while the loss goes on falling over longer stretches. An observation, not a theorem.
 *
 * Until then the descent is near gradient flow, so the step of the crossing is told before training: the first time at which the sharpness
 * along the flow is κ/η, over η. Where it never is, there is no edge. After the crossing of plain descent on the square loss the central
 * flow (`central-flow.ts`) foretells the averaged loss; it is drawn, not judged.
 */
import type { Experiment } from '../experiment/schema';
import { stabilityThreshold, type StabilityThreshold } from '../experiment/stability-threshold';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { centralFlow, type CentralFlow } from './central-flow';
import { sharpnessOfFlow, type SharpnessOfFlow } from './flow-sharpness';
import { judgeHovering } from './hovering';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { asksForSharpness, ratiosOf } from './sharpness-record';
import { condition, countInWords, inWords, stepsInWords } from './wording';

const ID = 'cohen-2021-edge';

/**
 * The descent leaves the flow by O(η) before the crossing: in nine runs of an independent program (one network, three starts, thresholds
 * 12 … 20) the crossing was within 4.2 % of that of the flow. Near the start whole steps count.
 */
const CROSSING = 0.05;
const CROSSING_STEPS = 3;
/** Of that distance: between once and so often it is neither as foreseen nor far from it, on models other than those nine. */
const DOUBT = 2;
/** Of the threshold: as near as the descent is to the flow, so near to the threshold neither tells what the other does. */
const NEAR_EDGE = 0.05;
/** The mean leaves out the first fifth after the crossing, where the oscillation still grows, and what is left once the loss has converged. */
const SETTLING = 0.2;
const CONVERGED_LOSS = 1e-4;
const FEWEST_POINTS = 20;
/** Steps of the descent over which the central flow is followed: its directions cost some ten gradients a step. */
const CENTRAL_STEPS = 250;

export const cohen2021Edge: PublishedResult = {
  id: ID,
  row: 'S8',
  title: 'The edge of stability: sharpness rises to 2/η and stays there',
  statement:
    'Full-batch gradient descent sharpens a network until the largest eigenvalue of the Hessian reaches 2/η (with momentum its own threshold), ' +
    'at the step at which gradient flow does. From then on the sharpness hovers there and the loss falls, though not in every step. With a ' +
    'loss that has no minimum it later falls below again.',
  formula: 'λ_max(∇²ℒ(θ_k)) ≈ κ/η for k ≥ t*/η,  t* = min{t : λ_max(∇²ℒ(θ_flow(t))) ≥ κ/η}',
  status: 'empirical',
  citation: {
    authors: 'Jeremy Cohen, Simran Kaur, Yuanzhi Li, J. Zico Kolter, Ameet Talwalkar',
    year: 2021,
    title: 'Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability',
    venue: 'International Conference on Learning Representations',
    url: 'https://arxiv.org/abs/2103.00065',
  },

  outline(experiment) {
    const threshold = thresholdOf(experiment);
    if (threshold === null || !asksForSharpness(experiment, ID)) return null;
    return {
      regularizer: 'sharpness',
      symbol: `λ_max(∇²ℒ) → ${threshold.over('η')}`,
      conditions: fileConditions(experiment),
      modelNote: null,
      optimizerNote: `the edge of stability is at λ_max = ${threshold.over('η')}`,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = cohen2021Edge.outline(situation.experiment);
    const threshold = thresholdOf(situation.experiment);
    if (outline === null || threshold === null || situation.stepSize === null) return Promise.resolve(null);
    return Promise.resolve(examine(situation, outline, threshold.factor / situation.stepSize, situation.stepSize));
  },
};

/** Of full-batch descent on a model whose Hessian changes along the way. */
function thresholdOf({ optimizer, model }: Experiment): StabilityThreshold | null {
  return optimizer.kind === 'gradient-descent' && model.kind !== 'linear' ? stabilityThreshold(optimizer) : null;
}

const isSteady = ({ loss }: Situation): boolean => !loss.logarithmic;

function fileConditions({ stop }: Experiment): Condition[] {
  return [
    condition(
      'a number of steps that the file sets',
      stop.steps !== undefined,
      stop.steps === undefined ? 'without one the flow has no horizon' : stepsInWords(stop.steps),
    ),
  ];
}

function examine(situation: Situation, outline: Outline, edge: number, stepSize: number): Examination {
  const { experiment, model, curvature, start } = situation;
  const { optimizer, stop } = experiment;
  const momentum = optimizer.kind === 'gradient-descent' ? optimizer.momentum : 0;
  // Late steps are slow: a velocity of Σβ^k gradients, but for the mean of them.
  const gain = momentum > 0 && optimizer.kind === 'gradient-descent' && optimizer.momentumKind !== 'ema' ? 1 / (1 - momentum) : 1;
  const steps = stop.steps ?? 0;
  const first = curvature.at(start).sharpness();
  const conditions = [
    ...outline.conditions,
    condition(
      'a model that is twice differentiable',
      model.kinks === undefined,
      model.kinks === undefined ? 'smooth units' : 'units with kinks: the flow cannot be followed to where it sharpens',
    ),
    condition(
      'a loss that is twice differentiable',
      experiment.loss.kind !== 'squared-hinge',
      experiment.loss.kind === 'squared-hinge' ? 'the curvature of the squared hinge jumps at margin 1' : experiment.loss.kind,
    ),
    condition(
      'a start below the edge',
      first < edge,
      `λ_max at the start ${inWords(first)}, edge ${inWords(edge)}${first < edge ? '' : ': the first steps are unstable'}`,
    ),
  ];
  let flow: SharpnessOfFlow | null = null;
  let central: CentralFlow | null = null;
  return {
    prediction: predictionOf(cohen2021Edge, outline, conditions),
    withoutReference: true,
    measures: ['loss', 'sharpness', 'stabilityThreshold', 'sharpnessRatio'],
    companions: [],
    solve() {
      flow = sharpnessOfFlow(situation, edge, gain * stepSize * steps, gain * stepSize);
      if (flow.crossing !== null && momentum === 0 && isSteady(situation)) {
        const begin = Math.round(flow.crossing / stepSize);
        central = centralFlow(situation, stepSize, flow.parameters, begin, Math.min(steps, begin + CENTRAL_STEPS));
      }
      return Promise.resolve(null);
    },
    judge: (trained) =>
      flow === null
        ? inconclusive('The flow has not been followed.')
        : judge(trained, situation, flow, { perStep: gain * stepSize, edge, plain: momentum === 0 }),
    figures: (trained) => (flow === null ? [] : figures(trained, flow, central, gain * stepSize, edge)),
  };
}

const inconclusive = (says: string): Verdict => ({
  outcome: 'inconclusive',
  result: ID,
  measure: null,
  value: null,
  tolerance: null,
  says,
});

interface Scale {
  /** Time of the flow in one step. */
  readonly perStep: number;
  /** The threshold κ/η. */
  readonly edge: number;
  /** Without momentum: with it the velocity has to grow first, and the step of the crossing is told but not judged. */
  readonly plain: boolean;
}

function judge(trained: Trained, situation: Situation, flow: SharpnessOfFlow, { perStep, edge, plain }: Scale): Verdict {
  const ratios = ratiosOf(trained.trajectory, edge);
  if (ratios === null) return inconclusive('The run has not recorded the sharpness.');
  const { step: steps, loss: losses } = trained.trajectory;
  const at = ratios.findIndex((ratio) => ratio >= 1);
  const highest = ratios.reduce((most, ratio) => Math.max(most, ratio), -Infinity);
  const limit = situation.experiment.stop.steps ?? 0;
  const ended = steps[steps.length - 1];
  const ratio = { result: ID, measure: 'sharpness-over-threshold' };
  const said = (value: number): string => `λ_max over its threshold was at most ${inWords(value)}`;

  if (flow.crossing === null) {
    const highestOfFlow = flow.sharpness.reduce((most, value) => Math.max(most, value), -Infinity) / edge;
    const base = { ...ratio, value: highest, tolerance: 1, limit: 'bound' } as const;
    const foreseen = `along the flow it never is above ${inWords(highestOfFlow)} of the threshold`;
    if (at < 0) return { ...base, outcome: 'agrees', says: `No edge, as foreseen: ${foreseen}, and ${said(highest)}.` };
    return highestOfFlow >= 1 - NEAR_EDGE
      ? {
          ...base,
          outcome: 'inconclusive',
          says: `The sharpness reached its threshold at step ${countInWords(steps[at])}; ${foreseen}: too near to it to tell.`,
        }
      : {
          ...base,
          outcome: 'disagrees',
          says: `The sharpness reached its threshold at step ${countInWords(steps[at])}, though ${foreseen}.`,
        };
  }

  const foreseen = flow.crossing / perStep;
  const spacing = at > 0 ? steps[at] - steps[at - 1] : 1;
  const tolerance = Math.max(CROSSING_STEPS, CROSSING * foreseen) + flow.astray / perStep + spacing;
  if (at < 0) {
    if (foreseen + tolerance > limit || ended < foreseen + tolerance) {
      return inconclusive(`The flow crosses the threshold at step ${inWords(foreseen)}; the run ended at ${ended}.`);
    }
    return {
      ...ratio,
      outcome: highest >= 1 - NEAR_EDGE ? 'inconclusive' : 'disagrees',
      value: highest,
      tolerance: 1,
      limit: 'bound',
      says: `The flow crosses the threshold at step ${inWords(foreseen)}, but ${said(highest)}.`,
    };
  }
  if (plain && Math.abs(steps[at] - foreseen) > tolerance) {
    return {
      result: ID,
      measure: 'steps-from-the-foreseen-crossing',
      outcome: Math.abs(steps[at] - foreseen) <= DOUBT * tolerance ? 'inconclusive' : 'disagrees',
      value: Math.abs(steps[at] - foreseen),
      tolerance,
      says: `The sharpness crossed its threshold at step ${countInWords(steps[at])}, foreseen was ${inWords(foreseen)} ± ${inWords(tolerance)}.`,
    };
  }
  const crossed = `The sharpness crossed its threshold at step ${countInWords(steps[at])} (foreseen from the flow: ${inWords(foreseen)})`;
  if (!isSteady(situation)) {
    const last = ratios[ratios.length - 1];
    const base = { ...ratio, value: last, tolerance: 1, limit: 'bound' } as const;
    return last < 1
      ? {
          ...base,
          outcome: 'agrees',
          says: `${crossed}, rose to ${inWords(highest)} of it and fell to ${inWords(last)} as the margins grew.`,
        }
      : { ...base, outcome: 'inconclusive', says: `${crossed} and is at ${inWords(last)} of it: the margins still have to grow.` };
  }
  const from = steps[at] + SETTLING * (ended - steps[at]);
  const kept = ratios.filter((_, k) => steps[k] >= from && losses[k] > CONVERGED_LOSS * losses[0]);
  if (kept.length < FEWEST_POINTS) {
    return inconclusive(
      `${crossed}; only ${kept.length} points at the edge are recorded after that, ${FEWEST_POINTS} are needed for a mean.`,
    );
  }
  return judgeHovering(ID, kept, `${crossed}; from step ${Math.round(from)} on`, situation.experiment.expect?.tolerance);
}

/** How many directions the central flow holds at the edge at once. */
function heldInWords({ directions }: CentralFlow): string {
  const most = Math.max(...directions);
  return most > 1 ? `, with up to ${most} directions at the edge at once` : ', with one direction at the edge';
}

/** The sharpness over its threshold, and the loss beneath it on the same steps. */
function figures(
  { trajectory }: Trained,
  flow: SharpnessOfFlow,
  central: CentralFlow | null,
  perStep: number,
  edge: number,
): readonly Figure[] {
  const ratios = ratiosOf(trajectory, edge);
  const { step: steps, loss: losses } = trajectory;
  if (ratios === null || steps.length < 2) return [];
  const last = steps[steps.length - 1];
  const of = flow.times.map((time) => time / perStep);
  const crossing = flow.crossing === null ? null : flow.crossing / perStep;
  const positive = (x: readonly number[], y: readonly number[]): { x: number[]; y: number[] } => {
    const kept = x.flatMap((_, k) => (y[k] > 0 && Number.isFinite(y[k]) ? [k] : []));
    return { x: kept.map((k) => x[k]), y: kept.map((k) => y[k]) };
  };
  const where =
    crossing === null ? 'Along the flow it stays below.' : `The flow crosses the threshold ${inWords(edge)} at step ${inWords(crossing)}.`;
  const axis = { label: 'step', scale: 'linear' as const };
  return [
    {
      kind: 'chart',
      id: 'edge-sharpness',
      title: 'Sharpness and its threshold',
      says: `λ_max of the Hessian goes from ${inWords(ratios[0] * edge)} to ${inWords(ratios[ratios.length - 1] * edge)}. ${where}`,
      x: axis,
      y: { label: 'λ_max(∇²ℒ)', scale: 'linear' },
      series: [
        { name: 'descent', style: 'line', x: steps, y: ratios.map((ratio) => ratio * edge) },
        { name: 'gradient flow', style: 'line', x: of, y: flow.sharpness },
        ...(central === null ? [] : [{ name: 'central flow', style: 'line' as const, x: central.steps, y: central.sharpness }]),
        { name: 'threshold', style: 'line', x: [0, last], y: [edge, edge] },
        ...(crossing === null ? [] : [{ name: 'predicted crossing', style: 'points' as const, x: [crossing], y: [edge] }]),
      ],
    },
    {
      kind: 'chart',
      id: 'edge-loss',
      title: 'Loss on the same steps',
      says:
        `The loss goes from ${inWords(losses[0])} to ${inWords(losses[losses.length - 1])}` +
        (central === null
          ? '.'
          : `; the central flow foresees a mean of ${inWords(central.losses[central.losses.length - 1])} at step ${countInWords(central.steps[central.steps.length - 1])}${heldInWords(central)}.`),
      x: axis,
      y: { label: 'loss', scale: 'log' },
      series: [
        { name: 'descent', style: 'line', ...positive(steps, losses) },
        { name: 'gradient flow', style: 'line', ...positive(of, flow.losses) },
        ...(central === null ? [] : [{ name: 'central flow, mean', style: 'line' as const, ...positive(central.steps, central.losses) }]),
      ],
    },
  ];
}
