/** An editor whose page is isolated from other origins: there a worker shares memory with the host, and hears of a cancel through it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/contributions';
import type { ExtensionApi } from '../../src/extension/test-api';
import { closeEditors, eventually, extensionApi, openExperiment } from '../integration/editor';
import { ENDLESS, REGRESSION } from '../integration/experiments';

describe('an editor without Node that is isolated', () => {
  let api: ExtensionApi;
  before(async () => {
    api = await extensionApi();
  });
  afterEach(async () => {
    for (const running of api.runs.allRunning()) api.runs.cancel(running.uri);
    await eventually('all runs ended', () => api.runs.allRunning().length === 0);
    await closeEditors();
    await api.history.clear();
  });

  it('is what these suites run in', () => {
    assert.equal(typeof (globalThis as { importScripts?: unknown }).importScripts, 'function');
    assert.equal(crossOriginIsolated, true);
  });

  it('cancels a run, keeps the curves, and takes another one', async () => {
    const document = await openExperiment(ENDLESS);
    const ended = vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
    const running = await eventually('a run', () => api.runs.runningOf(document.uri));
    await eventually('curves', () => running.view(false).live.rows > 0);
    await vscode.commands.executeCommand(COMMANDS.cancel.id, document.uri);
    const id = await ended;
    assert.equal(api.history.summary(id)?.state, 'cancelled');
    assert.ok(running.view(false).live.rows > 0);
    const next = await openExperiment(REGRESSION);
    const other = await vscode.commands.executeCommand<string>(COMMANDS.run.id, next.uri);
    assert.equal(api.history.summary(other)?.verdict?.outcome, 'agrees');
  });

  it('cancels a test of the Test Explorer', async () => {
    const document = await openExperiment(ENDLESS.replace(/\n\}\n$/, ',\n  "expect": { "verdict": "agrees" }\n}\n'));
    await api.tests.discovered();
    const request = new vscode.TestRunRequest();
    const token = new vscode.CancellationTokenSource();
    const running = api.tests.run(request, token.token);
    await eventually('a test runs', () => api.runs.allRunning().length > 0);
    token.cancel();
    const answers = await running;
    assert.equal(answers.get(document.uri.toString())?.outcome, 'skipped');
  });
});
