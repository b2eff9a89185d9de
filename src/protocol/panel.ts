/**
 * Messages between the extension host and the results page.
 * The page asks (`ready`), the host answers with a whole snapshot; afterwards only what is new travels.
 */
import type { Figure, Prediction, Reference, Report, RunSubject } from './report';

/** Runs of a place of a sweep that are drawn over each other at most: more cannot be told apart, and each is run anew. */
export const MOST_CELL_CURVES = 20;

export type RunState = 'empty' | 'running' | 'done' | 'stuck' | 'diverged' | 'cancelled' | 'failed';

/** All that the page shows of one run. While it runs, `report` is null and the live fields are drawn. */
export interface RunView {
  readonly id: string;
  /** A single run of a file, its whole sweep, or a report that was kept as a file and cannot be run again from here. */
  readonly kind: 'run' | 'sweep' | 'saved';
  readonly title: string;
  /** Name of the experiment file for people, relative to the workspace. */
  readonly file: string;
  readonly state: RunState;
  /** It is to run as soon as one of the others that run now has ended. */
  readonly waiting: boolean;
  /** The file's text, or its data, have changed since this run. */
  readonly stale: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly report: Report | null;
  /** Before there is a report, which says it itself; null as long as it is not known, and for a sweep. */
  readonly subject: RunSubject | null;
  /** Reason of "failed". */
  readonly failure: string | null;
  readonly predictions: readonly Prediction[];
  readonly references: readonly Reference[];
  readonly live: LivePoints;
  /** Of the state so far while it runs; afterwards those of the report are shown. */
  readonly figures: readonly Figure[];
  readonly progress: { readonly fraction: number | null; readonly says: string } | null;
}

/** Columns of the curves so far, row by row. Non-finite values survive because the array is typed. */
export interface LivePoints {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly values: Float64Array;
}

/** A finished run that is overlaid on the shown one. */
export interface ComparedRun {
  readonly id: string;
  readonly title: string;
  readonly report: Report;
}

export type ToPage =
  | { readonly type: 'snapshot'; readonly run: RunView | null; readonly compared: readonly ComparedRun[] }
  | { readonly type: 'points'; readonly id: string; readonly points: LivePoints; readonly reset: boolean }
  | { readonly type: 'progress'; readonly id: string; readonly fraction: number | null; readonly says: string }
  | {
      readonly type: 'predicted';
      readonly id: string;
      readonly predictions: readonly Prediction[];
      readonly subject: RunSubject | null;
    }
  | { readonly type: 'reference'; readonly id: string; readonly reference: Reference }
  | { readonly type: 'figures'; readonly id: string; readonly figures: readonly Figure[] }
  /** The curves of the runs behind a place of the shown sweep; null where there are none, and why. */
  | { readonly type: 'cell'; readonly id: string; readonly point: number; readonly figure: Figure | null; readonly says: string }
  | { readonly type: 'stale'; readonly id: string; readonly stale: boolean };

export type ExportFormat = 'png' | 'svg' | 'csv' | 'json' | 'html' | 'markdown' | 'caption';

export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'run' }
  | { readonly type: 'cancel' }
  | { readonly type: 'open-file' }
  | { readonly type: 'open-link'; readonly url: string }
  /** PNG carries the picture as a data URL, SVG, CSV, Markdown and caption their text; JSON and HTML are written by the host from the report. */
  | { readonly type: 'export'; readonly format: ExportFormat; readonly name: string; readonly content: string }
  | { readonly type: 'compare' }
  | { readonly type: 'stop-comparing' }
  /** Of the shown sweep: a run of it, and a finer sweep around it. */
  | { readonly type: 'open-point'; readonly point: number }
  | { readonly type: 'refine'; readonly point: number }
  /** The curves of a measure over the `count` runs that begin with a point; runs of it anew. */
  | { readonly type: 'open-cell'; readonly point: number; readonly count: number; readonly measure: string }
  | { readonly type: 'rerun'; readonly point: number; readonly count: number }
  /** The settings of the shown run, or of one it is compared with, are wanted in their file. */
  | { readonly type: 'apply-settings'; readonly id: string }
  /** An error inside the page, for the log. */
  | { readonly type: 'page-error'; readonly message: string };

/** What the page keeps across reloads. */
export interface PageState {
  readonly runId: string | null;
  readonly horizontal: string;
  readonly logHorizontal: boolean;
  readonly logVertical: Readonly<Record<string, boolean>>;
  /** Keys of the charts, figures and coefficients whose tables are open. Absent in states of earlier versions, like the next. */
  readonly openTables: readonly string[];
  /** Pixels from the top of the page. */
  readonly scrollTop: number;
}
