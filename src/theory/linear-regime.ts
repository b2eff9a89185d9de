/**
 * What the results on linear stability of SGD share: the minimum that fits every sample, linearised at the start of the run, the conditions under which the run
 * follows it, and the growth of second moments as the run shows it.
 *
 * A single run cannot show whether second moments grow: it may settle where they do. But with Q the invariant norm of the law, E‖δ⁺‖²_Q = ρ‖δ‖²_Q whatever δ
 * is, so the ratios ‖δ⁺‖²_Q/‖δ‖²_Q of successive steps have mean ρ each and are uncorrelated about it: their average over a run is ρ within its standard error.
 */
import type { Experiment } from '../experiment/schema';
import type { Condition, Verdict } from '../protocol/report';
import {
  deviationOf,
  fittedMinimum,
  meanSquareThreshold,
  secondMomentGrowth,
  singleShare,
  stepBounds,
  type Batches,
  type FittedMinimum,
  type SecondMomentGrowth,
  type StepBounds,
} from '../solvers/linear-stability';
import type { Situation, Trained } from './result';
import { condition, inWords } from './wording';

/** Directions of the span of the gradients up to which second moments, a matrix of them, are followed. */
export const MOST_DIRECTIONS = 32;
/** Entries of the Jacobian, and products in one application of the law: together at most a second's work. */
export const MOST_NUMBERS = 2e6;
/** Root mean square residual against that of the targets up to which a model that is not linear is taken as linear. */
const NEAR = 1e-3;
/** Below it residuals are differences of rounded numbers. */
const ROUNDING = 1e-9;
/** Standard errors within which an average is what it should be: chance alone goes further in one of 16 000 runs. */
export const STANDARD_ERRORS = 4;
/** Single steps that an average needs before its standard error is worth something. */
const FEWEST_STEPS = 100;
const LARGEST_ERROR = 0.1;

export interface Regime {
  readonly minimum: FittedMinimum;
  readonly batches: Batches;
  /** Share of single samples in the second moment of a batch. */
  readonly p: number;
  readonly stepSize: number;
  /** η* of Mulayoff and Michaeli. */
  readonly threshold: number;
  readonly growth: SecondMomentGrowth;
  readonly bounds: StepBounds;
}

export interface RegimeFindings {
  readonly conditions: readonly Condition[];
  /** Null where a condition keeps it from being computed. */
  readonly regime: Regime | null;
}

/** The file's part; null where there is no talk of a minimum that fits every sample. A network that starts at random is not near one. */
export function regimeFileConditions({ optimizer, loss, model, init }: Experiment): readonly Condition[] | null {
  if (optimizer.kind !== 'sgd' || loss.kind !== 'square') return null;
  if (model.kind !== 'linear' && init.kind !== 'explicit') return null;
  const { sampling } = optimizer;
  const independent = sampling === 'with-replacement' || sampling === 'without-replacement';
  return [
    condition(
      'batches drawn independently of each other',
      independent,
      independent
        ? `batches of ${optimizer.batchSize}, ${sampling === 'with-replacement' ? 'with' : 'without'} replacement`
        : 'within an epoch each batch depends on those before it; "with-replacement" and "without-replacement" are independent',
    ),
  ];
}

const findings = new WeakMap<Situation, RegimeFindings>();

/** Computed once for all results that ask. */
export function regimeOf(situation: Situation): RegimeFindings {
  const known = findings.get(situation) ?? findRegime(situation);
  findings.set(situation, known);
  return known;
}

function findRegime(situation: Situation): RegimeFindings {
  const { experiment, model, loss, start, data, stepSize } = situation;
  const { optimizer } = experiment;
  const conditions = [...(regimeFileConditions(experiment) ?? [])];
  conditions.push(fitsCondition(situation));
  const { samples } = data;
  const parameters = model.parameterCount;
  const directions = Math.min(samples, parameters);
  const small = directions <= MOST_DIRECTIONS && samples * Math.max(parameters, directions ** 2) <= MOST_NUMBERS;
  conditions.push(
    condition(
      'few enough directions for exact second moments',
      small ? true : 'unknown',
      `at most ${directions} directions of ${samples} samples${small ? '' : `; computed up to ${MOST_DIRECTIONS}, of some thousand samples`}`,
    ),
  );
  if (optimizer.kind !== 'sgd' || stepSize === null || conditions.some(({ holds }) => holds !== true)) return { conditions, regime: null };
  const jacobian = new Float64Array(samples * parameters);
  model.jacobian(start, jacobian);
  const minimum = fittedMinimum(jacobian, samples, parameters, loss.reduction);
  const batches = { size: Math.min(optimizer.batchSize, samples), replacement: optimizer.sampling === 'with-replacement' };
  const p = singleShare(batches, samples);
  const bounds = stepBounds(minimum, p);
  const growth = secondMomentGrowth(minimum, p, stepSize);
  return { conditions, regime: { minimum, batches, p, stepSize, bounds, growth, threshold: meanSquareThreshold(minimum, p) } };
}

