/**
 * What the compute worker can be asked, and what it says while it works.
 * One interface of methods; the message types are derived from it.
 */
import type { Figure, Prediction, Reference, Report, ResultStatus, RunSubject } from './report';

/** Where an experiment's text comes from and what it may read. */
export interface Source {
  /** The text of the experiment file. */
  readonly text: string;
  /** Absolute path of the file; csv paths are relative to its folder. Null for an unsaved file. */
  readonly path: string | null;
  /** Absolute path of the folder that the experiment may not leave. Null: the file's own folder. */
  readonly root: string | null;
}

export type Severity = 'error' | 'warning' | 'information';

/** A replacement of a stretch of text. Offsets are UTF-16 code units. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly changes: readonly TextChange[];
  readonly preferred: boolean;
}

/** A finding about an experiment file. Dotted code, range, what was expected and found are in the message. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** JSON Pointer of the place, "" for the whole file. */
  readonly pointer: string;
  readonly offset: number;
  readonly length: number;
  /** 1-based, columns in UTF-16 code units. */
  readonly line: number;
  readonly column: number;
  readonly fixes: readonly Fix[];
}

export interface Analysis {
  /** Diagnostics of shape and meaning, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Empty when the file has errors. Most specific applicable first. */
  readonly predictions: readonly Prediction[];
  /** What the optimizer's step means on this data, e.g. "η = 0.1 · stable below 2/λ_max = 0.43"; null without a step size. */
  readonly optimizerNote: string | null;
  /** e.g. "8 parameters · homogeneous of degree 2". */
  readonly modelNote: string | null;
  /** e.g. "100 samples × 64 features · separable, margin 0.31". */
  readonly dataNote: string | null;
  /** SHA-256 of the text of the file of the data, hexadecimal; null where they are in no file, or cannot be had. */
  readonly dataHash: string | null;
}

/** The result that leads, as far as a file tells. */
export interface Lead {
  readonly result: string;
  readonly title: string;
  readonly citedAs: string;
  readonly symbol: string;
  readonly status: ResultStatus;
}

/** An experiment that differs from a file in one thing, and what the theory says of it before any data is read. */
export interface Neighbour {
  /** "loss: exponential instead of logistic". */
  readonly change: string;
  /** The whole text of the changed file. */
  readonly text: string;
  /** Null where no result may apply. */
  readonly lead: Lead | null;
  /** Whether the same result leads as in the file as it stands, and says the same. */
  readonly same: boolean;
}

/** The data that a file resolves to. */
export interface ResolvedData {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly featureNames: readonly string[] | null;
  readonly truth: readonly number[] | null;
  readonly test: { readonly x: readonly (readonly number[])[]; readonly y: readonly number[] } | null;
}

/** Everything that a run starts from and is compared with: what a program in another language needs to do the same. */
export interface ResolvedRun {
  /** The experiment with every default filled in. */
  readonly experiment: unknown;
  readonly fingerprint: string;
  readonly version: string;
  readonly data: ResolvedData & {
    readonly features: number;
    /** `observed`: places i·columns + j of the observed entries; null for other measurements. */
    readonly matrix: { readonly rows: number; readonly columns: number; readonly observed: readonly number[] | null } | null;
  };
  /** Outputs of the model for one sample. */
  readonly outputs: number;
  /** Degree of homogeneity of the model, null where it has none. */
  readonly degree: number | null;
  /** Parameter blocks in the model's order, row-major, as they start. */
  readonly blocks: readonly {
    readonly name: string;
    readonly rows: number;
    readonly columns: number;
    readonly trained: boolean;
    readonly bias: boolean;
    readonly values: readonly number[];
  }[];
  /** States of the random streams of the batches and of the noise of the steps, null where nothing is drawn. */
  readonly streams: { readonly batches: readonly number[]; readonly noise: readonly number[] } | null;
  /** Names of the measures that the run records. */
  readonly measures: readonly string[];
  readonly predictions: readonly Prediction[];
  readonly references: readonly Reference[];
}

export type RunEvent =
  /** `subject` is null for a sweep, which is about many. */
  | { readonly type: 'predicted'; readonly predictions: readonly Prediction[]; readonly subject: RunSubject | null }
  | { readonly type: 'reference'; readonly reference: Reference }
  /** Points in the order of `columns`, row by row; transferred, never shared. A `reset` replaces what came before. */
  | {
      readonly type: 'points';
      readonly columns: readonly string[];
      readonly rows: number;
      readonly values: Float64Array;
      readonly reset: boolean;
    }
  /** `fraction` in [0, 1] or null when the end is not foreseeable; `says` is short: "training · ln ℒ = −812". */
  | { readonly type: 'progress'; readonly fraction: number | null; readonly says: string }
  /** The pictures of the state so far, all of them anew; only to callers that asked for them, and a few times a second at most. */
  | { readonly type: 'figures'; readonly figures: readonly Figure[] };

export type RunAnswer =
  | { readonly type: 'report'; readonly report: Report }
  /** The file is wrong; nothing was run. */
  | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

/** The compute service. Every call may be cancelled; a cancelled `run` answers with a report of outcome "cancelled". */
export interface Compute {
  /** What is wrong or questionable, and nothing else: without the predictions, which may take far longer. */
  check(source: Source): Promise<readonly Diagnostic[]>;
  analyse(source: Source): Promise<Analysis>;
  data(source: Source): Promise<ResolvedData | { readonly diagnostics: readonly Diagnostic[] }>;
  resolve(source: Source): Promise<ResolvedRun | { readonly diagnostics: readonly Diagnostic[] }>;
  neighbours(source: Source): Promise<readonly Neighbour[]>;
  run(source: Source): Promise<RunAnswer>;
}

export type Method = keyof Compute;
export type AnswerOf<M extends Method> = Awaited<ReturnType<Compute[M]>>;

/** Why a call failed. "crashed" and "out-of-memory" are the worker's end, "bug" an unexpected exception inside it. */
export interface ComputeFailure {
  readonly reason: 'crashed' | 'out-of-memory' | 'bug' | 'cancelled';
  readonly message: string;
  readonly stack?: string;
}

export type ToWorker =
  | {
      readonly type: 'call';
      readonly id: number;
      readonly method: Method;
      readonly source: Source;
      /** Somebody looks on: the run draws its figures on the way. */
      readonly watched: boolean;
      /** One Int32: 1 asks the worker to stop. Null where memory cannot be shared: there a message asks. */
      readonly cancel: SharedArrayBuffer | null;
    }
  | { readonly type: 'cancel'; readonly id: number };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'event'; readonly id: number; readonly event: RunEvent }
  /** The report of a run that is ended from now on, while it cannot look whether it is cancelled; null: it looks again. */
  | { readonly type: 'draft'; readonly id: number; readonly report: Report | null }
  | { readonly type: 'answer'; readonly id: number; readonly method: Method; readonly answer: AnswerOf<Method> }
  | { readonly type: 'failure'; readonly id: number; readonly failure: ComputeFailure };
