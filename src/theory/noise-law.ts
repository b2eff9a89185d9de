/**
 * The loss that the noise of SGD leaves on a linear model with square loss, exactly, for noise on labels or gradients and for batches that are drawn independently
 * of each other. With all samples in every step the directions of the Hessian do not know of each other, and everything has a closed form; batches mix
 * them, and the second moments solve a linear equation (`stationary-moments.ts`).
 */
import type { OptimizerSpec } from '../experiment/schema';
import { gramOfColumns, gramOfRows } from '../numerics/dense';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { dot, norm2 } from '../numerics/vectors';
import type { Condition } from '../protocol/report';
import { deviationOf, fittedMinimum, secondMomentGrowth, singleShare, type FittedMinimum } from '../solvers/linear-stability';
import { noiseCovariance, stationaryMoments } from '../solvers/stationary-moments';
import { MOST_DIRECTIONS, MOST_NUMBERS } from './linear-regime';
import type { Situation } from './result';
import { condition, inWords } from './wording';

export type Sgd = Extract<OptimizerSpec, { kind: 'sgd' }>;

export interface NoiseLaw {
  /** ℒ*. */
  readonly least: number;
  /** E[ℒ − ℒ*] once the start is forgotten. */
  readonly excess: number;
  /** ¼η tr N. */
  readonly firstOrder: number;
  /** A bound on how far E[ℒ − ℒ*] is from that after so many steps. */
  leftOfStart(steps: number): number;
  /** Fewest steps whose losses give a standard error. */
  readonly fewestSteps: number;
  /** Standard error of the mean of so many losses, so many steps apart: exact for normal noise on all samples, else that of independent normal δ. */
  error(points: number, apart: number): number;
  /** Standard error of the mean of these losses, from the run itself where it has no closed form. */
  measuredError(losses: readonly number[], apart: number): MeasuredError;
}

export interface MeasuredError {
  readonly error: number;
  /** The part that one block of the run has in it: near 1 where the mean hangs on a single excursion. 0 where it is not measured. */
  readonly share: number;
}

export interface NoiseFindings {
  readonly conditions: readonly Condition[];
  /** Null where a condition keeps it from existing, or from being computed. */
  readonly law: NoiseLaw | null;
}

/** Null where nothing keeps the run from its minimum. */
export function noiseLaw(situation: Situation, optimizer: Sgd, stepSize: number): NoiseFindings | null {
  const { facts, data } = situation;
  const whole = wholeBatches(optimizer, data.samples);
  const noisy = optimizer.labelNoise > 0 || optimizer.gradientNoise > 0;
  if (!noisy && (whole || facts.consistent)) return null;
  const { sampling, batchSize } = optimizer;
  const independent = whole || sampling === 'with-replacement' || sampling === 'without-replacement';
  const drawn = condition(
    'steps whose noise is drawn independently',
    independent,
    whole
      ? `all ${data.samples} samples in every step`
      : independent
        ? `batches of ${batchSize} of ${data.samples} samples, ${sampling === 'with-replacement' ? 'with' : 'without'} replacement`
        : `batches of ${batchSize} of ${data.samples} samples: within an epoch each depends on those before it`,
  );
  if (!independent) return { conditions: [drawn], law: null };
  const { conditions, law } = whole ? lawOfAllSamples(situation, optimizer, stepSize) : lawOfBatches(situation, optimizer, stepSize);
  return { conditions: [drawn, ...conditions], law };
}

/** Whether every step sees every sample once. */
function wholeBatches({ batchSize, sampling }: Sgd, samples: number): boolean {
  return batchSize >= samples && sampling !== 'with-replacement';
}

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

