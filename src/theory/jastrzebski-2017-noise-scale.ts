/**
 * S. Jastrzębski, Z. Kenton, D. Arpit, N. Ballas, A. Fischer, Y. Bengio, A. Storkey, Three factors influencing minima in SGD, 2017
 * (arXiv:1711.04623): taken as a diffusion whose noise has the covariance H/B, SGD stays at a minimum with an expected loss of (η/4B) tr H above it. So
 * larger steps and smaller batches hold the loss higher, the more the sharper the minimum: the account of why they end in flatter ones, which
 * N. Keskar et al. (ICLR 2017, arXiv:1609.04836) observed on networks.
 *
 * Steps are not a diffusion. On a quadratic with eigenvalues hᵢ and noise of covariance cᵢ along their eigenvectors, whatever θ is, a step gives
 *     vᵢ⁺ = (1 − ηhᵢ)² vᵢ + η²cᵢ   ⇒   vᵢ = ηcᵢ/(hᵢ(2 − ηhᵢ)),   E[ℒ − ℒ*] = ½ Σ hᵢvᵢ = Σ ½ηcᵢ/(2 − ηhᵢ),
 * exactly; ¼η Σ cᵢ is its first order, and fails as ηhᵢ comes near 2. Signs ±δ on all labels have cᵢ = δ²hᵢ/n (with the sum δ²hᵢ), noise on the
 * gradient has its square. The run is held against the exact sum.
 */
import { LIMITS } from '../protocol/limits';
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import { gramOfColumns, gramOfRows } from '../numerics/dense';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { norm2 } from '../numerics/vectors';
import type { Figure, Verdict } from '../protocol/report';
import { STANDARD_ERRORS } from './linear-regime';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'jastrzebski-2017-noise-scale';

/** What the run does before is left out: it remembers the start. */
const SETTLING = 0.2;
/** Of the standard error: what may be left of the start. */
const FORGOTTEN = 0.1;
/** Relative standard error beyond which the mean says little. */
const LARGEST_ERROR = 0.1;

type Sgd = Extract<OptimizerSpec, { kind: 'sgd' }>;

export const jastrzebski2017NoiseScale: PublishedResult = {
  id: ID,
  row: 'S11',
  title: 'Larger steps and smaller batches: noise prefers flat minima',
  statement:
    'Seen as a diffusion with noise of covariance H/B, SGD stays (η/4B) tr H above a minimum, so a large step and a small batch tell sharp minima from flat ones. For ' +
    'finite steps with noise that does not depend on the parameters the sum is exact: it grows without bound where a step reaches 2/λ_max.',
  formula: '𝔼[ℒ − ℒ*] = Σᵢ ½ηcᵢ/(2 − ηhᵢ) ≈ ¼η Σᵢ cᵢ,   cᵢ = hᵢ/B:  (η/4B) tr H',
  status: 'empirical',
  citation: {
    authors: 'Stanisław Jastrzębski, Zachary Kenton, Devansh Arpit, Nicolas Ballas, Asja Fischer, Yoshua Bengio, Amos Storkey',
    year: 2017,
    title: 'Three Factors Influencing Minima in SGD',
    venue: 'arXiv:1711.04623',
    url: 'https://arxiv.org/abs/1711.04623',
  },
  covers: ['label-noise', 'gradient-noise'],

  outline(experiment) {
    const { optimizer, model, loss } = experiment;
    if (optimizer.kind !== 'sgd' || model.kind !== 'linear' || loss.kind !== 'square') return null;
    if (!(optimizer.labelNoise > 0 || optimizer.gradientNoise > 0)) return null;
    const { record } = experiment;
    return {
      regularizer: 'hessian-trace',
      symbol: '𝔼[ℒ − ℒ*] = Σ ½ηcᵢ/(2 − ηhᵢ)',
      conditions: [
        condition(
          'a record at even distances, of which a mean can be taken',
          record.spacing === 'linear',
          `record.spacing: ${record.spacing}`,
        ),
      ],
      modelNote: null,
      optimizerNote: 'the noise holds the loss (η/4) tr C above its minimum, to first order',
    } satisfies Outline;
  },

  examine(situation) {
    const { optimizer } = situation.experiment;
    const outline = jastrzebski2017NoiseScale.outline(situation.experiment);
    if (outline === null || optimizer.kind !== 'sgd' || situation.stepSize === null) return Promise.resolve(null);
    return Promise.resolve(examine(situation, outline, optimizer, situation.stepSize));
  },
};

