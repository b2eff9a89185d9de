/** Starts runs, follows them, and knows the last one of every file. */
import * as vscode from 'vscode';
import type { Diagnostic, RunAnswer, RunEvent, Source } from '../protocol/compute';
import type { BugReporter } from './bug-reporter';
import { failureOf, type ComputeService } from './compute-service';
import { CONTEXT_KEYS } from './contributions';
import { displayName, hashOf, isExperiment, sourceOf, type ExperimentText } from './experiment-file';
import type { HistoryStore } from './history-store';
import { isSaved } from './places';
import { randomHex } from './random-bytes';
import { Run } from './run';
import { newRunId, type RunKind, type RunOrigin } from './run-record';
import { sweepSettings } from './settings';
import { Ownership, Signal } from './signal';

/** How a call to `run` ended: with a run, or with a file that is wrong. */
export type RunResult =
  { readonly type: 'run'; readonly run: Run } | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

export interface RunChange {
  readonly run: Run;
  /** Null when the run began, ended or moved. */
  readonly event: RunEvent | null;
}

export class RunManager implements vscode.Disposable {
  private readonly owned = new Ownership();
  private readonly changed = this.owned.own(new Signal<RunChange>());
  readonly onDidChange = this.changed.event;
  /** By URI: the run that goes on. */
  private readonly running = new Map<string, Run>();
  /** By id: all runs of this window, whose live curves are still at hand. */
  private readonly runs = new Map<string, Run>();

  constructor(
    private readonly compute: ComputeService,
    private readonly history: HistoryStore,
    private readonly bugs: BugReporter,
    /** Absolute path of the command line. */
    private readonly cliPath: string,
  ) {
    this.owned.own(
      vscode.workspace.onDidRenameFiles(({ files }) => bugs.guard('Runs could not follow the renamed file', () => this.follow(files))),
    );
    this.owned.own(
      vscode.workspace.onDidOpenTextDocument(({ uri }) => bugs.guard('Runs could not follow the saved file', () => this.followSaved(uri))),
    );
    this.owned.own(history.onDidChange(() => this.followHistory()));
  }

  /** Runs the text as it stands. A run of the same file that goes on is cancelled first: its answer would be about another text. */
  run(document: ExperimentText, title: string, origin: RunOrigin = 'user'): Promise<RunResult> {
    return this.start(document, { title, kind: 'run', origin }, (source, run) =>
      this.compute.run(source, {
        signal: run.cancellation.signal,
        onEvent: (event) => this.receive(run, event),
        onWait: (waits) => this.wait(run, waits),
        watched: true,
      }),
    );
  }

  /**
   * Runs every point of the file's sweep that has no result yet, and those of `again` anew. The file has to be saved: the results
   * are kept beside it. A sweep of the file that goes on is paused first, and goes on in the new one.
   */
  sweep(document: ExperimentText, title: string, again: readonly number[] = []): Promise<RunResult> {
    const before = this.runningOf(document.uri);
    return this.start(document, { title: `Sweep: ${title}`, kind: 'sweep', origin: 'user' }, async (source, run) => {
      const { editorSweep } = await import('./editor-sweep');
      await before?.over;
      return editorSweep(source, {
        compute: this.compute,
        signal: run.cancellation.signal,
        onEvent: (event) => this.receive(run, event),
        onExperiment: (experiment) => {
          run.experiment = experiment;
        },
        settings: sweepSettings(),
        cliPath: this.cliPath,
        again,
      });
    });
  }

  private async start(
    document: ExperimentText,
    what: { readonly title: string; readonly kind: RunKind; readonly origin: RunOrigin },
    work: (source: Source, run: Run) => Promise<RunAnswer>,
  ): Promise<RunResult> {
    this.cancel(document.uri);
    const source = sourceOf(document);
    const now = new Date();
    const run = new Run({
      id: newRunId(now, randomHex(4)),
      uri: document.uri,
      file: displayName(document.uri),
      textHash: hashOf(source.text),
      startedAt: now.toISOString(),
      ...what,
    });
    this.runs.set(run.id, run);
    this.running.set(run.uri.toString(), run);
    this.announce(run);
    let answer: RunAnswer | null = null;
    try {
      answer = await work(source, run);
    } catch (error) {
      this.fail(run, error);
    }
    if (answer?.type === 'report') run.finish(answer.report);
    if (answer?.type === 'invalid') {
      const first = answer.diagnostics.at(0);
      run.fail(first ? `The file has errors. Line ${first.line}: ${first.message}` : 'The file has errors.');
    }
    run.end();
    await this.end(run, answer?.type !== 'invalid');
    return answer?.type === 'invalid' ? { type: 'invalid', diagnostics: answer.diagnostics } : { type: 'run', run };
  }

