/** What a sweep leaves behind: one result a point, and a summary of them all. Plain data, written with `toPlain` of report-json.ts. */
import type { DataSummary, Figure, Outcome, Verdict } from './report';

export const SWEEP_FORMAT = 1;

export interface SweepSetting {
  /** JSON Pointer into the experiment file. */
  readonly path: string;
  readonly value: unknown;
}

/** Where a point stands: its number, its settings, its seed. */
export interface SweepPlace {
  /** 0-based; the repeats of one cell of the grid follow each other. */
  readonly index: number;
  readonly settings: readonly SweepSetting[];
  readonly repeat: number;
  readonly seed: number;
  /** SHA-256 of the point's experiment with its defaults, of the data file it names and of the version that ran it. */
  readonly fingerprint: string;
}

/** A point that has been run; the content of `points/000123.json`. */
export interface SweepResult extends SweepPlace {
  readonly format: typeof SWEEP_FORMAT;
  readonly data: DataSummary;
  readonly outcome: Outcome;
  readonly ended: string;
  readonly verdict: Verdict;
  readonly asExpected: boolean | null;
  /** Values at the end of the run. */
  readonly measures: Readonly<Record<string, number>>;
  /** What theory expects of measures at the end; absent where it expects no numbers. */
  readonly expected?: Readonly<Record<string, number>>;
  /** Relative Euclidean distance of the trained predictor to each reference, by the id of the reference. */
  readonly distances: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** A point that gave no report: its worker died or ran out of memory, or its data could not be had. It is tried again next time. */
export interface SweepFailure extends SweepPlace {
  readonly failure: string;
}

/** One measure over the repeats of one cell of the grid; runs without a value (NaN) are left out. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly median: number;
  /** Quartiles, interpolated between the order statistics. */
  readonly lower: number;
  readonly upper: number;
}

export interface SweepCell {
  readonly settings: readonly SweepSetting[];
  /** Runs by their verdict. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly measures: Readonly<Record<string, Spread>>;
  /** Means over the repeats of what theory expects. */
  readonly expected: Readonly<Record<string, number>>;
}

export interface SweepAxis {
  readonly path: string;
  readonly values: readonly unknown[];
  readonly scale: 'linear' | 'log';
}

/** The content of `sweep.json`. */
export interface SweepSummary {
  readonly format: typeof SWEEP_FORMAT;
  readonly title: string;
  /** The file with every default filled in. */
  readonly experiment: unknown;
  /** SHA-256 of the fingerprints of the points. */
  readonly fingerprint: string;
  readonly version: string;
  readonly axes: readonly SweepAxis[];
  readonly repeat: number;
  /** Sum over the points; on several cores more than has passed. */
  readonly seconds: number;
  readonly points: readonly (SweepResult | SweepFailure)[];
  readonly cells: readonly SweepCell[];
  readonly figures: readonly Figure[];
}

/** What has become of a run of a sweep: it waits or runs, gave no report, or has a verdict. */
export const RUN_LETTERS = {
  w: 'waiting',
  r: 'running',
  f: 'failed',
  a: 'agrees',
  d: 'disagrees',
  i: 'inconclusive',
  n: 'no-prediction',
} as const;

export type RunLetter = keyof typeof RUN_LETTERS;

export interface SweepProgress {
  /** Points with a result, those of earlier calls included. */
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** Points found done at the start. */
  readonly found: number;
  /** Of the work that remains, by the pace so far; null before the first point of this call. */
  readonly secondsLeft: number | null;
  /** What a cluster does with it: "job 12: 2 running, 3 waiting"; null on this machine. */
  readonly waiting: string | null;
}

export function isFailure(point: SweepResult | SweepFailure): point is SweepFailure {
  return 'failure' in point;
}
