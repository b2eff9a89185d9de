import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension/test-api';
import { closeEditors, eventually, extensionApi, openExperiment, replace, sleep, workspaceFile } from './editor';
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
    const uri = workspaceFile('r3-sparse-recovery.bias.json');
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
    assert.equal(answers.get(good.id)?.outcome, 'passed');
    const failed = answers.get(wrong.id);
    assert.ok(failed?.outcome === 'failed');
    assert.deepEqual([failed.expected, failed.found], ['disagrees', 'agrees']);
    assert.match(failed.says, /^Expected: disagrees\. Found: agrees/);
    assert.deepEqual(
      api.history.summaries().map(({ verdict, origin }) => [verdict?.outcome, origin]),
      [
        ['agrees', 'test'],
        ['agrees', 'test'],
      ],
    );
  });

  it('says of a file with errors where they are', async () => {
    const item = await itemOf(await openExperiment(expecting(REGRESSION, 'agrees').replace('"square"', '"cube"')));
    const answers = await api.tests.run(new vscode.TestRunRequest([item]), token.token);
    const answer = answers.get(item.id);
    assert.ok(answer?.outcome === 'errored');
    assert.match(answer.says, /^Line 5: /);
  });

  it('keeps a file that is broken at the moment, under its title, and says where it is', async () => {
    const document = await openExperiment(expecting(REGRESSION, 'agrees'));
    const item = await itemOf(document);
    await replace(document, '"loss": "square"', '"loss": "square');
    await document.save();
    await api.tests.controller.refreshHandler?.(token.token);
    assert.equal(find(document.uri), item);
    assert.equal(item.label, 'Two equations, three unknowns');
    const answer = (await api.tests.run(new vscode.TestRunRequest([item]), token.token)).get(item.id);
    assert.ok(answer?.outcome === 'errored');
    assert.match(answer.says, /^Line 5: /);
  });

  it('runs a file with a sweep as it stands', async () => {
    const sweep = REGRESSION.replace(/\n\}\n$/, ',\n  "sweep": { "axes": [{ "path": "/data/y", "values": [[1, 2], [2, 3]] }] }\n}\n');
    const item = await itemOf(await openExperiment(expecting(sweep, 'agrees')));
    const answers = await api.tests.run(new vscode.TestRunRequest([item]), token.token);
    assert.equal(answers.get(item.id)?.outcome, 'passed');
    assert.deepEqual(
      api.history.summaries().map(({ kind }) => kind),
      ['run'],
    );
  });

  it('follows a file and its folder to another name, and lets go of a folder with what is in it', async () => {
    const document = await openExperiment(expecting(REGRESSION, 'agrees'), 'claims/first');
    const folder = vscode.Uri.joinPath(document.uri, '..');
    await itemOf(document);
    await closeEditors();
    const renamed = vscode.Uri.joinPath(folder, 'second.bias.json');
    await vscode.workspace.fs.rename(document.uri, renamed);
    await eventually('it has its new name', () => find(renamed) && !find(document.uri));
    const moved = workspaceFile('theses');
    await vscode.workspace.fs.rename(folder, moved);
    await eventually('its folder has its new name', () => find(vscode.Uri.joinPath(moved, 'second.bias.json')) && !find(renamed));
    await vscode.workspace.fs.delete(moved, { recursive: true });
    await eventually('the folder is gone', () => api.tests.controller.items.get(moved.toString()) === undefined);
  });

  it('runs nothing when it is cancelled before a file was read', async () => {
    const item = await itemOf(await openExperiment(expecting(ENDLESS, 'agrees')));
    await closeEditors();
    const running = api.tests.run(new vscode.TestRunRequest([item]), token.token);
    token.cancel();
    assert.equal((await running).get(item.id)?.outcome, 'skipped');
    assert.equal(api.history.summaries().length, 0);
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
    await replace(document, '[1, 2]', '[1, 3]');
    await document.save();
    await eventually('it ran', () => api.history.summaries().length === 1);
    token.cancel();
    await replace(document, '[1, 3]', '[1, 4]');
    await document.save();
    await sleep(300);
    assert.equal(api.history.summaries().length, 1, 'and no more once it is not');
  });

  it('runs what becomes a test with a save, while all are run continuously', async () => {
    const document = await openExperiment(REGRESSION);
    await api.tests.run(new vscode.TestRunRequest(undefined, undefined, undefined, true), token.token);
    await replace(document, '"optimizer"', '"expect": { "verdict": "agrees" },\n  "optimizer"');
    await document.save();
    await eventually('it ran', () => api.history.summaries().length === 1);
  });
});