function lawOfAllSamples(situation: Situation, optimizer: Sgd, stepSize: number): NoiseFindings {
  const { data, facts, loss, objective, start } = situation;
  const modes = modesOf(situation, optimizer);
  const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
  const sum = (part: (mode: Mode) => number): number => modes.reduce((total, mode) => total + part(mode), 0);
  const steepest = modes.reduce((most, { curvature }) => Math.max(most, curvature), 0);
  const stable = steepest > 0 && stepSize * steepest < 2;
  const conditions = [condition('a stable step', stable, `η = ${inWords(stepSize)}, 2/λ_max = ${inWords(2 / steepest)}`)];
  if (!stable) return { conditions, law: null };

  const least = facts.consistent ? 0 : 0.5 * c * (facts.relativeResidual() * norm2(data.y)) ** 2;
  const excess = sum(({ curvature, noise }) => (0.5 * stepSize * noise) / (2 - stepSize * curvature));
  const slowest = modes.reduce((most, { curvature }) => Math.max(most, Math.abs(1 - stepSize * curvature)), 0);
  // ½hᵢzᵢ² has variance ½(hᵢvᵢ)², and correlations (1 − ηhᵢ)^2k as for normal zᵢ. (Signs on labels give zᵢ lighter tails, and a smaller error.)
  const error = (points: number, apart: number): number => {
    const variance = sum(({ curvature, noise }) => {
      const scaled = (stepSize * noise) / (2 - stepSize * curvature);
      const correlation = Math.abs(1 - stepSize * curvature) ** (2 * apart);
      return (0.5 * scaled * scaled * (1 + correlation)) / (1 - correlation);
    });
    return Math.sqrt(variance / points);
  };
  return {
    conditions,
    law: {
      least,
      excess,
      firstOrder: sum(({ noise }) => 0.25 * stepSize * noise),
      fewestSteps: 1,
      leftOfStart: (steps) => (objective.value(start) - least + excess) * slowest ** (2 * steps),
      error,
      measuredError: (losses, apart) => ({ error: error(losses.length, apart), share: 0 }),
    },
  };
}

function lawOfBatches(situation: Situation, optimizer: Sgd, stepSize: number): NoiseFindings {
  const { data, facts, loss } = situation;
  const { samples } = data;
  const { inputs, width } = facts;
  const directions = Math.min(samples, width);
  const small = directions <= MOST_DIRECTIONS && samples * Math.max(width, directions ** 2) <= MOST_NUMBERS;
  const few = condition(
    'few enough directions for exact second moments',
    small ? true : 'unknown',
    `at most ${directions} directions of ${samples} samples${small ? '' : `; computed up to ${MOST_DIRECTIONS}, of some thousand samples`}`,
  );
  if (!small) return { conditions: [few], law: null };

  const minimum = fittedMinimum(inputs, samples, width, loss.reduction);
  const batchSize = Math.min(optimizer.batchSize, samples);
  const p = singleShare({ size: batchSize, replacement: optimizer.sampling === 'with-replacement' }, samples);
  const growth = secondMomentGrowth(minimum, p, stepSize);
  const settles = growth.factor * (1 + growth.residual) < 1;
  const stable = condition(
    'a stable step',
    settles,
    `η = ${inWords(stepSize)}: without their noise second moments change by a factor of ρ = ${inWords(growth.factor, 4)} a step` +
      (settles
        ? ''
        : `, so none is stationary; of all samples at once 2/λ_max = ${inWords(2 / minimum.curvatures[minimum.directions - 1])}`),
  );
  if (!settles) return { conditions: [few, stable], law: null };

  const { deviation, residuals } = startOf(situation, minimum);
  const covariance = noiseCovariance(minimum, residuals, {
    p,
    batchSize,
    labels: optimizer.labelNoise,
    gradient: optimizer.gradientNoise,
  });
  const { moments, residual } = stationaryMoments(minimum, p, stepSize, covariance);
  const solved = condition(
    'stationary second moments',
    true,
    `V = M(V) + η²N in ${minimum.directions} directions, up to ${inWords(residual, 2)} of η²N`,
  );
  const spread = normalSpread(minimum, moments);
  const error = (points: number): number => spread / Math.sqrt(points);
  return {
    conditions: [few, stable, solved],
    law: {
      least: (0.5 * dot(residuals, residuals)) / (loss.reduction === 'mean' ? samples : 1),
      excess: 0.5 * minimum.curvatures.reduce((sum, h, a) => sum + h * moments[a * minimum.directions + a], 0),
      firstOrder: 0.25 * stepSize * minimum.curvatures.reduce((sum, _, a) => sum + covariance[a * minimum.directions + a], 0),
      leftOfStart: forgetting(minimum, deviation, residuals, moments, { p, stepSize, factor: growth.factor }),
      fewestSteps: (BLOCKS * MEMORIES) / (1 - growth.factor),
      error,
      measuredError: blockError,
    },
  };
}

