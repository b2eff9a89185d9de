/** All runs that can be shown: those of this window and those of the history, and whether their file, or that of its data, has changed since. */
import * as vscode from 'vscode';
import type { ComparedRun, RunView } from '../protocol/panel';
import { hashOf, openDocument, textOf } from './experiment-file';
import type { HistoryStore } from './history-store';
import type { RunNote } from './lens-text';
import { isSaved } from './places';
import { isReportId, reportAt } from './report-files';
import { comparedRun } from './run';
import type { RunManager } from './run-manager';
import { summaryOf, viewOf, type RunRecord, type RunSummary } from './run-record';

/** What a run was of. */
type WhatRan = Pick<RunSummary, 'textHash' | 'dataHash'>;

export class RunArchive {
  private readonly hashes = new WeakMap<vscode.TextDocument, { readonly version: number; readonly hash: string }>();

  constructor(
    private readonly runs: RunManager,
    private readonly history: HistoryStore,
    /** Tells from the last analysis of an open experiment which data it has now; undefined while that is not known. */
    private readonly dataHash: (document: vscode.TextDocument) => string | null | undefined,
  ) {}

  /** Null when there is no such run any more. */
  async view(id: string): Promise<RunView | null> {
    if (isReportId(id)) return (await reportAt(id))?.view ?? null;
    const run = this.runs.find(id);
    if (run) return run.view(await this.isStale(run.uri, run));
    const record = await this.history.load(id);
    return record && viewOf(record, await this.isStale(vscode.Uri.parse(record.uri), record));
  }

  /** What was learned in a run that is at an end, or in a report file. */
  async finished(id: string): Promise<ComparedRun | null> {
    if (isReportId(id)) {
      const saved = await reportAt(id);
      return saved && { id, title: saved.view.title, report: saved.report };
    }
    const record = await this.record(id);
    return record && comparedRun(record);
  }

  /** A finished run. */
  async record(id: string): Promise<RunRecord | null> {
    return this.runs.find(id)?.record() ?? this.history.load(id);
  }

  /** What is known of the last run of a file. */
  note(document: vscode.TextDocument): RunNote {
    const running = this.runs.runningOf(document.uri);
    if (running) return { state: 'running', kind: running.kind, waiting: running.waiting };
    const run = this.lastSummary(document.uri);
    return run ? { state: 'finished', run, stale: this.hasChanged(document, run) } : { state: 'none' };
  }

  /** The id of the newest run of a file. */
  latest(uri: vscode.Uri): string | undefined {
    return this.runs.latestOf(uri)?.id ?? this.history.latestOf(uri.toString())?.id;
  }

  /** The same for a run's id, without reading the run; null when there is no such run. */
  async staleness(id: string): Promise<boolean | null> {
    const run = this.runs.find(id);
    if (run) return this.isStale(run.uri, run);
    const summary = this.history.summary(id);
    return summary ? this.isStale(vscode.Uri.parse(summary.uri), summary) : null;
  }

  /** Whether a run's file has another text now. A file that is gone has. Of one that is open, whether it has other data, too. */
  async isStale(uri: vscode.Uri, ran: WhatRan): Promise<boolean> {
    const document = openDocument(uri);
    if (document) return this.hasChanged(document, ran);
    const text = isSaved(uri) ? await textOf(uri).catch(() => null) : null;
    return text === null || hashOf(text) !== ran.textHash;
  }

  private hasChanged(document: vscode.TextDocument, { textHash, dataHash }: WhatRan): boolean {
    if (this.hash(document) !== textHash) return true;
    // Of the same text: other data, or none that can be read.
    const now = dataHash === null ? undefined : this.dataHash(document);
    return now !== undefined && now !== dataHash;
  }

  private lastSummary(uri: vscode.Uri): RunSummary | undefined {
    const record = this.runs.latestOf(uri)?.record();
    return record ? summaryOf(record) : this.history.latestOf(uri.toString());
  }

  private hash(document: vscode.TextDocument): string {
    const known = this.hashes.get(document);
    if (known?.version === document.version) return known.hash;
    const hash = hashOf(document.getText());
    this.hashes.set(document, { version: document.version, hash });
    return hash;
  }
}
