/**
 * A. Ali, J. Z. Kolter, R. J. Tibshirani, A continuous-time view of early stopping for least squares, AISTATS 2019: gradient flow of ½c‖Xw − y‖² from 0
 * is at time t the minimiser of the loss with the penalty ½ wᵀQw, Q = H(e^(tH) − I)⁻¹, and its risk is at most 1.69 times that of ridge
 * regression with the penalty ½‖w‖²/t, whatever the truth, the noise and the inputs.
 *
 * Both follow direction by direction. Of an eigenvalue λ of H = cXᵀX the flow has learned 1 − e^(−x) of the limit, x = tλ, ridge x/(1 + x), and
 *     1 ≤ (1 − e^(−x))(1 + x)/x ≤ 1.29843  (at x = 1.79328),   e^(−x) ≤ 1/(1 + x).
 * The variance of an estimator is a sum of squares of the former, its squared bias of the latter, so the ratio of the risks is at most 1.29843² = 1.68591;
 * the article rounds up.
 */
import { relativeDistance } from '../measures/agreement';
import { dot, norm2 } from '../numerics/vectors';
import type { Experiment } from '../experiment/schema';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import { earlyStopped, type EarlyStoppedAnswer } from '../solvers/early-stopped';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE, stepsInWords } from './wording';

const ID = 'ali-2019-early-stopping';

/** sup (1 − e^(−x))(1 + x)/x. */
const MOST = 1.29843;
/** When no direction has more than this left to learn, the limit is there as far as R1 can tell (its tolerance). */
const NOTHING_LEFT = 1e-8;
/** The sum of logarithms by which a run keeps its time carries a rounding a step. */
const SAME_TIME = 1e-9;
/** Below this part of the largest, an eigenvalue or a limit is rounding, and no share of it is drawn. */
const DRAWN = 1e-9;
const GRID = 80;

