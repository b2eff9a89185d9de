/**
 * The report of a run: everything that a summary, a chart, a table or an export is drawn from.
 * In memory the numbers are plain numbers; `report-json.ts` writes the non-finite ones as strings.
 */

export const REPORT_FORMAT = 1;

/** How far a published result is established. */
export type ResultStatus = 'theorem' | 'conjecture' | 'refuted' | 'empirical' | 'negative';

export interface Citation {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly venue: string;
  /** Theorem, proposition or equation the product relies on, e.g. "Theorem 1". */
  readonly locus?: string;
  readonly url?: string;
}

/** One condition of a result, evaluated on the user's file and data. */
export interface Condition {
  readonly text: string;
  readonly holds: boolean | 'unknown';
  /** The reason, with numbers where there are any: "margin 0.31". */
  readonly because: string;
}

/** What one published result says of an experiment. */
export interface Prediction {
  /** Id of the result, e.g. "woodworth-2020-kernel-rich". */
  readonly result: string;
  readonly title: string;
  /** Id of the predicted regularizer, e.g. "hypentropy"; "none" where theory says there is no such thing. */
  readonly regularizer: string;
  /** The regularizer as a symbol, plain text with Unicode: "min ‖w‖₂". */
  readonly symbol: string;
  /** The statement in words. */
  readonly statement: string;
  /** The formula, plain text with Unicode mathematics. */
  readonly formula: string;
  readonly status: ResultStatus;
  /** True when every condition holds: the verdict may rest on it. */
  readonly applies: boolean;
  readonly conditions: readonly Condition[];
  readonly citation: Citation;
}

/** How good a reference solution is, computed by our own code from the answer alone. */
export interface Certificate {
  /** "duality-gap": objective − dual bound, relative; "kkt-residual"; "vanishing-combination". */
  readonly kind: 'duality-gap' | 'kkt-residual' | 'vanishing-combination';
  readonly value: number;
  /** What was computed, in a sentence with its numbers. */
  readonly says: string;
}

export interface Reference {
  /** "l2", "l1", "potential", "max-margin", … ; unique within a report. */
  readonly id: string;
  readonly title: string;
  readonly regularizer: string;
  readonly predictor: readonly number[] | null;
  readonly objective: number;
  readonly certificate: Certificate;
  readonly role: 'predicted' | 'compared';
}

/** "stuck": a flow came to a point, such as a kink, from which no step follows it; nothing grew. */
export type Outcome = 'converged' | 'stopped' | 'stuck' | 'diverged' | 'cancelled' | 'failed';
export type VerdictOutcome = 'agrees' | 'disagrees' | 'inconclusive' | 'no-prediction';

/** "bound": the most that theory, or a threshold, leaves the value. "chance": what the same comes to without what is claimed. */
export type VerdictLimit = 'bound' | 'chance';

export interface Verdict {
  readonly outcome: VerdictOutcome;
  /** Id of the result it is about, null with "no-prediction". */
  readonly result: string | null;
  /** "relative-distance", "direction-distance", … */
  readonly measure: string | null;
  readonly value: number | null;
  readonly tolerance: number | null;
  /** What the tolerance is where it is not a distance that is allowed; absent: it is one. */
  readonly limit?: VerdictLimit;
  /** One sentence. */
  readonly says: string;
}

export interface Solution {
  /** The vector w of a model that is linear in x, else null. */
  readonly predictor: readonly number[] | null;
  /** Parameter blocks in the model's order, each row-major. */
  readonly parameters: readonly (readonly number[])[];
  readonly loss: number;
  /** Natural logarithm of the loss; finite where the loss underflows. */
  readonly logLoss: number;
}

/** Columns of one length, each named by a measure of `measures.ts`. */
export type Trajectory = Readonly<Record<string, readonly number[]>>;

/** Of a sweep: the runs behind the places of a picture, place by place and seed by seed. */
export interface FigureRuns {
  /** Runs of a place. */
  readonly repeat: number;
  /** Seed of the first of them; the others have the seeds after it. */
  readonly seed: number;
  /** What has become of each run, a letter of `RUN_LETTERS` in sweep.ts. */
  readonly states: string;
  /** Values at the end of each run; NaN where there is none. */
  readonly measures: readonly { readonly name: string; readonly values: readonly number[] }[];
}

