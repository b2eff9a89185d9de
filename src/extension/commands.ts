/** What the commands do. Each takes what menus, links, lenses and tests hand over, and falls back to the active editor or a picker. */
import * as vscode from 'vscode';
import type { BugReporter } from './bug-reporter';
import type { Experiment } from '../experiment/schema';
import { failureOf, type ComputeService } from './compute-service';
import { COMMANDS, type CommandName } from './contributions';
import type { ExperimentDocuments } from './experiment-documents';
import { displayName, isExperiment, targetUri } from './experiment-file';
import type { GalleryCommands } from './gallery-commands';
import type { HistoryStore } from './history-store';
import { isWebAddress } from './markdown-text';
import { newExperiment } from './new-experiment';
import { isSaved } from './places';
import type { PredictionPages } from './prediction-page';
import type { Choice, Prompts } from './prompts';
import { openReport } from './open-report';
import { exportFromPage, exportReport } from './report-export';
import { isReportId, uriOfReport } from './report-files';
import type { PageRequest, ResultsPanel } from './results-panel';
import type { RunArchive } from './run-archive';
import type { RunManager } from './run-manager';
import type { RunKind, RunSummary } from './run-record';
import { isRunItem, timeText, type RunsView } from './runs-view';
import { exportScript } from './script-export';
import { Ownership } from './signal';
import { cellCurves, isRefinable, openPoint, openRefined } from './sweep-points';
import { outcomeIcon, outcomeText } from './wording';

export interface CommandParts {
  readonly documents: ExperimentDocuments;
  readonly compute: ComputeService;
  readonly runs: RunManager;
  readonly history: HistoryStore;
  readonly archive: RunArchive;
  readonly panel: ResultsPanel;
  readonly view: RunsView;
  readonly pages: PredictionPages;
  readonly gallery: GalleryCommands;
  readonly prompts: Prompts;
  readonly bugs: BugReporter;
}

/** What the page asks for about a place of a sweep. */
type SweepRequest = Extract<PageRequest, { readonly point: number }>;

type Handler = (argument: unknown, selected: unknown) => Promise<unknown>;

export function registerCommands(parts: CommandParts): vscode.Disposable {
  const owned = new Ownership();
  const handlers = new Commands(parts);
  const table: Readonly<Record<CommandName, Handler>> = {
    run: (argument) => handlers.run(argument, 'run'),
    runSweep: (argument) => handlers.run(argument, 'sweep'),
    cancel: (argument) => handlers.cancel(argument),
    newExperiment: () => newExperiment(parts.prompts),
    showPrediction: (argument) => handlers.showPrediction(argument),
    tryNeighbour: (argument) => handlers.tryNeighbour(argument),
    openResults: (argument) => handlers.openResults(argument),
    check: (argument) => handlers.check(argument),
    compareRuns: (argument, selected) => handlers.compareRuns(argument, selected),
    reopenRun: (argument) => handlers.reopenRun(argument),
    openRunFile: (argument) => handlers.openRunFile(argument),
    deleteRun: (argument, selected) => handlers.deleteRun(argument, selected),
    clearHistory: () => handlers.clearHistory(),
    exportReport: (argument) => handlers.exportReport(argument),
    exportScript: (argument) => handlers.exportScript(argument),
    pinRun: (argument, selected) => handlers.pinRuns(argument, selected, true),
    unpinRun: (argument, selected) => handlers.pinRuns(argument, selected, false),
    renameRun: (argument) => handlers.renameRun(argument),
    annotateRun: (argument) => handlers.annotateRun(argument),
    findResult: () => parts.gallery.findResult(),
    openExample: (argument) => parts.gallery.openExample(argument),
    copyCitation: (argument) => parts.gallery.copyCitation(argument),
    runExamples: (argument) => parts.gallery.runAll(argument),
    cancelExamples: async () => parts.gallery.cancelAll(),
    openReport: (argument) => openReport(argument, parts),
    openNotes: (argument) => handlers.openNotes(argument),
    showLog: async () => parts.bugs.log.show(),
  };
  for (const name of Object.keys(table) as CommandName[]) {
    const { id, title } = COMMANDS[name];
    owned.own(
      vscode.commands.registerCommand(id, async (argument: unknown, selected: unknown) => {
        try {
          return await table[name](argument, selected);
        } catch (error) {
          parts.bugs.report(`"${title.replace('…', '')}" failed`, error);
          return undefined;
        }
      }),
    );
  }
  owned.own(
    parts.panel.onDidRequest((request) =>
      parts.bugs.guard('The results page asked for something that failed', () => handlers.fromPage(request)),
    ),
  );
  return owned;
}