export const ali2019EarlyStopping: PublishedResult = {
  id: ID,
  row: 'A8',
  title: 'Early stopping of linear regression is nearly ridge regression',
  statement:
    'Gradient flow on least squares from 0, stopped at time t, minimises the loss with a quadratic penalty that fades as t grows. ' +
    'In the direction of an eigenvalue λ of the Hessian it has learned the share 1 − e^(−tλ) of the limit; ridge regression of penalty 1/t ' +
    'learns tλ/(1 + tλ), which is smaller, by a factor of at most 1.2985. The risk is at most 1.69 times that of ridge, whatever the truth and the inputs.',
  formula: 'w(t) = argmin ℒ(w) + ½ wᵀQ w,  Q = H(e^(t H) − I)⁻¹;  tλ/(1 + tλ) ≤ 1 − e^(−tλ) ≤ 1.2985 tλ/(1 + tλ)',
  status: 'theorem',
  citation: {
    authors: 'Alnur Ali, J. Zico Kolter, Ryan J. Tibshirani',
    year: 2019,
    title: 'A Continuous-Time View of Early Stopping for Least Squares',
    venue: 'International Conference on Artificial Intelligence and Statistics, PMLR 89',
    url: 'https://arxiv.org/abs/1810.10082',
  },

  outline(experiment) {
    const { model, loss, stop } = experiment;
    if (model.kind !== 'linear' || loss.kind !== 'square' || stop.time === undefined) return null;
    return {
      regularizer: 'early-stopping',
      symbol: `min ℒ + ½ wᵀQ w, near ridge of penalty 1/t = ${inWords(1 / stop.time)}`,
      conditions: fileConditions(experiment),
      modelNote: model.bias ? 'the bias is held back like a weight' : null,
      optimizerNote: `stopped at t = ${inWords(stop.time)}, a regularizer of its own`,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = ali2019EarlyStopping.outline(situation.experiment);
    const time = situation.experiment.stop.time;
    return Promise.resolve(outline === null || time === undefined ? null : examine(situation, outline, time));
  },
};

function fileConditions({ optimizer, init }: Experiment): Condition[] {
  const flow = optimizer.kind === 'gradient-flow';
  const zero = init.kind === 'zero' || ('scale' in init && init.scale === 0);
  return [
    condition('gradient flow', flow, flow ? 'its time is that of the theorem' : `${optimizer.kind}: the law is that of the flow`),
    condition('starts at 0', zero, zero ? 'w(0) = 0' : 'the penalty is one of the way from the start, not of w'),
  ];
}

function examine(situation: Situation, outline: Outline, time: number): Examination {
  const { facts, data, loss, experiment } = situation;
  const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
  const slowest = c * facts.spectrum().smallestPositive;
  const left = Math.exp(-time * slowest);
  const conditions = [
    ...outline.conditions,
    condition(
      'stops before all is learned, e^(−tλ_min) > 10⁻⁸',
      left > NOTHING_LEFT,
      `λ_min = ${inWords(slowest)}: in its direction ${inWords(left)} is left to learn at t = ${inWords(time)}` +
        (left > NOTHING_LEFT ? '' : '; the limit is reached, and nothing is held back'),
    ),
  ];
  let answer: EarlyStoppedAnswer | null = null;
  const solved = (): EarlyStoppedAnswer => (answer ??= earlyStopped(facts.inputs, data.y, data.samples, facts.width, c, time));
  return {
    prediction: predictionOf(ali2019EarlyStopping, outline, conditions),
    measures: ['loss', 'gradientNorm', 'distance', 'l2Norm'],
    companions: [],
    solve: () => Promise.resolve(referenceOf(solved(), time)),
    judge: (trained, reference) => judge(trained, reference, ridgeOf(solved(), time), experiment, time),
    figures: (trained) => [...shareFigure(trained, solved()), ...riskFigure(situation, trained, solved(), c)],
  };
}

function referenceOf({ point, objective, certificate }: EarlyStoppedAnswer, time: number): Reference {
  return {
    id: 'early-stopped',
    title: `Minimiser of the loss with the penalty of stopping at t = ${inWords(time)}`,
    regularizer: 'early-stopping',
    predictor: Array.from(point),
    objective,
    certificate,
    role: 'predicted',
  };
}

/** (H + I/t)⁻¹ cXᵀy = Σ tλ/(1 + tλ) (v·X⁺y) v. */
function ridgeOf({ eigenvalues, directions, limits }: EarlyStoppedAnswer, time: number): Float64Array {
  const width = directions.length / Math.max(1, eigenvalues.length);
  const point = new Float64Array(width);
  eigenvalues.forEach((lambda, k) => {
    const share = ridgeShare(time * lambda) * limits[k];
    for (let j = 0; j < width; j++) point[j] += share * directions[k * width + j];
  });
  return point;
}

const flowShare = (x: number): number => -Math.expm1(-x);
const ridgeShare = (x: number): number => x / (1 + x);

function judge(
  trained: Trained,
  reference: Reference | null,
  ridge: Float64Array,
  { expect, optimizer }: Experiment,
  time: number,
): Verdict {
  // A step may err by the integrator's tolerance in each parameter, relative to the larger of it, before or after, and their root mean square:
  // by twice that of ‖w‖, which only grows from 0 on. The flow contracts errors, so at most they add up.
  const each = optimizer.kind === 'gradient-flow' ? optimizer.tolerance : 0;
  const tolerance = expect?.tolerance ?? 2 * each * Math.max(1, trained.steps);
  const base = { result: ID, measure: 'relative-distance', tolerance };
  if (reference?.predictor == null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const value = relativeDistance(trained.predictor, Float64Array.from(reference.predictor));
  const size = norm2(ridge);
  const beside =
    size === 0
      ? ''
      : ` Its length is ${inWords(norm2(trained.predictor) / size, 4)} times that of ridge of penalty 1/t; the theorem leaves 1 to ${MOST}.`;
  const where = `w is ${inWords(value)} from where the penalty of stopping at t = ${inWords(time)} holds it`;
  if (value <= tolerance) return { ...base, outcome: 'agrees', value, says: `${where}, within ${inWords(tolerance)}.${beside}` };
  if (Math.abs(trained.logTime - Math.log(time)) > SAME_TIME) {
    return { ...base, outcome: 'inconclusive', value, says: `${where}, but the run ended at t = ${inWords(Math.exp(trained.logTime))}.` };
  }
  return {
    ...base,
    outcome: 'disagrees',
    value,
    says: `${where}, and the errors of ${stepsInWords(trained.steps)} of the integrator explain only ${inWords(tolerance)}.${beside}`,
  };
}

/** What has been learned of each direction, over its eigenvalue, at the time of the run. */
function shareFigure({ predictor, logTime }: Trained, { eigenvalues, directions, limits }: EarlyStoppedAnswer): readonly Figure[] {
  if (predictor === null || eigenvalues.length === 0 || !Number.isFinite(logTime)) return [];
  const time = Math.exp(logTime);
  const largest = Math.max(...limits.map(Math.abs));
  const drawn = [...limits.keys()].filter((k) => Math.abs(limits[k]) > DRAWN * largest && eigenvalues[k] > DRAWN * eigenvalues[0]);
  if (drawn.length === 0) return [];
  const at = drawn.map((k) => eigenvalues[k]);
  const learned = drawn.map((k) => dot(directions.subarray(k * predictor.length, (k + 1) * predictor.length), predictor) / limits[k]);
  const grid = logarithmicGrid(at[at.length - 1] / 2, 2 * at[0]);
  const extent = (values: readonly number[]): string => `${inWords(Math.min(...values))} to ${inWords(Math.max(...values))}`;
  return [
    {
      kind: 'chart',
      id: 'learned-shares',
      title: 'What has been learned of each direction',
      says:
        `At t = ${inWords(time)} the run has learned ${extent(learned)} of the directions; the flow should have learned ` +
        `${extent(at.map((lambda) => flowShare(time * lambda)))}, ridge of penalty 1/t has ${extent(at.map((lambda) => ridgeShare(time * lambda)))}.`,
      x: { label: 'eigenvalue λ of the Hessian', scale: 'log' },
      y: { label: 'share of the limit', scale: 'linear' },
      series: [
        { name: 'flow, 1 − e^(−tλ)', style: 'line', x: grid, y: grid.map((lambda) => flowShare(time * lambda)) },
        { name: 'ridge, tλ/(1 + tλ)', style: 'line', x: grid, y: grid.map((lambda) => ridgeShare(time * lambda)) },
        { name: 'this run', style: 'points', x: at, y: learned },
      ],
    },
  ];
}

/** E‖w − b‖² over the noise for both estimators, where the data was generated from a known b with known noise. */
function riskFigure(
  { experiment, data, facts }: Situation,
  { predictor, logTime }: Trained,
  { eigenvalues, directions }: EarlyStoppedAnswer,
  c: number,
): readonly Figure[] {
  const { truth } = data;
  if (experiment.data.kind !== 'sparse-regression' || truth?.length !== facts.width || predictor === null) return [];
  if (eigenvalues.length === 0 || !Number.isFinite(logTime)) return [];
  // y = Xb + σe: the limit in the direction v is v·b + σ e/√(λ/c), and what is outside of all v is never learned.
  const noise = experiment.data.noise ** 2 * c;
  const along = Float64Array.from(eigenvalues, (_, k) => dot(directions.subarray(k * truth.length, (k + 1) * truth.length), truth));
  const outside = Math.max(0, dot(truth, truth) - dot(along, along));
  const risk = (share: (x: number) => number, time: number): number =>
    eigenvalues.reduce((sum, lambda, k) => {
      const learned = share(time * lambda);
      return sum + ((1 - learned) * along[k]) ** 2 + (learned * learned * noise) / lambda;
    }, outside);
  const time = Math.exp(logTime);
  const grid = logarithmicGrid(0.01 / eigenvalues[0], 1e3 / eigenvalues[0]);
  const own = predictor.reduce((sum, w, j) => sum + (w - truth[j]) ** 2, 0);
  const [flow, ridge] = [risk(flowShare, time), risk(ridgeShare, time)];
  return [
    {
      kind: 'chart',
      id: 'early-stopping-risk',
      title: 'Risk over the time of stopping',
      says:
        `At t = ${inWords(time)} the risk of the flow is ${inWords(flow)}, that of ridge of penalty 1/t ${inWords(ridge)}: ${inWords(flow / ridge, 4)} times, ` +
        `of at most 1.69. This run, one draw of the noise, errs by ${inWords(own)}.`,
      x: { label: 'time t, ridge of penalty 1/t', scale: 'log' },
      y: { label: 'E‖w − b‖²', scale: 'log' },
      series: [
        { name: 'flow', style: 'line', x: grid, y: grid.map((t) => risk(flowShare, t)) },
        { name: 'ridge', style: 'line', x: grid, y: grid.map((t) => risk(ridgeShare, t)) },
        { name: 'this run', style: 'points', x: [time], y: [own] },
      ],
    },
  ];
}

function logarithmicGrid(from: number, to: number): number[] {
  return Array.from({ length: GRID }, (_, k) => from * (to / from) ** (k / (GRID - 1)));
}
