/**
 * S. S. Du, W. Hu, J. D. Lee, Algorithmic regularization in learning deep homogeneous models: layers are automatically balanced, NeurIPS 2018.
 * The gradient flow conserves the differences of the squared norms of neighbouring layers (`conservation.ts`); gradient descent lets them
 * drift by η²(‖∂ℒ/∂in‖² − p‖∂ℒ/∂out‖²) a step, exactly, since the terms of first order cancel: by O(η) over a fixed time.
 *
 * The order is measured: the run is repeated at η/2 and η/4 to the same time. A difference that the flow does not conserve does not
 * shrink with the step.
 *
 * B is quadratic, so a step along any g that is a sum of sample gradients changes it by η²B(g) alone. Label noise of ±δ adds (δ/|B|)Σ ±∇f_i to the
 * gradient of a mean loss, and η²δ²/|B| times the mean of B(∇f_i) to the drift of every step, at a minimum of zero loss too: over a fixed time that is O(η)
 * again, over the time 1/η that SGD takes along its minima it is all of B. For u·v·x it is −ηδ²x²B a unit of time: the noise balances the layers.
 */
import type { Experiment } from '../experiment/schema';
import { balanceDrift, conservationOf } from '../measures/conservation';
import { norm2 } from '../numerics/vectors';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { orderFigure, orderOf, ordersOf, type Halved, speaksAgainst } from './halved-steps';
import { plainDescentCondition } from './plain-descent';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, countInWords, inWords, stepsInWords } from './wording';

const ID = 'du-2018-balance';

const HALVINGS = 3;
/** The order is 1 or, without conservation, 0; extrapolated from two halvings it is known to second order in η. */
const TOLERANCE = 0.1;
/** A drift below this, relative to ‖θ‖², is rounding. */
const ROUNDING = Number.EPSILON;
/** Rounding of the balance itself, in steps. */
const FEW_STEPS = 50;
/** Runs with more steps are made to converge; their repetitions would take long. */
const MOST_STEPS = 20_000;

/** Entries of the gradients of all outputs. */
const MOST_GRADIENTS = 5e6;

const LAYERED = ['linear-network', 'linear-convolution', 'network', 'matrix-factorization'];

