/** An editor whose page is isolated from other origins: there a worker shares memory with the host, and hears of a cancel through it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension/test-api';
import { eventually, extensionApi, openExperiment, cleanUp } from '../integration/editor';
import { ENDLESS } from '../integration/experiments';
import { cancelsARun } from './cancelling';

describe('an editor without Node that is isolated', () => {
  let api: ExtensionApi;
  before(async () => {
    api = await extensionApi();
  });
  afterEach(async () => cleanUp(api));

  it('is what these suites run in', () => {
    assert.equal(typeof (globalThis as { importScripts?: unknown }).importScripts, 'function');
    assert.equal(crossOriginIsolated, true);
  });

  it('cancels a run, keeps its report and curves, and takes another one', async () => cancelsARun(api));

  it('cancels a test of the Test Explorer', async () => {
    const document = await openExperiment(ENDLESS.replace(/\n\}\n$/, ',\n  "expect": { "verdict": "agrees" }\n}\n'));
    await api.tests.discovered();
    const folder = vscode.Uri.joinPath(document.uri, '..').toString();
    const { items } = api.tests.controller;
    await eventually('the file is a test', () => items.get(folder)?.children.get(document.uri.toString()));
    const request = new vscode.TestRunRequest();
    const token = new vscode.CancellationTokenSource();
    const running = api.tests.run(request, token.token);
    await eventually('a test runs', () => api.runs.allRunning().length > 0);
    token.cancel();
    const answers = await running;
    assert.equal(answers.get(document.uri.toString())?.outcome, 'skipped');
  });
});
