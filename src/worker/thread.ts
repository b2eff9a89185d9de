import { Worker } from 'node:worker_threads';
import type { ComputeFailure, FromWorker, ToWorker } from '../protocol/compute';

/** Megabytes of a worker's heap. */
export interface MemoryLimits {
  readonly maxOldGenerationSizeMb?: number;
  readonly maxYoungGenerationSizeMb?: number;
}

export interface ThreadOptions {
  /** Absolute path of the worker's bundle. */
  readonly workerPath: string;
  readonly resourceLimits: MemoryLimits;
}

/** What a lane needs of whatever a worker runs in. */
export interface Thread {
  post(message: ToWorker): void;
  /** While it is busy the process lives for it, and not otherwise. */
  busy(busy: boolean): void;
  /** Resolves when it is gone. */
  end(): Promise<unknown>;
}

export interface ThreadListeners {
  readonly onMessage: (message: FromWorker) => void;
  /** It has ended by itself, or can no longer be understood. */
  readonly onFailure: (failure: ComputeFailure) => void;
}

/** Memory that a running worker can be told through; null where there is none. */
export function sharedFlag(): SharedArrayBuffer | null {
  return new SharedArrayBuffer(4);
}

/** A worker thread of Node. @throws where no thread can be had */
export function startThread({ workerPath, resourceLimits }: ThreadOptions, { onMessage, onFailure }: ThreadListeners): Thread {
  const worker = new Worker(workerPath, {
    resourceLimits,
    // What the host was started with (debugger, loaders) is not the worker's business.
    execArgv: [],
  });
  worker.on('message', onMessage);
  worker.on('messageerror', (error) =>
    onFailure({ reason: 'crashed', message: `An answer of the compute worker could not be read: ${error.message}` }),
  );
  worker.on('error', (error: unknown) => onFailure(crashOf(error)));
  worker.on('exit', (code) => onFailure({ reason: 'crashed', message: `The compute worker ended by itself (exit code ${code}).` }));
  // A worker without work must not keep the process alive.
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    busy: (busy) => (busy ? worker.ref() : worker.unref()),
    end: () => worker.terminate(),
  };
}

/** Why a worker is no more, from what it threw. */
export function crashOf(error: unknown): ComputeFailure {
  const { message, stack, code } = (error instanceof Error ? error : new Error(String(error))) as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return { reason: 'out-of-memory', message: 'The experiment needs more memory than a compute worker may use.', stack };
  return { reason: 'crashed', message: `The compute worker crashed: ${message}`, stack };
}
