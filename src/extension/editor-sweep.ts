/** A sweep over the compute service of the editor, with a report as its answer. Knows no editor. */
import type { RunAnswer, Source } from '../protocol/compute';
import { sweepReport } from '../study/sweep-report';
import { ComputeError } from '../worker/compute-error';
import { cores } from '../worker/cores';
import { localEngine } from '../worker/sweep-engine';
import { sweepFolderOf } from '../worker/sweep-folder';
import { FolderLocked } from '../worker/sweep-lock';
import { runSweep } from '../worker/sweep-runner';
import type { ComputeService } from './compute-service';

export interface EditorSweepOptions {
  readonly compute: ComputeService;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number, says: string) => void;
}

/** @throws ComputeError: cancelled, or the folder beside the file cannot be used */
export async function editorSweep(source: Source, { compute, signal, onProgress }: EditorSweepOptions): Promise<RunAnswer> {
  if (source.path === null) throw new ComputeError({ reason: 'crashed', message: 'The file is not saved yet.' });
  const { predictions } = await compute.analyse(source, { signal });
  const answer = await runSweep({
    source,
    folder: sweepFolderOf(source.path),
    // The service runs as many of them at a time as it has workers.
    engine: localEngine({ run: (point, options) => compute.run(point, { signal, ...QUIET, ...options }) }, cores()),
    signal,
    onProgress: ({ done, failed, total, secondsLeft }) => {
      const left = secondsLeft === null || done + failed === total ? '' : ` · ${timeLeft(secondsLeft)} left`;
      onProgress((done + failed) / total, `${done} of ${total} runs${failed === 0 ? '' : ` · ${failed} failed`}${left}`);
    },
  }).catch((error: unknown) => {
    if (error instanceof FolderLocked) throw new ComputeError({ reason: 'crashed', message: error.message });
    // The disk is full, the folder is read-only: no bug of ours.
    if (error instanceof Error && 'code' in error) throw new ComputeError({ reason: 'crashed', message: error.message });
    throw error;
  });
  switch (answer.type) {
    case 'invalid':
      return answer;
    case 'cancelled':
      throw new ComputeError({ reason: 'cancelled', message: `Cancelled with ${answer.done} of ${answer.total} runs done.` });
    case 'done':
      return { type: 'report', report: sweepReport(answer.summary, predictions) };
    default:
      return answer satisfies never;
  }
}

/** What single points say while they run, or wait for a worker, is too much for a sweep. */
const QUIET = { onEvent: (): void => undefined, onWait: (): void => undefined };

function timeLeft(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