export interface FigureAxis {
  /** With unit or symbol: "x", "frequency d", "ln t". */
  readonly label: string;
  readonly scale: 'linear' | 'log';
  /** What stands at 1, 2, …: at each row or column of a heat map, at each place of a chart over texts. Without them these are counted. */
  readonly ticks?: readonly string[];
}

export interface FigureSeries {
  readonly name: string;
  /** Rings stand around points of another series. */
  readonly style: 'line' | 'points' | 'bars' | 'rings';
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Name of the series around which this line is an edge of a band; two such lines in a row enclose it. */
  readonly band?: string;
  /** A line in several pieces: NaN stands between them and is no missing value. */
  readonly pieces?: boolean;
}

/** A picture that belongs to a result, beyond the curves of the trajectory: a spectrum, a function over its data, a matrix. */
export type Figure =
  | {
      readonly kind: 'chart';
      /** Unique within a report. */
      readonly id: string;
      readonly title: string;
      /** What is to be seen, in a sentence with numbers: the figure's text alternative. */
      readonly says: string;
      readonly x: FigureAxis;
      readonly y: FigureAxis;
      readonly series: readonly FigureSeries[];
      /** Of a sweep over one axis: number of the first run behind each place on the horizontal axis. */
      readonly runs?: readonly number[];
      readonly behind?: FigureRuns;
      /** Both axes are drawn to the same scale: angles and distances are seen as they are. */
      readonly sameUnits?: boolean;
    }
  | {
      readonly kind: 'heat-map';
      readonly id: string;
      readonly title: string;
      readonly says: string;
      readonly x: FigureAxis;
      readonly y: FigureAxis;
      readonly rows: number;
      readonly columns: number;
      /** rows × columns, row-major; NaN where there is no value. */
      readonly values: readonly number[];
      /** Of a sweep: number of the first run behind each cell. */
      readonly runs?: readonly number[];
      readonly behind?: FigureRuns;
      /** What a value is, with its unit. */
      readonly label: string;
      /** False where the sign of a value means nothing, as of a logarithm; then 0 has no colour of its own. */
      readonly signed?: boolean;
    };

export interface Report<Experiment = unknown> {
  readonly format: typeof REPORT_FORMAT;
  readonly title: string;
  /** The file with every default filled in. */
  readonly experiment: Experiment;
  /** SHA-256 of the resolved experiment, hexadecimal. */
  readonly fingerprint: string;
  readonly version: string;
  /** "wasm-relaxed-simd", "wasm-simd" or "typescript": which kernels computed it. */
  readonly kernels: string;
  readonly seconds: number;
  readonly outcome: Outcome;
  /** Why the run ended, one sentence. */
  readonly ended: string;
  readonly data: DataSummary;
  readonly predictions: readonly Prediction[];
  readonly solution: Solution;
  readonly references: readonly Reference[];
  readonly verdict: Verdict;
  /** Values at the end of the run, under the names of the trajectory's columns. */
  readonly measures: Readonly<Record<string, number>>;
  /** What the result that the verdict is about expects of measures at the end, by their names; absent where it expects no numbers. */
  readonly expected?: Readonly<Record<string, number>>;
  readonly trajectory: Trajectory;
  /** Pictures of the result the verdict is about; empty for most. */
  readonly figures: readonly Figure[];
  /** True when the file has an `expect` and it is met, false when it is not, null without one and for a cancelled run. */
  readonly asExpected: boolean | null;
}

/** What a run is about, as far as its coefficients are named by it. Of the experiment: the size of a matrix, and the loss. */
export type RunSubject = Pick<Report, 'data' | 'experiment'>;

export interface DataSummary {
  readonly samples: number;
  readonly features: number;
  readonly featureNames: readonly string[] | null;
  /** SHA-256 of the text of the file that holds them, hexadecimal; null where they are in no file. */
  readonly sha256: string | null;
}
