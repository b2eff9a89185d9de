/**
 * The compute service over workers, for the extension host and the terminal alike (knows neither).
 * A cancelled call is answered within 200 ms whatever the worker does; a worker that dies takes one call with it, no more.
 */
import type { AnswerOf, Compute, Method, RunEvent, Source } from '../protocol/compute';
import { ComputeError } from './compute-error';
import { cores } from './cores';
import { WorkerLane } from './lane';
import type { MemoryLimits } from './thread';

export interface ComputePoolOptions {
  /** Absolute path of the worker's bundle (dist/worker.js). */
  readonly workerPath: string;
  /** Runs at a time. Default: one less than there are cores, at least 1. One more worker is kept for analyses. */
  readonly size?: number;
  /** Memory of each worker. Default: 2 GB of old generation. */
  readonly resourceLimits?: MemoryLimits;
  /** A worker without work is ended after this many milliseconds. Default: 3 minutes. */
  readonly idleMilliseconds?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface RunOptions extends CallOptions {
  /** Called in the order in which the worker sent, and never after the promise has settled. */
  readonly onEvent?: (event: RunEvent) => void;
  /** True when the run waits for others to end, false as soon as it begins; never called when it begins at once. */
  readonly onWait?: (waits: boolean) => void;
  /** Asks for the figures of the state so far, as events. */
  readonly watched?: boolean;
}

const DEFAULT_LIMITS: MemoryLimits = { maxOldGenerationSizeMb: 2048 };
const DEFAULT_IDLE = 3 * 60_000;

/** Runs at a time where nobody says how many. */
export function defaultSize(): number {
  return Math.max(1, cores() - 1);
}

/** Every method rejects with a ComputeError, which is a ComputeFailure, and with nothing else. */
export class ComputePool implements Compute {
  /** Runs may be long, and analyses answer a person who types: neither waits for the other. */
  private readonly runs: WorkerLane;
  private readonly analyses: WorkerLane;
  private disposed = false;

  constructor(options: ComputePoolOptions) {
    const size = options.size ?? defaultSize();
    if (!(size >= 1)) throw new RangeError(`expected a pool of at least 1 worker, got ${size}`);
    const { workerPath, resourceLimits = DEFAULT_LIMITS, idleMilliseconds = DEFAULT_IDLE } = options;
    this.runs = new WorkerLane({ workerPath, resourceLimits, idleMilliseconds, size });
    this.analyses = new WorkerLane({ workerPath, resourceLimits, idleMilliseconds, size: 1 });
  }

  run(source: Source, options: RunOptions = {}): Promise<AnswerOf<'run'>> {
    return this.call(this.runs, 'run', source, options);
  }

  check(source: Source, options: CallOptions = {}): Promise<AnswerOf<'check'>> {
    return this.call(this.analyses, 'check', source, options);
  }

  /** Who looks at an experiment may run it next: a worker is started for that. */
  async analyse(source: Source, options: CallOptions = {}): Promise<AnswerOf<'analyse'>> {
    const analysis = await this.call(this.analyses, 'analyse', source, options);
    if (!this.disposed) this.runs.warm();
    return analysis;
  }

  data(source: Source, options: CallOptions = {}): Promise<AnswerOf<'data'>> {
    return this.call(this.analyses, 'data', source, options);
  }

  neighbours(source: Source, options: CallOptions = {}): Promise<AnswerOf<'neighbours'>> {
    return this.call(this.analyses, 'neighbours', source, options);
  }

  /** Solves the reference problems, which may take as long as a run. */
  resolve(source: Source, options: CallOptions = {}): Promise<AnswerOf<'resolve'>> {
    return this.call(this.runs, 'resolve', source, options);
  }

  /** Ends all workers; calls in flight are rejected as cancelled at once. Resolves when the threads are gone. */
  async dispose(): Promise<void> {
    this.disposed = true;
    await Promise.all([this.runs.dispose(), this.analyses.dispose()]);
  }

  private async call<M extends Method>(lane: WorkerLane, method: M, source: Source, options: RunOptions): Promise<AnswerOf<M>> {
    if (this.disposed) throw new ComputeError({ reason: 'cancelled', message: 'The compute service has been shut down.' });
    // The lane checks that an answer belongs to the call it was asked for, so its type is that of the method.
    return (await lane.call(method, source, options, options.signal)) as AnswerOf<M>;
  }
}
