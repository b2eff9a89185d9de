/**
 * A. Damian, T. Ma, J. D. Lee, Label noise SGD provably prefers flat global minimizers, NeurIPS 2021: SGD with labels y ± σ, anew in every
 * step, goes to a stationary point of ℒ + λR with λ = ησ²/B and R(θ) = −(1/2η) tr ln(I − (η/2)∇²ℒ(θ)), which is ¼ tr ∇²ℒ for small steps.
 * The step must be stable, ηλ_max < 2.
 *
 * Here on the smallest network that has a curve of minimizers, f = abx with one sample, for which the law is exact up to what the
 * fluctuations do: with r the residual against the noisy label, q = a² − b² has q⁺ = q(1 − η²x²r²). Along ab = y/x the sharpness is
 * S = x²√(q² + 4y²/x²), the product fluctuates with 𝔼d² ← (1 − ηS)²𝔼d² + η²S²σ², and 𝔼r² = 𝔼d² + σ² tends to σ²/(1 − ηS/2): so
 *
 *     q⁺ = q (1 − η²x²σ²/(1 − ηS/2)),
 *
 * which is the descent on R along the curve; the trace alone would give q⁺ = q(1 − η²x²σ²).
 *
 * The mean of q over independent runs is held against the law, with its standard error.
 */
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import { sizeOf } from '../experiment/checks/data-checks';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, countInWords, inWords, stepsInWords } from './wording';

const ID = 'damian-2021-label-noise';

/** Independent runs, the file's own among them. */
const RUNS = 64;
/** Standard errors of the mean that are allowed: beyond four, chance is one in sixteen thousand. */
const ERRORS = 4;
/** What the law leaves out, relatively: S and the product fluctuate with the noise, which changes q by the order of η²x²σ². */
const FLUCTUATION = 4;
/** With a wider allowance, of runs that scatter by half of their mean and more, a mean of 64 tells nothing. */
const WIDEST = 0.25;
/** Of y/x: a² − b² below this is within a percent of what rounding of a² leaves of it over the longest runs. */
const FLATTEST = 1e-9;
/** The start lies on the curve of minimizers within this, relatively. */
const ON_CURVE = 1e-6;
/** Runs with more steps take too long to be repeated so often. */
const MOST_STEPS = 20_000;

type Sgd = Extract<OptimizerSpec, { kind: 'sgd' }>;

export const damian2021LabelNoise: PublishedResult = {
  id: ID,
  row: 'A1',
  title: 'Label noise: along the minimizers to flat ones',
  statement:
    'SGD with fresh noise on the labels moves along the minimizers as if it descended R = −(1/2η) tr ln(I − (η/2)∇²ℒ), with weight ησ²/B. Small steps ' +
    'penalise the trace of the Hessian; larger ones its large eigenvalues more. For one product of two weights the law is explicit.',
  formula: 'ℒ + λR, λ = ησ²/B, R = −(1/2η) tr ln(I − (η/2)∇²ℒ);  f = abx: q = a² − b², q⁺ = q(1 − η²x²σ²/(1 − ηS/2)), S = x²(a² + b²)',
  status: 'theorem',
  citation: {
    authors: 'Alex Damian, Tengyu Ma, Jason D. Lee',
    year: 2021,
    title: 'Label Noise SGD Provably Prefers Flat Global Minimizers',
    venue: 'Advances in Neural Information Processing Systems 34',
    url: 'https://arxiv.org/abs/2106.06530',
  },
  covers: ['label-noise'],

  outline(experiment) {
    const { model, loss, optimizer, data } = experiment;
    const { samples, features } = sizeOf(data);
    if (model.kind !== 'diagonal' || model.tied || model.depth !== 2 || loss.kind !== 'square') return null;
    if (samples !== 1 || features !== 1 || optimizer.kind !== 'sgd') return null;
    return {
      regularizer: 'flatness',
      symbol: 'min −(1/2η) tr ln(I − (η/2)∇²ℒ) s.t. ab = y/x',
      conditions: fileConditions(experiment, optimizer),
      modelNote: 'ab = y/x is a curve of minimizers, flattest at a = ±b',
      optimizerNote: optimizer.labelNoise > 0 ? 'label noise drifts to flat minimizers' : null,
    } satisfies Outline;
  },

  examine(situation) {
    const { optimizer } = situation.experiment;
    const outline = damian2021LabelNoise.outline(situation.experiment);
    if (outline === null || optimizer.kind !== 'sgd') return Promise.resolve(null);
    return Promise.resolve(examine(situation, outline, optimizer));
  },
};

