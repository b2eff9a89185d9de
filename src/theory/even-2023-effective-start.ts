/**
 * M. Even, S. Pesme, S. Gunasekar, N. Flammarion, (S)GD over diagonal linear networks: implicit bias, large stepsizes and edge of stability, NeurIPS 2023; for
 * stochastic gradient flow S. Pesme, L. Pillaud-Vivien, N. Flammarion, Implicit bias of SGD for diagonal linear networks: a provable benefit of stochasticity, NeurIPS 2021.
 *
 * One step on x ↦ (u² − v²)·x multiplies u by 1 − 2ηg and v by 1 + 2ηg, g the gradient in w of the loss on the batch. So
 *   u_T v_T = u_0 v_0 Π_t (1 − 4η²g_t²),
 * where the flow would conserve it, and ln(u_T/v_T) − ln(u_0/v_0) = −2 Σ artanh(2ηg_t) = −4η Σ g_t + O(η²), the sum in the row space of X. With |2ηg| < 1 the limit
 * therefore minimises the potential of the flow with α² replaced by α_eff² = u_T v_T, up to a perturbation of the start that is of second order in η (the theorem
 * has it exactly), where the potential of the flow itself is off by first order.
 *
 * Stochastic gradient flow has α_eff in closed form, up to the integral of the loss: α_j exp(−4η H_jj ∫ℒ dt), H = XᵀX/n (ℒ the mean of ½r²; the paper has a quarter in
 * place of the half, hence twice the step and the time, and writes 2γ). It is the product above for batches of one sample, −ln(1 − 4η²r_i²x_ij²) ≈ 4η²r_i²x_ij² in the mean
 * over i, with r_i² replaced by its mean 2ℒ: the noise of that flow is the same for every sample by definition. So no step size is small enough for SGD to have exactly
 * this α_eff, and it is drawn beside the measured one, which the verdict rests on.
 */
import type { Experiment } from '../experiment/schema';
import { relativeDistance } from '../measures/agreement';
import type { Figure, Verdict } from '../protocol/report';
import { minimumPotential } from '../solvers/potential';
import { SolverError } from '../solvers/reference-problem';
import { interpolationCondition } from './interpolation';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { plainStepsCondition, squareLossOf } from './settled-minimum';
import { tiedDiagonalPotential } from './tied-diagonal-potential';
import { condition, countInWords, inWords } from './wording';

const ID = 'even-2023-effective-start';
/** The accuracy to which a limit of descent is known: below it there is no order to be seen. */
const FLOOR = 1e-6;
/** Half the step leaves a half of a deviation of first order and a quarter of one of second order: 2^(−3/2) lies between. */
const SECOND_ORDER = Math.pow(2, -1.5);
const FIRST_ORDER = 0.5;
/** Beyond this a deviation is no perturbation, and orders say nothing. */
const LARGEST_DEVIATION = 0.2;

