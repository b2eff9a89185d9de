import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension/test-api';
import { closeEditors, eventually, extensionApi, openExperiment } from './editor';
import { ENDLESS, REGRESSION } from './experiments';

/** With what it expects as its last key. */
function expecting(text: string, verdict: string): string {
  return text.replace(/\n\}\n$/, `,\n  "expect": { "verdict": "${verdict}" }\n}\n`);
}

describe('the test explorer', () => {
  let api: ExtensionApi;
  let token: vscode.CancellationTokenSource;

  before(async () => {
    api = await extensionApi();
    await api.tests.discovered();
  });
  beforeEach(() => {
    token = new vscode.CancellationTokenSource();
  });
  afterEach(async () => {
    token.cancel();
    await eventually('all runs ended', () => api.runs.allRunning().length === 0);
    await closeEditors();
    await api.history.clear();
  });

  function find(uri: vscode.Uri): vscode.TestItem | undefined {
    const folder = api.tests.controller.items.get(vscode.Uri.joinPath(uri, '..').toString());
    return folder?.children.get(uri.toString());
  }
  const itemOf = (document: vscode.TextDocument): Promise<vscode.TestItem> => eventually('the file is a test', () => find(document.uri));

  it('lists the examples under their folder, by title, at the line that says what is expected', async () => {
    const [uri] = await vscode.workspace.findFiles('r3-sparse-recovery.bias.json');
    const item = find(uri);
    assert.ok(item);
    const text = await vscode.workspace.openTextDocument(uri);
    assert.equal(item.label, (JSON.parse(text.getText()) as { title: string }).title);
    assert.match(text.lineAt(item.range?.start.line ?? 0).text, /"expect"/);
  });

  it('follows files: a new one, one that expects no more, one that goes', async () => {
    const document = await openExperiment(expecting(REGRESSION, 'agrees'));
    await itemOf(document);
    await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(REGRESSION));
    await eventually('it is no test any more', () => find(document.uri) === undefined);
    await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(expecting(REGRESSION, 'agrees')));
    await itemOf(document);
    await closeEditors();
    await vscode.workspace.fs.delete(document.uri);
    await eventually('it is gone', () => find(document.uri) === undefined);
  });

  it('runs tests into the history, and tells which were met', async () => {
    const good = await itemOf(await openExperiment(expecting(REGRESSION, 'agrees')));
    const wrong = await itemOf(await openExperiment(expecting(REGRESSION, 'disagrees')));
    const answers = await api.tests.run(new vscode.TestRunRequest([good, wrong]), token.token);
    assert.deepEqual(answers.get(good.id), { outcome: 'passed' });
    const failed = answers.get(wrong.id);
    assert.ok(failed?.outcome === 'failed');
    assert.deepEqual([failed.expected, failed.found], ['disagrees', 'agrees']);
    assert.deepEqual(
      api.history.summaries().map(({ verdict }) => verdict?.outcome),
      ['agrees', 'agrees'],
    );
  });

  it('says of a file with errors where they are', async () => {
    const item = await itemOf(await openExperiment(expecting(REGRESSION, 'agrees').replace('"square"', '"cube"')));
    const answers = await api.tests.run(new vscode.TestRunRequest([item]), token.token);
    const answer = answers.get(item.id);
    assert.ok(answer?.outcome === 'errored');
    assert.match(answer.says, /^Line 5: /);
  });

  it('is cancelled: what runs is, and the rest is skipped', async () => {
    const items = [];
    for (let count = 0; count < 3; count++) items.push(await itemOf(await openExperiment(expecting(ENDLESS, 'agrees'))));
    const running = api.tests.run(new vscode.TestRunRequest(items), token.token);
    await eventually('it runs', () => api.runs.allRunning().length > 0);
    token.cancel();
    const answers = await running;
    assert.deepEqual(
      [...answers.values()].map(({ outcome }) => outcome),
      ['skipped', 'skipped', 'skipped'],
    );
  });

  it('runs again with every save while it is continuous', async () => {
    const document = await openExperiment(expecting(REGRESSION, 'agrees'));
    const item = await itemOf(document);
    await api.tests.run(new vscode.TestRunRequest([item], undefined, undefined, true), token.token);
    assert.equal(api.history.summaries().length, 0);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(document.lineCount - 1, 0), ' ');
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await eventually('it ran', () => api.history.summaries().length === 1);
    token.cancel();
  });
});
