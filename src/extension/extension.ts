import * as vscode from 'vscode';
import type { ToPage } from '../protocol/panel';
import { BugReporter } from './bug-reporter';
import { ExperimentLenses } from './code-lenses';
import { registerCommands } from './commands';
import { LazyPool } from './compute-service';
import { CATEGORY } from './contributions';
import { ExperimentDocuments } from './experiment-documents';
import { GalleryCommands } from './gallery-commands';
import { GalleryFiles } from './gallery-files';
import { GalleryView } from './gallery-view';
import { HistoryStore } from './history-store';
import { PredictionHovers } from './hovers';
import { EXPERIMENT_SELECTOR, placeOf, workerBundle } from './places';
import { PredictionPages } from './prediction-page';
import { Problems } from './problems';
import { editorPrompts, type Prompts } from './prompts';
import { ResultsPanel } from './results-panel';
import { RunArchive } from './run-archive';
import { RunManager } from './run-manager';
import { RunsView } from './runs-view';
import { numberSetting, onSettingChange } from './settings';
import { StatusBar } from './status-bar';
import { TestExplorer } from './test-explorer';
import type { ExtensionApi } from './test-api';
import { VerdictBook } from './verdict-book';

let pool: LazyPool | null = null;

export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const own = <T extends vscode.Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const inExtension = (...names: string[]): vscode.Uri => vscode.Uri.joinPath(context.extensionUri, ...names);
  const inStorage = (name: string): string => placeOf(vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, name));
  let answers: Prompts | null = null;
  const prompts = forwarding(() => answers ?? editorPrompts);
  const log = own(vscode.window.createOutputChannel(CATEGORY, { log: true }));
  const bugs = new BugReporter(log, prompts);

  const compute = own(
    new LazyPool(workerBundle(context.extensionUri), () => ({
      workers: numberSetting('workers'),
      memoryLimit: numberSetting('memoryLimit'),
    })),
  );
  pool = compute;
  own(onSettingChange(['workers', 'memoryLimit'], () => compute.settingsChanged()));

  const history = own(
    new HistoryStore({
      folder: inStorage('runs'),
      limit: () => numberSetting('historyLimit'),
      warn: (message) => log.warn(message),
    }),
  );
  own(onSettingChange(['historyLimit'], () => bugs.guard('The history could not be shortened', () => history.prune())));
  bugs.guard('The history could not be read', () => history.loaded);

  const documents = own(new ExperimentDocuments(compute, bugs));
  const runs = own(new RunManager(compute, history, bugs, vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.js').fsPath));
  const archive = new RunArchive(runs, history, (document) => documents.latestAnalysis(document)?.dataHash);
  const panel = own(new ResultsPanel({ extensionUri: context.extensionUri, documents, runs, archive, bugs }));
  const view = own(new RunsView(runs, history));
  const status = own(new StatusBar(runs, archive, documents));
  const pages = own(
    new PredictionPages({
      documents,
      archive,
      bugs,
      notes: vscode.Uri.joinPath(context.extensionUri, 'docs', 'theory.md'),
      onDidEndRun: (listener) => runs.onDidChange(({ run, event }) => event === null && listener(run.uri)),
    }),
  );
  own(new Problems(documents));
  const lenses = own(
    new ExperimentLenses({
      documents,
      runNote: (document) => archive.note(document),
      onDidChangeRuns: (listener) =>
        vscode.Disposable.from(
          runs.onDidChange(({ event }) => event === null && listener(undefined)),
          history.onDidChange(() => listener(undefined)),
        ),
    }),
  );
  own(vscode.languages.registerCodeLensProvider(EXPERIMENT_SELECTOR, lenses));
  own(vscode.languages.registerHoverProvider(EXPERIMENT_SELECTOR, new PredictionHovers(documents)));
  const tests = own(new TestExplorer(runs, bugs));
  const verdicts = own(new VerdictBook({ place: inStorage('verdicts.json'), warn: (message) => log.warn(message) }));
  own(runs.onDidChange(({ run, event }) => event === null && bugs.guard('A verdict could not be noted', () => verdicts.noteRun(run))));
  const files = new GalleryFiles(inExtension('examples'), inExtension('dist', 'examples.json'));
  const galleryView = own(new GalleryView(files, verdicts));
  const gallery = new GalleryCommands({ files, view: galleryView, verdicts, compute, prompts, bugs });
  own(registerCommands({ documents, compute, runs, history, archive, panel, view, pages, gallery, prompts, bugs }));
  documents.start();

  const posted = new Map<ToPage['type'], ToPage>();
  own(panel.onDidPost((message) => posted.set(message.type, message)));
  return {
    whenAnalysed: async (uri) => documents.whenAnalysed(await vscode.workspace.openTextDocument(uri)),
    runs,
    history,
    panel,
    status,
    tests,
    verdicts,
    galleryView,
    lastPosted: <T extends ToPage['type']>(type: T) => posted.get(type) as Extract<ToPage, { readonly type: T }> | undefined,
    answerPrompts: (given) => {
      answers = given;
    },
  };
}

/** Waits for the threads to be gone: the editor ends the host soon afterwards. */
export async function deactivate(): Promise<void> {
  await pool?.shutDown();
  pool = null;
}

/** Prompts whose answerer may change. */
function forwarding(current: () => Prompts): Prompts {
  return {
    pickOne: (choices, options) => current().pickOne(choices, options),
    pickMany: (choices, options) => current().pickMany(choices, options),
    enterText: (title, prompt, value) => current().enterText(title, prompt, value),
    confirm: (question, detail, action) => current().confirm(question, detail, action),
    openFrom: (filters) => current().openFrom(filters),
    saveTo: (suggested, filters) => current().saveTo(suggested, filters),
    inform: (severity, message, ...actions) => current().inform(severity, message, ...actions),
  };
}
