/**
 * D. G. T. Barrett, B. Dherin, Implicit gradient regularization, ICLR 2021: a step of gradient descent stays within O(η³) of the gradient
 * flow of the modified loss ℒ + (η/4)‖∇ℒ‖², and within O(η²) only of that of ℒ itself. Over a fixed time the errors add up to O(η²)
 * against the modified flow and to O(η) against the flow.
 *
 * The orders are measured: the run is repeated at η/2, η/4 and η/8 to the same time, and for a single step of each length; both flows
 * are integrated to 10⁻¹² a step with products with the Hessian.
 */
import type { Experiment } from '../experiment/schema';
import { activationSpec } from '../models/create-model';
import { createActivation } from '../models/activation';
import type { Condition, Verdict } from '../protocol/report';
import { modifiedFlow, type LossPart } from '../solvers/modified-flow';
import { isSettled, orderFigure, orderInWords, orderOf, type Halved, speaksAgainst } from './halved-steps';
import { plainDescentCondition } from './plain-descent';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, countInWords, inWords, stepsInWords } from './wording';

const ID = 'barrett-dherin-2021-modified-loss';

/** The run and its halvings: η, η/2, η/4, η/8. */
const HALVINGS = 4;
/** Orders are whole numbers; after extrapolation what is left of their deviation is of second order in ηλ, below a tenth at ηλ ≤ ½. */
const TOLERANCE = 0.1;
/** η times the sharpness up to which the expansion in η is asked for: its terms fall at least by halves. */
export const SMALL_STEP = 0.5;
/** Errors below this are not far enough above those of the integrator to say something of an order. */
const ROUNDING = 1e-8;

