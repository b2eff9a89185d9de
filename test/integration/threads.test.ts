/** Worker threads of Node that end under a run. */
import assert from 'node:assert/strict';
import type { Worker as ThreadWorker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/contributions';
import type { ExtensionApi } from '../../src/extension/test-api';
import { closeEditors, eventually, extensionApi, lensTitles, openExperiment } from './editor';
import { ENDLESS, REGRESSION } from './experiments';

describe('compute workers as threads', () => {
  let api: ExtensionApi;
  before(async () => {
    api = await extensionApi();
  });
  afterEach(async () => {
    await closeEditors();
    await api.history.clear();
  });

  it('survives the end of a worker: the run fails with its reason, the next one works', async () => {
    const threads = process.getBuiltinModule('node:worker_threads');
    const started: ThreadWorker[] = [];
    const original = threads.Worker;
    threads.Worker = class extends original {
      constructor(...given: ConstructorParameters<typeof original>) {
        super(...given);
        started.push(this);
      }
    };
    const settings = vscode.workspace.getConfiguration();
    try {
      const document = await openExperiment(ENDLESS);
      await api.whenAnalysed(document.uri);
      // A changed setting makes the next call start new workers, once nothing runs on the old ones.
      await settings.update('biasLab.compute.workers', 2, vscode.ConfigurationTarget.Global);
      const ended = vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
      await eventually('progress', () => api.lastPosted('progress')?.id === api.runs.runningOf(document.uri)?.id);
      assert.ok(started.length > 0);
      await Promise.all(started.map((worker) => worker.terminate()));
      const failed = await ended;
      assert.equal(api.history.summary(failed)?.state, 'failed');
      assert.match(api.history.summary(failed)?.ended ?? '', /worker/);
      assert.match((await lensTitles(document))[1], /failed/);
      assert.equal(
        api.history.summary(await vscode.commands.executeCommand<string>(COMMANDS.run.id, (await openExperiment(REGRESSION)).uri))?.verdict
          ?.outcome,
        'agrees',
      );
    } finally {
      threads.Worker = original;
      await settings.update('biasLab.compute.workers', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
