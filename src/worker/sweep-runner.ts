/** Runs the points of a sweep by an engine, so that a stop at any moment loses no more than the points in flight. */
import type { Diagnostic, Source } from '../protocol/compute';
import { isFailure, type SweepFailure, type SweepPlace, type SweepProgress, type SweepResult, type SweepSummary } from '../protocol/sweep';
import { planSweep, type SweepPlan } from '../study/sweep';
import { SweepBoard } from '../study/sweep-board';
import { sha256 } from './digest';
import { confinedFiles } from './files';
import { nextTurn } from './next-turn';
import type { SweepEngine } from './sweep-engine';
import { SweepFolder } from './sweep-folder';
import { FolderLocked, lockFolder, type FolderLock } from './sweep-lock';
import { VERSION } from './version';

export interface SweepOptions {
  readonly source: Source;
  /** Absolute path of the folder for results; see `sweepFolderOf`. */
  readonly folder: string;
  readonly engine: SweepEngine;
  readonly signal: AbortSignal;
  /** Called at the start, after every point, and when what the engine waits for changes. */
  readonly onProgress?: (progress: SweepProgress) => void;
  /** Given at the start what is known of the sweep, for those who draw it; it changes while points run. */
  readonly onBoard?: (board: SweepBoard) => void;
  /** Points whose results are wanted anew. */
  readonly again?: readonly number[];
}

export type SweepAnswer =
  /** The file is wrong; nothing was run. */
  | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'cancelled'; readonly done: number; readonly total: number; readonly summary: SweepSummary | null }
  | { readonly type: 'done'; readonly summary: SweepSummary; readonly failures: readonly SweepFailure[] };

/** @throws FolderLocked when another process works in the folder, and what the file system says */
export async function runSweep(options: SweepOptions): Promise<SweepAnswer> {
  const { source, folder: path, signal } = options;
  const environment = { files: confinedFiles(source), sha256: withPauses(sha256), version: VERSION, cancelled: () => signal.aborted };
  const planned = await planSweep(source, environment);
  if (signal.aborted) return { type: 'cancelled', done: 0, total: 0, summary: null };
  if (planned.plan === null) return { type: 'invalid', diagnostics: planned.diagnostics };
  const folder = await SweepFolder.open(path);
  const lock = await lockFolder(path);
  try {
    return await new SweepRun(planned.plan, folder, lock, options).run();
  } finally {
    await lock.release();
  }
}

/** Milliseconds of work in one piece: the planning of thousands of points leaves room for others in the process. */
const IN_ONE_PIECE = 10;

function withPauses(hash: typeof sha256): typeof sha256 {
  let since = performance.now();
  return async (text) => {
    if (performance.now() - since > IN_ONE_PIECE) {
      await nextTurn();
      since = performance.now();
    }
    return hash(text);
  };
}

class SweepRun {
  private readonly board: SweepBoard;
  private readonly started = performance.now();
  private found = 0;
  private done = 0;
  private failed = 0;
  /** What the engine waits for. */
  private waiting: string | null = null;

  constructor(
    private readonly plan: SweepPlan,
    private readonly folder: SweepFolder,
    private readonly lock: FolderLock,
    private readonly options: SweepOptions,
  ) {
    this.board = new SweepBoard(plan);
  }

  async run(): Promise<SweepAnswer> {
    const { plan, folder, options } = this;
    const { source, signal } = options;
    const open: SweepPlace[] = [];
    if (options.again !== undefined) await folder.forget(options.again.filter((index) => index in plan.places));
    for (const place of plan.places) {
      const result = await folder.find(place);
      if (result === null) open.push(place);
      else this.board.settle(result);
    }
    this.found = this.done = plan.places.length - open.length;
    await folder.forgetFailures();
    await folder.note({ event: 'begin', points: plan.places.length, found: this.found });
    options.onBoard?.(this.board);
    this.tell();
    if (open.length > 0) {
      await options.engine(open, {
        plan,
        folder,
        source,
        signal,
        assertOwned: () => {
          if (this.lock.lost()) throw new FolderLocked(folder.path, 0, '');
        },
        settle: (outcome) => this.settle(outcome),
        mark: (index, running) => this.board.mark(index, running),
        say: (text) => {
          if (text === this.waiting) return;
          this.waiting = text;
          this.tell();
        },
      });
    }
    if (signal.aborted) {
      await folder.note({ event: 'cancelled', done: this.done });
      this.board.rest();
      return { type: 'cancelled', done: this.done, total: plan.places.length, summary: this.board.summary(VERSION) };
    }
    const summary = this.board.summary(VERSION);
    await folder.summarise(summary);
    await folder.note({ event: 'end', done: this.done, failed: this.failed });
    return { type: 'done', summary, failures: summary.points.filter(isFailure) };
  }

  private settle(outcome: SweepResult | SweepFailure): void {
    this.board.settle(outcome);
    if (isFailure(outcome)) this.failed += 1;
    else this.done += 1;
    this.tell();
  }

  private tell(): void {
    const { done, failed, found, waiting } = this;
    const total = this.plan.places.length;
    const fresh = done + failed - found;
    const left = total - done - failed;
    const secondsLeft = fresh === 0 ? (left === 0 ? 0 : null) : (((performance.now() - this.started) / 1000) * left) / fresh;
    this.options.onProgress?.({ done, total, failed, found, secondsLeft, waiting });
  }
}
