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

  it('survives the end of a worker: the run fails with its reason, the next one works', async function () {
    // Workers are started anew twice, each with all of its program to load.
    this.timeout(60_000);
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
      // With a changed setting, new workers are started once nothing is asked of the old ones: files of other tests may still be analysed.
      await settings.update('biasLab.compute.workers', 2, vscode.ConfigurationTarget.Global);
      await eventually('new workers', async () => {
        await api.whenAnalysed((await openExperiment(REGRESSION)).uri);
        // One that analyses and one for runs.
        return started.length >= 2;
      });
      const document = await openExperiment(ENDLESS);
      const ended = vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
      const running = await eventually('a run', () => api.runs.runningOf(document.uri));
      await eventually('progress', () => api.lastPosted('progress')?.id === running.id);
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