function fitsCondition(situation: Situation): Condition {
  const { model, facts, start, data, loss } = situation;
  const text = 'at or near a minimum that fits every sample';
  if (model.outputsPerSample !== 1) return condition(text, false, 'the model has several outputs');
  const outputs = new Float64Array(data.samples);
  model.outputs(start, outputs);
  const value = loss.value(outputs, data.y);
  if (!(value > 0)) return condition(text, false, 'the start fits every sample exactly: nothing moves');
  if (model.kind === 'linear') {
    return facts.consistent
      ? condition(text, true, 'the model is linear and Xw = y has a solution: one minimum, seen alike from everywhere')
      : condition(
          text,
          false,
          `the least-squares residual is ${inWords(facts.relativeResidual())} of ‖y‖: the noise does not vanish at the minimum`,
        );
  }
  const ratio = relativeResidual(value, situation);
  return condition(text, ratio <= NEAR, `residuals at the start are ${inWords(ratio)} of the targets; ${inWords(NEAR)} is taken as near`);
}

/** Root mean square of f(x_i) − y_i against that of y_i, from the loss; Infinity where all targets are 0. */
function relativeResidual(loss: number, { data, loss: { reduction } }: Situation): number {
  const square = data.y.reduce((sum, y) => sum + y * y, 0);
  return Math.sqrt((2 * loss * (reduction === 'mean' ? data.samples : 1)) / square);
}

/** ‖δ‖_Q from the outputs. */
export function invariantNorm({ minimum, growth: { form } }: Regime, targets: Float64Array): (outputs: Float64Array) => number {
  const r = minimum.directions;
  const residuals = new Float64Array(targets.length);
  const delta = new Float64Array(r);
  return (outputs) => {
    for (let i = 0; i < targets.length; i++) residuals[i] = outputs[i] - targets[i];
    deviationOf(minimum, residuals, delta);
    let square = 0;
    for (let a = 0; a < r; a++) for (let b = 0; b < r; b++) square += delta[a] * form[a * r + b] * delta[b];
    return Math.sqrt(Math.max(0, square));
  };
}

export interface Average {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly error: number;
  /** Single steps it is over. */
  readonly count: number;
}

/** Whether the run is in the linear regime at this point, and its residuals are more than rounding. */
function inRegime(loss: number, size: number, situation: Situation): boolean {
  if (!(size > 1e-140 && size < 1e140)) return false;
  const ratio = relativeResidual(loss, situation);
  return ratio > ROUNDING && (situation.model.kind === 'linear' || ratio < 10 * NEAR);
}

/** Average of (size⁺/size)^power over the recorded single steps in the linear regime. */
export function averageRatio(trained: Trained, situation: Situation, column: 'lawSize' | 'loss', power: number): Average {
  const { step: steps, loss, [column]: sizes } = trained.trajectory;
  const ratios: number[] = [];
  for (let k = 1; k < steps.length; k++) {
    if (steps[k] !== steps[k - 1] + 1 || !inRegime(loss[k - 1], sizes[k - 1], situation) || !inRegime(loss[k], sizes[k], situation))
      continue;
    ratios.push(Math.pow(sizes[k] / sizes[k - 1], power));
  }
  const count = ratios.length;
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / count;
  const variance = ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / (count - 1);
  return { mean, error: Math.sqrt(variance / count), count };
}

/** Slope of ln size over the recorded steps in the linear regime. */
export function logarithmicSlope(trained: Trained, situation: Situation): { readonly slope: number; readonly steps: number } | null {
  const { step: steps, loss, lawSize: sizes } = trained.trajectory;
  const inside = steps.flatMap((_, k) => (inRegime(loss[k], sizes[k], situation) ? [k] : []));
  const [first, last] = [inside.at(0), inside.at(-1)];
  if (first === undefined || last === undefined || last === first) return null;
  const length = steps[last] - steps[first];
  return { slope: Math.log(sizes[last] / sizes[first]) / length, steps: length };
}

/** How far an average may be from what it should be: its standard errors, and what is no chance: rounding, and that a network is not linear. */
export function allowance({ error }: Average, { model }: Situation): number {
  return STANDARD_ERRORS * error + (model.kind === 'linear' ? 1e-6 : 10 * NEAR);
}

/** Inconclusive where the recorded steps say too little, else null. */
export function tooFewSteps(result: string, { count, error, mean }: Average): Verdict | null {
  if (count >= FEWEST_STEPS && error <= LARGEST_ERROR * mean) return null;
  return {
    result,
    measure: 'growth of second moments',
    value: count > 0 ? mean : null,
    tolerance: null,
    outcome: 'inconclusive',
    says:
      `${count} single steps of the run were recorded in the linear regime${count > 1 ? `, with a standard error of ${inWords(error)}` : ''}: too few for an average. ` +
      'Record every step: "record": { "spacing": "linear", "points": steps + 1 }.',
  };
}
