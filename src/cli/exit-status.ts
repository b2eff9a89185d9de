import type { ComputeFailure } from '../protocol/compute';
import type { Report } from '../protocol/report';

/** What the process says when it ends. Part of the contract with scripts. */
export const EXIT = {
  /** Done and as expected. */
  ok: 0,
  /** Done, but the verdict is not the expected one; without `expect`: the verdict is "disagrees". */
  unexpected: 1,
  /** The file or the call is wrong; it was not run. */
  wrong: 2,
  /** The run ended without an answer: diverged, stuck, failed, a limit reached before there was a verdict. */
  unanswered: 3,
  cancelled: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Worst first. A wrong file is worse than one without an answer, because nothing was tried. */
const ORDER: readonly ExitStatus[] = [EXIT.cancelled, EXIT.wrong, EXIT.unanswered, EXIT.unexpected, EXIT.ok];

/** Status of a call about several files. */
export function worst(statuses: readonly ExitStatus[]): ExitStatus {
  return ORDER.find((status) => statuses.includes(status)) ?? EXIT.ok;
}

export function statusOfReport({ outcome, verdict, asExpected }: Pick<Report, 'outcome' | 'verdict' | 'asExpected'>): ExitStatus {
  if (outcome === 'cancelled') return EXIT.cancelled;
  // What the file foresees is as expected, be it a run that diverges.
  if (asExpected === true) return EXIT.ok;
  if (outcome === 'diverged' || outcome === 'stuck' || outcome === 'failed') return EXIT.unanswered;
  // Stopped by a limit while the question was open: more steps may answer it. Stopped with a verdict is done.
  if (outcome === 'stopped' && verdict.outcome === 'inconclusive') return EXIT.unanswered;
  if (asExpected === false || verdict.outcome === 'disagrees') return EXIT.unexpected;
  return EXIT.ok;
}

export function statusOfFailure({ reason }: Pick<ComputeFailure, 'reason'>): ExitStatus {
  return reason === 'cancelled' ? EXIT.cancelled : EXIT.unanswered;
}
