/** Samples as flat arrays. */
export interface Samples {
  /** Inputs, samples × features, row-major. */
  readonly x: Float64Array;
  /** Targets, one a sample. */
  readonly y: Float64Array;
  readonly samples: number;
}

export interface Dataset extends Samples {
  readonly features: number;
  readonly featureNames: readonly string[] | null;
  /** The predictor that generated the targets, where there is one. */
  readonly truth: Float64Array | null;
  readonly test: Samples | null;
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
