/** What a measure may look at: one moment of a run. Filled anew at every recorded point; nothing is allocated. */
import type { Dataset } from '../data/dataset';
import type { BatchSharpness } from '../dynamics/batch-sharpness';
import type { Curvature } from '../dynamics/curvature';
import type { Objective } from '../dynamics/objective';

export interface Observation {
  readonly objective: Objective;
  readonly data: Dataset;
  /** Parameters θ at this moment. */
  readonly theta: Float64Array;
  /** Parameters at the start. */
  readonly start: Float64Array;
  /** f_θ(x_i) on the training samples. */
  readonly outputs: Float64Array;
  /** f_θ on the test samples; empty without any. */
  readonly testOutputs: Float64Array;
  /** β(θ) of a model that is linear in x, else empty. */
  readonly predictor: Float64Array;
  /** The predicted solution, where it has been found. */
  readonly predicted: Float64Array | null;
  /** The solutions that the file compares with, by their id. */
  readonly compared: ReadonlyMap<string, Float64Array>;
  /** The norm in which the optimizer is expected to maximise the margin, where it is not the ℓ2 norm. */
  readonly norm: ((w: Float64Array) => number) | null;
  /** The size, of the outputs, in which the predicted law is about the run; null where the result has none. */
  readonly gauge: ((outputs: Float64Array) => number) | null;
  readonly loss: number;
  readonly logLoss: number;
  readonly gradientNorm: number;
  /** Second derivatives of the loss at θ, computed when they are asked for. */
  readonly curvature: Curvature;
  /** Largest curvature at which the steps are stable, κ/η; null where there is none. */
  readonly stabilityThreshold: number | null;
  /** Diagonal P of steps −ηP⁻¹m, NaN before the first; null where steps have none. The threshold is then one of P^(−1/2)∇²ℒP^(−1/2). */
  readonly preconditioner: Float64Array | null;
  /** Of SGD. */
  readonly batchSharpness: BatchSharpness | null;
}
