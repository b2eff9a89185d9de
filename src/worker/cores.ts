import { availableParallelism } from 'node:os';

/** How many things this machine does at a time. */
export function cores(): number {
  return availableParallelism();
}