class Commands {
  /** Of the runs that are drawn over each other: the last question counts. */
  private drawing: AbortController | null = null;

  constructor(private readonly parts: CommandParts) {}

  /** Resolves with the id of the run when it has ended; the lens and the page follow it meanwhile. */
  async run(argument: unknown, kind: RunKind, again: readonly number[] = []): Promise<string | undefined> {
    const { documents, runs, panel, prompts } = this.parts;
    const document = await this.documentOf(argument);
    if (document === undefined) return undefined;
    const { good, current, tooLarge } = await documents.outline(document);
    if (!current && !tooLarge) {
      await this.check(document.uri);
      return undefined;
    }
    const name = displayName(document.uri);
    if (kind === 'sweep' && !isSaved(document.uri)) {
      void prompts.inform('information', `Save ${name} first: the results of a sweep are kept beside it.`);
      return undefined;
    }
    if (kind === 'sweep' && !/"sweep"/.test(document.getText())) {
      void prompts.inform('information', `${name} has no "sweep": add one to run the experiment over a grid of settings.`);
      return undefined;
    }
    const title = good?.title || name;
    const ended = kind === 'sweep' ? runs.sweep(document, title, again) : runs.run(document, title);
    const started = runs.runningOf(document.uri);
    if (started) await panel.show(started.id);
    const result = await ended;
    if (result.type === 'run') return result.run.id;
    this.inform('error', `${displayName(document.uri)} was not run: it has errors.`, document.uri);
    return undefined;
  }

  async cancel(argument: unknown): Promise<boolean> {
    const { runs, prompts } = this.parts;
    if (isRunItem(argument)) return this.cancelRun(argument.id);
    const uri = targetUri(argument);
    if (uri && runs.cancel(uri)) return true;
    const running = runs.allRunning();
    if (running.length <= 1) return running.length === 1 && runs.cancel(running[0].uri);
    const choices = running.map((run) => ({ label: run.title, description: run.file, icon: 'sync~spin', value: run.uri }));
    const picked = await prompts.pickOne(choices, { title: 'Cancel Run', placeholder: 'Which one?' });
    return picked !== undefined && runs.cancel(picked);
  }

  async showPrediction(argument: unknown): Promise<void> {
    const uri = targetUri(argument);
    if (uri === undefined) return this.needExperiment();
    await this.parts.pages.show(uri);
  }

  /** One thing about the file changed, by an edit that can be undone. */
  async tryNeighbour(argument: unknown): Promise<unknown> {
    const { documents, prompts } = this.parts;
    const document = await this.documentOf(argument);
    if (document === undefined) return undefined;
    const { version } = document;
    const neighbours = await documents.neighbours(document);
    const name = displayName(document.uri);
    if (neighbours.length === 0)
      return prompts.inform('information', `${name} has no neighbours: it has errors, or nothing in it that could be another.`);
    const choices = neighbours.map((neighbour) => ({
      label: neighbour.change,
      description: neighbour.lead === null ? 'no prediction' : neighbour.same ? 'the same prediction' : neighbour.lead.symbol,
      detail: neighbour.lead === null ? undefined : `${neighbour.lead.title} · ${neighbour.lead.citedAs}`,
      icon: neighbour.same ? 'dash' : 'arrow-swap',
      value: neighbour,
    }));
    const picked = await prompts.pickOne(choices, {
      title: 'Try a Neighbour',
      placeholder: 'One change to the file, and what is predicted then',
    });
    if (picked === undefined) return undefined;
    if (document.version !== version) return prompts.inform('information', `${name} has changed meanwhile: try again.`);
    await replaceText(document, picked.text);
    return vscode.window.setStatusBarMessage(`${name} · ${picked.change}; Undo takes it back`, 5000);
  }