export const barrettDherin2021ModifiedLoss: PublishedResult = {
  id: ID,
  row: 'A2',
  title: 'Gradient descent follows the flow of a modified loss',
  statement:
    'Gradient descent with step η follows the gradient flow of ℒ + (η/4)‖∇ℒ‖², which penalises steep places: within O(η³) a step and O(η²) ' +
    'over a fixed time, where the flow of ℒ itself is left by O(η²) a step and by O(η) over the time. It needs a smooth loss and a step well below 2/λ_max.',
  formula: 'θ̇ = −∇(ℒ + (η/4)‖∇ℒ‖²):  ‖θ_N − θ(Nη)‖ = O(η²)',
  status: 'theorem',
  citation: {
    authors: 'David G. T. Barrett, Benoit Dherin',
    year: 2021,
    title: 'Implicit Gradient Regularization',
    venue: 'International Conference on Learning Representations',
    url: 'https://arxiv.org/abs/2009.11162',
  },

  outline(experiment) {
    const { optimizer } = experiment;
    if (optimizer.kind !== 'gradient-descent' || !asksFor(experiment)) return null;
    return {
      regularizer: 'gradient-norm',
      symbol: 'flow of ℒ + (η/4)‖∇ℒ‖²',
      conditions: [plainDescentCondition(optimizer), smoothCondition(experiment)],
      modelNote: null,
      optimizerNote: 'a finite step penalises the gradient: (η/4)‖∇ℒ‖²',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = barrettDherin2021ModifiedLoss.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** Longer runs are made to converge, and their repetitions would take long. */
const MOST_STEPS = 2000;

/** It speaks of almost every descent, so a file says that it wants to hear: by the measure that is penalised, or by name. */
function asksFor({ stop: { steps }, record, expect }: Experiment): boolean {
  return steps !== undefined && steps <= MOST_STEPS && (record.measures?.includes('gradientNorm') === true || expect?.result === ID);
}

/** Twice differentiable activations, in every term of a sum. */
export function smoothCondition({ model }: Experiment): Condition {
  const text = 'a smooth model';
  const models = model.kind === 'sum' ? model.terms : [model];
  const kinked = models
    .flatMap((term) => ('activation' in term ? [createActivation(activationSpec(term.activation))] : []))
    .find(({ smooth }) => !smooth);
  return kinked === undefined
    ? condition(text, true, 'twice continuously differentiable in its parameters')
    : condition(text, false, `${kinked.name} has a kink`);
}

/** η times the sharpness at the start against 1/2. */
export function stepCondition({ curvature, start, stepSize }: Situation): Condition {
  const sharpness = curvature.at(start).sharpness();
  const product = (stepSize ?? Number.NaN) * sharpness;
  return condition(
    'a step well below 2/λ_max',
    product <= SMALL_STEP,
    `ηλ_max = ${inWords(product)} at the start, asked: at most ${SMALL_STEP}`,
  );
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, stepSize } = situation;
  const steps = experiment.stop.steps ?? 1;
  const eta = stepSize ?? Number.NaN;
  const conditions = [...outline.conditions, stepCondition(situation)];
  const runs = [...halvings(experiment, eta, steps).slice(1), ...halvings(experiment, eta, 1, 1)];
  let measured: readonly Halved[] | null = null;
  return {
    prediction: predictionOf(barrettDherin2021ModifiedLoss, outline, conditions),
    withoutReference: true,
    fixedTime: true,
    measures: ['loss', 'gradientNorm', 'sharpness', 'parameterNorm'],
    companions: runs,
    solve: () => Promise.resolve(null),
    judge: (trained, _reference, companions) => {
      measured = measure(situation, trained, companions, steps, eta);
      return judge(measured, trained, steps, experiment.expect?.tolerance ?? TOLERANCE);
    },
    figures: () =>
      measured === null ? [] : orderFigure('modified-flow-orders', 'Distance from the flows', '‖θ − θ(t)‖', halvedSteps(eta), measured),
  };
}

const halvedSteps = (eta: number): readonly number[] => Array.from({ length: HALVINGS }, (_, k) => eta / 2 ** k);

/** The same to the same time at η, η/2, …; or with `growth` 1 the same number of steps at each. */
function halvings(experiment: Experiment, eta: number, steps: number, growth = 2): readonly Experiment[] {
  const { optimizer } = experiment;
  if (optimizer.kind !== 'gradient-descent') return [];
  return halvedSteps(eta).map((stepSize, k) => ({
    ...experiment,
    optimizer: { ...optimizer, stepSize },
    stop: { steps: steps * growth ** k },
  }));
}

/** Null where a run or a flow has not come to its time. */
function measure(
  situation: Situation,
  trained: Trained,
  companions: readonly Trained[],
  steps: number,
  eta: number,
): readonly Halved[] | null {
  const { model, loss, data, start } = situation;
  const whole: readonly LossPart[] = [{ model, loss, targets: data.y, factor: 1 }];
  const long = [trained, ...companions.slice(0, HALVINGS - 1)];
  const short = companions.slice(HALVINGS - 1);
  if (long.length < HALVINGS || short.length < HALVINGS) return null;
  if (long.some((run, k) => run.steps !== steps * 2 ** k) || short.some((run) => run.steps !== 1)) return null;
  const against = (runs: readonly Trained[], modified: boolean, time: (k: number) => number): readonly number[] =>
    runs.map((run, k) => {
      const end = modifiedFlow(whole, modified ? eta / 2 ** k / 4 : 0, start, time(k));
      return end === null ? Number.NaN : distance(run.parameters, end);
    });
  const fixed = (): number => steps * eta;
  const single = (k: number): number => eta / 2 ** k;
  return [
    { name: 'against the flow', errors: against(long, false, fixed), order: 1 },
    { name: 'against the modified flow', errors: against(long, true, fixed), order: 2 },
    { name: 'one step against the flow', errors: against(short, false, single), order: 2 },
    { name: 'one step against the modified flow', errors: against(short, true, single), order: 3 },
  ];
}

export function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return Math.sqrt(sum);
}

function judge(measured: readonly Halved[] | null, trained: Trained, steps: number, tolerance: number): Verdict {
  const base = { result: ID, measure: 'largest deviation of the measured orders', tolerance };
  if (measured === null) {
    const says = `The run ended after ${countInWords(trained.steps)} of ${stepsInWords(steps)}: its halvings were not held against the flows.`;
    return { ...base, outcome: 'inconclusive', value: null, says };
  }
  return judgeOrders(base, measured);
}

/** Whether every measured order is the one that theory says. */
export function judgeOrders(
  base: { readonly result: string; readonly measure: string; readonly tolerance: number },
  measured: readonly Halved[],
): Verdict {
  const errors = measured.flatMap((each) => each.errors);
  if (errors.some(Number.isNaN)) {
    return { ...base, outcome: 'inconclusive', value: null, says: 'A flow could not be followed to the end of the run.' };
  }
  if (errors.some((error) => error < ROUNDING)) {
    return {
      ...base,
      outcome: 'inconclusive',
      value: null,
      says: 'The distances from the flows are too small to tell their order: a larger step or more of them would show their order.',
    };
  }
  const value = Math.max(...measured.map((each) => Math.abs(orderOf(each.errors) - each.order)));
  const agrees = value <= base.tolerance;
  const list = measured.map((each) => `${orderInWords(each)} (theory ${each.order})`).join('; ');
  const wild = measured.find((each) => !isSettled(each.errors));
  if (!agrees && (wild !== undefined || !measured.some(({ errors: each, order }) => speaksAgainst(each, order, base.tolerance)))) {
    const which = wild === undefined ? 'An order' : `The order ${wild.name}`;
    const says = `Distances at halved steps, ${list}. ${which} still changes: the steps are too large to tell it.`;
    return { ...base, outcome: 'inconclusive', value, says };
  }
  return { ...base, outcome: agrees ? 'agrees' : 'disagrees', value, says: `Distances at halved steps, ${list}.` };
}
