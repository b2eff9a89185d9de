/** Linear regions of f(x) = Σ_j v_j σ(w_j x + b_j) of one variable, σ a ReLU or leaky ReLU: its kinks, counted. */
import type { Model } from '../models/model';

export interface Kink {
  readonly position: number;
  /** By how much the slope of f grows there. */
  readonly change: number;
}

/** Kinks nearer than this times the radius of the data are one; slope changes below this times the largest are none. */
export const REGION_TOLERANCE = 1e-2;

/** Whether a model is a two-layer network with kinks, of one variable, with a bias in the first layer and none behind it. */
export function hasLinearRegions({ kinks, features, outputsPerSample, blocks }: Model): boolean {
  return (
    kinks !== undefined &&
    features === 1 &&
    outputsPerSample === 1 &&
    blocks.length === 3 &&
    ['W1', 'b1', 'W2'].every((name, k) => blocks[k].name === name)
  );
}

/**
 * Kinks t = −b_j/w_j in order, each with the change of slope (1 − slope of σ) v_j |w_j|; units with w_j = 0 or v_j = 0 have none.
 * @param theta W1 (units), b1 (units), W2 (units), and b2 where there is one, which moves no kink
 */
export function kinksOf(theta: Float64Array, slope: number): readonly Kink[] {
  const units = Math.floor(theta.length / 3);
  const kinks: Kink[] = [];
  for (let j = 0; j < units; j++) {
    const [w, b, v] = [theta[j], theta[units + j], theta[2 * units + j]];
    if (w !== 0 && v !== 0) kinks.push({ position: -b / w, change: (1 - slope) * v * Math.abs(w) });
  }
  return kinks.sort((a, b) => a.position - b.position);
}

/**
 * The kinks that are left when those within `tolerance` · radius of the first of them are added up (at their mean position, weighed
 * by size) and those with a change of at most `tolerance` times the largest are dropped. With tolerance 0 it is exact: kinks at one
 * place are added up and nothing is dropped but what cancels.
 */
export function distinctKinks(kinks: readonly Kink[], radius: number, tolerance: number): readonly Kink[] {
  const groups: { first: number; weight: number; moment: number; change: number }[] = [];
  for (const { position, change } of kinks) {
    const size = Math.abs(change);
    const last = groups.at(-1);
    if (last !== undefined && position - last.first <= tolerance * radius) {
      last.weight += size;
      last.moment += size * position;
      last.change += change;
    } else {
      groups.push({ first: position, weight: size, moment: size * position, change });
    }
  }
  const largest = groups.reduce((most, { change }) => Math.max(most, Math.abs(change)), 0);
  return groups
    .filter(({ change }) => Math.abs(change) > tolerance * largest)
    .map(({ weight, moment, change }) => ({ position: moment / weight, change }));
}

/** Largest |x|. */
export function radiusOf(x: Float64Array): number {
  return x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Number of linear regions on the whole line, with the default tolerance. */
export function linearRegions({ kinks }: Model, theta: Float64Array, x: Float64Array): number {
  return distinctKinks(kinksOf(theta, kinks?.slope ?? 0), radiusOf(x), REGION_TOLERANCE).length + 1;
}