export const du2018Balance: PublishedResult = {
  id: ID,
  row: 'A3',
  title: 'Neighbouring layers keep their balance',
  statement:
    'Gradient flow on a network of homogeneous layers conserves the difference of the squared norms of what goes into a unit, its bias counted, ' +
    'and what comes out of it; between linear layers the whole matrix. Layers that start balanced stay so. Gradient descent lets it drift by O(η) over a fixed time.',
  formula: 'd/dt (‖inⱼ‖² + bⱼ² − p‖outⱼ‖²) = 0 for σ(cz) = c^p σ(z);  d/dt (Wₖ₊₁ᵀWₖ₊₁ − WₖWₖᵀ) = 0 between linear layers',
  status: 'theorem',
  citation: {
    authors: 'Simon S. Du, Wei Hu, Jason D. Lee',
    year: 2018,
    title: 'Algorithmic Regularization in Learning Deep Homogeneous Models: Layers are Automatically Balanced',
    venue: 'Advances in Neural Information Processing Systems 31',
    url: 'https://arxiv.org/abs/1806.00900',
  },

  outline(experiment) {
    const { optimizer, model, stop } = experiment;
    if (!asksFor(experiment)) return null;
    if (optimizer.kind !== 'sgd' && (optimizer.kind !== 'gradient-descent' || stop.steps === undefined || stop.steps > MOST_STEPS))
      return null;
    if (!LAYERED.includes(model.kind) && (model.kind !== 'diagonal' || model.tied)) return null;
    if (model.kind === 'network' && model.trainable === 'first') return null;
    return {
      regularizer: 'none',
      symbol: 'balance of the layers, kept to O(η)',
      conditions: [optimizer.kind === 'sgd' ? noiseCondition('every batch drifts it anew') : plainDescentCondition(optimizer)],
      modelNote: 'the flow keeps the balance of neighbouring layers',
      optimizerNote: 'a finite step lets the balance drift by O(η)',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = du2018Balance.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** It speaks of almost every descent, so a file says that it wants to hear: by the measure, or by name. */
function asksFor({ record, expect }: Experiment): boolean {
  return record.measures?.includes('balanceDrift') === true || expect?.result === ID;
}

const noiseCondition = (because: string): Condition => condition('plain gradient descent', false, `sgd: ${because}`);

/**
 * ‖E ΔB‖/‖θ‖² a unit of time that label noise adds at θ, largest over the pairs of layers; null without label noise on a square loss, and where the
 * gradients of all outputs are too many to look at.
 */
export function labelNoiseDrift(
  { experiment: { optimizer, loss }, model, stepSize }: Pick<Situation, 'experiment' | 'model' | 'stepSize'>,
  theta: Float64Array,
): number | null {
  const conservation = conservationOf(model);
  const { samples, outputsPerSample, parameterCount } = model;
  const rows = samples * outputsPerSample;
  if (optimizer.kind !== 'sgd' || loss.kind !== 'square' || conservation === null || stepSize === null) return null;
  if (optimizer.labelNoise === 0 || rows * parameterCount > MOST_GRADIENTS) return null;
  const jacobian = new Float64Array(rows * parameterCount);
  model.jacobian(theta, jacobian);
  const means = conservation.of(theta).map((of) => new Float64Array(of.length));
  for (let i = 0; i < rows; i++) {
    const drift = conservation.of(jacobian.subarray(i * parameterCount, (i + 1) * parameterCount));
    means.forEach((mean, k) => drift[k].forEach((value, j) => (mean[j] += value / samples)));
  }
  // A batch of a summed loss stands for all samples: n times the mean.
  const scale = loss.reduction === 'sum' ? samples * samples : 1;
  const variance = (scale * optimizer.labelNoise ** 2) / Math.min(optimizer.batchSize, samples);
  return (stepSize * variance * means.reduce((most, mean) => Math.max(most, norm2(mean)), 0)) / norm2(theta) ** 2;
}

/** The conditions of the file, with the drift of label noise in numbers. */
function optimizerConditions(situation: Situation, outline: Outline): readonly Condition[] {
  const drift = labelNoiseDrift(situation, situation.start);
  return drift === null
    ? outline.conditions
    : [noiseCondition(`label noise drifts it, at the start by ${inWords(drift)} of ‖θ‖² a unit of time, and goes on at a minimum`)];
}

function examine(situation: Situation, outline: Outline): Examination | null {
  const { experiment, model, stepSize } = situation;
  const conservation = conservationOf(model);
  if (conservation === null) return null;
  const steps = experiment.stop.steps ?? 1;
  const eta = stepSize ?? Number.NaN;
  const { law, holds, because } = conservation;
  const conditions = [
    ...optimizerConditions(situation, outline),
    condition('layers that are linear or homogeneous', holds, holds ? `conserved: ${law}` : because),
  ];
  let measured: Halved | null = null;
  const sizes = Array.from({ length: HALVINGS }, (_, k) => eta / 2 ** k);
  return {
    prediction: predictionOf(du2018Balance, outline, conditions),
    withoutReference: true,
    fixedTime: true,
    measures: ['loss', 'gradientNorm', 'balanceDrift', 'parameterNorm'],
    companions: sizes.slice(1).map((size, k) => repeated(experiment, size, steps * 2 ** (k + 1))),
    solve: () => Promise.resolve(null),
    judge: (trained, _reference, companions) => {
      const runs = [trained, ...companions];
      if (haveCommonTime(runs, steps)) measured = driftOf(situation, runs);
      return judge(measured, trained, steps, experiment.expect?.tolerance ?? TOLERANCE);
    },
    figures: (trained) => [
      ...driftFigure(trained, law),
      ...(measured === null ? [] : orderFigure('balance-order', 'Drift of the balance at halved steps', '‖ΔB‖/‖θ‖²', sizes, [measured])),
    ],
  };
}

function repeated(experiment: Experiment, stepSize: number, steps: number): Experiment {
  const { optimizer } = experiment;
  return optimizer.kind === 'gradient-descent' ? { ...experiment, optimizer: { ...optimizer, stepSize }, stop: { steps } } : experiment;
}

/** The drift at η, η/2 and η/4. */
function driftOf({ model, start }: Situation, runs: readonly Trained[]): Halved {
  return { name: 'drift of the balance', errors: runs.map((run) => balanceDrift(model, run.parameters, start)), order: 1 };
}

function haveCommonTime(runs: readonly Trained[], steps: number): boolean {
  return runs.length === HALVINGS && runs.every((run, k) => run.steps === steps * 2 ** k);
}

function judge(drift: Halved | null, trained: Trained, steps: number, tolerance: number): Verdict {
  const base = { result: ID, measure: 'deviation of the measured order from 1', tolerance };
  if (drift === null) {
    const says = `The run ended after ${countInWords(trained.steps)} of ${stepsInWords(steps)}: its halvings have no common time.`;
    return { ...base, outcome: 'inconclusive', value: null, says };
  }
  const list = `The balance drifts by ${drift.errors.map((value) => inWords(value)).join(', ')} of ‖θ‖² at η, η/2, η/4`;
  // Every step rounds every weight, by half a unit in its last place.
  const rounding = drift.errors.map((_, k) => ROUNDING * Math.max(FEW_STEPS, steps * 2 ** k));
  if (drift.errors.every((value, k) => value <= rounding[k])) {
    return { ...base, outcome: 'agrees', value: 0, says: `${list}: it is conserved to rounding.` };
  }
  if (drift.errors.some((value, k) => value <= rounding[k] / tolerance)) {
    return { ...base, outcome: 'inconclusive', value: null, says: `${list}: too near rounding to tell an order.` };
  }
  const order = orderOf(drift.errors);
  const value = Math.abs(order - 1);
  if (value > tolerance && !speaksAgainst(drift.errors, 1, tolerance)) {
    return { ...base, outcome: 'inconclusive', value, says: `${list}: the order still changes, the steps are too large to tell it.` };
  }
  const local = ordersOf(drift.errors).map((each) => each.toFixed(2));
  return {
    ...base,
    outcome: value <= tolerance ? 'agrees' : 'disagrees',
    value,
    says: `${list}, orders ${local.join(', ')}, extrapolated ${order.toFixed(2)}: ${value <= tolerance ? 'the flow conserves it' : 'it is not of first order in the step'}.`,
  };
}

function driftFigure({ trajectory }: Trained, law: string): readonly Figure[] {
  const steps = trajectory['step'] ?? [];
  const drift = trajectory['balanceDrift'] ?? [];
  const kept = Array.from(drift.keys()).filter((k) => drift[k] > 0 && steps[k] > 0);
  if (kept.length < 2) return [];
  return [
    {
      kind: 'chart',
      id: 'balance-drift',
      title: 'Drift of the balance',
      says: `${law} has drifted by ${inWords(drift[kept[kept.length - 1]])} of ‖θ‖² at the end of the run.`,
      x: { label: 'step', scale: 'log' },
      y: { label: '‖ΔB‖/‖θ‖²', scale: 'log' },
      series: [{ name: 'drift', style: 'line', x: kept.map((k) => steps[k]), y: kept.map((k) => drift[k]) }],
    },
  ];
}