function fileConditions({ stop }: Experiment, { labelNoise }: Sgd): Condition[] {
  return [
    condition('fresh noise on the labels', labelNoise > 0, labelNoise > 0 ? `±${inWords(labelNoise)}` : 'there is none'),
    condition(
      `a number of steps, at most ${countInWords(MOST_STEPS)}: the runs are compared after as many`,
      stop.steps !== undefined && stop.steps <= MOST_STEPS,
      stop.steps === undefined ? 'none is given' : countInWords(stop.steps),
    ),
  ];
}

/** The one sample, its step and noise. */
interface Product {
  readonly x: number;
  readonly y: number;
  readonly eta: number;
  readonly sigma: number;
}

const sharpnessOf = ({ x, y }: Product, q: number): number => x * x * Math.sqrt(q * q + 4 * (y / x) ** 2);
const imbalanceOf = (theta: Float64Array): number => theta[0] ** 2 - theta[1] ** 2;

interface Law {
  /** 𝔼q after 0, 1, … steps. */
  readonly q: Float64Array;
  /** The same if the trace alone counted. */
  readonly byTrace: Float64Array;
}

function lawOf(product: Product, q0: number, steps: number): Law {
  const { x, eta, sigma } = product;
  const rate = eta * eta * x * x;
  const q = new Float64Array(steps + 1).fill(q0);
  const byTrace = new Float64Array(steps + 1).fill(q0);
  // 𝔼 (abx − y)².
  let spread = 0;
  for (let t = 0; t < steps; t++) {
    const s = sharpnessOf(product, q[t]);
    q[t + 1] = q[t] * (1 - rate * (spread + sigma * sigma));
    byTrace[t + 1] = byTrace[t] * (1 - rate * sigma * sigma);
    spread = (1 - eta * s) ** 2 * spread + (eta * s * sigma) ** 2;
  }
  return { q, byTrace };
}

function examine(situation: Situation, outline: Outline, { labelNoise }: Sgd): Examination {
  const { experiment, data, start, stepSize } = situation;
  const product: Product = { x: data.x[0], y: data.y[0], eta: stepSize ?? Number.NaN, sigma: labelNoise };
  const miss = Math.abs(start[0] * start[1] * product.x - product.y);
  const q0 = imbalanceOf(start);
  const stable = product.eta * sharpnessOf(product, q0);
  const steps = Math.min(experiment.stop.steps ?? 1, MOST_STEPS);
  const conditions = [
    ...outline.conditions,
    condition('a start on the curve of minimizers', miss <= ON_CURVE * Math.abs(product.y), `|abx − y| = ${inWords(miss)}`),
    condition('a start that is not the flattest already', q0 !== 0, `a² − b² = ${inWords(q0)}`),
    condition('ηλ_max < 2 at the start, where it is largest', stable < 2, `ηS = ${inWords(stable)}`),
  ];
  const prediction = predictionOf(damian2021LabelNoise, outline, conditions);
  const law = lawOf(product, q0, steps);
  let runs: readonly Trained[] = [];
  return {
    prediction,
    withoutReference: true,
    fixedTime: true,
    measures: ['loss', 'parameterNorm', 'balanceDrift'],
    companions: prediction.applies
      ? Array.from({ length: RUNS - 1 }, (_, k): Experiment => ({ ...experiment, seed: experiment.seed + k + 1 }))
      : [],
    solve: () => Promise.resolve(null),
    judge: (trained, _reference, companions) => {
      runs = [trained, ...companions];
      return judge(runs, law, product, q0, steps, experiment.expect?.tolerance);
    },
    figures: (trained) => lawFigure(runs.length > 0 ? runs : [trained], law, product),
  };
}

