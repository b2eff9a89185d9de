import type { ComputeFailure } from '../protocol/compute';
import { ComputeError } from '../worker/compute-error';
import { isDebugging, type Terminal } from './terminal';
import { printable, printableLines } from './terminal-text';

/** Whatever a call to the compute service was rejected with. */
export function failureOf(error: unknown): ComputeFailure {
  if (error instanceof ComputeError) return error;
  if (error instanceof Error) return { reason: 'bug', message: error.message, stack: error.stack };
  if (error !== null && typeof error === 'object' && 'reason' in error) return error as ComputeFailure;
  return { reason: 'bug', message: String(error) };
}

/** The answer of a call, unless the user has stopped meanwhile: then it comes too late. @throws ComputeError */
export async function answered<T>(answer: Promise<T>, { signal }: Pick<Terminal, 'signal'>): Promise<T> {
  const value = await answer;
  if (signal.aborted) throw new ComputeError({ reason: 'cancelled', message: 'Cancelled.' });
  return value;
}

/** Says in one line why there is no answer about a file; the stack only for those who ask for it. */
export function reportFailure(file: string, { reason, message, stack }: ComputeFailure, terminal: Terminal): void {
  const hint = reason === 'bug' && !isDebugging(terminal) ? ' (a bug in the lab; BIAS_LAB_DEBUG=1 shows where)' : '';
  const says = { cancelled: 'cancelled', crashed: message, 'out-of-memory': message, bug: `internal error: ${message}${hint}` }[reason];
  terminal.stderr.write(`${printable(file)}: ${printable(says)}\n`);
  if (stack !== undefined && reason !== 'cancelled' && isDebugging(terminal)) terminal.stderr.write(`${printableLines(stack)}\n`);
}
