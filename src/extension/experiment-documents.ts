/** The experiments that are open: what their text says at once, and what the worker finds out a moment later. */
import * as vscode from 'vscode';
import type { Analysis, Diagnostic, Neighbour, ResolvedRun } from '../protocol/compute';
import { failureOf, type ComputeService } from './compute-service';
import type { BugReporter } from './bug-reporter';
import { isExperiment, sourceOf } from './experiment-file';
import type * as FileOutlines from './file-outline';
import { Ownership, Signal } from './signal';

/** Pause in typing after which the worker is asked. */
const DEBOUNCE = 250;

/** As files of numbers are named. */
const DATA_FILES = '**/*.{csv,tsv,txt,dat,data}';

interface Entry {
  /** What the text said when it was last read. */
  read: { readonly version: number; readonly outline: FileOutlines.FileOutline } | null;
  /** The worker's last answer, whatever it was about: problems are shown from it. */
  latest: { readonly version: number; readonly analysis: Analysis } | null;
  /** The last answer about a whole experiment: lenses are drawn from it while the text is broken. */
  shown: { readonly fingerprint: string; readonly analysis: Analysis } | null;
  /** The worker is asked when it goes off. */
  timer: ReturnType<typeof setTimeout> | undefined;
  pending: Question | null;
}

/** What the worker is asked at the moment. */
interface Question {
  readonly version: number;
  readonly answer: Promise<Analysis>;
  readonly aborter: AbortController;
}

export interface AnalysedDocument {
  readonly document: vscode.TextDocument;
  readonly analysis: Analysis;
}

export class ExperimentDocuments implements vscode.Disposable {
  private readonly owned = new Ownership();
  private readonly entries = new Map<string, Entry>();
  private ending: AbortController | undefined;
  private reader: Promise<typeof FileOutlines> | undefined;
  private readonly analysed = this.owned.own(new Signal<AnalysedDocument>());
  private readonly closed = this.owned.own(new Signal<vscode.Uri>());
  /** The worker has answered for the text as it stands. */
  readonly onDidAnalyse = this.analysed.event;
  readonly onDidClose = this.closed.event;

  constructor(
    private readonly compute: ComputeService,
    private readonly bugs: BugReporter,
  ) {
    const { workspace } = vscode;
    this.owned.own(workspace.onDidOpenTextDocument((document) => this.schedule(document)));
    this.owned.own(workspace.onDidChangeTextDocument(({ document }) => this.schedule(document)));
    // A csv file beside it may have changed as well: saving asks anew.
    this.owned.own(workspace.onDidSaveTextDocument(() => workspace.textDocuments.forEach((document) => this.schedule(document))));
    // It may also change without the editor.
    const data = this.owned.own(workspace.createFileSystemWatcher(DATA_FILES));
    for (const event of [data.onDidCreate, data.onDidChange, data.onDidDelete]) this.owned.own(event((uri) => this.scheduleReaders(uri)));
    this.owned.own(workspace.onDidCloseTextDocument((document) => this.forget(document)));
  }

  /** Begins with what is open already; listeners are in place by now. */
  start(): void {
    for (const document of vscode.workspace.textDocuments) this.schedule(document);
  }

  /** What the text says, read at most once a version. */
  async outline(document: vscode.TextDocument): Promise<FileOutlines.FileOutline> {
    const { outlineText } = await this.reading();
    const entry = this.entry(document);
    if (entry.read?.version !== document.version) {
      entry.read = { version: document.version, outline: outlineText(document.getText(), entry.read?.outline ?? null) };
    }
    return entry.read.outline;
  }

  /** What the worker knows of the text, as long as the theory says the same of it; it stays while the text is broken. */
  async analysis(document: vscode.TextDocument): Promise<Analysis | null> {
    const outline = await this.outline(document);
    const { latest, shown } = this.entry(document);
    if (outline.good !== null) return shown?.fingerprint === outline.good.fingerprint ? shown.analysis : null;
    return outline.tooLarge || latest?.version === document.version ? (latest?.analysis ?? null) : null;
  }

  /** The worker's answer for the text as it stands, null while there is none. */
  latestAnalysis(document: vscode.TextDocument): Analysis | null {
    const { latest } = this.entry(document);
    return latest?.version === document.version ? latest.analysis : null;
  }

