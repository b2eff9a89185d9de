import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS, VIEW_TYPES } from '../../src/extension/contributions';
import type { Choice } from '../../src/extension/prompts';
import { exportFromPage } from '../../src/extension/report-export';
import type { ExtensionApi } from '../../src/extension/test-api';
import {
  Answers,
  closeEditors,
  eventually,
  extensionApi,
  lensTitles,
  openExperiment,
  readFile,
  replace,
  sleep,
  workspaceFile,
  cleanUp,
} from './editor';
import { ENDLESS, REGRESSION } from './experiments';

const WALKTHROUGH = 'implicit-bias-lab.implicit-bias-lab#biasLab.start';

/** Runs to the end and returns the run's id. */
async function run(document: vscode.TextDocument): Promise<string> {
  const id = await vscode.commands.executeCommand<string | undefined>(COMMANDS.run.id, document.uri);
  assert.ok(id, 'nothing was run');
  return id;
}

describe('running an experiment', () => {
  let api: ExtensionApi;
  before(async () => {
    api = await extensionApi();
  });
  afterEach(async () => cleanUp(api));

  it('ends with a verdict: in the lens, the page, the status bar and the list', async () => {
    const document = await openExperiment(REGRESSION);
    const id = await run(document);
    const [start, verdict] = await lensTitles(document);
    assert.equal(start, '$(play) Run');
    assert.match(verdict, /^\$\(pass\) agrees · .* ≤ /);
    const snapshot = await eventually('the page has the run', () => {
      const message = api.lastPosted('snapshot');
      return message?.run?.id === id && message.run.state === 'done' && message.run;
    });
    assert.equal(snapshot.report?.verdict.outcome, 'agrees');
    assert.equal(snapshot.stale, false);
    assert.equal(api.history.summary(id)?.title, 'Two equations, three unknowns');
    assert.match(api.status.text, /agrees/);
    // X⁺y by hand: XXᵀ = [[2, 1], [1, 2]], its inverse times y = (0, 1), times Xᵀ.
    const predictor = snapshot.report?.solution.predictor ?? [];
    [0, 1, 1].forEach((value, index) => assert.ok(Math.abs(predictor[index] - value) < 1e-6, `${predictor}`));
  });

  it('leaves the focus in the editor and shows the page beside it', async () => {
    const document = await openExperiment(REGRESSION);
    await run(document);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), document.uri.toString());
    const pages = await eventually('a page', () => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      const found = tabs.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes(VIEW_TYPES.results));
      return found.length > 0 && found;
    });
    assert.equal(pages.length, 1);
    assert.notEqual(pages[0].group.viewColumn, vscode.ViewColumn.One);
  });

  it('runs the one experiment that is open from the walkthrough, and none of two', async () => {
    const open = (text: string): Promise<vscode.TextEditor> =>
      openExperiment(text).then((document) => vscode.window.showTextDocument(document, { preview: false }));
    const { document } = await open(REGRESSION);
    const walkthrough = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH, false);
    await walkthrough();
    await eventually('no experiment is active', () => vscode.window.activeTextEditor === undefined);
    const id = await vscode.commands.executeCommand<string | undefined>(COMMANDS.run.id);
    assert.ok(id, 'nothing was run');
    assert.equal(api.runs.latestOf(document.uri)?.id, id);
    await closeEditors();
    for (const text of [REGRESSION, ENDLESS]) await open(text);
    await walkthrough();
    await eventually('no experiment is active', () => vscode.window.activeTextEditor === undefined);
    const answers = new Answers();
    api.answerPrompts(answers);
    assert.equal(await vscode.commands.executeCommand<string | undefined>(COMMANDS.run.id), undefined);
    assert.match(answers.said.at(-1) ?? '', /Go to an experiment file/);
  });

  it('runs the text as it stands in the editor, saved or not', async () => {
    const document = await openExperiment(REGRESSION);
    await replace(document, 'Two equations, three unknowns', 'Not saved');
    const id = await run(document);
    assert.equal(document.isDirty, true);
    assert.equal(api.history.summary(id)?.title, 'Not saved');
  });

  it('says when the text has changed since, and when it is the same again', async () => {
    const document = await openExperiment(REGRESSION);
    const id = await run(document);
    await eventually('page ready', () => api.lastPosted('snapshot')?.run?.id === id);
    await replace(document, '[1, 2]', '[1, 3]');
    assert.match((await lensTitles(document))[1], /changed since/);
    await eventually('the page is told', () => api.lastPosted('stale')?.id === id && api.lastPosted('stale')?.stale === true);
    await replace(document, '[1, 3]', '[1, 2]');
    assert.doesNotMatch((await lensTitles(document))[1], /changed since/);
    await eventually('the page is told', () => api.lastPosted('stale')?.stale === false);
  });

  it('says when the data in a file have changed since, and when they are the same again', async () => {
    const file = workspaceFile('data/changing.csv');
    const write = (text: string): Thenable<void> => vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    const text = 'a,b,y\n1,0,1\n0,1,2\n';
    await write(text);
    const experiment = { ...(JSON.parse(REGRESSION) as object), data: { kind: 'csv', path: 'data/changing.csv', target: 'y' } };
    const document = await openExperiment(JSON.stringify(experiment));
    const id = await run(document);
    try {
      await eventually('page ready', () => api.lastPosted('snapshot')?.run?.id === id);
      const report = api.runs.find(id)?.record()?.report;
      // By sha256sum.
      assert.equal(report?.data.sha256, '443aa18f854b133d98510e12dafc212909e8dd8b2e0a3177e39b50cc3b99d7a8');
      assert.doesNotMatch((await lensTitles(document))[1], /changed since/);
      await write(text.replace('1,2', '1,3'));
      await eventually('the page is told', () => api.lastPosted('stale')?.id === id && api.lastPosted('stale')?.stale === true);
      assert.match((await lensTitles(document))[1], /changed since/);
      await eventually('the status bar tells', () => api.status.text.endsWith('(changed since)'));
      await write(text);
      await eventually('the page is told', () => api.lastPosted('stale')?.stale === false);
      assert.doesNotMatch((await lensTitles(document))[1], /changed since/);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });

  it('shows what goes on, and stops when it is asked to', async () => {
    const document = await openExperiment(ENDLESS);
    const ended = vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
    await eventually('progress', () => api.lastPosted('progress'));
    await eventually('curves', () => (api.lastPosted('points')?.points.rows ?? 0) > 0);
    const titles = await lensTitles(document);
    assert.match(titles[0], /^\$\(sync~spin\) running/);
    assert.match(titles[1], /Cancel/);
    assert.match(api.status.text, /sync~spin/);
    await vscode.commands.executeCommand(COMMANDS.cancel.id, document.uri);
    const id = await ended;
    assert.equal(api.history.summary(id)?.state, 'cancelled');
    assert.match((await lensTitles(document))[1], /cancelled/);
  });

  it('gives the extension host a turn between any two messages to the page while it computes', async () => {
    const document = await openExperiment(ENDLESS);
    const ended = vscode.commands.executeCommand(COMMANDS.run.id, document.uri);
    let turns = 0;
    const since: number[] = [];
    const listening = api.panel.onDidPost(({ type }) => {
      if (type !== 'points') return;
      since.push(turns);
      turns = 0;
    });
    // What never gives way would leave no turn at all, and what only answers messages none between two of them.
    while (since.length < 5) {
      await sleep(0);
      turns += 1;
    }
    listening.dispose();
    api.runs.cancel(document.uri);
    await ended;
    assert.ok(
      since.every((count) => count > 0),
      since.join(', '),
    );
  });

  it('begins anew when a running file is run again', async () => {
    const document = await openExperiment(ENDLESS);
    const first = vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
    await eventually('the first', () => api.runs.runningOf(document.uri));
    const before = api.runs.runningOf(document.uri)?.id;
    const second = vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
    assert.equal(await first, before);
    assert.notEqual(api.runs.runningOf(document.uri)?.id, before);
    api.runs.cancel(document.uri);
    await second;
  });

  it('runs nothing when the file has errors, and says so', async () => {
    const answers = new Answers();
    api.answerPrompts(answers);
    const broken = await openExperiment(REGRESSION.replace('"linear"', '"linear'));
    assert.equal(await vscode.commands.executeCommand(COMMANDS.run.id, broken.uri), undefined);
    const wrong = await openExperiment(REGRESSION.replace('[1, 2]', '[1, 2, 3]'));
    assert.equal(await vscode.commands.executeCommand(COMMANDS.run.id, wrong.uri), undefined);
    assert.equal(answers.said.length, 2, answers.said.join('\n'));
    assert.equal(api.history.summaries().length, 0);
  });

  it('says of a file that is gone that it is, whatever is asked of it', async () => {
    const answers = new Answers();
    api.answerPrompts(answers);
    const gone = workspaceFile('gone.bias.json');
    for (const { id } of [COMMANDS.run, COMMANDS.runSweep, COMMANDS.check, COMMANDS.tryNeighbour, COMMANDS.exportScript]) {
      await vscode.commands.executeCommand(id, gone);
    }
    assert.deepEqual(
      answers.said,
      Array.from({ length: 5 }, () => 'gone.bias.json is not there any more.'),
    );
  });

  it('keeps a run attached to a file that is renamed', async () => {
    const document = await openExperiment(REGRESSION);
    const id = await run(document);
    const to = vscode.Uri.joinPath(document.uri, '..', 'renamed.bias.json');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(document.uri, to, { overwrite: true });
    assert.ok(await vscode.workspace.applyEdit(edit));
    await eventually('the history follows', () => api.history.summary(id)?.uri === to.toString());
    const renamed = await vscode.workspace.openTextDocument(to);
    assert.match((await lensTitles(renamed))[1], /agrees/);
    assert.equal(api.history.summary(id)?.file, 'renamed.bias.json');
  });

  it('keeps a run attached to a new experiment when it is saved', async () => {
    api.answerPrompts(new Answers([(choices: readonly Choice<unknown>[]) => choices.find(({ label }) => label === 'Least squares')]));
    const unsaved = await vscode.commands.executeCommand<vscode.TextDocument>(COMMANDS.newExperiment.id);
    const id = await run(unsaved);
    assert.ok(api.history.summary(id)?.uri.startsWith('untitled:'));
    await unsaved.save();
    const saved = workspaceFile(unsaved.uri.path.slice(unsaved.uri.path.lastIndexOf('/') + 1));
    await eventually('the history follows', () => api.history.summary(id)?.uri === saved.toString());
    assert.match((await lensTitles(await vscode.workspace.openTextDocument(saved)))[1], /agrees/);
    await vscode.workspace.fs.delete(saved);
  });

  it('restores the page after a reload of the window from the state that the page kept', async () => {
    const id = await run(await openExperiment(REGRESSION));
    await closeEditors();
    const panel = vscode.window.createWebviewPanel(VIEW_TYPES.results, 'restored', vscode.ViewColumn.One);
    await api.panel.deserializeWebviewPanel(panel, { runId: id, horizontal: 'step', logHorizontal: false, logVertical: {} });
    const { runId } = api.panel;
    assert.equal(runId, id);
    assert.equal(panel.title, 'Results: Two equations, three unknowns');
    panel.dispose();
    const odd = vscode.window.createWebviewPanel(VIEW_TYPES.results, 'restored', vscode.ViewColumn.One);
    await api.panel.deserializeWebviewPanel(odd, { runId: '../../etc/passwd' });
    assert.equal(api.panel.runId, null);
  });

  it('exports the report as the command line writes it', async () => {
    const id = await run(await openExperiment(REGRESSION));
    const target = workspaceFile('exported/least-norm.json');
    const answers = new Answers([() => target]);
    api.answerPrompts(answers);
    try {
      await vscode.commands.executeCommand(COMMANDS.exportReport.id, { type: 'run-item', id });
      const report = JSON.parse(new TextDecoder().decode(await readFile(target))) as { format: number; verdict: { outcome: string } };
      assert.deepEqual([report.format, report.verdict.outcome], [1, 'agrees']);
      assert.match(answers.asked[0], /Two equations- three unknowns\.report\.json$/);
      // Written whole: nothing half-done lies beside it.
      assert.deepEqual(await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(target, '..')), [
        ['least-norm.json', vscode.FileType.File],
      ]);
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(target, '..'), { recursive: true });
    }
  });

  it('writes pictures and tables where the user says, and copies Markdown', async () => {
    const to = (name: string): Answers => new Answers([() => workspaceFile(`exported/${name}`)]);
    // The smallest PNG: its signature is enough here.
    const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
    try {
      await exportFromPage('png', 'Loss', `data:image/png;base64,${btoa(String.fromCharCode(...signature))}`, null, to('a.png'));
      assert.deepEqual([...(await readFile(workspaceFile('exported/a.png')))], [...signature]);
      await exportFromPage('csv', 'Loss', 'step,loss\n0,1\n', null, to('a.csv'));
      const drawing = '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>\n';
      await exportFromPage('svg', 'Loss', drawing, null, to('a.svg'));
      assert.equal(new TextDecoder().decode(await readFile(workspaceFile('exported/a.svg'))), drawing);
      assert.equal(new TextDecoder().decode(await readFile(workspaceFile('exported/a.csv'))), 'step,loss\n0,1\n');
      await exportFromPage('markdown', 'Loss', '# Loss', null, new Answers());
      assert.equal(await vscode.env.clipboard.readText(), '# Loss');
      await assert.rejects(exportFromPage('png', 'Loss', 'data:text/html,x', null, to('b.png')), TypeError);
    } finally {
      await vscode.workspace.fs.delete(workspaceFile('exported'), { recursive: true });
    }
  });
});
