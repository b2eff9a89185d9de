/**
 * Whether a ratio hovers at 1: at the edge of stability a sharpness below its threshold lets the oscillation die out and grows; above it the oscillation
 * grows and throws it back (A. Damian, E. Nichani, J. Lee, Self-stabilization, ICLR 2023). No theorem gives the mean of such swings, but the threshold lies
 * within them. The mean of swings that only touch it, evenly spread from there, is √3 standard deviations away; what the shape of the loss adds is of second
 * order in the oscillation, where the swing is of first. So the allowance is √3 times the measured deviation, and four standard errors of the mean.
 */
import type { Verdict } from '../protocol/report';
import { inWords } from './wording';

/** Parts of the record whose means are taken as independent. */
const BLOCKS = 8;
/** Chance alone goes further in one of 16 000 runs (normal); with eight blocks more often, but the swing is added to it. */
const STANDARD_ERRORS = 4;
/** A quarter: with a wider allowance a mean near 1 is no hovering. */
const WIDEST = 0.25;

export interface Hovering {
  readonly mean: number;
  /** Standard deviation of the ratio. */
  readonly swing: number;
  /** Standard error of the mean, from the means of blocks: neighbouring records are alike. */
  readonly error: number;
  /** Of |mean − 1|. */
  readonly allowed: number;
  /** Whether the swings are so narrow that they say something. */
  readonly narrow: boolean;
}

/** @param ratios at least 16, in the order of the steps, evenly spaced */
export function hoveringOf(ratios: readonly number[]): Hovering {
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviationOf = (values: readonly number[], from: number): number =>
    Math.sqrt(values.reduce((sum, value) => sum + (value - from) ** 2, 0) / (values.length - 1));
  const mean = meanOf(ratios);
  const swing = deviationOf(ratios, mean);
  const means = Array.from({ length: BLOCKS }, (_, k) =>
    meanOf(ratios.slice(Math.floor((k * ratios.length) / BLOCKS), Math.floor(((k + 1) * ratios.length) / BLOCKS))),
  );
  const error = deviationOf(means, meanOf(means)) / Math.sqrt(BLOCKS);
  const allowed = Math.sqrt(3) * swing + STANDARD_ERRORS * error;
  return { mean, swing, error, allowed, narrow: allowed <= WIDEST };
}

/**
 * Whether the mean of a ratio is at 1, as near as its swings allow.
 * @param kept ratios, as of `hoveringOf`
 * @param before what the run did until then, and from where the mean is taken: "… from step 120 on"
 * @param asked the tolerance of the file in place of the allowance
 */
export function judgeHovering(result: string, kept: readonly number[], before: string, asked: number | undefined): Verdict {
  const { mean, swing, error, allowed, narrow } = hoveringOf(kept);
  const tolerance = asked ?? allowed;
  const base = { result, measure: 'distance-of-the-mean-from-the-threshold', value: Math.abs(mean - 1), tolerance };
  const says = `${before} its mean is ${mean.toFixed(4)} ± ${inWords(error, 2)} of it, with swings of ${inWords(swing, 2)}`;
  if (asked === undefined && !narrow) return { ...base, outcome: 'inconclusive', says: `${says}: too wide to tell.` };
  return Math.abs(mean - 1) <= tolerance
    ? { ...base, outcome: 'agrees', says: `${says}.` }
    : { ...base, outcome: 'disagrees', says: `${says}, not within ${inWords(tolerance)} of 1.` };
}
