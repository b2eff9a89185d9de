/**
 * Wraps a dynamics with what is recorded, when it ends and how it is cancelled.
 * What is recorded and when it ends depends on step counts alone, never on the clock: the same file gives the same curve.
 */
import type { Dynamics, StepState } from '../dynamics/dynamics';
import { BatchSharpness } from '../dynamics/batch-sharpness';
import { Curvature } from '../dynamics/curvature';
import { stabilityThreshold } from '../experiment/stability-threshold';
import { marginNorm } from '../measures/margin-norm';
import type { Objective } from '../dynamics/objective';
import { isMeasurable, MEASURE_FUNCTIONS } from '../measures/measures';
import type { Observation } from '../measures/observation';
import { norm2 } from '../numerics/vectors';
import { MEASURE_NAMES, type MeasureName } from '../protocol/measures';
import type { Outcome } from '../protocol/report';
import type { Situation, Trained } from '../theory/result';
import { countInWords, inWords, stepsInWords } from '../theory/wording';
import { createDynamics } from './create-dynamics';
import type { Environment } from './environment';
import { obstacleInWords } from './obstacle-words';
import { Recorder } from './recorder';
import { stopRule, type StopRule } from './stopping';

export interface Training extends Trained {
  /** Why it ended, one sentence. */
  readonly ended: string;
  /** Values at the end under the names of the columns. */
  readonly measures: Readonly<Record<string, number>>;
}

/** Hears of new points while training; `reset` when earlier points were thinned out. */
export interface TrainingListener {
  points(columns: readonly string[], rows: number, values: Float64Array, reset: boolean): void;
  progress(fraction: number | null, says: string): void;
  /** Between two steps, where somebody looks on: may ask for the state so far. */
  between?(state: () => Trained): void;
}

/** Live points travel at most so often, in milliseconds. */
const EMIT_EVERY = 50;
/** Messages are let in so often where a cancel comes by them, in milliseconds. */
const HEAR_EVERY = 50;
/** Steps between two looks at the clock and the cancel flag grow until a slice takes about this long. */
const SLICE = 8;
/** The loss and the gradient are looked at after every step at first, later whenever the count has grown by a percent. */
const CHECK_GROWTH = 1.01;

export function train(
  situation: Situation,
  objective: Objective,
  predicted: Float64Array | null,
  measures: readonly MeasureName[],
  environment: Environment,
  listener: TrainingListener | null,
  compared: ReadonlyMap<string, Float64Array> = new Map(),
  gauge: Observation['gauge'] = null,
): Promise<Training> {
  return new TrainingRun(situation, objective, predicted, measures, environment, listener, compared, gauge).run();
}

interface Ending {
  readonly outcome: Outcome;
  readonly ended: string;
}

type MutableObservation = { -readonly [K in keyof Observation]: Observation[K] };

class TrainingRun {
  private readonly rule: StopRule;
  private readonly dynamics: Dynamics;
  private readonly observation: MutableObservation;
  private readonly gradient: Float64Array;
  private readonly names: readonly Exclude<MeasureName, 'step' | 'time' | 'logTime'>[];
  private readonly recorder: Recorder;
  private readonly row: Float64Array;
  private largestGradient = 0;
  private emitted = 0;
  private emittedAt = -Infinity;
  private heardAt = -Infinity;
  private slice = 1;

  constructor(
    private readonly situation: Situation,
    private readonly objective: Objective,
    predicted: Float64Array | null,
    measures: readonly MeasureName[],
    private readonly environment: Environment,
    private readonly listener: TrainingListener | null,
    compared: ReadonlyMap<string, Float64Array>,
    gauge: Observation['gauge'],
  ) {
    const { experiment, data, model, start } = situation;
    const { optimizer } = experiment;
    this.rule = stopRule(experiment);
    this.dynamics = createDynamics(situation, objective);
    this.gradient = new Float64Array(model.parameterCount);
    const { stepSize } = this.dynamics;
    const threshold = stabilityThreshold(optimizer);
    this.observation = {
      objective,
      data,
      start,
      predicted,
      compared,
      theta: this.dynamics.parameters,
      outputs: objective.outputs,
      testOutputs: new Float64Array(data.test?.samples ?? 0),
      predictor: new Float64Array(
        model.predictor === undefined
          ? 0
          : model.outputsPerSample * (model.inputs === undefined ? model.features : model.inputs.length / model.samples),
      ),
      norm: marginNorm(experiment.optimizer)?.of ?? null,
      gauge,
      loss: Number.NaN,
      logLoss: Number.NaN,
      gradientNorm: Number.NaN,
      curvature: new Curvature(objective),
      stabilityThreshold: threshold === null || stepSize === null ? null : threshold.factor / stepSize,
      preconditioner: this.dynamics.preconditioner === undefined ? null : new Float64Array(model.parameterCount),
      batchSharpness: optimizer.kind === 'sgd' ? new BatchSharpness(objective, optimizer.batchSize, experiment.seed) : null,
    };
    this.observe();
    const wanted = new Set<MeasureName>([
      ...measures,
      'loss',
      'gradientNorm',
      'parameterNorm',
      ...(data.test === null ? [] : (['testLoss'] as const)),
    ]);
    this.names = MEASURE_NAMES.filter(
      (name): name is Exclude<MeasureName, 'step' | 'time' | 'logTime'> =>
        name !== 'step' && name !== 'time' && name !== 'logTime' && wanted.has(name) && isMeasurable(name, this.observation),
    );
    const columns = ['step', 'time', 'logTime', ...this.names];
    this.recorder = new Recorder(columns, experiment.record, experiment.optimizer.kind === 'gradient-flow' ? null : this.rule.steps);
    this.row = new Float64Array(columns.length);
  }