  /** The results of the experiment at hand; without one, whatever the panel showed. */
  async openResults(argument: unknown): Promise<void> {
    const { archive, panel, runs, history } = this.parts;
    const uri = targetUri(argument);
    const latest = uri === undefined ? (panel.runId ?? runs.allRunning().at(-1)?.id ?? history.summaries().at(0)?.id) : archive.latest(uri);
    await panel.show(latest ?? null);
  }

  /** Checks anew (a csv file may have changed), then says what was found and goes to the first problem. */
  async check(argument: unknown): Promise<void> {
    const { documents, prompts } = this.parts;
    const document = await this.documentOf(argument);
    if (document === undefined) return undefined;
    const name = displayName(document.uri);
    try {
      const { diagnostics } = await documents.whenAnalysed(document, true);
      const first = diagnostics.find(({ severity }) => severity === 'error') ?? diagnostics.at(0);
      if (first === undefined) {
        void prompts.inform('information', `${name}: nothing to complain about.`);
        return;
      }
      const place = document.positionAt(first.offset);
      await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place), preview: false });
      const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
      const others = diagnostics.length - errors;
      const count = [errors > 0 ? plural(errors, 'error') : '', others > 0 ? plural(others, 'remark') : '']
        .filter((part) => part !== '')
        .join(', ');
      this.inform(errors > 0 ? 'error' : 'warning', `${name}: ${count}. Line ${first.line}: ${first.message}`, document.uri);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.reason === 'bug') throw error;
      // The file has been closed.
      if (failure.reason !== 'cancelled') void prompts.inform('error', `${name} could not be checked: ${failure.message}`);
    }
  }

  async compareRuns(argument: unknown, selected: unknown): Promise<void> {
    const { panel, prompts, view } = this.parts;
    const ids = chosenIds(argument, selected, view.selection);
    if (isRunItem(argument) && ids.length === 1) return this.compareWith(ids[0]);
    const picked =
      ids.length >= 2 ? ids : await prompts.pickMany(this.finishedChoices(), { title: 'Compare Runs', placeholder: 'Two or more' });
    if (picked === undefined) return;
    if (picked.length < 2) {
      void prompts.inform('information', 'Comparing takes two runs at least.');
      return;
    }
    await panel.show(picked[0], picked.slice(1));
  }

  /** Draws runs that the user picks beside one. */
  private async compareWith(id: string): Promise<void> {
    const { history, panel, prompts } = this.parts;
    const others = this.finishedChoices().filter(({ value }) => value !== id);
    if (others.length === 0) {
      void prompts.inform('information', 'The history holds no other run to compare with.');
      return;
    }
    const picked = await prompts.pickMany(others, {
      title: 'Compare With',
      placeholder: `Runs to draw beside "${history.summary(id)?.title ?? 'this one'}"`,
    });
    if (picked) await panel.show(id, picked);
  }

  async reopenRun(argument: unknown): Promise<void> {
    const id = isRunItem(argument) ? argument.id : await this.pickRun('Reopen Run');
    if (id !== undefined) await this.parts.panel.show(id);
  }

  async openRunFile(argument: unknown): Promise<void> {
    const id = isRunItem(argument) ? argument.id : await this.pickRun('Open Experiment File of Run');
    if (id !== undefined) await this.openFileOf(id);
  }

  async deleteRun(argument: unknown, selected: unknown): Promise<void> {
    const { history, prompts, panel } = this.parts;
    const chosen = chosenIds(argument, selected, []);
    const picked =
      chosen.length > 0 ? chosen : await prompts.pickMany(this.finishedChoices(), { title: 'Delete Run', placeholder: 'Which ones?' });
    const ids = (picked ?? []).filter((id) => history.summary(id) !== undefined);
    if (ids.length === 0) return;
    const question = ids.length === 1 ? `Delete the run of "${history.summary(ids[0])?.title}"?` : `Delete ${ids.length} runs?`;
    if (!(await prompts.confirm(question, 'The report is removed from the history; the experiment file stays.', 'Delete'))) return;
    await history.delete(ids);
    await panel.refresh();
  }

  async clearHistory(): Promise<void> {
    const { history, prompts, panel } = this.parts;
    const count = history.summaries().filter(({ pinned }) => !pinned).length;
    if (count === 0) {
      void prompts.inform('information', 'The history is empty, but for pinned runs.');
      return;
    }
    if (
      !(await prompts.confirm(
        `Delete ${plural(count, 'run')} of this workspace?`,
        'The reports are removed; pinned runs and the experiment files stay.',
        'Delete All',
      ))
    )
      return;
    await history.clear();
    await panel.refresh();
  }

  async pinRuns(argument: unknown, selected: unknown, pinned: boolean): Promise<void> {
    const { history, prompts } = this.parts;
    const chosen = chosenIds(argument, selected, []);
    const title = pinned ? 'Pin Run' : 'Unpin Run';
    const ids =
      chosen.length > 0
        ? chosen
        : await prompts.pickMany(
            this.finishedChoices((run) => run.pinned !== pinned),
            { title, placeholder: pinned ? 'Pinned runs are kept, whatever the limit of the history is' : 'Which ones?' },
          );
    for (const id of ids ?? []) await history.change(id, { pinned });
  }

  async renameRun(argument: unknown): Promise<void> {
    const { history, panel, prompts } = this.parts;
    const id = isRunItem(argument) ? argument.id : await this.pickRun('Rename Run');
    const run = id === undefined ? undefined : history.summary(id);
    if (run === undefined) return;
    const title = (await prompts.enterText('Rename Run', 'Its name in the history', run.title))?.trim();
    if (!title) return;
    await history.change(run.id, { title });
    await panel.refresh();
  }

  async annotateRun(argument: unknown): Promise<void> {
    const { history, prompts } = this.parts;
    const id = isRunItem(argument) ? argument.id : await this.pickRun('Write a Note on Run');
    const run = id === undefined ? undefined : history.summary(id);
    if (run === undefined) return;
    const note = await prompts.enterText('Write a Note on Run', 'Shown with the run; leave it empty to take the note away', run.note ?? '');
    if (note !== undefined) await history.change(run.id, { note: note.trim() === '' ? null : note.trim() });
  }

  async exportReport(argument: unknown): Promise<void> {
    const { archive, panel, prompts } = this.parts;
    const uri = isRunItem(argument) ? undefined : targetUri(argument);
    const id = isRunItem(argument) ? argument.id : ((uri && archive.latest(uri)) ?? panel.runId ?? (await this.pickRun('Export Report')));
    if (id === undefined) return;
    const record = await archive.record(id);
    if (record?.report) await exportReport(record.title, record.report, prompts);
    else void prompts.inform('information', 'This run has no report.');
  }

  async openNotes(argument: unknown): Promise<void> {
    const result = await this.parts.gallery.chosenResult(argument, 'Open Notes on Result');
    if (result !== undefined) await this.parts.pages.showNotes(result);
  }

  async exportScript(argument: unknown): Promise<void> {
    const { documents, prompts } = this.parts;
    const document = await this.documentOf(argument);
    if (document === undefined) return undefined;
    if (await exportScript(document, documents, prompts)) return;
    this.inform('error', `${displayName(document.uri)} was not exported: it has errors.`, document.uri);
  }

  async fromPage(request: PageRequest): Promise<unknown> {
    const { archive, panel, prompts, history } = this.parts;
    const shown = panel.runId;
    switch (request.type) {
      case 'open-link':
        return isWebAddress(request.url) && vscode.env.openExternal(vscode.Uri.parse(request.url));
      case 'cancel':
        return shown !== null && this.cancelRun(shown);
      case 'run': {
        const uri = shown === null ? targetUri(undefined) : this.fileOf(shown);
        return uri ? this.run(uri, shown === null ? 'run' : this.kindOf(shown)) : this.needExperiment();
      }
      case 'open-file':
        return shown !== null && this.openFileOf(shown);
      case 'open-point':
      case 'refine':
      case 'open-cell':
      case 'rerun':
        return shown !== null && this.fromSweep(shown, request);
      case 'apply-settings':
        return this.applySettings(request.id);
      case 'export': {
        const finished = shown === null ? null : await archive.finished(shown);
        const file = shown === null ? undefined : (this.parts.runs.find(shown)?.file ?? history.summary(shown)?.file);
        return exportFromPage(request.format, request.name, request.content, finished?.report ?? null, prompts, file);
      }
      case 'compare':
        return shown === null ? this.compareRuns(undefined, undefined) : this.compareWith(shown);
      default:
        return request satisfies never;
    }
  }

  /** A place of a sweep's picture, also of one that goes on: its run, kept or run now, its runs over each other or anew, or a finer sweep. */
  private async fromSweep(shown: string, request: SweepRequest): Promise<unknown> {
    const { archive, compute, history, panel, prompts, runs } = this.parts;
    const { point } = request;
    const sweep = (runs.find(shown)?.experiment ?? (await archive.finished(shown))?.report.experiment ?? null) as Experiment | null;
    if (sweep === null) return undefined;
    const file = this.fileOf(shown);
    const none = (): unknown => prompts.inform('warning', 'The sweep has no such point.');
    switch (request.type) {
      case 'refine':
        if (!(await isRefinable(sweep)))
          return prompts.inform('information', 'No axis of this sweep has numbers between which a finer one could look.');
        return (await openRefined(sweep, point, file)) ?? none();
      case 'open-cell': {
        this.drawing?.abort();
        this.drawing = new AbortController();
        const { signal } = this.drawing;
        const { figure, says } = await cellCurves(sweep, request, file, { compute, signal });
        if (!signal.aborted) panel.tellCell(shown, point, figure, says);
        return undefined;
      }
      case 'rerun': {
        if (file === undefined || !isExperiment(file)) return this.needExperiment();
        // Of another file the numbers would mean other runs.
        if ((await archive.staleness(shown)) === true)
          return prompts.inform('information', `${displayName(file)} has changed since this sweep: run the sweep again instead.`);
        return this.run(
          file,
          'sweep',
          Array.from({ length: request.count }, (_, k) => point + k),
        );
      }
      case 'open-point': {
        const opened = await openPoint(sweep, point, file, history);
        if (opened === null) return none();
        return 'kept' in opened ? panel.show(opened.kept) : this.run(opened.document.uri, 'run');
      }
      default:
        return request satisfies never;
    }
  }

  /** One edit of the run's file, or of the open experiment where the run came from a report. */
  private async applySettings(id: string): Promise<unknown> {
    const { archive, prompts } = this.parts;
    const finished = await archive.finished(id);
    const uri = isReportId(id) ? targetUri(undefined) : this.fileOf(id);
    if (finished === null || uri === undefined) return this.needExperiment();
    const document = await this.opened(uri);
    if (document === undefined) return undefined;
    const text = document.getText();
    const { loadSettings } = await import('./theory');
    const { withSettings } = await loadSettings();
    const wanted = withSettings(text, finished.report.experiment as Readonly<Record<string, unknown>>);
    if (wanted === text) return prompts.inform('information', `${displayName(uri)} has these settings already.`);
    await replaceText(document, wanted);
    return vscode.window.setStatusBarMessage(`Settings of "${finished.title}" applied; Undo takes them back`, 5000);
  }

  private cancelRun(id: string): boolean {
    const run = this.parts.runs.find(id);
    return run?.state === 'running' && this.parts.runs.cancel(run.uri);
  }

  private kindOf(id: string): RunKind {
    return this.parts.runs.find(id)?.kind ?? this.parts.history.summary(id)?.kind ?? 'run';
  }

  private fileOf(id: string): vscode.Uri | undefined {
    if (isReportId(id)) return uriOfReport(id);
    const run = this.parts.runs.find(id);
    const summary = this.parts.history.summary(id);
    return run?.uri ?? (summary && vscode.Uri.parse(summary.uri));
  }

  private async openFileOf(id: string): Promise<void> {
    const uri = this.fileOf(id);
    const document = uri && (await this.opened(uri));
    if (document) await vscode.window.showTextDocument(document, { viewColumn: columnOf(document) });
  }

  /** The experiment that a command is about; without one the user is told what is missing. */
  private async documentOf(argument: unknown): Promise<vscode.TextDocument | undefined> {
    const uri = targetUri(argument);
    return uri === undefined ? this.needExperiment() : this.opened(uri);
  }

  /** Runs and links outlive their files. */
  private async opened(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
    try {
      return await vscode.workspace.openTextDocument(uri);
    } catch {
      void this.parts.prompts.inform('warning', `${displayName(uri)} is not there any more.`);
      return undefined;
    }
  }

  private pickRun(title: string): Promise<string | undefined> {
    return this.parts.prompts.pickOne(this.finishedChoices(), { title, placeholder: 'Which run?' });
  }

  private finishedChoices(wanted: (run: RunSummary) => boolean = () => true): readonly Choice<string>[] {
    return this.parts.history
      .summaries()
      .filter(wanted)
      .map((run) => ({
        label: run.title,
        description: outcomeText(run, true),
        // Below the title, where it is not cut off: runs of one file are told apart by it.
        detail: [timeText(run.startedAt), run.file, run.note].filter((part) => part !== null).join(' · '),
        icon: outcomeIcon(run),
        value: run.id,
      }));
  }

  private needExperiment(): undefined {
    void this.parts.prompts.inform('information', 'Go to an experiment file (*.bias.json) first, or make one with "New Experiment".');
    return undefined;
  }

  private inform(severity: 'error' | 'warning', message: string, uri: vscode.Uri): void {
    const action = 'Show Problems';
    void this.parts.prompts.inform(severity, message, action).then(async (answer) => {
      if (answer !== action) return;
      await vscode.window.showTextDocument(uri);
      await vscode.commands.executeCommand('workbench.actions.view.problems');
    });
  }
}

/** One edit, in view of the user, who can undo it. */
async function replaceText(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
  await vscode.window.showTextDocument(document, { viewColumn: columnOf(document) });
  await vscode.workspace.applyEdit(edit);
}

/** Where a document is in sight already, else the first column: beside the page, not over it. */
function columnOf(document: vscode.TextDocument): vscode.ViewColumn {
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  return shown?.viewColumn ?? vscode.ViewColumn.One;
}

/** Entries that a command of the tree was called on: all selected ones when the clicked one is among them. */
function chosenIds(argument: unknown, selected: unknown, fallback: readonly string[]): readonly string[] {
  if (Array.isArray(argument) && argument.every((id) => typeof id === 'string')) return argument;
  if (Array.isArray(selected)) return selected.filter(isRunItem).map(({ id }) => id);
  return isRunItem(argument) ? [argument.id, ...fallback.filter((id) => id !== argument.id)] : fallback;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
