import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/contributions';
import type { Choice } from '../../src/extension/prompts';
import type { ExtensionApi } from '../../src/extension/test-api';
import { Answers, closeEditors, eventually, extensionApi, openExperiment, replace } from './editor';
import { REGRESSION } from './experiments';

describe('the history of runs', () => {
  let api: ExtensionApi;
  let ids: readonly string[];

  before(async () => {
    api = await extensionApi();
    await api.history.clear();
    const document = await openExperiment(REGRESSION);
    const first = await vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
    await replace(document, 'Two equations, three unknowns', 'The other');
    const second = await vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
    ids = [first, second];
  });
  afterEach(() => api.answerPrompts(null));
  after(async () => {
    await closeEditors();
    await api.history.clear();
  });

  it('lists the newest first', () => {
    assert.deepEqual(
      api.history.summaries().map(({ title }) => title),
      ['The other', 'Two equations, three unknowns'],
    );
  });

  it('has each run in a file of its own', async () => {
    const record = await api.history.load(ids[0]);
    assert.equal(record?.report?.verdict.outcome, 'agrees');
    assert.ok(Object.keys(record?.report?.trajectory ?? {}).length > 1);
  });

  it('reopens a run that is picked, and says that its file has changed since', async () => {
    const pick = (choices: readonly Choice<string>[]): Choice<string> | undefined =>
      choices.find(({ label }) => label === 'Two equations, three unknowns');
    api.answerPrompts(new Answers([pick]));
    await vscode.commands.executeCommand(COMMANDS.reopenRun.id);
    const shown = await eventually(
      'the page shows it',
      () => api.lastPosted('snapshot')?.run?.id === ids[0] && api.lastPosted('snapshot')?.run,
    );
    assert.equal(shown.state, 'done');
    assert.equal(shown.stale, true);
  });

  it('compares two runs in one page, and stops', async () => {
    await vscode.commands.executeCommand(COMMANDS.compareRuns.id, ids);
    const snapshot = await eventually(
      'the page compares',
      () => (api.lastPosted('snapshot')?.compared.length ?? 0) === 1 && api.lastPosted('snapshot'),
    );
    assert.equal(snapshot.run?.id, ids[0]);
    assert.equal(snapshot.compared[0].id, ids[1]);
    await vscode.commands.executeCommand(COMMANDS.reopenRun.id, { type: 'run-item', id: ids[0] });
    await eventually('the page shows one', () => api.lastPosted('snapshot')?.compared.length === 0);
  });

  it('draws beside the run of an entry those that are picked of the others', async () => {
    const offered: string[] = [];
    const pick = (choices: readonly Choice<string>[]): readonly Choice<string>[] => {
      offered.push(...choices.map(({ value }) => value));
      return choices;
    };
    api.answerPrompts(new Answers([pick]));
    const item = { type: 'run-item', id: ids[1] };
    await vscode.commands.executeCommand(COMMANDS.compareRuns.id, item, [item]);
    assert.deepEqual(offered, [ids[0]]);
    const snapshot = await eventually(
      'the page compares',
      () => (api.lastPosted('snapshot')?.compared.length ?? 0) === 1 && api.lastPosted('snapshot'),
    );
    assert.deepEqual([snapshot.run?.id, snapshot.compared[0].id], [ids[1], ids[0]]);
  });

  it('asks for two runs at least', async () => {
    const answers = new Answers([(choices: readonly Choice<string>[]) => choices.slice(0, 1)]);
    api.answerPrompts(answers);
    await vscode.commands.executeCommand(COMMANDS.compareRuns.id);
    assert.match(answers.said[0], /two runs/);
  });

  it('pins, names and annotates a run, and shows it where the run is shown', async () => {
    const item = { type: 'run-item', id: ids[0] };
    api.answerPrompts(new Answers(['The first', ' by hand: X⁺y ']));
    await vscode.commands.executeCommand(COMMANDS.renameRun.id, item);
    await vscode.commands.executeCommand(COMMANDS.annotateRun.id, item);
    await vscode.commands.executeCommand(COMMANDS.pinRun.id, item);
    const { title, note, pinned } = api.history.summary(ids[0]) ?? {};
    assert.deepEqual({ title, note, pinned }, { title: 'The first', note: 'by hand: X⁺y', pinned: true });
    await vscode.commands.executeCommand(COMMANDS.reopenRun.id, item);
    await eventually('the page has the new name', () => api.lastPosted('snapshot')?.run?.title === 'The first');
    await vscode.commands.executeCommand(COMMANDS.unpinRun.id, item);
    assert.equal(api.history.summary(ids[0])?.pinned, false);
  });

  it('deletes only when the user confirms', async () => {
    api.answerPrompts(new Answers([false]));
    await vscode.commands.executeCommand(COMMANDS.deleteRun.id, { type: 'run-item', id: ids[1] });
    assert.equal(api.history.summaries().length, 2);
    api.answerPrompts(new Answers([true]));
    await vscode.commands.executeCommand(COMMANDS.deleteRun.id, { type: 'run-item', id: ids[1] });
    assert.deepEqual(
      api.history.summaries().map(({ id }) => id),
      [ids[0]],
    );
  });

  it('clears all when the user confirms, and the page shows nothing that is gone', async () => {
    await vscode.commands.executeCommand(COMMANDS.reopenRun.id, { type: 'run-item', id: ids[0] });
    const answers = new Answers([true]);
    api.answerPrompts(answers);
    await vscode.commands.executeCommand(COMMANDS.clearHistory.id);
    assert.match(answers.asked[0], /1 run/);
    assert.equal(api.history.summaries().length, 0);
    await eventually('the page is empty', () => api.lastPosted('snapshot')?.run === null);
  });
});
