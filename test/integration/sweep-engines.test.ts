/** Sweeps of the editor by engines that start processes: GNU parallel in earnest, and what is said where a program is missing. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS, SETTINGS } from '../../src/extension/contributions';
import type { ExtensionApi } from '../../src/extension/test-api';
import { closeEditors, eventually, extensionApi, openExperiment } from './editor';
import { SPARSE } from './experiments';

const swept = (sweep: object): string => JSON.stringify({ ...(JSON.parse(SPARSE) as object), compare: ['l1', 'l2'], sweep }, null, 2);

/** Where the results of a file's sweep lie. */
function resultsOf({ uri }: vscode.TextDocument): string {
  return join(dirname(uri.fsPath), '.bias-lab', basename(uri.fsPath, '.bias.json'));
}

/** How many points were begun, by the journal. */
function begun(document: vscode.TextDocument): number {
  const journal = join(resultsOf(document), 'journal.jsonl');
  return existsSync(journal) ? (readFileSync(journal, 'utf8').match(/"event":"run"/g)?.length ?? 0) : 0;
}

describe('a sweep by an engine of the settings', () => {
  let api: ExtensionApi;
  before(async () => {
    api = await extensionApi();
  });
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration();
  const choose = async (engine: string | undefined, runsPerTask?: number): Promise<void> => {
    await settings().update(SETTINGS.sweepEngine.key, engine, vscode.ConfigurationTarget.Global);
    await settings().update(SETTINGS.sweepRunsPerTask.key, runsPerTask, vscode.ConfigurationTarget.Global);
  };
  const { PATH } = process.env;
  afterEach(async () => {
    process.env.PATH = PATH;
    await choose(undefined);
    await eventually('all runs ended', () => api.runs.allRunning().length === 0);
    await closeEditors();
    await api.history.clear();
  });
  const axes = [{ path: '/init/scale', linear: [0.1, 0.6, 6] }];

  it('runs the points as tasks of GNU parallel, and goes on with the files of another engine', async () => {
    const document = await openExperiment(swept({ axes }));
    await choose('parallel', 3);
    const id = await vscode.commands.executeCommand<string>(COMMANDS.runSweep.id, document.uri);
    const summary = api.history.summary(id);
    assert.equal(summary?.state, 'done', summary?.ended ?? '');
    assert.equal(summary.verdict?.says, 'All 6 runs agree with their prediction.');
    const log = readFileSync(join(resultsOf(document), 'parallel', 'joblog'), 'utf8')
      .trim()
      .split('\n');
    assert.equal(log.length, 1 + 2);
    await choose('local');
    await vscode.commands.executeCommand<string>(COMMANDS.runSweep.id, document.uri);
    assert.equal(begun(document), 6);
  });

  it('says which program was looked for and where', async () => {
    const document = await openExperiment(swept({ axes }));
    process.env.PATH = '/nowhere';
    for (const [engine, program] of [
      ['slurm', 'sbatch'],
      ['parallel', 'parallel'],
    ]) {
      await choose(engine);
      const id = await vscode.commands.executeCommand<string>(COMMANDS.runSweep.id, document.uri);
      const { state, ended = null } = api.history.summary(id) ?? {};
      assert.equal(state, 'failed');
      assert.ok(ended?.startsWith(`"${program}" is not on PATH (looked in /nowhere): the engine "${engine}" needs`), ended ?? '');
      assert.match(ended ?? '', /The setting "biasLab\.sweep\.engine" says who runs a sweep\.$/);
    }
    assert.equal(begun(document), 0);
  });
});