/** One eigenvector of the Hessian with hᵢ > 0. */
interface Mode {
  readonly curvature: number;
  /** cᵢ, the variance of the noise along it. */
  readonly noise: number;
}

function modesOf({ data, facts, loss }: Situation, { labelNoise, gradientNoise }: Sgd): readonly Mode[] {
  const { inputs, width } = facts;
  const n = Math.min(data.samples, width);
  const gram = new Float64Array(n * n);
  if (data.samples <= width) gramOfRows(inputs, data.samples, width, gram);
  else gramOfColumns(inputs, data.samples, width, gram);
  const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
  const { values } = symmetricEigen(gram, n);
  return Array.from(values.subarray(n - facts.spectrum().rank), (value) => {
    const curvature = c * value;
    return { curvature, noise: gradientNoise ** 2 + labelNoise ** 2 * c * curvature };
  });
}

interface Law {
  /** ℒ*. */
  readonly least: number;
  /** E[ℒ − ℒ*] once the start is forgotten. */
  readonly excess: number;
  /** ¼η Σ cᵢ. */
  readonly firstOrder: number;
  readonly modes: readonly Mode[];
  readonly stepSize: number;
}

function lawOf(situation: Situation, optimizer: Sgd, stepSize: number): Law {
  const { data, facts, loss } = situation;
  const modes = modesOf(situation, optimizer);
  const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
  const sum = (part: (mode: Mode) => number): number => modes.reduce((total, mode) => total + part(mode), 0);
  return {
    least: facts.consistent ? 0 : 0.5 * c * (facts.relativeResidual() * norm2(data.y)) ** 2,
    excess: sum(({ curvature, noise }) => (0.5 * stepSize * noise) / (2 - stepSize * curvature)),
    firstOrder: sum(({ noise }) => 0.25 * stepSize * noise),
    modes,
    stepSize,
  };
}

function examine(situation: Situation, outline: Outline, optimizer: Sgd, stepSize: number): Examination {
  const { data, experiment } = situation;
  const law = lawOf(situation, optimizer, stepSize);
  const steepest = law.modes.reduce((most, { curvature }) => Math.max(most, curvature), 0);
  const conditions = [
    ...outline.conditions,
    condition(
      'noise that does not depend on the parameters',
      wholeBatches(optimizer, data.samples),
      wholeBatches(optimizer, data.samples)
        ? `all ${data.samples} samples in every step`
        : `batches of ${optimizer.batchSize} of ${data.samples} samples add noise that grows with the distance to the minimum`,
    ),
    condition('a stable step', steepest > 0 && stepSize * steepest < 2, `η = ${inWords(stepSize)}, 2/λ_max = ${inWords(2 / steepest)}`),
    condition(
      'long enough to forget the start',
      forgets(situation, law, experiment),
      experiment.stop.steps === undefined ? 'no number of steps is given' : `${experiment.stop.steps} steps`,
    ),
  ];
  const prediction = predictionOf(
    jastrzebski2017NoiseScale,
    { ...outline, symbol: `𝔼[ℒ − ℒ*] = ${inWords(law.excess, 4)}, to first order ${inWords(law.firstOrder, 4)}` },
    conditions,
  );
  return {
    prediction,
    withoutReference: true,
    measures: ['loss', 'gradientNorm', 'parameterNorm'],
    companions: [],
    solve: () => Promise.resolve(null),
    judge: (trained) => judge(trained, law, experiment),
    figures: (trained) => lossFigure(trained, law),
  };
}

/** Whether every step sees every sample once. */
function wholeBatches({ batchSize, sampling }: Sgd, samples: number): boolean {
  return batchSize >= samples && sampling !== 'with-replacement';
}

