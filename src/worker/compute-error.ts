import type { ComputeFailure } from '../protocol/compute';

/** A call to the compute service that has no answer. */
export class ComputeError extends Error {
  constructor(readonly failure: ComputeFailure) {
    super(failure.message);
    this.name = 'ComputeError';
  }
}
