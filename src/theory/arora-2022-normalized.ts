/**
 * S. Arora, Z. Li, A. Panigrahi, Understanding Gradient Descent on the Edge of Stability in Deep Learning, ICML 2022 (arXiv:2205.09745).
 *
 * Near the manifold Γ of minimisers, descent with steps of fixed length η (divided by the gradient norm) and descent on √ℒ never settle:
 * they oscillate across Γ along the top eigenvector and drift along Γ. With τ = η²·steps the drift follows, up to O(η),
 *     steps divided by ‖∇ℒ‖:  X′ = −¼ P∇ log λ₁(∇²ℒ(X)),      on √ℒ:  X′ = −⅛ P∇λ₁(∇²ℒ(X)),
 * from the point at which the gradient flow arrives. The stableness s_t = η_t λ₁, η_t the step that is effectively taken on ℒ, has
 * 1/s_t + 1/s_{t+1} = 1 + O(η): its harmonic mean over two steps is 2. The theorem adds a small perturbation now and then; the runs
 * here have none, and the oscillation excites the unstable direction by itself.
 */
import type { Experiment } from '../experiment/schema';
import { distance2, norm2 } from '../numerics/vectors';
import type { Figure, Verdict } from '../protocol/report';
import { MinimiserFlow, type SharpnessAt } from '../solvers/minimiser-flow';
import { SolverError } from '../solvers/reference-problem';
import { parameterPlane, PLANE_MEASURES } from './parameter-plane';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, countInWords, inWords } from './wording';

const ID = 'arora-2022-normalized';

/** Of the sharpness, within one step: the theorem is about small η, and its error is of this order. */
const SMALL_STEP = 0.05;
/**
 * The theorem leaves O(η) between iterate and flow, without a constant: the oscillation alone is half a step, and the speed of the
 * drift is right to about the change of the sharpness within a step. A run that is further away is held against one with twice the step: what is of first order
 * in the step is as many steps there, and goes when both are extrapolated to η → 0.
 */
const STEPS_AWAY = 1;
const SHARE_AWAY = SMALL_STEP;
/** Moved by less than so many steps, the law is not told from no motion, or from half the speed. */
const TELLING = 10;
/** The Jacobian is decomposed in every step of the flow: a fraction of a millisecond up to this. */
const MOST_PARAMETERS = 300;
/** λ₂/λ₁ at which the top eigenvalue counts as simple. */
const SIMPLE = 0.99;
const REGULAR = 1e-6;

type Way = 'gradient' | 'sqrt-loss';

const LAWS = {
  gradient: { of: 'log-sharpness', rate: 1 / 4, formula: 'X′ = −¼ P∇ log λ₁' },
  'sqrt-loss': { of: 'sharpness', rate: 1 / 8, formula: 'X′ = −⅛ P∇λ₁' },
} as const;

