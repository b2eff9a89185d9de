/** The flow of W = UUᵀ from a small start against its limit for a vanishing one. */
import type { Dataset } from '../data/dataset';
import type { Experiment } from '../experiment/schema';
import { relativeDistance } from '../measures/agreement';
import type { Condition, Reference, Verdict } from '../protocol/report';
import { greedyLowRank, type GreedyAnswer } from '../solvers/greedy-low-rank';
import { SolverError } from '../solvers/reference-problem';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { combination } from './matrix-situation';
import type { Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

/** Local errors of 10⁻⁹ a step, by default, over at most some thousand steps. */
const FLOW_TOLERANCE = 1e-5;
/** What the rate leaves open: the size of the other directions when the leading one escapes. */
const CONSTANT = 10;
/** A larger foreseen distance tells one matrix from another no more. */
const TELLING = 0.1;
/** Eigenvalues this close count as equal: the greedy step has then no single direction. */
const SIMPLE = 0.999;

/** Several results ask for the same answer. */
const solved = new WeakMap<Dataset, GreedyAnswer | string>();

/** Greedy low-rank learning on the data, or why there is no answer. Of runs with finite steps nothing is known: it is not worth its time there. */
export function greedyOf({ data, experiment }: Situation): GreedyAnswer | string {
  if (experiment.optimizer.kind !== 'gradient-flow') return 'not examined, because the result is about gradient flow';
  const known = solved.get(data);
  if (known !== undefined) return known;
  let answer: GreedyAnswer | string;
  try {
    answer = greedyLowRank(data);
  } catch (error) {
    if (!(error instanceof SolverError)) throw error;
    answer = error.message;
  }
  solved.set(data, answer);
  return answer;
}

/** Exponent p of the distance ∝ α^p, α the size of W(0): the smallest 1 − λ₂/λ₁ of a phase (Li, Luo, Lyu 2021, Theorem 5.3 for the first). */
export function rateOf({ phases }: GreedyAnswer): number {
  return phases.reduce((least, { eigenvalue, second }) => Math.min(least, 1 - Math.max(second, 0) / eigenvalue), 1);
}

export function simpleCondition(answer: GreedyAnswer | string): Condition {
  const text = 'the largest eigenvalue of −∇f is simple where a phase begins';
  if (typeof answer === 'string') return condition(text, 'unknown', answer);
  const ratios = answer.phases.map(({ eigenvalue, second }) => Math.max(second, 0) / eigenvalue);
  const worst = Math.max(...ratios);
  return condition(
    text,
    worst < SIMPLE,
    ratios.length === 0 ? 'nothing is to be learned' : `λ₂/λ₁ = ${ratios.map((ratio) => inWords(ratio)).join(', ')}`,
  );
}

/** u₁ᵀW(0)u₁: how much of the leading direction the start has. */
export function startSize({ start, model, data }: Situation): number {
  const [{ rows, columns }] = model.blocks;
  const { vectors } = symmetricEigen(combination(data, data.y, true), rows);
  let sum = 0;
  for (let k = 0; k < columns; k++) {
    let part = 0;
    for (let i = 0; i < rows; i++) part += vectors[(rows - 1) * rows + i] * start[i * columns + k];
    sum += part * part;
  }
  return sum;
}

/** Relative distance to the limit that a start of this size leaves. */
export function foreseen(answer: GreedyAnswer, size: number): number {
  const scale = answer.objective || 1;
  return Math.max(FLOW_TOLERANCE, CONSTANT * Math.pow(size / scale, rateOf(answer)));
}

export function smallCondition(answer: GreedyAnswer | string, size: number): Condition {
  const text = 'the start is small against the gap of eigenvalues';
  if (typeof answer === 'string') return condition(text, 'unknown', answer);
  if (!(size > 0)) return condition(text, false, 'the start has nothing of the leading direction, or is zero');
  const left = foreseen(answer, size);
  return condition(
    text,
    left <= TELLING,
    `W(0) has ${inWords(size)} of the leading direction and the exponent is ${inWords(rateOf(answer))}: ` +
      `the limit is met to about ${inWords(left)}`,
  );
}

export function widthCondition(answer: GreedyAnswer | string, width: number): Condition {
  const text = 'U has room for the rank that is learned';
  if (typeof answer === 'string') return condition(text, 'unknown', answer);
  return condition(text, width >= answer.phases.length, `width ${width}, rank ${answer.phases.length}`);
}

/** The same from a start that is ten times larger, so that W(0) is a hundred times: how the distance falls tells a limit from a miss. */
export function largerStart(experiment: Experiment): readonly Experiment[] {
  const { init } = experiment;
  switch (init.kind) {
    case 'zero':
      return [];
    case 'explicit':
      return [{ ...experiment, init: { ...init, parameters: init.parameters.map((block) => block.map((value) => LARGER * value)) } }];
    default:
      return [{ ...experiment, init: { ...init, scale: LARGER * init.scale } }];
  }
}

const LARGER = 10;

export function distanceTo(reference: Reference | null, trained: Trained | undefined): number | null {
  if (reference?.predictor == null || trained?.predictor == null) return null;
  return relativeDistance(trained.predictor, Float64Array.from(reference.predictor));
}

/**
 * A limit for a vanishing start is met when the deviation is nothing but the integrator's, or has fallen from that of the larger start
 * at least like the root of the foreseen power: the power is asymptotic, a deviation from another limit does not fall at all.
 * @param value deviation of the run, @param larger that of the larger start
 * @param what of what the deviation is, in words, with the number
 */
export function judgeShrinking(
  base: { readonly result: string; readonly measure: string },
  value: number | null,
  larger: number | null,
  answer: GreedyAnswer | string,
  trained: Trained,
  { expect }: Experiment,
  what: (deviation: string) => string,
): Verdict {
  if (value === null || typeof answer === 'string') {
    return { ...base, outcome: 'inconclusive', value, tolerance: null, says: NO_REFERENCE };
  }
  if (trained.outcome !== 'converged') {
    return { ...base, outcome: 'inconclusive', value, tolerance: null, says: `${what(inWords(value))}, but the run ended early.` };
  }
  const falling = larger === null ? 0 : Math.min(TELLING, larger * Math.pow(LARGER, -rateOf(answer)));
  const tolerance = expect?.tolerance ?? Math.max(FLOW_TOLERANCE, falling);
  const outcome = value <= tolerance ? 'agrees' : 'disagrees';
  const fall = larger === null ? '' : `; from a ten times larger start it is ${inWords(larger)}`;
  const end =
    outcome === 'agrees'
      ? `, within the ${inWords(tolerance)} that a limit for vanishing starts allows.`
      : `, more than the ${inWords(tolerance)} that a limit for vanishing starts allows.`;
  return { ...base, outcome, value, tolerance, says: what(inWords(value)) + fall + end };
}
