/** The Test Explorer: every file of the workspace that says what it expects of its run is a test, and its verdict the answer. */
import * as vscode from 'vscode';
import { cores } from '../worker/cores';
import type { BugReporter } from './bug-reporter';
import { CATEGORY, TESTS } from './contributions';
import { isExperiment, readExperiment, textOf, type ExperimentText } from './experiment-file';
import { expectationOf, judged, type Expectation, type Judged } from './expectation';
import type { RunManager } from './run-manager';
import { Ownership } from './signal';

const FILES = '**/*.bias.json';
const LEFT_OUT = '**/{node_modules,.git}/**';

export class TestExplorer implements vscode.Disposable {
  private readonly owned = new Ownership();
  readonly controller = this.owned.own(vscode.tests.createTestController(TESTS.controller, CATEGORY));
  private found: Promise<void> | null = null;

  constructor(
    private readonly runs: RunManager,
    private readonly bugs: BugReporter,
  ) {
    // The editor asks when its test view is opened for the first time; nothing is searched before.
    this.controller.resolveHandler = async (item) => (item === undefined ? this.discovered() : undefined);
    this.controller.refreshHandler = async () => {
      this.controller.items.replace([]);
      await this.search();
    };
    this.controller.createRunProfile(
      'Run',
      vscode.TestRunProfileKind.Run,
      async (request, token) => void (await this.run(request, token)),
      true,
      undefined,
      true,
    );
  }

  /** Resolves when the files of the workspace are listed; they are watched from then on. */
  discovered(): Promise<void> {
    this.found ??= this.watch();
    return this.found;
  }

  /**
   * Runs what is asked for and resolves, by the ids of the tests, when all of it has ended. A continuous run runs nothing at
   * first and every file that is saved later.
   */
  async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<ReadonlyMap<string, Judged>> {
    if (request.continuous !== true) return this.runOnce(request, this.chosen(request), token);
    const saved = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      const item = this.chosen(request).find((leaf) => leaf.uri?.toString() === uri.toString());
      if (item) this.bugs.guard('A test could not be run', () => this.runOnce(request, [item], token));
    });
    token.onCancellationRequested(() => saved.dispose());
    return new Map();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async watch(): Promise<void> {
    const watcher = this.owned.own(vscode.workspace.createFileSystemWatcher(FILES));
    const look = (uri: vscode.Uri): void => this.bugs.guard('A test could not be read', () => this.update(uri));
    this.owned.own(watcher.onDidCreate(look));
    this.owned.own(watcher.onDidChange(look));
    this.owned.own(watcher.onDidDelete((uri) => this.remove(uri)));
    await this.search();
  }

  private async search(): Promise<void> {
    for (const uri of await vscode.workspace.findFiles(FILES, LEFT_OUT)) await this.update(uri);
  }

  /** Lists a file, lists it anew, or takes it off the list, as its text says. */
  private async update(uri: vscode.Uri): Promise<void> {
    if (!isExperiment(uri)) return;
    // As it is saved: an editor that shows it may not have heard of the change yet.
    const text = await textOf(uri).catch(() => null);
    const expected = text === null ? null : expectationOf(text);
    if (!expected) return this.remove(uri);
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const item = this.controller.createTestItem(uri.toString(), expected.title ?? name, uri);
    item.description = expected.title === null ? undefined : name;
    item.range = new vscode.Range(expected.line, 0, expected.line, 0);
    this.folderOf(uri).children.add(item);
  }

  private remove(uri: vscode.Uri): void {
    const folder = this.controller.items.get(folderUri(uri).toString());
    folder?.children.delete(uri.toString());
    if (folder?.children.size === 0) this.controller.items.delete(folder.id);
  }

  private folderOf(file: vscode.Uri): vscode.TestItem {
    const uri = folderUri(file);
    const known = this.controller.items.get(uri.toString());
    if (known) return known;
    const path = vscode.workspace.asRelativePath(uri);
    const label = path === uri.fsPath || path === '' ? uri.path.slice(uri.path.lastIndexOf('/') + 1) : path;
    const item = this.controller.createTestItem(uri.toString(), label, uri);
    this.controller.items.add(item);
    return item;
  }

  /** The files that a request means, each once. */
  private chosen({ include, exclude }: vscode.TestRunRequest): readonly vscode.TestItem[] {
    const leaves = new Map<string, vscode.TestItem>();
    const left = new Set(exclude?.map(({ id }) => id));
    const visit = (item: vscode.TestItem): void => {
      if (left.has(item.id)) return;
      if (item.children.size === 0) leaves.set(item.id, item);
      else item.children.forEach(visit);
    };
    if (include) include.forEach(visit);
    else this.controller.items.forEach(visit);
    return [...leaves.values()];
  }

  private async runOnce(
    request: vscode.TestRunRequest,
    items: readonly vscode.TestItem[],
    token: vscode.CancellationToken,
  ): Promise<ReadonlyMap<string, Judged>> {
    const answers = new Map<string, Judged>();
    const test = this.controller.createTestRun(request);
    for (const item of items) test.enqueued(item);
    const waiting = [...items];
    const stopped = (): boolean => token.isCancellationRequested || test.token.isCancellationRequested;
    const lane = async (): Promise<void> => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        const begin = Date.now();
        const answer: Judged = stopped() ? { outcome: 'skipped' } : await this.runOne(test, item, token);
        report(test, item, answer, Date.now() - begin);
        answers.set(item.id, answer);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(cores(), items.length) }, lane));
    } finally {
      test.end();
    }
    return answers;
  }

  private async runOne(test: vscode.TestRun, item: vscode.TestItem, token: vscode.CancellationToken): Promise<Judged> {
    test.started(item);
    const cancel = (): void => void (item.uri && this.runs.cancel(item.uri));
    const subscriptions = [token.onCancellationRequested(cancel), test.token.onCancellationRequested(cancel)];
    try {
      return await this.answerOf(item);
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
    }
  }

  private async answerOf(item: vscode.TestItem): Promise<Judged> {
    const text: ExperimentText | null = item.uri ? await readExperiment(item.uri).catch(() => null) : null;
    if (text === null) return { outcome: 'errored', says: 'The file cannot be read.' };
    const expected: Expectation | null = expectationOf(text.getText());
    if (expected === null) return { outcome: 'errored', says: 'The file says no more what it expects.' };
    const result = await this.runs.run(text, expected.title ?? item.label);
    if (result.type === 'invalid') {
      const first = result.diagnostics.at(0);
      return { outcome: 'errored', says: first ? `Line ${first.line}: ${first.message}` : 'The file has errors.' };
    }
    const record = result.run.record();
    return record ? judged(expected, record) : { outcome: 'skipped' };
  }
}

function report(test: vscode.TestRun, item: vscode.TestItem, answer: Judged, duration: number): void {
  switch (answer.outcome) {
    case 'passed':
      return test.passed(item, duration);
    case 'skipped':
      return test.skipped(item);
    case 'errored':
      return test.errored(item, placed(new vscode.TestMessage(answer.says), item), duration);
    case 'failed':
      return test.failed(item, placed(vscode.TestMessage.diff(answer.says, answer.expected, answer.found), item), duration);
    default:
      answer satisfies never;
  }
}

function placed(message: vscode.TestMessage, { uri, range }: vscode.TestItem): vscode.TestMessage {
  if (uri && range) message.location = new vscode.Location(uri, range);
  return message;
}

function folderUri(file: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(file, '..');
}
