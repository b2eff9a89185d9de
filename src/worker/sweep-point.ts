/** One point of a sweep, from its place to its result in the folder. */
import type { RunAnswer, Source } from '../protocol/compute';
import { isFailure, type SweepFailure, type SweepPlace, type SweepResult } from '../protocol/sweep';
import { sweepResult, type SweepPlan } from '../study/sweep';
import { ComputeError } from './compute-error';
import type { RunOptions } from './pool';
import type { SweepFolder } from './sweep-folder';

export interface PointCompute {
  run(source: Source, options: Pick<RunOptions, 'signal' | 'onWait'>): Promise<RunAnswer>;
}

export interface PointWork {
  readonly plan: SweepPlan;
  readonly folder: SweepFolder;
  readonly source: Source;
  readonly signal: AbortSignal;
  readonly compute: PointCompute;
  /** Told as soon as the outcome is kept; not told of a point that was cut off. */
  settle?(outcome: SweepResult | SweepFailure): void;
  /** Told whether a point runs or waits. */
  mark?(index: number, running: boolean): void;
}

export async function runPoint(place: SweepPlace, work: PointWork): Promise<void> {
  const { folder } = work;
  const { index } = place;
  await folder.note({ event: 'run', index });
  const outcome = await outcomeOf(place, work);
  if (outcome === null) return;
  await folder.keep(outcome);
  // Told at once: after another wait several lanes would be counted together.
  work.settle?.(outcome);
  await folder.note({ event: isFailure(outcome) ? 'failed' : 'done', index });
}

/** Null when the run was cut off. */
async function outcomeOf(place: SweepPlace, work: PointWork): Promise<SweepResult | SweepFailure | null> {
  const { plan, source, signal, compute } = work;
  try {
    // Until it is told to wait, it runs.
    work.mark?.(place.index, true);
    const onWait = (waits: boolean): void => work.mark?.(place.index, !waits);
    const answer = await compute.run({ ...source, text: plan.textOf(place.index) }, { signal, onWait });
    if (answer.type === 'invalid')
      return { ...place, failure: answer.diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'The experiment is wrong.' };
    return answer.report.outcome === 'cancelled' ? null : sweepResult(place, answer.report);
  } catch (error) {
    if (!(error instanceof ComputeError)) throw error;
    return error.reason === 'cancelled' ? null : { ...place, failure: error.message };
  }
}
