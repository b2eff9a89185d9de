/** Runs the points of a sweep over the compute service, so that a stop at any moment loses no more than the points in flight. */
import type { Diagnostic, RunAnswer, Source } from '../protocol/compute';
import { isFailure, type SweepFailure, type SweepPlace, type SweepProgress, type SweepResult, type SweepSummary } from '../protocol/sweep';
import { planSweep, summarise, sweepResult, type SweepPlan } from '../study/sweep';
import { ComputeError } from './compute-error';
import { sha256 } from './digest';
import { confinedFiles } from './files';
import type { CallOptions } from './pool';
import { SweepFolder } from './sweep-folder';
import { FolderLocked, lockFolder, type FolderLock } from './sweep-lock';
import { VERSION } from './version';

export interface SweepOptions {
  readonly source: Source;
  /** Absolute path of the folder for results; see `sweepFolderOf`. */
  readonly folder: string;
  /** Points in flight at a time; no more than the service has workers. */
  readonly jobs: number;
  readonly compute: { run(source: Source, options: CallOptions): Promise<RunAnswer> };
  readonly signal: AbortSignal;
  /** Called at the start and after every point. */
  readonly onProgress?: (progress: SweepProgress) => void;
}

export type SweepAnswer =
  /** The file is wrong; nothing was run. */
  | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'cancelled'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly summary: SweepSummary; readonly failures: readonly SweepFailure[] };

/** @throws FolderLocked when another process works in the folder, and what the file system says */
export async function runSweep(options: SweepOptions): Promise<SweepAnswer> {
  const { source, folder: path, signal } = options;
  const environment = { files: confinedFiles(source), sha256, version: VERSION, cancelled: () => signal.aborted };
  const planned = await planSweep(source, environment);
  if (signal.aborted) return { type: 'cancelled', done: 0, total: 0 };
  if (planned.plan === null) return { type: 'invalid', diagnostics: planned.diagnostics };
  const folder = await SweepFolder.open(path);
  const lock = await lockFolder(path);
  try {
    return await new SweepRun(planned.plan, folder, lock, options).run();
  } finally {
    await lock.release();
  }
}

class SweepRun {
  private readonly points: (SweepResult | SweepFailure | undefined)[];
  private readonly started = performance.now();
  private found = 0;
  private done = 0;
  private failed = 0;
  /** What ends the whole: a folder that cannot be written, a lock that is lost. */
  private broken: Error | null = null;
  /** Aborted by the caller, or when the whole is broken. */
  private readonly stop = new AbortController();

  constructor(
    private readonly plan: SweepPlan,
    private readonly folder: SweepFolder,
    private readonly lock: FolderLock,
    private readonly options: SweepOptions,
  ) {
    this.points = new Array<undefined>(plan.places.length);
  }

  async run(): Promise<SweepAnswer> {
    const { plan, folder, options } = this;
    const abort = (): void => this.stop.abort();
    options.signal.addEventListener('abort', abort, { once: true });
    if (options.signal.aborted) abort();
    try {
      const open: SweepPlace[] = [];
      for (const place of plan.places) {
        const result = await folder.find(place);
        if (result === null) open.push(place);
        else this.points[place.index] = result;
      }
      this.found = this.done = plan.places.length - open.length;
      await folder.note({ event: 'begin', points: plan.places.length, found: this.found });
      this.tell();
      const next = open.values();
      const lanes = Math.max(1, Math.min(options.jobs, open.length));
      await Promise.all(Array.from({ length: lanes }, () => this.work(next)));
    } finally {
      options.signal.removeEventListener('abort', abort);
    }
    if (this.broken !== null) throw this.broken;
    if (this.stop.signal.aborted) {
      await folder.note({ event: 'cancelled', done: this.done });
      return { type: 'cancelled', done: this.done, total: plan.places.length };
    }
    const points = this.points as (SweepResult | SweepFailure)[];
    const summary = summarise(plan, points, VERSION);
    await folder.summarise(summary);
    await folder.note({ event: 'end', done: this.done, failed: this.failed });
    return { type: 'done', summary, failures: points.filter(isFailure) };
  }

  /** Takes one point after the other off the common list. */
  private async work(next: Iterator<SweepPlace>): Promise<void> {
    for (let { value, done } = next.next(); done !== true && !this.stop.signal.aborted; { value, done } = next.next()) {
      try {
        await this.point(value as SweepPlace);
      } catch (error) {
        this.broken ??= error instanceof Error ? error : new Error(String(error));
        this.stop.abort();
      }
    }
  }

  private async point(place: SweepPlace): Promise<void> {
    const { folder, options, plan } = this;
    const { index } = place;
    if (this.lock.lost()) throw new FolderLocked(folder.path, 0, '');
    await folder.note({ event: 'run', index });
    let outcome: SweepResult | SweepFailure;
    try {
      const source = { ...options.source, text: plan.textOf(index) };
      const answer = await options.compute.run(source, { signal: this.stop.signal });
      if (answer.type === 'report' && answer.report.outcome === 'cancelled') return;
      outcome =
        answer.type === 'report'
          ? sweepResult(place, answer.report)
          : { ...place, failure: answer.diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'The experiment is wrong.' };
    } catch (error) {
      if (!(error instanceof ComputeError)) throw error;
      if (error.reason === 'cancelled') return;
      outcome = { ...place, failure: error.message };
    }
    this.points[index] = outcome;
    if (isFailure(outcome)) {
      this.failed += 1;
    } else {
      await folder.keep(outcome);
      this.done += 1;
    }
    // Told at once: after another wait the lanes would be counted together.
    this.tell();
    await folder.note({ event: isFailure(outcome) ? 'failed' : 'done', index });
  }

  private tell(): void {
    const { done, failed, found, points } = this;
    const fresh = done + failed - found;
    const left = points.length - done - failed;
    const secondsLeft = fresh === 0 ? (left === 0 ? 0 : null) : (((performance.now() - this.started) / 1000) * left) / fresh;
    this.options.onProgress?.({ done, total: points.length, failed, found, secondsLeft });
  }
}