export const even2023EffectiveStart: PublishedResult = {
  id: ID,
  row: 'S4',
  title: 'Diagonal network with finite steps: an effective start',
  statement:
    'Gradient descent and SGD on x ↦ (u² − v²)·x shrink u∘v, which the flow conserves. Where they end is the minimiser of the potential of the flow with the start ' +
    'replaced by what is left of it, up to second order in the step: finite steps and noise act like a smaller start, coordinate by coordinate.',
  formula: 'w(∞) = argmin ψ_α(w) s.t. Xw = y with α² = u(∞)∘v(∞) = α₀² Π (1 − 4η²g_t²), up to O(η²)',
  status: 'theorem',
  citation: {
    authors: 'Mathieu Even, Scott Pesme, Suriya Gunasekar, Nicolas Flammarion',
    year: 2023,
    title: '(S)GD over Diagonal Linear Networks: Implicit Bias, Large Stepsizes and Edge of Stability',
    venue: 'Advances in Neural Information Processing Systems 36',
    url: 'https://arxiv.org/abs/2302.08982',
  },

  outline(experiment) {
    const { model } = experiment;
    if (model.kind !== 'diagonal' || !model.tied || model.depth !== 2 || !squareLossOf(experiment)) return null;
    return {
      regularizer: 'hypentropy',
      symbol: 'min ψ_α(w) s.t. Xw = y, α² = u(∞)∘v(∞)',
      conditions: [plainStepsCondition(experiment.optimizer)],
      modelNote: null,
      optimizerNote: 'finite steps shrink the effective start',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = even2023EffectiveStart.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function halvedStep(experiment: Experiment, stepSize: number | null): readonly Experiment[] {
  const { optimizer, stop } = experiment;
  if (stepSize === null || (optimizer.kind !== 'sgd' && optimizer.kind !== 'gradient-descent')) return [];
  const changed = stop.steps === undefined ? stop : { ...stop, steps: 2 * stop.steps };
  const slower = optimizer.kind === 'sgd' ? optimizer : { ...optimizer, warmup: 2 * optimizer.warmup };
  return [{ ...experiment, optimizer: { ...slower, stepSize: stepSize / 2 }, stop: changed }];
}

function examine(situation: Situation, outline: Outline): Examination {
  const { facts, start, model, experiment, stepSize } = situation;
  const dead = start.filter((value) => !(Math.abs(value) > 0)).length;
  const conditions = [
    ...outline.conditions,
    condition(
      'a start with every u, v ≠ 0',
      dead === 0,
      dead === 0 ? 'no entry is 0' : `${dead} of ${countInWords(model.parameterCount)} entries are 0 and never move`,
    ),
    interpolationCondition(facts, 'w'),
  ];
  const applies = conditions.every(({ holds }) => holds === true);
  return {
    prediction: predictionOf(even2023EffectiveStart, outline, conditions),
    withoutReference: true,
    measures: ['loss', 'gradientNorm', 'l1Norm', 'l2Norm', 'invariantDrift'],
    companions: applies ? halvedStep(experiment, stepSize) : [],
    solve: () => Promise.resolve(null),
    judge: (trained, _reference, companions) => judge(trained, companions.at(0) ?? null, situation),
    figures: (trained) => startFigure(trained, situation),
  };
}

/** u∘v at θ; null where a step has jumped over 0. */
function products(theta: Float64Array): Float64Array | null {
  const d = theta.length / 2;
  const c = Float64Array.from({ length: d }, (_, j) => theta[j] * theta[d + j]);
  return c.every((value) => value > 0) ? c : null;
}

/** Minimiser of the potential that has the products `c` and the ratios u/v of the start. */
function minimiser({ facts, data, start }: Situation, c: Float64Array): Float64Array {
  const d = c.length;
  const root = Float64Array.from({ length: d }, (_, j) => Math.sqrt(Math.abs(start[j] / start[d + j])));
  const u = c.map((value, j) => Math.sqrt(value) * root[j]);
  const v = c.map((value, j) => Math.sqrt(value) / root[j]);
  return minimumPotential(tiedDiagonalPotential(2, u, v), facts.inputs, data.y, data.samples, facts.width).point;
}

function judge(trained: Trained, half: Trained | null, situation: Situation): Verdict {
  const base = { result: ID, measure: 'deviation at η/2 against η', value: null, tolerance: SECOND_ORDER };
  const open = (says: string): Verdict => ({ ...base, outcome: 'inconclusive', says });
  if (trained.predictor === null || trained.outcome !== 'converged') return open('The run ended before it reached a solution of Xw = y.');
  const atStart = products(situation.start.map(Math.abs));
  const atEnd = products(trained.parameters);
  const atHalf = half === null ? null : products(half.parameters);
  if (atStart === null || atEnd === null)
    return open('A step has carried u or v over 0: |2ηg| was above 1, where the result does not reach.');
  if (half?.predictor == null || half.outcome !== 'converged' || atHalf === null)
    return open('The companion at half the step did not reach a solution of Xw = y.');
  let flow: Float64Array;
  let whole: number;
  let left: number;
  try {
    flow = minimiser(situation, atStart);
    whole = relativeDistance(trained.predictor, minimiser(situation, atEnd));
    left = relativeDistance(half.predictor, minimiser(situation, atHalf));
  } catch (error) {
    if (error instanceof SolverError) return open(error.message);
    throw error;
  }
  const ratios = atEnd.map((value, j) => Math.sqrt(value / atStart[j]));
  const mean = ratios.reduce((sum, value) => sum + value, 0) / ratios.length;
  const value = left / whole;
  const seen =
    `α_eff/α is ${inWords(mean)} on average, ${inWords(Math.min(...ratios))} at least. w is ${inWords(whole)} from the minimiser of the potential with α_eff, ` +
    `${inWords(relativeDistance(trained.predictor, flow))} from that of the flow; with η/2 ${inWords(left)} and ${inWords(relativeDistance(half.predictor, flow))}`;
  const tolerance = situation.experiment.expect?.tolerance ?? SECOND_ORDER;
  if (left <= FLOOR || value <= tolerance)
    return { ...base, outcome: 'agrees', value, tolerance, says: `${seen}: the deviation is of second order.` };
  if (whole > LARGEST_DEVIATION)
    return { ...base, outcome: 'inconclusive', value, tolerance, says: `${seen}: the step is too large to speak of orders.` };
  if (value < FIRST_ORDER) return { ...base, outcome: 'inconclusive', value, tolerance, says: `${seen}: between first and second order.` };
  return { ...base, outcome: 'disagrees', value, tolerance, says: `${seen}: it does not shrink like a deviation of second order.` };
}

/**
 * α_eff/α of stochastic gradient flow by coordinate, from the ∫ℒ dt of this run; null where SGD is not what that flow models: batches of
 * one sample, all of them equally often.
 */
export function stochasticFlowRatios(
  { experiment: { optimizer, loss }, data, stepSize }: Pick<Situation, 'experiment' | 'data' | 'stepSize'>,
  trajectory: Trained['trajectory'],
): readonly number[] | null {
  if (optimizer.kind !== 'sgd' || optimizer.batchSize !== 1 || typeof optimizer.sampling !== 'string' || stepSize === null) return null;
  const { time, loss: losses } = trajectory;
  let integral = 0;
  for (let k = 1; k < time.length; k++) integral += ((losses[k] + losses[k - 1]) / 2) * (time[k] - time[k - 1]);
  // The gradient of a batch stands for all samples: n times as long with a summed loss, which is n times the mean.
  const rate = 4 * stepSize * (loss.reduction === 'sum' ? data.samples : 1) * integral;
  return Array.from({ length: data.features }, (_, j) => {
    let square = 0;
    for (let i = 0; i < data.samples; i++) square += data.x[i * data.features + j] ** 2;
    return Math.exp((-rate * square) / data.samples);
  });
}

function startFigure({ parameters, trajectory }: Trained, situation: Situation): readonly Figure[] {
  const { start } = situation;
  const before = products(start.map(Math.abs));
  const after = products(parameters);
  if (before === null || after === null) return [];
  const ratios = Array.from(after, (value, j) => Math.sqrt(value / before[j]));
  const flow = stochasticFlowRatios(situation, trajectory);
  const features = ratios.map((_, j) => j + 1);
  const meanLog = (values: readonly number[]): string => inWords(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
  return [
    {
      kind: 'chart',
      id: 'effective-start',
      title: 'What is left of the start, by coordinate',
      says: `α_eff/α lies between ${inWords(Math.min(...ratios))} and ${inWords(Math.max(...ratios))}; a flow would leave 1.${
        flow === null
          ? ''
          : ` Stochastic gradient flow (Pesme, Pillaud-Vivien and Flammarion 2021) leaves exp(−4η H_jj ∫ℒ dt), between ${inWords(Math.min(...flow))} and ` +
            `${inWords(Math.max(...flow))}; its logarithm is ${meanLog(flow)} on average, where ${meanLog(ratios)} was measured.`
      }`,
      x: { label: 'feature j', scale: 'linear' },
      y: { label: 'α_eff/α', scale: 'linear' },
      series: [
        { name: 'α_eff/α', style: 'bars', x: features, y: ratios },
        ...(flow === null ? [] : [{ name: 'stochastic gradient flow', style: 'points' as const, x: features, y: flow }]),
      ],
    },
  ];
}