  async run(): Promise<Training> {
    const started = this.environment.now();
    this.keep();
    let check = 0;
    let ending = this.ending('running', started);
    while (ending === null) {
      // On to the next step at which something is due: a point, or a look at the stopping rule.
      if (this.dynamics.steps >= check) check = Math.max(check + 1, Math.floor(this.dynamics.steps * CHECK_GROWTH));
      const due = Math.min(check, this.recorder.next, this.rule.steps, this.dynamics.steps + this.stepsBeforeTime());
      const state = await this.advanceTo(due);
      if (state === null) {
        this.observe();
        ending = { outcome: 'cancelled', ended: `Cancelled after ${stepsInWords(this.dynamics.steps)}.` };
        break;
      }
      this.observe();
      if (this.dynamics.steps >= this.recorder.next) this.keep();
      ending = this.ending(state, started);
      this.report(started, ending !== null);
    }
    this.keep();
    this.report(started, true);
    return this.result(ending);
  }

  /** How many steps, none longer than η, cannot pass the time limit; at least one. */
  private stepsBeforeTime(): number {
    const { dynamics, rule } = this;
    if (dynamics.stepSize === null || rule.logTime === Infinity) return Infinity;
    const left = (Math.exp(rule.logTime) - Math.exp(dynamics.logTime)) / dynamics.stepSize;
    return left > 1 ? Math.floor(left) : 1;
  }

  /** Steps until `due`, looking at the cancel flag every few milliseconds. Null when cancelled. */
  private async advanceTo(due: number): Promise<StepState | null> {
    const { dynamics, environment } = this;
    let state: StepState = 'running';
    while (dynamics.steps < due && state === 'running') {
      if (environment.hearMessages !== undefined && environment.now() - this.heardAt >= HEAR_EVERY) {
        await environment.hearMessages();
        this.heardAt = environment.now();
      }
      if (environment.cancelled()) return null;
      const before = environment.now();
      const count = Math.min(this.slice, due - dynamics.steps);
      state = dynamics.advance(count);
      if (count === this.slice && environment.now() - before < SLICE) this.slice = Math.min(2 * this.slice, 1 << 20);
    }
    return environment.cancelled() ? null : state;
  }

  /** Fills the observation from the present parameters. */
  private observe(): void {
    const { objective, observation, situation } = this;
    const { theta } = observation;
    observation.loss = objective.gradient(theta, this.gradient);
    observation.logLoss = situation.loss.logValue(objective.outputs, objective.targets);
    observation.gradientNorm = norm2(this.gradient);
    this.largestGradient = Math.max(this.largestGradient, observation.gradientNorm);
    situation.model.predictor?.(theta, observation.predictor);
    const { test } = situation.data;
    if (test !== null) situation.model.outputsOn(theta, test.x, test.samples, observation.testOutputs);
  }

  private keep(): void {
    const { row, dynamics } = this;
    row[0] = dynamics.steps;
    row[1] = Math.exp(dynamics.logTime);
    row[2] = dynamics.logTime;
    const { curvature, preconditioner, theta } = this.observation;
    curvature.at(theta);
    if (preconditioner !== null) dynamics.preconditioner?.(preconditioner);
    this.names.forEach((name, k) => (row[k + 3] = MEASURE_FUNCTIONS[name](this.observation)));
    if (this.recorder.add(dynamics.steps, row)) this.emitted = 0;
  }