  /** The same, asking at once when there is none yet, or in any case with `again`. Rejects with what the worker said. */
  whenAnalysed(document: vscode.TextDocument, again = false): Promise<Analysis> {
    const known = again ? null : this.latestAnalysis(document);
    if (known) return Promise.resolve(known);
    const { pending, timer } = this.entry(document);
    // What is asked already is about this text and the data as they are, unless it is about to be asked anew.
    const asked = !again && timer === undefined && pending?.version === document.version ? pending : this.ask(document);
    return this.newestAnswer(document, asked);
  }

  /** Experiments that differ from the text as it stands in one thing. Rejects with what the worker said. */
  neighbours(document: vscode.TextDocument): Promise<readonly Neighbour[]> {
    this.ending ??= new AbortController();
    return this.compute.neighbours(sourceOf(document), { signal: this.ending.signal });
  }

  /** All that a program in another language needs to do the same, or what is wrong with the text. Rejects with what the worker said. */
  resolve(document: vscode.TextDocument, signal: AbortSignal): Promise<ResolvedRun | { readonly diagnostics: readonly Diagnostic[] }> {
    return this.compute.resolve(sourceOf(document), { signal });
  }

  dispose(): void {
    this.ending?.abort();
    for (const entry of this.entries.values()) this.stop(entry);
    this.entries.clear();
    this.owned.dispose();
  }

  private reading(): Promise<typeof FileOutlines> {
    this.reader ??= import('./theory').then(({ loadOutline }) => loadOutline());
    return this.reader;
  }

  private entry(document: vscode.TextDocument): Entry {
    const key = document.uri.toString();
    const known = this.entries.get(key);
    if (known) return known;
    const entry: Entry = { read: null, latest: null, shown: null, timer: undefined, pending: null };
    if (!document.isClosed) this.entries.set(key, entry);
    return entry;
  }

  private schedule(document: vscode.TextDocument): void {
    if (!isExperiment(document.uri)) return;
    const entry = this.entry(document);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      this.ask(document).answer.catch((error: unknown) => {
        const failure = failureOf(error);
        if (failure.reason === 'bug') this.bugs.report('The experiment could not be checked', error);
        else if (failure.reason !== 'cancelled') this.bugs.log.warn(`analysis of ${document.uri.toString()}: ${failure.message}`);
      });
    }, DEBOUNCE);
  }

  /** Asks anew for the experiments that name a file of data. */
  private scheduleReaders({ path }: vscode.Uri): void {
    const name = path.slice(path.lastIndexOf('/') + 1);
    for (const document of vscode.workspace.textDocuments) {
      if (isExperiment(document.uri) && document.getText().includes(name)) this.schedule(document);
    }
  }

  /** Asks the worker; an answer that is still awaited is not wanted any more. */
  private ask(document: vscode.TextDocument): Question {
    const entry = this.entry(document);
    this.stop(entry);
    const { version } = document;
    const aborter = new AbortController();
    const question: Question = { version, aborter, answer: this.analyse(document, version, aborter.signal) };
    entry.pending = question;
    const over = (): void => {
      if (entry.pending === question) entry.pending = null;
    };
    question.answer.then(over, over);
    return question;
  }

  private async analyse(document: vscode.TextDocument, version: number, signal: AbortSignal): Promise<Analysis> {
    const analysis = await this.compute.analyse(sourceOf(document), { signal });
    await this.keep(document, version, analysis);
    return analysis;
  }

  /** Who waits for an answer that is not wanted any more gets the one to the question that took its place. */
  private async newestAnswer(document: vscode.TextDocument, asked: Question): Promise<Analysis> {
    try {
      return await asked.answer;
    } catch (error) {
      const { pending } = this.entry(document);
      if (pending === null || pending === asked || failureOf(error).reason !== 'cancelled') throw error;
      return this.newestAnswer(document, pending);
    }
  }

  /** Drops an answer about a text that has gone meanwhile. */
  private async keep(document: vscode.TextDocument, version: number, analysis: Analysis): Promise<void> {
    const { good, current } = await this.outline(document);
    if (document.version !== version || document.isClosed) return;
    const entry = this.entry(document);
    entry.latest = { version, analysis };
    if (good !== null && current) entry.shown = { fingerprint: good.fingerprint, analysis };
    this.analysed.fire({ document, analysis });
  }

  private forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.stop(entry);
    this.entries.delete(key);
    this.closed.fire(document.uri);
  }

  private stop(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.timer = undefined;
    entry.pending?.aborter.abort();
  }
}