export const arora2022Normalized: PublishedResult = {
  id: ID,
  row: 'S9',
  title: 'Normalised descent, and descent on √ℒ: a drift along the minimisers that lowers the sharpness',
  statement:
    'Gradient descent with steps divided by the gradient norm, and gradient descent on √ℒ, reach the minimisers, oscillate across them along the top ' +
    'eigenvector of the Hessian, and drift along them: τ = η² · steps is the time of a flow that lowers λ₁, or its logarithm. Two stableness values in a row have harmonic mean 2.',
  formula: 'X′(τ) = −¼ P∇ log λ₁(X) (by ‖∇ℒ‖),  X′(τ) = −⅛ P∇λ₁(X) (on √ℒ),  τ = η²t;  1/s_t + 1/s_{t+1} = 1 + O(η)',
  status: 'theorem',
  citation: {
    authors: 'Sanjeev Arora, Zhiyuan Li, Abhishek Panigrahi',
    year: 2022,
    title: 'Understanding Gradient Descent on the Edge of Stability in Deep Learning',
    venue: 'International Conference on Machine Learning, PMLR 162',
    url: 'https://proceedings.mlr.press/v162/arora22a.html',
  },

  outline(experiment) {
    const way = wayOf(experiment);
    if (way === null || experiment.loss.kind !== 'square' || experiment.model.kind === 'linear') return null;
    const { optimizer } = experiment;
    const momentum = optimizer.kind === 'gradient-descent' ? optimizer.momentum : 0;
    return {
      regularizer: 'sharpness',
      symbol: `drift along the minimisers, ${LAWS[way].formula}`,
      conditions: [condition('no momentum', momentum === 0, momentum === 0 ? 'β = 0' : `β = ${momentum}`)],
      modelNote: null,
      optimizerNote: 'never settles: oscillates across the minimisers and moves to flatter ones',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = arora2022Normalized.outline(situation.experiment);
    const way = wayOf(situation.experiment);
    return Promise.resolve(outline === null || way === null ? null : examine(situation, outline, way));
  },
};

function wayOf({ optimizer }: Experiment): Way | null {
  if (optimizer.kind !== 'gradient-descent') return null;
  return optimizer.normalize === 'gradient' || optimizer.normalize === 'sqrt-loss' ? optimizer.normalize : null;
}

/** The minimisers near the start, as the theorem sees them. */
interface Valley {
  readonly flow: MinimiserFlow;
  readonly way: Way;
  readonly eta: number;
  /** Where the gradient flow arrives. */
  readonly arrival: Float64Array;
  readonly there: SharpnessAt;
  /** Length of a step: η, or η‖∇√ℒ‖ = η√(λ₁/2). */
  readonly step: number;
}

function examine(situation: Situation, outline: Outline, way: Way): Examination {
  const { model, data, loss } = situation;
  const small = model.parameterCount <= MOST_PARAMETERS && model.outputsPerSample === 1;
  const smooth = model.kinks === undefined;
  const before = [
    condition('a smooth model', smooth, smooth ? model.kind : 'the activation has kinks'),
    condition(
      'more parameters than samples: the minimisers form a manifold',
      model.parameterCount > data.samples,
      `${countInWords(model.parameterCount)} parameters, ${data.samples} samples`,
    ),
    condition(
      'small enough to follow the flow',
      small ? true : 'unknown',
      `${countInWords(model.parameterCount)} parameters, at most ${countInWords(MOST_PARAMETERS)}`,
    ),
  ];
  const possible = [...outline.conditions, ...before].every(({ holds }) => holds === true);
  const valley = possible
    ? valleyOf(situation, way, new MinimiserFlow(model, data.y, loss.reduction === 'mean' ? 1 / data.samples : 1))
    : null;
  const conditions = [...outline.conditions, ...before, ...(possible ? manifoldConditions(valley) : [])];
  return {
    prediction: predictionOf(arora2022Normalized, outline, conditions),
    withoutReference: true,
    fixedTime: true,
    measures: ['loss', 'gradientNorm', 'parameterNorm', ...PLANE_MEASURES],
    companions: valley === null ? [] : doubledStep(situation.experiment, valley.eta),
    solve: () => Promise.resolve(null),
    judge: (trained, _reference, companions) => judge(trained, companions.at(0) ?? null, valley, situation),
    figuresAtEnd: true,
    figures: (trained) => [...parameterPlane(situation, trained), ...(valley === null ? [] : driftFigure(trained, valley))],
  };
}

function valleyOf({ start, stepSize }: Situation, way: Way, flow: MinimiserFlow): Valley | null {
  const eta = stepSize ?? Number.NaN;
  try {
    const arrival = flow.arrival(start);
    const there = flow.sharpness(arrival);
    return { flow, way, eta, arrival, there, step: stepLength(way, eta, there.value) };
  } catch (error) {
    if (error instanceof SolverError) return null;
    throw error;
  }
}

function stepLength(way: Way, eta: number, sharpness: number): number {
  return way === 'gradient' ? eta : eta * Math.sqrt(sharpness / 2);
}

function manifoldConditions(valley: Valley | null): ReturnType<typeof condition>[] {
  if (valley === null)
    return [condition('the gradient flow arrives at zero loss', 'unknown', 'it was not followed to a point of zero loss')];
  const { there, step } = valley;
  const change = (step * norm2(there.gradient)) / there.value;
  return [
    condition('the gradient flow arrives at zero loss', true, `where λ₁ = ${inWords(there.value, 5)}`),
    condition(
      'there the Hessian has the rank of the number of samples',
      there.regularity > REGULAR,
      `singular values of the Jacobian down to ${inWords(there.regularity)} of the largest`,
    ),
    condition('its top eigenvalue is simple', there.second < SIMPLE, `λ₂/λ₁ = ${inWords(there.second)}`),
    condition(
      'a small step: within it the sharpness changes by little',
      change <= SMALL_STEP,
      `‖∇ log λ₁‖ times the length ${inWords(step)} of a step is ${inWords(change)}, at most ${SMALL_STEP}`,
    ),
  ];
}

/** The same to the same τ with twice the step: a quarter of the steps. */
function doubledStep(experiment: Experiment, eta: number): readonly Experiment[] {
  const { optimizer, stop } = experiment;
  if (optimizer.kind !== 'gradient-descent' || stop.steps === undefined || stop.steps < 4) return [];
  return [{ ...experiment, optimizer: { ...optimizer, stepSize: 2 * eta }, stop: { steps: Math.round(stop.steps / 4) } }];
}

/** From the flow at τ to the exact fit next to the end of a run. */
function departure({ parameters, steps }: Trained, eta: number, { flow, way, arrival }: Valley): Float64Array {
  const predicted = flow.drift(arrival, LAWS[way].of, LAWS[way].rate, eta * eta * steps);
  return flow.nearest(parameters).map((value, j) => value - predicted[j]);
}

/** What is left of the departure, in steps, when it is extrapolated from η and 2η to η → 0; null without a companion that can be compared. */
function extrapolated(trained: Trained, doubled: Trained | null, valley: Valley, step: number): number | null {
  if (doubled === null || doubled.outcome === 'diverged') return null;
  try {
    const once = departure(trained, valley.eta, valley);
    const twice = departure(doubled, 2 * valley.eta, valley);
    return norm2(once.map((value, j) => 2 * value - twice[j])) / step;
  } catch (error) {
    if (error instanceof SolverError) return null;
    throw error;
  }
}

function judge(trained: Trained, doubled: Trained | null, valley: Valley | null, situation: Situation): Verdict {
  const open = { result: ID, measure: 'distance from the flow, in steps', value: null, tolerance: null };
  if (valley === null) return { ...open, outcome: 'inconclusive', says: 'The flow along the minimisers was not found.' };
  const { flow, way, eta, arrival, there } = valley;
  const tau = eta * eta * trained.steps;
  let predicted: Float64Array;
  let reached: Float64Array;
  try {
    predicted = flow.drift(arrival, LAWS[way].of, LAWS[way].rate, tau);
    reached = flow.nearest(trained.parameters);
  } catch (error) {
    if (error instanceof SolverError) return { ...open, outcome: 'inconclusive', says: `Not comparable: ${error.message}.` };
    throw error;
  }
  const [now, foreseen] = [flow.sharpness(reached).value, flow.sharpness(predicted).value];
  const step = stepLength(way, eta, foreseen);
  const value = distance2(reached, predicted) / step;
  const moved = distance2(predicted, arrival) / step;
  const tolerance = Math.max(STEPS_AWAY, SHARE_AWAY * moved);
  const base = { ...open, value, tolerance };
  const pair = stableness(trained.parameters, valley, situation);
  const off = Math.abs(1 / pair[0] + 1 / pair[1] - 1);
  const says =
    `At τ = ${inWords(tau)} the sharpness of the minimiser has come from ${inWords(there.value, 5)} to ${inWords(now, 5)}, the flow foresees ` +
    `${inWords(foreseen, 5)}: ${inWords(value)} steps apart after ${inWords(moved)}. The stableness of two steps is ${inWords(pair[0])} and ` +
    `${inWords(pair[1])}, with harmonic mean ${inWords(2 / (1 / pair[0] + 1 / pair[1]), 5)}`;
  if (moved < TELLING) return { ...base, outcome: 'inconclusive', says: `${says}. The flow has moved too little to tell.` };
  if (off > SMALL_STEP) return { ...base, outcome: 'disagrees', says: `${says}: a mean of 2 is missed.` };
  if (value <= tolerance) return { ...base, outcome: 'agrees', says: `${says}.` };
  const left = extrapolated(trained, doubled, valley, step);
  if (left === null) return { ...base, outcome: 'disagrees', says: `${says}: the law of the drift is missed.` };
  const both = `${says}; extrapolated from η and 2η to η → 0 they are ${inWords(left)} steps apart`;
  return left <= tolerance
    ? { ...base, value: left, outcome: 'agrees', says: `${both}: the deviation is that of the finite step.` }
    : { ...base, value: left, outcome: 'disagrees', says: `${both}: the law of the drift is missed.` };
}

/** s = η_t λ₁ at the end of the run and one step later. */
function stableness(theta: Float64Array, { way, eta }: Valley, { objective, curvature }: Situation): readonly [number, number] {
  const gradient = new Float64Array(theta.length);
  const point = Float64Array.from(theta);
  const next = (): number => {
    const loss = objective.gradient(point, gradient);
    const effective = eta / (way === 'gradient' ? norm2(gradient) : 2 * Math.sqrt(loss));
    const s = effective * curvature.at(point).sharpness();
    for (let j = 0; j < point.length; j++) point[j] -= effective * gradient[j];
    return s;
  };
  return [next(), next()];
}

/** Points of the run whose minimisers are drawn. */
const DRAWN = 24;

/** The sharpness over τ: by the flow, and of the minimisers next to the run; of more than two parameters only its end is known. */
function driftFigure(trained: Trained, { flow, way, eta, arrival }: Valley): readonly Figure[] {
  const tau = eta * eta * trained.steps;
  const line = { x: [] as number[], y: [] as number[] };
  const points = { x: [] as number[], y: [] as number[] };
  try {
    flow.drift(arrival, LAWS[way].of, LAWS[way].rate, tau, (time, at) => {
      line.x.push(time);
      line.y.push(flow.sharpness(at).value);
    });
    for (const { step, theta } of momentsOf(trained)) {
      points.x.push(eta * eta * step);
      points.y.push(flow.sharpness(flow.nearest(theta)).value);
    }
  } catch (error) {
    if (error instanceof SolverError) return [];
    throw error;
  }
  const last = line.y.length - 1;
  return [
    {
      kind: 'chart',
      id: 'sharpness-drift',
      title: 'The sharpness along the minimisers',
      says: `The flow ${LAWS[way].formula} lowers λ₁ from ${inWords(line.y[0], 5)} to ${inWords(line.y[last], 5)}; the run ends at ${inWords(points.y[points.y.length - 1], 5)}.`,
      x: { label: 'τ = η² · steps', scale: 'linear' },
      y: { label: 'λ₁', scale: 'linear' },
      series: [
        { name: 'limiting flow', style: 'line', ...line },
        { name: 'minimiser next to the run', style: 'points', ...points },
      ],
    },
  ];
}

/** Evenly spaced moments of a run of two parameters, and the end of every run. */
function momentsOf({ trajectory, parameters, steps }: Trained): readonly { readonly step: number; readonly theta: Float64Array }[] {
  const end = { step: steps, theta: parameters };
  const [first, second, at] = [trajectory['parameter1'], trajectory['parameter2'], trajectory['step']];
  if (first === undefined || second === undefined) return [end];
  const moments = [];
  for (let k = 0, next = steps / DRAWN; k < at.length && at[k] < steps; k++) {
    if (at[k] < next) continue;
    moments.push({ step: at[k], theta: Float64Array.of(first[k], second[k]) });
    next = at[k] + steps / DRAWN;
  }
  return [...moments, end];
}
