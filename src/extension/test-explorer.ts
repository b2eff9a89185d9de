/** The Test Explorer: every file of the workspace that says what it expects of its run is a test, and its verdict the answer. */
import * as vscode from 'vscode';
import type { BugReporter } from './bug-reporter';
import { CATEGORY, TESTS } from './contributions';
import { readExperiment, type ExperimentText } from './experiment-file';
import { claimOf, expectationOf, judged, type Judged } from './expectation';
import type { RunManager } from './run-manager';
import { runsAtATime } from './settings';
import { Ownership } from './signal';
import { TestFiles } from './test-files';

export class TestExplorer implements vscode.Disposable {
  private readonly owned = new Ownership();
  readonly controller = this.owned.own(vscode.tests.createTestController(TESTS.controller, CATEGORY));
  private readonly files: TestFiles;

  constructor(
    private readonly runs: RunManager,
    private readonly bugs: BugReporter,
  ) {
    this.files = this.owned.own(new TestFiles(this.controller, bugs));
    // The editor asks when its test view is opened for the first time; nothing is searched before.
    this.controller.resolveHandler = async (item) => (item === undefined ? this.files.discovered() : undefined);
    this.controller.refreshHandler = () => this.files.refresh();
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
    return this.files.discovered();
  }

  /**
   * Runs what is asked for and resolves, by the ids of the tests, when all of it has ended. A continuous run runs nothing at
   * first and every file that is saved later.
   */
  async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<ReadonlyMap<string, Judged>> {
    if (request.continuous !== true) return this.runOnce(request, this.files.chosen(request), token);
    const saved = vscode.workspace.onDidSaveTextDocument(({ uri }) =>
      this.bugs.guard('A test could not be run', async () => {
        // With this very change the file may have become a test.
        if (uri.path.endsWith('.bias.json')) await this.files.look(uri);
        const item = this.files.chosen(request).find((leaf) => leaf.uri?.toString() === uri.toString());
        if (item && !token.isCancellationRequested) await this.runOnce(request, [item], token);
      }),
    );
    token.onCancellationRequested(() => saved.dispose());
    return new Map();
  }

  dispose(): void {
    this.owned.dispose();
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
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    const subscriptions = [token.onCancellationRequested(abort), test.token.onCancellationRequested(abort)];
    if (token.isCancellationRequested) abort();
    const lane = async (): Promise<void> => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        const begin = Date.now();
        if (!stop.signal.aborted) test.started(item);
        const answer: Judged = stop.signal.aborted ? { outcome: 'skipped' } : await this.answerOf(item, stop.signal);
        report(test, item, answer, Date.now() - begin);
        answers.set(item.id, answer);
      }
    };
    try {
      // No more than are run at a time: a test that waits for another is not told to run.
      await Promise.all(Array.from({ length: Math.min(runsAtATime(), items.length) }, lane));
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
      test.end();
    }
    return answers;
  }

  private async answerOf(item: vscode.TestItem, stop: AbortSignal): Promise<Judged> {
    const text: ExperimentText | null = item.uri ? await readExperiment(item.uri).catch(() => null) : null;
    if (text === null) return { outcome: 'errored', says: 'The file cannot be read.' };
    const claim = claimOf(text.getText());
    if (claim === null) return { outcome: 'errored', says: 'The file says no more what it expects.' };
    // Cancelled while the file was read: nothing runs yet that could be told.
    if (stop.aborted) return { outcome: 'skipped' };
    const ended = this.runs.run(text, claim.title ?? item.label, 'test');
    const run = this.runs.runningOf(text.uri);
    const cancel = (): void => run?.cancellation.abort();
    stop.addEventListener('abort', cancel);
    const result = await ended.finally(() => stop.removeEventListener('abort', cancel));
    if (result.type === 'invalid') {
      const first = result.diagnostics.find(({ severity }) => severity === 'error') ?? result.diagnostics.at(0);
      return { outcome: 'errored', says: first ? `Line ${first.line}: ${first.message}` : 'The file has errors.' };
    }
    const expected = expectationOf(text.getText());
    const record = result.run.record();
    return expected && record ? judged(expected, record) : { outcome: 'skipped' };
  }
}

function report(test: vscode.TestRun, item: vscode.TestItem, answer: Judged, duration: number): void {
  const line = (mark: string, says: string): void =>
    test.appendOutput(`${mark} ${item.label} · ${says}`.replaceAll(/\r?\n/gu, '\r\n') + '\r\n', undefined, item);
  switch (answer.outcome) {
    case 'passed':
      line('✓', answer.says);
      return test.passed(item, duration);
    case 'skipped':
      line('–', 'cancelled');
      return test.skipped(item);
    case 'errored':
      line('✗', answer.says);
      return test.errored(item, placed(new vscode.TestMessage(answer.says), item), duration);
    case 'failed':
      line('✗', answer.says);
      return test.failed(item, placed(vscode.TestMessage.diff(answer.says, answer.expected, answer.found), item), duration);
    default:
      answer satisfies never;
  }
}

function placed(message: vscode.TestMessage, { uri, range }: vscode.TestItem): vscode.TestMessage {
  if (uri && range) message.location = new vscode.Location(uri, range);
  return message;
}
