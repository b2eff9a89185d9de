/** The sharpness along gradient flow, before any training: when it reaches what the steps of a descent can bear. */
import { norm2 } from '../numerics/vectors';
import type { Situation } from './result';

export interface SharpnessOfFlow {
  readonly times: readonly number[];
  /** λ_max(∇²ℒ) at those times. */
  readonly sharpness: readonly number[];
  readonly losses: readonly number[];
  /** First time at which the sharpness is at the threshold; null where it stays below up to the horizon. */
  readonly crossing: number | null;
  /**
   * Time by which a descent may be off the flow at the last of the times: where the gradient along the flow changes by e^(λt), its steps change it by 1 + ηλ each,
   * so that it takes ηλ/ln(1 + ηλ) of the time.
   */
  readonly astray: number;
  /** Parameters at the last of the times. */
  readonly parameters: Float64Array;
}

/**
 * Length of a step of the classical Runge–Kutta method in units of 1/λ_max: its stability ends at 2.78, and modes that still move, with
 * λ well below λ_max, are followed to (0.7)⁵/120 = 10⁻³ of their own change in a step at worst.
 */
const STEP = 0.7;
/** The sharpness changes slowly: it is measured once in so many steps. */
const EVERY = 3;
/** ηλ of a gradient that dies out within a step or two: one that is gone is not slow any more. */
const FASTEST_DECAY = -0.9;
/** Share of the horizon, where the loss is flat. */
const LONGEST = 0.02;

/**
 * @param horizon time at which the flow is left; it is left earlier where the sharpness reaches the threshold
 * @param eta time of the flow in one step of the descent; 0 for a descent that is the flow
 */
export function sharpnessOfFlow(
  { objective, curvature, start }: Pick<Situation, 'objective' | 'curvature' | 'start'>,
  threshold: number,
  horizon: number,
  eta = 0,
): SharpnessOfFlow {
  const theta = start.slice();
  const k = Array.from({ length: 4 }, () => new Float64Array(theta.length));
  const place = new Float64Array(theta.length);
  const slopeAt = (from: Float64Array, length: number, out: Float64Array): number => {
    for (let j = 0; j < place.length; j++) place[j] = theta[j] - length * from[j];
    return objective.gradient(place, out);
  };
  const times: number[] = [];
  const sharpness: number[] = [];
  const losses: number[] = [];
  let time = 0;
  let astray = 0;
  let slope = Number.NaN;
  let length = 0;
  let current = curvature.at(theta).sharpness();
  for (let step = 0; ; step++) {
    const loss = objective.gradient(theta, k[0]);
    const steepness = norm2(k[0]);
    if (length > 0) astray += length * Math.abs(slowdown((eta * Math.log(steepness / slope)) / length) - 1);
    slope = steepness;
    if (step % EVERY === 0 || time >= horizon) {
      current = curvature.at(theta).sharpness();
      times.push(time);
      sharpness.push(current);
      losses.push(loss);
      if (current >= threshold || time >= horizon || !Number.isFinite(current)) break;
    }
    const h = Math.min(STEP / Math.max(current, 0), LONGEST * horizon, horizon - time);
    slopeAt(k[0], h / 2, k[1]);
    slopeAt(k[1], h / 2, k[2]);
    slopeAt(k[2], h, k[3]);
    for (let j = 0; j < theta.length; j++) theta[j] -= (h / 6) * (k[0][j] + 2 * k[1][j] + 2 * k[2][j] + k[3][j]);
    time += h;
    length = h;
  }
  return { times, sharpness, losses, crossing: crossingTime(times, sharpness, threshold), astray, parameters: theta };
}

/** z/ln(1 + z). */
function slowdown(z: number): number {
  const kept = Math.max(z, FASTEST_DECAY);
  return Math.abs(kept) > 1e-6 ? kept / Math.log1p(kept) : 1;
}

/** By linear interpolation between the last two times. */
function crossingTime(times: readonly number[], sharpness: readonly number[], threshold: number): number | null {
  const last = times.length - 1;
  if (!(sharpness[last] >= threshold)) return null;
  if (last === 0) return 0;
  const share = (threshold - sharpness[last - 1]) / (sharpness[last] - sharpness[last - 1]);
  return times[last - 1] + share * (times[last] - times[last - 1]);
}
