import type { Analysis, AnswerOf, ComputeFailure, Neighbour, RunAnswer, RunEvent, Source } from '../protocol/compute';
import { ComputeError } from '../worker/compute-error';
import { ComputePool } from '../worker/pool';
import type { Disposable } from './signal';

export interface RunListeners {
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  /** True when the run waits for others to end, false as soon as it begins; never called when it begins at once. */
  readonly onWait?: (waits: boolean) => void;
  /** Asks for the figures of the state so far, as events. */
  readonly watched?: boolean;
}

/** What the extension asks of the compute workers. Calls reject with a `ComputeFailure`. */
export interface ComputeService extends Disposable {
  analyse(source: Source, options: { readonly signal: AbortSignal }): Promise<Analysis>;
  neighbours(source: Source, options: { readonly signal: AbortSignal }): Promise<readonly Neighbour[]>;
  resolve(source: Source, options: { readonly signal: AbortSignal }): Promise<AnswerOf<'resolve'>>;
  run(source: Source, options: RunListeners): Promise<RunAnswer>;
}

/** Whatever a call rejected with, as a failure with a reason. */
export function failureOf(error: unknown): ComputeFailure {
  if (error instanceof ComputeError) return error;
  if (error instanceof Error) return { reason: 'bug', message: error.message, stack: error.stack };
  return { reason: 'bug', message: String(error) };
}

export interface PoolSettings {
  /** Runs at a time; 0 leaves it to the pool. */
  readonly workers: number;
  /** Megabytes of each worker. */
  readonly memoryLimit: number;
}

/** A pool that starts at the first call and takes up changed settings as soon as nothing is running on the old one. */
export class LazyPool implements ComputeService {
  private pool: ComputePool | null = null;
  private calls = 0;
  private outdated = false;
  private readonly endings = new Set<Promise<void>>();

  constructor(
    private readonly workerPath: string,
    private readonly settings: () => PoolSettings,
  ) {}

  analyse(source: Source, options: { readonly signal: AbortSignal }): Promise<Analysis> {
    return this.use((pool) => pool.analyse(source, options));
  }

  neighbours(source: Source, options: { readonly signal: AbortSignal }): Promise<readonly Neighbour[]> {
    return this.use((pool) => pool.neighbours(source, options));
  }

  resolve(source: Source, options: { readonly signal: AbortSignal }): Promise<AnswerOf<'resolve'>> {
    return this.use((pool) => pool.resolve(source, options));
  }

  run(source: Source, options: RunListeners): Promise<RunAnswer> {
    return this.use((pool) => pool.run(source, options));
  }

  settingsChanged(): void {
    this.outdated = true;
    this.retireIfIdle();
  }

  dispose(): void {
    void this.shutDown();
  }

  /** Resolves when all threads are gone. */
  async shutDown(): Promise<void> {
    this.retire();
    await Promise.all(this.endings);
  }

  private async use<T>(call: (pool: ComputePool) => Promise<T>): Promise<T> {
    this.pool ??= this.start();
    this.calls++;
    try {
      return await call(this.pool);
    } finally {
      this.calls--;
      this.retireIfIdle();
    }
  }

  private start(): ComputePool {
    const { workers, memoryLimit } = this.settings();
    return new ComputePool({
      workerPath: this.workerPath,
      size: workers === 0 ? undefined : workers,
      resourceLimits: { maxOldGenerationSizeMb: memoryLimit },
    });
  }

  private retireIfIdle(): void {
    if (this.outdated && this.calls === 0) this.retire();
  }

  private retire(): void {
    this.outdated = false;
    if (this.pool === null) return;
    const ended = this.pool.dispose().finally(() => this.endings.delete(ended));
    this.endings.add(ended);
    this.pool = null;
  }
}
