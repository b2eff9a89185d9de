/**
 * G. Vardi, O. Shamir, Implicit regularization in ReLU networks with the square loss, COLT 2021, PMLR 134.
 * Theorem 5: for a single ReLU neuron from w(0) = 0 every R(w) that is least at w(∞) among the zero-loss points, for all data sets with
 * three or more features, is constant on w ≠ 0: there is no implicit regularizer. Its proof: data sets with the same zero-loss points
 * (5, −1, s) whose flows end at different s. Theorem 8: for every non-decreasing σ and every start ‖w(∞) − w(0)‖ ≤ 2‖w* − w(0)‖,
 * w* the zero-loss point closest to the start; from the proof, ‖w(t) − w′‖ does not increase for any zero-loss w′.
 */
import type { Condition, Reference, Verdict } from '../protocol/report';
import { closestReluInterpolator } from '../solvers/relu-zero-loss';
import { SolverError, type Answer } from '../solvers/reference-problem';
import { relativeDistance } from '../measures/agreement';
import { norm2 } from '../numerics/vectors';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { VARDI_SHAMIR_2021 } from './vardi-shamir-2021-monotone-neuron';
import { condition, inWords } from './wording';

const ID = 'vardi-shamir-2021-relu-neuron';

/** The factor of Theorem 8. */
const FACTOR = 2;
/** Local errors of the flow, 10⁻⁹ a step, over at most some thousand steps. */
const ROUNDING = 1e-5;
/** A loss this small relative to ½‖y‖² counts as zero. */
const ZERO_LOSS = 1e-16;

export const vardiShamir2021ReluNeuron: PublishedResult = {
  id: ID,
  row: 'R13',
  title: 'Single ReLU neuron: no regularizer, and at most twice the least distance',
  statement:
    'Gradient flow on the square loss of x ↦ max(0, w·x) from w(0) = 0 minimises no function of w among the zero-loss points: data sets ' +
    'with the same zero-loss points end at different ones. What is proved, from any start, is a factor: where the loss goes to 0, ' +
    'w(∞) is at most twice as far from the start as the closest zero-loss point.',
  formula: 'no R with w(∞) ∈ argmin R over zero loss, but the constant;  ‖w(∞) − w(0)‖ ≤ 2‖w* − w(0)‖ and ‖w(∞) − w*‖ ≤ ‖w* − w(0)‖',
  status: 'negative',
  citation: { ...VARDI_SHAMIR_2021, locus: 'Theorems 5 and 8' },

  outline({ model, loss, optimizer }) {
    const relu =
      model.kind === 'neuron' && (model.activation === 'relu' || (typeof model.activation !== 'string' && model.activation.slope === 0));
    if (!relu || loss.kind !== 'square') return null;
    const flow = optimizer.kind === 'gradient-flow';
    return {
      regularizer: 'none',
      symbol: 'no regularizer; ‖w − w(0)‖ ≤ 2 · least',
      conditions: [condition('gradient flow', flow, flow ? 'gradient flow' : `${optimizer.kind}: the factor is proved for the flow`)],
      modelNote: 'no function of w explains where a ReLU neuron ends',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = vardiShamir2021ReluNeuron.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function examine(situation: Situation, outline: Outline): Examination {
  const { data, start } = situation;
  const conditions: Condition[] = [...outline.conditions];
  const negative = data.y.filter((label) => label < 0).length;
  conditions.push(
    condition(
      'labels ≥ 0',
      negative === 0,
      negative === 0 ? 'all' : `${negative} of ${data.samples} ${negative === 1 ? 'is' : 'are'} negative, which a ReLU never is`,
    ),
  );
  let closest: Answer | null = null;
  if (negative === 0) {
    try {
      closest = closestReluInterpolator(data.x, data.y, data.samples, data.features, start);
      conditions.push(condition('zero loss is possible', true, `the closest such point is ${inWords(closest.objective)} from the start`));
    } catch (error) {
      if (!(error instanceof SolverError)) throw error;
      conditions.push(condition('zero loss is possible', error.reason === 'infeasible' ? false : 'unknown', error.message));
    }
  }
  const on = activeAtStart(situation);
  conditions.push(
    condition(
      'a unit that is on for some sample with a positive label',
      on > 0,
      on > 0
        ? `on for ${on} of them at the start`
        : 'off for all of them at the start: the derivative at 0 is taken as 0, and such a unit is never drawn to them',
    ),
  );
  const answer = closest;
  return {
    prediction: predictionOf(vardiShamir2021ReluNeuron, outline, conditions),
    measures: ['loss', 'gradientNorm', 'parameterNorm'],
    companions: [],
    withoutReference: true,
    solve: () => Promise.resolve(answer === null ? null : referenceOf(answer)),
    judge: (trained, reference) => judge(trained, reference, situation),
  };
}

function activeAtStart({ data, start }: Situation): number {
  let on = 0;
  for (let i = 0; i < data.samples; i++) {
    let sum = 0;
    for (let j = 0; j < data.features; j++) sum += data.x[i * data.features + j] * start[j];
    if (data.y[i] > 0 && sum > 0) on++;
  }
  return on;
}

function referenceOf({ point, objective, certificate }: Answer): Reference {
  return {
    id: 'closest-zero-loss',
    title: 'Zero-loss point closest to the start (not predicted)',
    regularizer: 'l2-distance',
    predictor: Array.from(point),
    objective,
    certificate,
    role: 'compared',
  };
}

function judge(trained: Trained, reference: Reference | null, { experiment, data, start }: Situation): Verdict {
  const tolerance = experiment.expect?.tolerance ?? FACTOR;
  const base = {
    result: ID,
    measure: 'distance-ratio',
    tolerance,
    ...(experiment.expect?.tolerance === undefined && { limit: 'bound' as const }),
  };
  if (reference?.predictor == null) {
    return { ...base, outcome: 'inconclusive', value: null, says: 'There is no closest zero-loss point to compare with.' };
  }
  const w = trained.parameters;
  const closest = Float64Array.from(reference.predictor);
  const least = reference.objective;
  const moved = norm2(w.map((value, j) => value - start[j]));
  const value = least > 0 ? moved / least : moved > 0 ? Infinity : 1;
  const ball = norm2(w.map((t, j) => t - closest[j])) / (least || 1);
  const scale = 0.5 * data.y.reduce((sum, label) => sum + label * label, 0);
  if (!(trained.loss <= ZERO_LOSS * scale)) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      says: `The loss is ${inWords(trained.loss)}, not 0; the factor is proved where it goes to 0.`,
    };
  }
  const where =
    `w is ${inWords(value, 6)} times as far from the start as the closest zero-loss point, and ${inWords(relativeDistance(w, closest))} ` +
    `(relatively) away from that point`;
  return value <= tolerance + ROUNDING && ball <= 1 + ROUNDING
    ? { ...base, outcome: 'agrees', value, says: `${where}: within the factor 2, which is all that is known.` }
    : { ...base, outcome: 'disagrees', value, says: `${where}: outside of what the theorem allows.` };
}