  /** Why the run ends now, or null. */
  private ending(state: StepState, started: number): Ending | null {
    const { rule, dynamics } = this;
    const { loss, logLoss, gradientNorm } = this.observation;
    const steps = `after ${stepsInWords(dynamics.steps)}`;
    if (state === 'diverged' || Number.isNaN(loss) || (loss === Infinity && !this.situation.loss.onMargins)) {
      return { outcome: 'diverged', ended: `The parameters left every bound ${steps}.` };
    }
    if (state === 'stuck') return { outcome: 'stuck', ended: obstacleInWords(dynamics) };
    if (state === 'at-rest' && dynamics.steps === 0 && gradientNorm === 0)
      return { outcome: 'converged', ended: 'Stationary at the start: the gradient is 0 there, and nothing ever moves.' };
    if (state === 'at-rest') return { outcome: 'converged', ended: `The parameters came to rest ${steps}.` };
    if (loss <= rule.loss && rule.loss > 0) return { outcome: 'stopped', ended: `The loss reached ${inWords(rule.loss)} ${steps}.` };
    const restless = dynamics.restless === true;
    if (logLoss <= rule.logLoss && !restless)
      return { outcome: logLoss === -Infinity ? 'converged' : 'stopped', ended: `ln ℒ reached ${inWords(rule.logLoss)} ${steps}.` };
    // A step that still grows may leave again what it has reached.
    const warming = dynamics.warming === true;
    if (!warming && rule.gradientNorm > 0 && gradientNorm <= rule.gradientNorm)
      return { outcome: 'converged', ended: `The gradient norm reached ${inWords(rule.gradientNorm)} ${steps}.` };
    // A flow says by itself when it is at rest; there a small gradient may also be a plateau.
    if (
      !warming &&
      this.dynamics.stepSize !== null &&
      dynamics.steps > 0 &&
      !restless &&
      !this.vanishing() &&
      // SGD may start where the gradients of the samples cancel: the first batch that moves it ends that.
      this.largestGradient > 0 &&
      gradientNorm <= rule.relativeGradient * this.largestGradient
    ) {
      return { outcome: 'converged', ended: `The gradient fell to ${inWords(rule.relativeGradient)} of its largest value ${steps}.` };
    }
    if (dynamics.logTime >= rule.logTime) return { outcome: 'stopped', ended: `The time limit was reached ${steps}.` };
    if (dynamics.steps >= rule.steps) return { outcome: 'stopped', ended: `The limit of ${stepsInWords(rule.steps)} was reached.` };
    if (this.environment.now() - started >= 1000 * rule.seconds)
      return { outcome: 'stopped', ended: `The limit of ${rule.seconds} seconds was reached ${steps}.` };
    return null;
  }

  /** A margin loss whose gradient vanishes at infinity only: a small gradient is no convergence. */
  private vanishing(): boolean {
    const { loss, model, facts } = this.situation;
    if (!loss.logarithmic) return false;
    return model.inputs === undefined || !loss.onMargins || facts.separability().separable !== false;
  }

  private report(started: number, last: boolean): void {
    const { listener, environment, recorder } = this;
    const now = environment.now();
    if (listener === null || (!last && now - this.emittedAt < EMIT_EVERY)) return;
    this.emittedAt = now;
    const reset = this.emitted === 0;
    const { rows, values } = recorder.since(this.emitted);
    this.emitted = recorder.count;
    if (rows > 0) listener.points(recorder.columns, rows, values, reset);
    const { dynamics, rule, observation } = this;
    const byTime = Number.isFinite(rule.seconds) ? (now - started) / (1000 * rule.seconds) : 0;
    const byLoss = Number.isFinite(rule.logLoss) && observation.logLoss < -1 ? Math.log(-observation.logLoss) / Math.log(-rule.logLoss) : 0;
    const bySteps = dynamics.stepSize === null ? 0 : dynamics.steps / rule.steps;
    const fraction = Math.min(1, Math.max(byTime, byLoss, bySteps));
    listener.progress(fraction > 0 ? fraction : null, `step ${countInWords(dynamics.steps)} · ln ℒ = ${inWords(observation.logLoss, 4)}`);
    if (!last) listener.between?.(() => this.state('stopped', recorder.trajectory()));
  }

  private result(ending: Ending): Training {
    const { dynamics, recorder } = this;
    const trajectory = recorder.trajectory();
    return {
      ...this.state(ending.outcome, trajectory),
      ended: dynamics.note === undefined || dynamics.steps === 0 ? ending.ended : `${ending.ended} ${dynamics.note}`,
      measures: Object.fromEntries(Object.entries(trajectory).map(([name, column]) => [name, column[column.length - 1]])),
    };
  }

  /** What has been trained so far, in arrays of its own. */
  private state(outcome: Outcome, trajectory: Trained['trajectory']): Trained {
    const { dynamics, observation } = this;
    return {
      outcome,
      parameters: Float64Array.from(dynamics.parameters),
      predictor: observation.predictor.length > 0 ? Float64Array.from(observation.predictor) : null,
      loss: observation.loss,
      logLoss: observation.logLoss,
      gradientNorm: observation.gradientNorm,
      logTime: dynamics.logTime,
      steps: dynamics.steps,
      trajectory,
    };
  }
}
