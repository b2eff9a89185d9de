/** One run of an experiment while the window knows it. */
import type * as vscode from 'vscode';
import type { RunEvent } from '../protocol/compute';
import type { ComparedRun, RunState, RunView } from '../protocol/panel';
import type { Figure, Prediction, Reference, Report, RunSubject } from '../protocol/report';
import { toPlain } from '../protocol/report-json';
import { stateOf } from '../study/saved-report';
import { LiveCurves } from './live-curves';
import { dataHashOf, type RunKind, type RunOrigin, type RunRecord } from './run-record';

export interface RunStart {
  readonly id: string;
  readonly uri: vscode.Uri;
  readonly file: string;
  readonly title: string;
  readonly textHash: string;
  readonly startedAt: string;
  readonly kind: RunKind;
  readonly origin: RunOrigin;
}

export interface Progress {
  readonly fraction: number | null;
  readonly says: string;
}

const WAITING: Progress = { fraction: null, says: 'begins when another run has ended' };

export class Run {
  readonly id: string;
  /** Follows a rename in the history. */
  title: string;
  readonly textHash: string;
  readonly startedAt: string;
  readonly kind: RunKind;
  readonly origin: RunOrigin;
  /** Follows a rename. */
  uri: vscode.Uri;
  file: string;
  state: Exclude<RunState, 'empty'> = 'running';
  /** All workers are busy with other runs. */
  waiting = false;
  /** Whether it was written to the history; then deleting it there ends it here. */
  inHistory = false;
  readonly curves = new LiveCurves();
  readonly cancellation = new AbortController();
  private ending: () => void = () => undefined;
  /** Resolves when nothing works for it any more. */
  readonly over = new Promise<void>((resolve) => {
    this.ending = resolve;
  });
  /** Of the state so far. */
  figures: readonly Figure[] = [];
  private predictions: readonly Prediction[] = [];
  private references: readonly Reference[] = [];
  private subject: RunSubject | null = null;
  /** Of a sweep that goes on: the file with every default filled in. */
  experiment: unknown = null;
  private report: Report | null = null;
  private ended: string | null = null;
  private told: Progress = { fraction: null, says: 'starting' };

  constructor(start: RunStart) {
    this.id = start.id;
    this.uri = start.uri;
    this.file = start.file;
    this.title = start.title;
    this.textHash = start.textHash;
    this.startedAt = start.startedAt;
    this.kind = start.kind;
    this.origin = start.origin;
  }

  get progress(): Progress {
    return this.waiting ? WAITING : this.told;
  }

  /** Takes in what the worker said. */
  receive(event: RunEvent): void {
    switch (event.type) {
      case 'predicted':
        this.predictions = plain(event.predictions);
        this.subject = event.subject;
        return;
      case 'reference':
        this.references = [...this.references, plain(event.reference)];
        return;
      case 'points':
        this.curves.add(event);
        return;
      case 'progress':
        this.told = { fraction: event.fraction, says: event.says };
        return;
      case 'figures':
        this.figures = plain(event.figures);
        return;
      default:
        event satisfies never;
    }
  }

  finish(report: Report): void {
    this.report = plain(report);
    this.figures = [];
    this.ended = report.ended;
    this.state = stateOf(report);
  }

  /** Nothing works for it any more. */
  end(): void {
    this.ending();
  }

  fail(reason: string): void {
    this.state = 'failed';
    this.ended = reason;
  }

  cancelled(): void {
    this.state = 'cancelled';
    this.ended = 'Cancelled.';
  }

  view(stale: boolean): RunView {
    const { report, state } = this;
    return {
      id: this.id,
      kind: this.kind,
      title: this.title,
      file: this.file,
      state,
      waiting: state === 'running' && this.waiting,
      stale,
      startedAt: this.startedAt,
      report,
      subject: report === null ? this.subject : null,
      failure: state === 'failed' ? this.ended : null,
      predictions: report?.predictions ?? this.predictions,
      references: report?.references ?? this.references,
      live: this.curves.all(),
      figures: this.figures,
      progress: state === 'running' ? this.progress : null,
    };
  }

  /** Of the file of its data; null until it has learned something, and where the data are in no file. */
  get dataHash(): string | null {
    return this.report && dataHashOf(this.report);
  }

  /** Null while it runs. */
  record(): RunRecord | null {
    if (this.state === 'running') return null;
    const { id, file, title, textHash, dataHash, startedAt, kind, origin, state, ended, report } = this;
    const verdict = report?.verdict ?? null;
    const uri = this.uri.toString();
    return { id, kind, origin, uri, file, title, textHash, dataHash, startedAt, state, ended, verdict, pinned: false, note: null, report };
  }
}

export function comparedRun(record: RunRecord): ComparedRun | null {
  return record.report && { id: record.id, title: record.title, report: record.report };
}

/** In its JSON form: plain NaN and Infinity would become null on the way to the page. */
function plain<T>(value: T): T {
  return toPlain(value) as T;
}