function judge(
  runs: readonly Trained[],
  { q, byTrace }: Law,
  { x, y, eta, sigma }: Product,
  q0: number,
  steps: number,
  asked: number | undefined,
): Verdict {
  const base = { result: ID, measure: 'relative deviation of the mean of a² − b²' };
  if (runs.length < RUNS || runs.some((run) => run.steps !== steps)) {
    const says = `${runs.length} of ${RUNS} runs have come to ${stepsInWords(steps)}: too few for a mean.`;
    return { ...base, outcome: 'inconclusive', value: null, tolerance: null, says };
  }
  const ratios = runs.map(({ parameters }) => imbalanceOf(parameters) / q0);
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / RUNS;
  const variance = ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / (RUNS - 1);
  const error = Math.sqrt(variance / RUNS);
  const foreseen = q[steps] / q0;
  const value = Math.abs(mean / foreseen - 1);
  const tolerance = asked ?? (ERRORS * error) / foreseen + FLUCTUATION * (eta * x * sigma) ** 2;
  const seen = `Over ${RUNS} runs a² − b² falls to ${inWords(mean, 4)} ± ${inWords(error, 2)} of its start; the law says ${inWords(foreseen, 4)}`;
  if (Math.abs(q[steps]) <= FLATTEST * Math.abs(y / x))
    return {
      ...base,
      outcome: 'inconclusive',
      value: null,
      tolerance,
      says: `${seen}. The flattest minimizer is reached, but for rounding.`,
    };
  if (asked === undefined && !(tolerance <= WIDEST))
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      tolerance,
      says: `${seen}. ${inWords(tolerance)} would have to be allowed: that does not tell.`,
    };
  const agrees = value <= tolerance;
  return {
    ...base,
    outcome: agrees ? 'agrees' : 'disagrees',
    value,
    tolerance,
    says:
      `${seen}, the trace alone ${inWords(byTrace[steps] / q0, 4)}. The deviation is ${inWords(value)}, ${agrees ? 'within' : 'more than'} ${inWords(tolerance)}: ` +
      `${ERRORS} standard errors and ${FLUCTUATION}η²x²σ².`,
  };
}

/** The sharpness x²(a² + b²), which ‖θ‖ records, over the steps, as mean over the runs and by the laws. */
function lawFigure(runs: readonly Trained[], { q, byTrace }: Law, product: Product): readonly Figure[] {
  const steps = runs[0].trajectory['step'] ?? [];
  const columns = runs.flatMap(({ trajectory }) => {
    const norms = trajectory['parameterNorm'] ?? [];
    return norms.length === steps.length ? [norms] : [];
  });
  if (steps.length < 2 || columns.length === 0) return [];
  const mean = steps.map((_, k) => (product.x ** 2 * columns.reduce((sum, norms) => sum + norms[k] ** 2, 0)) / columns.length);
  const by = (law: Float64Array): number[] => steps.map((step) => sharpnessOf(product, law[Math.min(step, law.length - 1)]));
  const line = (name: string, y: readonly number[], style: 'line' | 'points' = 'line') => ({ name, style, x: steps, y });
  return [
    {
      kind: 'chart',
      id: 'label-noise-sharpness',
      title: 'Sharpness along the minimizers',
      says:
        `The mean sharpness of ${columns.length} ${columns.length === 1 ? 'run' : 'runs'} falls from ${inWords(mean[0])} to ${inWords(mean[mean.length - 1], 4)}; ` +
        `the law says ${inWords(by(q)[steps.length - 1], 4)}, the trace alone ${inWords(by(byTrace)[steps.length - 1], 4)}.`,
      x: { label: 'step', scale: 'linear' },
      y: { label: 'x²(a² + b²)', scale: 'linear' },
      series: [line('mean of the runs', mean, 'points'), line('law', by(q)), line('trace alone', by(byTrace))],
    },
  ];
}
