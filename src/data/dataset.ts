/** Samples as flat arrays. */
export interface Samples {
  /** Inputs, samples × features, row-major. */
  readonly x: Float64Array;
  /** Targets, one a sample. */
  readonly y: Float64Array;
  readonly samples: number;
}

/** Samples that are linear measurements of a matrix W: x_i = vec(A_i), row-major, so that y_i = ⟨A_i, W⟩. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
  /** Where every A_i has a single entry 1: its place i·columns + j. Null for other measurements. */
  readonly observed: Int32Array | null;
}

export interface Dataset extends Samples {
  readonly features: number;
  readonly featureNames: readonly string[] | null;
  /** The predictor that generated the targets, where there is one. */
  readonly truth: Float64Array | null;
  readonly test: Samples | null;
  /** Present where the inputs are matrices. Where entries are observed, x is made at its first use: models of matrices need no x. */
  readonly matrix?: MatrixShape;
  /** Coefficients c₀, c₁, … of the polynomial in the one feature that generated the targets, where there is one. */
  readonly polynomial?: Float64Array;
  /** Present where the inputs are features of other inputs: those, and the map from rows of them to rows of features. */
  readonly before?: { readonly data: Dataset; map(x: Float64Array, rows: number): Float64Array };
}

/** How a dataset reads the files it names; given by the host, so that no pure room knows a file system. */
export interface FileAccess {
  /**
   * Text of a file.
   * @param relativePath relative to the experiment file
   * @throws DataError "data.path.outside", "data.path.missing", "data.path.unreadable", "data.path.too-large"
   */
  readText(relativePath: string): Promise<string>;
}

/** The outputs of a teacher on the inputs of a dataset, one a sample; given by the study, so that this room knows no models. */
export type Teach = (inputs: Dataset) => Float64Array;

/** The file names data that cannot be had. `pointer` is the place in the experiment file. */
export class DataError extends Error {
  constructor(
    readonly code: string,
    readonly pointer: string,
    message: string,
  ) {
    super(message);
    this.name = 'DataError';
  }
}
