/** A sweep by the engine of the settings, with a report as its answer. Knows no editor. */
import type { RunAnswer, RunEvent, Source } from '../protocol/compute';
import type { SweepBoard } from '../study/sweep-board';
import { sweepReport } from '../study/sweep-report';
import { progressFraction, progressText } from '../study/sweep-words';
import { ComputeError } from '../worker/compute-error';
import { cores } from '../worker/cores';
import { EngineError } from '../worker/sweep-engine';
import { createEngine, ENGINES, nodeCommand, type EngineChoice } from '../worker/sweep-engines';
import { sweepFolderOf } from '../worker/sweep-folder';
import { FolderLocked } from '../worker/sweep-lock';
import { runSweep } from '../worker/sweep-runner';
import type { ComputeService } from './compute-service';

export interface EditorSweepOptions {
  readonly compute: ComputeService;
  readonly signal: AbortSignal;
  /** Hears of the progress and, a few times a second, of the pictures so far. */
  readonly onEvent: (event: RunEvent) => void;
  /** Told once what the sweep is of, with every default filled in. */
  readonly onExperiment: (experiment: unknown) => void;
  /** By the user's settings; 0 leaves a number to the engine. */
  readonly settings: { readonly engine: unknown; readonly tasks: number; readonly runsPerTask: number };
  /** Absolute path of the command line, which the tasks of a cluster run. */
  readonly cliPath: string;
  /** Points whose results are wanted anew. */
  readonly again: readonly number[];
}

/** @throws ComputeError: cancelled before there was anything to show, the folder cannot be used, or the engine cannot work here */
export async function editorSweep(source: Source, options: EditorSweepOptions): Promise<RunAnswer> {
  const { compute, signal, onEvent, onExperiment, settings, cliPath, again } = options;
  if (source.path === null) throw new ComputeError({ reason: 'crashed', message: 'The file is not saved yet.' });
  const { predictions } = await compute.analyse(source, { signal });
  onEvent({ type: 'predicted', predictions, subject: null });
  const folder = sweepFolderOf(source.path);
  // Tasks of a cluster take seconds to end.
  const pausing = (): void => onEvent({ type: 'progress', fraction: null, says: 'pausing: its tasks are being ended' });
  signal.addEventListener('abort', pausing, { once: true });
  let pictures: Pictures | null = null;
  try {
    const engine = await createEngine(chosen(settings), {
      folder,
      taskCommand: [...nodeCommand(), cliPath, 'sweep-task'],
      compute: () => ({ run: (point, asked) => compute.run(point, { signal, ...QUIET, ...asked }) }),
    });
    const answer = await runSweep({
      source,
      folder,
      engine,
      signal,
      again,
      onBoard: (board) => {
        onExperiment(board.experiment);
        pictures = new Pictures(board, onEvent);
      },
      onProgress: (progress) => {
        if (!signal.aborted) onEvent({ type: 'progress', fraction: progressFraction(progress), says: progressText(progress) });
      },
    });
    switch (answer.type) {
      case 'invalid':
        return answer;
      case 'cancelled':
        if (answer.summary === null) throw new ComputeError({ reason: 'cancelled', message: 'Cancelled before the first run.' });
        return { type: 'report', report: sweepReport(answer.summary, predictions, answer.total - answer.summary.points.length) };
      case 'done':
        return { type: 'report', report: sweepReport(answer.summary, predictions) };
      default:
        return answer satisfies never;
    }
  } catch (error) {
    throw asFailure(error);
  } finally {
    signal.removeEventListener('abort', pausing);
    (pictures as Pictures | null)?.end();
  }
}

function chosen({ engine, tasks, runsPerTask }: EditorSweepOptions['settings']): EngineChoice {
  const kind = ENGINES.find((one) => one === engine);
  if (kind === undefined) throw new EngineError(`expected one of ${ENGINES.join(', ')} as the engine, found ${JSON.stringify(engine)}`);
  // The service runs as many points at a time as it has workers.
  if (kind === 'local') return { kind, jobs: cores(), perTask: null };
  return { kind, jobs: tasks === 0 ? null : tasks, perTask: runsPerTask === 0 ? null : runsPerTask };
}

/** What is no bug of ours is said in a sentence: the folder is locked, the disk is full, a program is missing. */
function asFailure(error: unknown): unknown {
  if (error instanceof EngineError) {
    const says = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
    return new ComputeError({ reason: 'crashed', message: `${says} The setting "biasLab.sweep.engine" says who runs a sweep.` });
  }
  if (error instanceof ComputeError) return error;
  if (error instanceof FolderLocked || (error instanceof Error && 'code' in error))
    return new ComputeError({ reason: 'crashed', message: error.message });
  return error;
}

/** Milliseconds between two looks at the board. */
const PACE = 300;
/** The share of the time that pictures may take is one in so many. */
const SHARE = 20;

/** Tells the pictures of a sweep while they change. */
class Pictures {
  private timer: ReturnType<typeof setTimeout>;
  private told = 0;

  constructor(
    private readonly board: SweepBoard,
    private readonly tell: (event: RunEvent) => void,
  ) {
    this.timer = setTimeout(() => this.look(), 0);
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private look(): void {
    const before = performance.now();
    if (this.board.changes !== this.told) {
      this.told = this.board.changes;
      this.tell({ type: 'figures', figures: this.board.figures() });
    }
    this.timer = setTimeout(() => this.look(), Math.max(PACE, SHARE * (performance.now() - before)));
  }
}

/** What single points say while they run, or wait for a worker, is too much for a sweep. */
const QUIET = { onEvent: (): void => undefined };