  /** False when no run of that file goes on. */
  cancel(uri: vscode.Uri): boolean {
    const run = this.running.get(uri.toString());
    run?.cancellation.abort();
    return run !== undefined;
  }

  allRunning(): readonly Run[] {
    return [...this.running.values()];
  }

  runningOf(uri: vscode.Uri): Run | undefined {
    return this.running.get(uri.toString());
  }

  /** A run of this window. */
  find(id: string): Run | undefined {
    return this.runs.get(id);
  }

  /** The newest run of a file in this window, finished or not. */
  latestOf(uri: vscode.Uri): Run | undefined {
    const key = uri.toString();
    return [...this.runs.values()].filter((run) => run.uri.toString() === key).at(-1);
  }

  dispose(): void {
    for (const run of this.running.values()) run.cancellation.abort();
    this.owned.dispose();
  }

  private receive(run: Run, event: RunEvent): void {
    if (run.state !== 'running') return;
    run.receive(event);
    this.changed.fire({ run, event });
  }

  private wait(run: Run, waits: boolean): void {
    if (run.state !== 'running') return;
    run.waiting = waits;
    this.announce(run);
  }

  private fail(run: Run, error: unknown): void {
    const failure = failureOf(error);
    if (failure.reason === 'cancelled') return run.cancelled();
    run.fail(failure.message);
    if (failure.reason === 'bug')
      this.bugs.report(
        `The run of ${run.file} failed`,
        failure.stack ? Object.assign(new Error(failure.message), { stack: failure.stack }) : error,
      );
    else this.bugs.log.warn(`run of ${run.file}: ${failure.reason}: ${failure.message}`);
  }

  private async end(run: Run, keep: boolean): Promise<void> {
    const key = run.uri.toString();
    if (this.running.get(key) === run) this.running.delete(key);
    const record = run.record();
    // Earlier runs of the file are in the history; their curves need no room here any more.
    for (const other of this.runs.values()) {
      if (other !== run && other.state !== 'running' && other.uri.toString() === key) this.runs.delete(other.id);
    }
    if (keep && record) {
      await this.history.save(record).catch((error: unknown) => this.bugs.report('The run could not be saved in the history', error));
      run.inHistory = this.history.summary(run.id) !== undefined;
    }
    this.announce(run);
  }

  /** Moves what is attached to a file, or to a file in a folder, that was renamed. */
  private async follow(files: readonly { readonly oldUri: vscode.Uri; readonly newUri: vscode.Uri }[]): Promise<void> {
    const move = (text: string): vscode.Uri | null => {
      const uri = vscode.Uri.parse(text);
      for (const { oldUri, newUri } of files) {
        if (uri.scheme !== oldUri.scheme || uri.authority !== oldUri.authority) continue;
        if (uri.path === oldUri.path) return newUri;
        if (uri.path.startsWith(`${oldUri.path}/`)) return newUri.with({ path: newUri.path + uri.path.slice(oldUri.path.length) });
      }
      return null;
    };
    for (const run of this.runs.values()) {
      const to = move(run.uri.toString());
      if (to === null) continue;
      if (this.running.get(run.uri.toString()) === run) {
        this.running.delete(run.uri.toString());
        this.running.set(to.toString(), run);
      }
      run.uri = to;
      run.file = displayName(to);
      this.announce(run);
    }
    await this.history.moved((text) => {
      const to = move(text);
      return to && { uri: to.toString(), file: displayName(to) };
    });
  }

  /** A file that has just been saved for the first time: its runs were those of an unsaved document of the same path. */
  private async followSaved(uri: vscode.Uri): Promise<void> {
    if (!isSaved(uri) || !isExperiment(uri)) return;
    const unsaved = uri.with({ scheme: 'untitled', authority: '' });
    if (this.latestOf(unsaved) ?? this.history.latestOf(unsaved.toString())) await this.follow([{ oldUri: unsaved, newUri: uri }]);
  }

  /** A run deleted from the history is forgotten here too, a renamed one renamed. With a history limit of 0 nothing is ever listed there. */
  private followHistory(): void {
    for (const run of this.runs.values()) {
      if (!run.inHistory) continue;
      const summary = this.history.summary(run.id);
      if (summary === undefined) this.runs.delete(run.id);
      else run.title = summary.title;
    }
  }

  private announce(run: Run): void {
    const paths = this.allRunning().flatMap(({ uri }) => [uri.path, uri.fsPath]);
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.runningFiles, paths);
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.running, this.running.size > 0);
    this.changed.fire({ run, event: null });
  }
}
