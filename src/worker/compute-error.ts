import type { ComputeFailure } from '../protocol/compute';

/** A call to the compute service that has no answer: a ComputeFailure that can be thrown. Its stack is the worker's, where there is one. */
export class ComputeError extends Error implements ComputeFailure {
  readonly reason: ComputeFailure['reason'];

  constructor({ reason, message, stack }: ComputeFailure) {
    super(message);
    this.name = 'ComputeError';
    this.reason = reason;
    if (stack !== undefined) this.stack = stack;
  }

  /** By its shape: the extension ships in two bundles, each of which has a class of this name. */
  static override [Symbol.hasInstance](value: unknown): value is ComputeError {
    return value instanceof Error && value.name === 'ComputeError' && 'reason' in value;
  }
}
