/** Who carries out the points of a sweep: the workers of this process, or tasks elsewhere that leave their results in the folder. */
import type { Source } from '../protocol/compute';
import type { SweepFailure, SweepPlace, SweepResult } from '../protocol/sweep';
import type { SweepPlan } from '../study/sweep';
import type { SweepFolder } from './sweep-folder';
import { runPoint, type PointCompute } from './sweep-point';

/** What an engine is given to work on. */
export interface SweepWork {
  readonly plan: SweepPlan;
  readonly folder: SweepFolder;
  readonly source: Source;
  /** Aborted by the caller, or because something broke. */
  readonly signal: AbortSignal;
  /** Asked before every point. @throws FolderLocked when the folder has been taken over by another process */
  assertOwned(): void;
  /** Told of every point that is over, its result kept in the folder. A point that was cut off is not told of. */
  settle(outcome: SweepResult | SweepFailure): void;
  /** Told whether a point runs or waits, as far as the engine knows. */
  mark(index: number, running: boolean): void;
  /** What the engine waits for, for people: "job 12: 2 running, 3 waiting"; null for nothing. */
  say(text: string | null): void;
}

/**
 * Runs points until none of them is left or the signal is aborted.
 * @throws EngineError when it cannot work here, and what the file system says
 */
export type SweepEngine = (open: readonly SweepPlace[], work: SweepWork) => Promise<void>;

/** The engine's program is not here, or refuses. The message is one line for people. */
export class EngineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EngineError';
  }
}

/** @param jobs points in flight at a time; no more than the service has workers */
export function localEngine(compute: PointCompute, jobs: number): SweepEngine {
  return async (open, work) => {
    const next = open.values();
    const broken = new AbortController();
    const signal = AbortSignal.any([work.signal, broken.signal]);
    let failure: unknown = null;
    /** Takes one point after the other off the common list. */
    const lane = async (): Promise<void> => {
      for (let { value, done } = next.next(); done !== true && !signal.aborted; { value, done } = next.next()) {
        try {
          work.assertOwned();
          await runPoint(value as SweepPlace, { ...work, signal, compute });
        } catch (error) {
          failure ??= error;
          broken.abort();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, open.length)) }, lane));
    if (failure !== null) throw failure instanceof Error ? failure : new Error(String(failure));
  };
}
