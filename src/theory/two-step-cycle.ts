/** Whether a run has come to a cycle of two points: both are compared, the end of the run and where its next step leads. */
import type { Verdict } from '../protocol/report';
import type { Trained } from './result';
import { inWords, stepsInWords } from './wording';

/** A cycle is contracted to at a known rate; both sides are exact up to rounding and a condition number of about 10⁴. */
const TOLERANCE = 1e-8;
/** The way to the cycle before its own rate holds, in powers of ten. */
const APPROACH = 4;

export interface Cycle {
  readonly result: string;
  /** What oscillates, in words: "x", "the output". */
  readonly name: string;
  readonly points: readonly [number, number];
  /** |derivative| of two steps at the cycle, below 1. */
  readonly contraction: number;
  /** Appended to the sentence. */
  readonly remark: string;
}

/** @param now the end of the run, @param next one step later */
export function judgeCycle(cycle: Cycle, now: number, next: number, trained: Trained, asked: number | undefined): Verdict {
  const { result, name, points, contraction, remark } = cycle;
  const tolerance = asked ?? TOLERANCE;
  const [low, high] = points;
  const size = Math.max(Math.abs(low), Math.abs(high));
  const off = (a: number, b: number): number => Math.max(Math.abs(a - low), Math.abs(b - high)) / size;
  const value = Math.min(off(now, next), off(next, now));
  const base = { result, measure: 'distance from the cycle', value, tolerance };
  const foreseen = `${name} is foreseen to go to and fro between ${inWords(low, 6)} and ${inWords(high, 6)}`;
  if (trained.outcome === 'diverged') return { ...base, value: null, outcome: 'disagrees', says: `The run diverged, where ${foreseen}.` };
  const says = `${foreseen[0].toUpperCase()}${foreseen.slice(1)}; the run is at ${inWords(now, 6)} and goes on to ${inWords(next, 6)}${remark}`;
  if (value <= tolerance) return { ...base, outcome: 'agrees', says: `${says}.` };
  const needed = (2 * Math.LN10 * (APPROACH - Math.log10(tolerance))) / -Math.log(contraction);
  return trained.steps < needed
    ? {
        ...base,
        outcome: 'inconclusive',
        says: `${says}. It contracts by ${inWords(contraction)} in two steps: about ${inWords(needed)} steps are needed.`,
      }
    : { ...base, outcome: 'disagrees', says: `${says}, after ${stepsInWords(trained.steps)}, of which ${inWords(needed)} were enough.` };
}
