/**
 * A published result: one file a result holds all that the product knows of it.
 * `outline` answers at once from the file alone; `examine` needs the data and runs in the worker.
 */
import type { Dataset } from '../data/dataset';
import type { Curvature } from '../dynamics/curvature';
import type { Objective } from '../dynamics/objective';
import type { Experiment } from '../experiment/schema';
import type { Loss } from '../losses/loss';
import type { Model } from '../models/model';
import type { Citation, Condition, Figure, Outcome, Prediction, Reference, ResultStatus, Trajectory, Verdict } from '../protocol/report';
import type { MeasureName } from '../protocol/measures';
import type { LinearProgramSolver } from '../solvers/reference-problem';
import type { Departure } from './departures';
import type { Facts } from './facts';

/** The cheap half: what a lens can say before the data is known. */
export interface Outline {
  readonly regularizer: string;
  /** "min ‖w‖₁-like (hypentropy, α = 0.01)". */
  readonly symbol: string;
  /** Conditions that the file alone decides. */
  readonly conditions: readonly Condition[];
  /** What applies to the model's or the optimizer's part of the file, for the lens there; null for nothing. */
  readonly modelNote: string | null;
  readonly optimizerNote: string | null;
}

/** Everything that is known before training. */
export interface Situation {
  readonly experiment: Experiment;
  readonly data: Dataset;
  readonly model: Model;
  readonly loss: Loss;
  /** Initial parameters. */
  readonly start: Float64Array;
  /** The training loss as a function of the parameters. */
  readonly objective: Objective;
  /** Second derivatives of it: `situation.curvature.at(θ).sharpness()`. */
  readonly curvature: Curvature;
  /** Step size that will be used; null for a flow. */
  readonly stepSize: number | null;
  readonly facts: Facts;
  /** Linear programming comes from outside, loaded at first use. */
  linearPrograms(): Promise<LinearProgramSolver>;
}

/** What training gave. */
export interface Trained {
  readonly outcome: Outcome;
  readonly parameters: Float64Array;
  readonly predictor: Float64Array | null;
  readonly loss: number;
  readonly logLoss: number;
  readonly gradientNorm: number;
  readonly logTime: number;
  readonly steps: number;
  readonly trajectory: Trajectory;
}

/** A result that speaks of this experiment, with its conditions evaluated on the data. */
export interface Examination {
  readonly prediction: Prediction;
  /**
   * True where the run is held against an exact law or an optimality condition, evaluated on the run itself: the verdict then
   * needs no reference solution, though `solve` may still give one.
   */
  readonly withoutReference?: true;
  /** True where the run is judged at the number of steps that the file gives: its companions are trained when it has come that far. */
  readonly fixedTime?: true;
  /** True where the result foretells whether the run diverges: a run that does is then judged like any other. */
  readonly judgesDivergence?: true;
  /** Values that the result expects of measures at the end of the run: means over the data, limits. */
  readonly expected?: Readonly<Partial<Record<MeasureName, number>>>;
  /** A size of the outputs f(x_i) that the law of this result is about; recorded as the measure "lawSize". */
  readonly gauge?: (outputs: Float64Array) => number;
  /** The predicted solution; called only when every condition holds. */
  solve(): Promise<Reference | null>;
  /** Measures that belong to this row, recorded unless the file says otherwise. */
  readonly measures: readonly MeasureName[];
  /**
   * Other experiments whose training the verdict needs, for instance the same at half the step size.
   * They are trained after the run itself.
   */
  readonly companions: readonly Experiment[];
  /**
   * The conditions as the run has settled them, where one of them is about the run itself ("some time at which the loss is below …");
   * before it such a condition is unknown and the prediction rests on it. The report holds these.
   */
  settle?(trained: Trained): readonly Condition[];
  /** Compares what was trained with what was predicted. */
  judge(trained: Trained, reference: Reference | null, companions: readonly Trained[]): Verdict;
  /**
   * Pictures for the report, beyond the recorded curves. Where somebody looks on they are drawn on the way too, of the state so far:
   * so they allow for one that is not trained yet, and depend on nothing but the arguments.
   */
  figures?(trained: Trained, reference: Reference | null): readonly Figure[];
  /** True where the pictures speak of the limit, or take too long to be drawn on the way. */
  readonly figuresAtEnd?: true;
}

export interface PublishedResult {
  readonly id: string;
  /** Row of the catalogue, e.g. "C1". */
  readonly row: string;
  readonly title: string;
  readonly statement: string;
  readonly formula: string;
  readonly status: ResultStatus;
  readonly citation: Citation;
  /** What of `departures.ts` the result speaks of; it is withdrawn from files with any other of them. */
  readonly covers?: readonly Departure[];
  /** Null when the result does not speak of this kind of experiment. */
  outline(experiment: Experiment): Outline | null;
  examine(situation: Situation): Promise<Examination | null>;
}