/** The mean loss leaves its limit by at most (ℒ(θ₀) − ℒ* + E) max (1 − ηhᵢ)^2k after k steps. */
function forgets({ objective, start }: Situation, law: Law, { stop, record }: Experiment): boolean {
  if (stop.steps === undefined) return false;
  const slowest = law.modes.reduce((most, { curvature }) => Math.max(most, Math.abs(1 - law.stepSize * curvature)), 0);
  const left = (objective.value(start) - law.least + law.excess) * slowest ** (2 * SETTLING * stop.steps);
  const points = Math.min(record.points, LIMITS.points, stop.steps + 1);
  return left <= FORGOTTEN * standardError(law, (1 - SETTLING) * points, stop.steps / (points - 1));
}

/**
 * Of the mean of so many losses, so many steps apart: ½hᵢzᵢ² has variance ½(hᵢvᵢ)², and correlations (1 − ηhᵢ)^2k as for normal zᵢ.
 * (Signs on labels give zᵢ lighter tails, and a smaller error.)
 */
function standardError({ modes, stepSize }: Law, points: number, apart: number): number {
  const variance = modes.reduce((sum, { curvature, noise }) => {
    const scaled = (stepSize * noise) / (2 - stepSize * curvature);
    const correlation = Math.abs(1 - stepSize * curvature) ** (2 * apart);
    return sum + (0.5 * scaled * scaled * (1 + correlation)) / (1 - correlation);
  }, 0);
  return Math.sqrt(variance / points);
}

function judge({ trajectory, steps: ended }: Trained, law: Law, { expect }: Experiment): Verdict {
  const { step: steps, loss: losses } = trajectory;
  const kept = losses.filter((_, k) => steps[k] >= SETTLING * ended);
  const base = { result: ID, measure: 'distance of the mean loss from the foreseen one', value: null, tolerance: null };
  if (kept.length < 2) return { ...base, outcome: 'inconclusive', says: 'The run has recorded too few losses for a mean.' };
  const mean = kept.reduce((sum, loss) => sum + (loss - law.least), 0) / kept.length;
  const value = Math.abs(mean - law.excess);
  const error = standardError(law, kept.length, steps[1] - steps[0]);
  const foreseen = `foreseen are ${inWords(law.excess, 4)} (to first order in η ${inWords(law.firstOrder, 4)})`;
  const says = `Over ${kept.length} points the loss is ${inWords(mean, 4)} above its minimum on average; ${foreseen}, with a standard error of ${inWords(error, 2)}`;
  if (!(error <= LARGEST_ERROR * law.excess)) return { ...base, value, outcome: 'inconclusive', says: `${says}: too few points to tell.` };
  const tolerance = expect?.tolerance ?? STANDARD_ERRORS * error;
  const agrees = value <= tolerance;
  return { ...base, value, tolerance, outcome: agrees ? 'agrees' : 'disagrees', says: agrees ? `${says}.` : `${says}: too far apart.` };
}

/** The losses of the run and the two laws of their mean. */
function lossFigure({ trajectory }: Trained, { least, excess, firstOrder }: Law): readonly Figure[] {
  const { step: steps, loss: losses } = trajectory;
  if (steps.length < 2) return [];
  const ends = [steps[0], steps[steps.length - 1]];
  const above = losses.map((loss) => loss - least);
  const kept = steps.flatMap((_, k) => (above[k] > 0 ? [k] : []));
  return [
    {
      kind: 'chart',
      id: 'noise-floor',
      title: 'The loss above its minimum',
      says: `The noise holds the loss ${inWords(excess, 4)} above its minimum on average; to first order in the step that is ${inWords(firstOrder, 4)}.`,
      x: { label: 'step', scale: 'linear' },
      y: { label: 'ℒ − ℒ*', scale: 'log' },
      series: [
        { name: 'the run', style: 'points', x: kept.map((k) => steps[k]), y: kept.map((k) => above[k]) },
        { name: 'exact mean', style: 'line', x: ends, y: [excess, excess] },
        { name: 'first order, ¼η Σcᵢ', style: 'line', x: ends, y: [firstOrder, firstOrder] },
      ],
    },
  ];
}