/** δ of the start, and the residuals r_i of the minimum: 0 where it fits every sample. */
function startOf({ model, data, start, facts }: Situation, minimum: FittedMinimum): { deviation: Float64Array; residuals: Float64Array } {
  const { directions: r, gradients, scale } = minimum;
  const residuals = new Float64Array(data.samples);
  model.outputs(start, residuals);
  for (let i = 0; i < residuals.length; i++) residuals[i] -= data.y[i];
  const deviation = new Float64Array(r);
  deviationOf(minimum, residuals, deviation);
  if (facts.consistent) return { deviation, residuals: residuals.fill(0) };
  for (let i = 0; i < residuals.length; i++) residuals[i] -= dot(gradients.subarray(i * r, (i + 1) * r), deviation) / scale;
  return { deviation, residuals };
}

/** √(½ tr (HV)²): the standard deviation of ½δᵀHδ for a normal δ. That of batches has heavier tails, and successive losses are correlated. */
function normalSpread({ directions: r, curvatures: h }: FittedMinimum, moments: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < r; a++) for (let b = 0; b < r; b++) sum += 0.5 * h[a] * h[b] * moments[a * r + b] ** 2;
  return Math.sqrt(sum);
}

/**
 * W = E δδᵀ − V follows W⁺ = M(W) + K(m), m = E δ, m⁺ = (I − ηH) m, K(m) = −η² p (1/n) Σ (g_i·m) s r_i g_i g_iᵀ and its transpose, which is all that the residuals'
 * part of H_B m leaves. M is symmetric and keeps positive semidefinite matrices such, so that its eigenvalues are at most ρ in size; |1 − ηh| ≤ √ρ.
 */
function forgetting(
  { samples, directions: r, curvatures: h, gradients: g, scale }: FittedMinimum,
  deviation: Float64Array,
  residuals: Float64Array,
  moments: Float64Array,
  { p, stepSize, factor }: { readonly p: number; readonly stepSize: number; readonly factor: number },
): (steps: number) => number {
  let first = 0;
  for (let a = 0; a < r; a++) for (let b = 0; b < r; b++) first += (deviation[a] * deviation[b] - moments[a * r + b]) ** 2;
  let cubes = 0;
  for (let i = 0; i < samples; i++) cubes += (Math.abs(scale * residuals[i]) * norm2(g.subarray(i * r, (i + 1) * r)) ** 3) / samples;
  const pushed = 2 * stepSize ** 2 * p * cubes * norm2(deviation);
  const slowest = h.reduce((most, value) => Math.max(most, Math.abs(1 - stepSize * value)), factor);
  return (steps) => 0.5 * norm2(h) * (Math.sqrt(first) * factor ** steps + steps * pushed * slowest ** Math.max(0, steps - 1));
}

/** Enough for the spread of their means to be known to a ninth. */
const BLOCKS = 40;
/** A block is at least so many times 1/(1 − ρ), the memory of second moments, so that the means over two blocks hardly know of each other. */
const MEMORIES = 3;

/** From the means over successive blocks of the run. */
function blockError(losses: readonly number[]): MeasuredError {
  const length = Math.floor(losses.length / BLOCKS);
  if (length === 0) return { error: Infinity, share: 1 };
  const means = Array.from(
    { length: BLOCKS },
    (_, b) => losses.slice(b * length, (b + 1) * length).reduce((sum, loss) => sum + loss, 0) / length,
  );
  const mean = means.reduce((sum, value) => sum + value, 0) / BLOCKS;
  const squares = means.map((value) => (value - mean) ** 2);
  const total = squares.reduce((sum, value) => sum + value, 0);
  return { error: Math.sqrt(total / (BLOCKS * (BLOCKS - 1))), share: Math.max(...squares) / total };
}
