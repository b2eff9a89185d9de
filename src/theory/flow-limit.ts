/**
 * What the results on limits of gradient flow share: the condition on the optimizer, the companions of a finite step, and the verdict.
 */
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import { relativeDistance } from '../measures/agreement';
import type { Condition, Reference, Verdict } from '../protocol/report';
import type { Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

/** Local errors of 10⁻⁹ a step, by default, over at most some thousand steps that the potential amplifies little. */
const FLOW_TOLERANCE = 1e-5;
/** Local error of the flow beside a finite step: the default of the optimizer, by which FLOW_TOLERANCE is reckoned. */
const INTEGRATED_TO = 1e-9;
/** Finite steps deviate from the flow by O(η). What the deviation at η and η/2 leaves after extrapolation must be of higher order. */
const FIRST_ORDER = 0.25;
/** Beyond this the deviation is no perturbation and says nothing of the flow. */
const LARGEST_DEVIATION = 0.2;
/** A deviation of the step halves with it, one of the theory stays: between ½ and 1 in ratio. */
const SHRINKS = Math.SQRT1_2;

/** Holds for the flow itself and for plain gradient descent, whose deviation the verdict takes out. */
export function flowCondition(optimizer: OptimizerSpec): Condition {
  const text = 'gradient flow, or gradient descent with a small step';
  if (optimizer.kind === 'gradient-flow') return condition(text, true, 'gradient flow');
  if (optimizer.kind === 'sgd') return condition(text, false, 'the noise of mini-batches changes the limit');
  if (optimizer.kind !== 'gradient-descent') return condition(text, false, `${optimizer.kind} follows another path than the flow`);
  if (optimizer.normalize !== 'none') return condition(text, false, 'normalised steps do not settle');
  if (optimizer.momentum !== 0) return condition(text, false, 'momentum leaves the path of the flow');
  return condition(text, true, 'gradient descent: its O(η) deviation is measured with η/2 and taken out');
}

/** Of plain gradient descent the same time at half the step, and the flow that both deviate from; nothing for a flow. */
export function besideFiniteStep(experiment: Experiment, stepSize: number | null): readonly Experiment[] {
  const { optimizer, stop } = experiment;
  if (optimizer.kind !== 'gradient-descent' || stepSize === null) return [];
  const { steps, ...flowStop } = stop;
  const halvedStop = steps === undefined ? stop : { ...stop, steps: 2 * steps };
  return [
    { ...experiment, optimizer: { ...optimizer, stepSize: stepSize / 2, warmup: 2 * optimizer.warmup }, stop: halvedStop },
    // A number of steps is no time of the flow, which takes fewer and longer ones.
    { ...experiment, optimizer: { kind: 'gradient-flow', tolerance: INTEGRATED_TO }, stop: flowStop },
  ];
}

/**
 * Agrees where the run is at the reference; a run with a finite step is judged by what its deviation extrapolates to as η → 0.
 * @param place what the reference is, in words: "the minimiser of the potential"
 * @param companions trained by `besideFiniteStep`: at half the step, and the flow itself
 */
export function judgeFlowLimit(
  result: string,
  trained: Trained,
  reference: Reference | null,
  companions: readonly Trained[],
  { expect }: Experiment,
  place = 'the minimiser of the potential',
): Verdict {
  const base = { result, measure: 'relative-distance' };
  if (reference?.predictor == null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, tolerance: null, says: NO_REFERENCE };
  }
  const predicted = Float64Array.from(reference.predictor);
  const distance = relativeDistance(trained.predictor, predicted);
  const tolerance = expect?.tolerance ?? FLOW_TOLERANCE;
  if (trained.outcome !== 'converged' && distance > tolerance) {
    return {
      ...base,
      outcome: 'inconclusive',
      value: distance,
      tolerance,
      says: `The run ended before it reached a solution of Xw = y; there w is ${inWords(distance)} from the predicted one.`,
    };
  }
  const [half, flow] = companions;
  if (half?.predictor == null) {
    const agrees = distance <= tolerance;
    return {
      ...base,
      outcome: agrees ? 'agrees' : 'disagrees',
      value: distance,
      tolerance,
      says: agrees
        ? `w is ${inWords(distance)} from ${place}, within ${inWords(tolerance)}.`
        : `w is ${inWords(distance)} from ${place}, more than ${inWords(tolerance)}.`,
    };
  }
  const atFlow = flow?.predictor != null && flow.outcome === 'converged' ? relativeDistance(flow.predictor, predicted) : null;
  return judgeFiniteStep(result, trained.predictor, half.predictor, atFlow, predicted, tolerance, place);
}

/**
 * First-order perturbation: w(η) = w* + η c + O(η²), so 2w(η/2) − w(η) is w* + O(η²). Where this leaves too much, two steps cannot
 * tell a wrong limit from a deviation that is not yet in proportion to the step; the flow itself can.
 * @param atFlow distance of the flow's own end from the predicted one; null where it came to no end
 */
function judgeFiniteStep(
  result: string,
  whole: Float64Array,
  half: Float64Array,
  atFlow: number | null,
  predicted: Float64Array,
  tolerance: number,
  place: string,
): Verdict {
  const atWhole = relativeDistance(whole, predicted);
  const atHalf = relativeDistance(half, predicted);
  const value = relativeDistance(
    half.map((w, j) => 2 * w - whole[j]),
    predicted,
  );
  const allowed = Math.max(tolerance, FIRST_ORDER * atWhole);
  const base = { result, measure: 'relative-distance, step extrapolated to 0', value, tolerance: allowed };
  const deviation = `With step η w is ${inWords(atWhole)} from ${place}, with η/2 ${inWords(atHalf)}`;
  if (atWhole > LARGEST_DEVIATION) {
    return { ...base, outcome: 'inconclusive', says: `${deviation}: the step is too large to speak of the flow.` };
  }
  if (value > allowed && atHalf <= SHRINKS * atWhole) {
    return {
      ...base,
      outcome: 'inconclusive',
      says: `${deviation}: it falls with the step, but not in proportion, so the step is too large to speak of the flow.`,
    };
  }
  if (value <= allowed) {
    return {
      ...base,
      outcome: 'agrees',
      says: `${deviation}; extrapolated to η → 0 it is ${inWords(value)}: the deviation is that of the finite step.`,
    };
  }
  if (atFlow !== null && atFlow <= tolerance) {
    return {
      ...base,
      outcome: 'inconclusive',
      says: `${deviation}; the flow itself ends ${inWords(atFlow)} from it: the step is too large to speak of the flow.`,
    };
  }
  return {
    ...base,
    outcome: 'disagrees',
    says: `${deviation}; extrapolated to η → 0 ${inWords(value)} remain, which the finite step does not explain.`,
  };
}
