import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/contributions';
import type { Choice } from '../../src/extension/prompts';
import { DIAGNOSTIC_SOURCE } from '../../src/extension/problems';
import type { BugReporter } from '../../src/extension/bug-reporter';
import { ExperimentLenses } from '../../src/extension/code-lenses';
import type { AnalysedDocument, ExperimentDocuments } from '../../src/extension/experiment-documents';
import { outlineText } from '../../src/extension/file-outline';
import { lensTexts } from '../../src/extension/lens-text';
import type { RunArchive } from '../../src/extension/run-archive';
import { Signal } from '../../src/extension/signal';
import type { Analysis, Neighbour } from '../../src/protocol/compute';
import {
  Answers,
  closeEditors,
  codeOf,
  diagnosticsOf,
  eventually,
  extensionApi,
  hoverText,
  lensTitles,
  lenses,
  openExperiment,
  placeOf,
  replace,
  sleep,
  workspaceFile,
} from './editor';
import { REGRESSION, SPARSE } from './experiments';

const never: vscode.Event<never> = () => new vscode.Disposable(() => {});

describe('editing an experiment', () => {
  afterEach(closeEditors);

  it('activates and registers every command', async () => {
    await openExperiment(REGRESSION);
    await extensionApi();
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const { id } of Object.values(COMMANDS)) assert.ok(registered.has(id), id);
  });

  it('reports dimensions that do not match, both of them, at their place', async () => {
    const document = await openExperiment(REGRESSION.replace('[1, 2]', '[1, 2, 3]'));
    const found = await eventually('our diagnostic', () => diagnosticsOf(document).find(({ source }) => source === DIAGNOSTIC_SOURCE));
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.match(found.message, /2/);
    assert.match(found.message, /3/);
    assert.equal(found.range.start.line, 2);
  });

  it('reports an unknown key once, names the nearest, and mends it', async () => {
    const document = await openExperiment(REGRESSION.replace('"title"', '"titel"'));
    const found = await eventually('our diagnostic', () =>
      diagnosticsOf(document).find((diagnostic) => codeOf(diagnostic) === 'shape.unknown-key'),
    );
    assert.match(found.message, /title/);
    // Time for the schema's validation to add what it has to say.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(diagnosticsOf(document).length, 1, JSON.stringify(diagnosticsOf(document)));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      found.range,
    );
    const fix = actions.find(({ isPreferred, edit }) => isPreferred && edit);
    assert.ok(fix?.edit, JSON.stringify(actions.map(({ title }) => title)));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.getText(), REGRESSION);
    await eventually('no diagnostic any more', () => diagnosticsOf(document).length === 0);
  });

  it('shows what is predicted before anything is run', async () => {
    const document = await openExperiment(SPARSE);
    const [run, predicts, ...notes] = await lenses(document);
    assert.deepEqual([run.line, run.title], [0, '$(play)\u00a0Run']);
    assert.match(predicts.title, /^predicts min ‖w‖₁-like \(hypentropy, α = 0\.01\) · Woodworth et al\. 2020$/);
    assert.deepEqual(
      notes.map(({ line }) => line),
      [3, 6],
    );
  });

  it('has as many lenses before and after the worker answered, and while the text is broken', async () => {
    const document = await openExperiment(SPARSE);
    const before = await lenses(document);
    await (await extensionApi()).whenAnalysed(document.uri);
    const after = await lenses(document);
    assert.equal(after.length, before.length);
    await replace(document, '"diagonal", ', '"diagonal", "dep');
    const broken = await lenses(document);
    assert.deepEqual(broken, after);
    await (await extensionApi()).whenAnalysed(document.uri);
    assert.deepEqual(await lenses(document), after);
  });

  it('puts into its lenses what is found out while they are asked for: the editor would not be told of it afterwards', async () => {
    const document = await openExperiment(SPARSE);
    const analysis = await (await extensionApi()).whenAnalysed(document.uri);
    const outline = outlineText(document.getText(), null);
    const found = new Signal<AnalysedDocument>();
    let known: Analysis | null = null;
    const provider = new ExperimentLenses({
      documents: {
        onDidAnalyse: found.event,
        onDidClose: never,
        outline: () => Promise.resolve(outline),
        analysis: () => {
          const before = known;
          known = analysis;
          if (before === null) found.fire({ document, analysis });
          return Promise.resolve(before);
        },
      } as unknown as ExperimentDocuments,
      runNote: () => ({ state: 'none' }),
      onDidChangeRuns: never,
    });
    const given = await provider.provideCodeLenses(document, new vscode.CancellationTokenSource().token);
    const told = (what: Analysis | null): readonly string[] =>
      lensTexts({ outline, analysis: what, run: { state: 'none' } }).map(({ title }) => title);
    assert.notDeepEqual(told(analysis), told(null));
    assert.deepEqual(
      given.map(({ command }) => command?.title.replaceAll('\u00a0', ' ')),
      told(analysis),
    );
    provider.dispose();
  });

  it('moves lenses with their keys while the text is broken', async () => {
    const document = await openExperiment(SPARSE);
    await (await extensionApi()).whenAnalysed(document.uri);
    const after = await lenses(document);
    await replace(document, '"init"', '\n\n"init": ,');
    assert.deepEqual(
      (await lenses(document)).map(({ line }) => line),
      after.map(({ line }) => (line > 4 ? line + 2 : line)),
    );
  });

  it('looks again when the data changes on the disk, or comes only then', async () => {
    const data = workspaceFile('data/growing.csv');
    const write = (text: string): Thenable<void> => vscode.workspace.fs.writeFile(data, new TextEncoder().encode(text));
    const experiment = { ...(JSON.parse(REGRESSION) as object), data: { kind: 'csv', path: 'data/growing.csv', target: 'y' } };
    const document = await openExperiment(JSON.stringify(experiment));
    const api = await extensionApi();
    // What is known of this text is not asked for again here.
    const says = (found: RegExp) => async (): Promise<boolean> => found.test((await api.whenAnalysed(document.uri)).dataNote ?? '');
    await eventually('it is missed', () => diagnosticsOf(document).some((diagnostic) => codeOf(diagnostic) === 'data.path.missing'));
    await write('a,b,y\n1,0,1\n0,1,2\n');
    await eventually('it is read', says(/^2 samples/));
    assert.deepEqual(diagnosticsOf(document).map(codeOf), []);
    await write('a,b,y\n1,0,1\n0,1,2\n1,1,3\n');
    await eventually('it is read again', says(/^3 samples/));
    await vscode.workspace.fs.delete(data);
  });

  it('explains the prediction at the model, with conditions and citation', async () => {
    const document = await openExperiment(SPARSE);
    await (await extensionApi()).whenAnalysed(document.uri);
    const text = await hoverText(document, placeOf(document, '"model"'));
    for (const part of [
      '✓',
      'proceedings.mlr.press',
      'command:biasLab.showPrediction',
      'command:biasLab.tryNeighbour',
      'command:biasLab.openNotes',
      'command:biasLab.copyCitation',
    ])
      assert.ok(text.includes(part), `${part} in ${text}`);
  });

  it('shows the details of a prediction as a page', async () => {
    const document = await openExperiment(SPARSE);
    await vscode.commands.executeCommand(COMMANDS.showPrediction.id);
    await eventually('a page', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label.includes('Prediction for')),
    );
    const { pageOf } = await import('../../src/extension/prediction-page');
    const page = await vscode.workspace.openTextDocument(pageOf(document.uri));
    // What the text alone says stands there at once, whatever the worker does meanwhile.
    assert.match(page.getText(), /Woodworth/);
    await eventually('the neighbours', () => page.getText().includes('## Neighbours'));
    assert.match(page.getText(), /- ✓/);
    assert.doesNotMatch(page.getText(), /being checked/);
    assert.match(page.getText(), /^\$\\displaystyle .*\\operatorname\*\{argmin\}.*\$$/mu);
    assert.match(page.getText(), /^\| depth: 3 instead of 2 \|/mu);
  });

  it('completes that page however long the worker takes, and however often', async () => {
    const document = await openExperiment(SPARSE);
    const analysis = await (await extensionApi()).whenAnalysed(document.uri);
    const { PredictionPages, pageOf } = await import('../../src/extension/prediction-page');
    const waiting: ((neighbours: readonly Neighbour[]) => void)[] = [];
    const pages = new PredictionPages({
      documents: {
        onDidAnalyse: never,
        whenAnalysed: () => Promise.resolve(analysis),
        neighbours: () => new Promise<readonly Neighbour[]>((resolve) => waiting.push(resolve)),
        outline: () => Promise.resolve(outlineText(document.getText(), null)),
      } as unknown as ExperimentDocuments,
      archive: { note: () => ({ state: 'none' }) } as unknown as RunArchive,
      bugs: {} as BugReporter,
      notes: document.uri,
      onDidEndRun: never,
    });
    try {
      const page = pageOf(document.uri);
      assert.match(await pages.provideTextDocumentContent(page), /being checked/);
      const asked = new Promise((resolve) => pages.onDidChange(resolve));
      waiting[0]([]);
      await asked;
      const second = pages.provideTextDocumentContent(page);
      await eventually('the neighbours are asked for again', () => waiting.length === 2);
      // Longer than a page that has shown nothing yet is waited for.
      await sleep(500);
      waiting[1]([]);
      assert.doesNotMatch(await second, /being checked/);
    } finally {
      pages.dispose();
    }
  });

  it('leads from that page to the notes on the result and to its citation', async () => {
    const document = await openExperiment(SPARSE);
    const { pageOf } = await import('../../src/extension/prediction-page');
    const page = await vscode.workspace.openTextDocument(pageOf(document.uri));
    const [, notesPath] = /\[Notes on this result\]\(([^)]+)\)/u.exec(page.getText()) ?? [];
    const notes = await vscode.workspace.openTextDocument(page.uri.with({ path: `/${notesPath}` }));
    assert.match(notes.getText(), /^## R3: tied diagonal networks, between ℓ1 and ℓ2\n/u);
    assert.match(notes.getText(), /\*\*Conditions\.\*\*/u);
    const [, cited] = /\[Citation as BibTeX\]\(([^)]+)\)/u.exec(page.getText()) ?? [];
    const citation = await vscode.workspace.openTextDocument(page.uri.with({ path: `/${cited}` }));
    assert.match(citation.getText(), /^@misc\{woodworth2020kernel,/u);
  });

  it('opens the notes on a result as a page of their own', async () => {
    await vscode.commands.executeCommand(COMMANDS.openNotes.id, 'woodworth-2020-kernel-rich');
    await eventually('the notes', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label.includes('woodworth-2020-kernel-rich')),
    );
  });

  it('shows the verdict and the certificate of the last run on that page', async () => {
    const document = await openExperiment(REGRESSION);
    const { pageOf } = await import('../../src/extension/prediction-page');
    await vscode.commands.executeCommand(COMMANDS.showPrediction.id);
    const page = await vscode.workspace.openTextDocument(pageOf(document.uri));
    assert.doesNotMatch(page.getText(), /The last run/);
    await vscode.commands.executeCommand(COMMANDS.run.id, document.uri);
    await eventually('the run on the page', () => /## The last run\n\n\*\*agrees/u.test(page.getText()));
    assert.match(page.getText(), /Certificate of the reference solution/);
  });

  it('shows the notes of a file under the pointer, in lines that break', async () => {
    const document = await openExperiment(SPARSE.replace('"data"', '"notes": ["One *thing*.", "Another."],\n  "data"'));
    const text = await eventually('the notes', async () => {
      const found = await hoverText(document, placeOf(document, 'thing'));
      return found.includes('Another') && found;
    });
    assert.match(text, /One \\\*thing\\\*\\\.\n\nAnother/u);
  });

  it('writes a neighbour into the file, and takes it back', async () => {
    const document = await openExperiment(SPARSE);
    const before = document.getText();
    const api = await extensionApi();
    const deeper = (choices: readonly Choice<unknown>[]): Choice<unknown> | undefined =>
      choices.find(({ label }) => label === 'depth: 3 instead of 2');
    api.answerPrompts(new Answers([deeper]));
    try {
      await vscode.commands.executeCommand(COMMANDS.tryNeighbour.id, document.uri);
    } finally {
      api.answerPrompts(null);
    }
    assert.match(document.getText(), /"depth": 3/);
    await api.whenAnalysed(document.uri);
    assert.deepEqual(diagnosticsOf(document), []);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
  });

  it('copies the citation that a link in the hover names', async () => {
    await vscode.commands.executeCommand(COMMANDS.copyCitation.id, 'woodworth-2020-kernel-rich');
    assert.match(await vscode.env.clipboard.readText(), /@misc\{woodworth2020/);
  });

  it('shows no lenses when the setting says so', async () => {
    const document = await openExperiment(SPARSE);
    const settings = vscode.workspace.getConfiguration();
    await settings.update('biasLab.codeLens.enabled', false, vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await lensTitles(document), []);
    } finally {
      await settings.update('biasLab.codeLens.enabled', undefined, vscode.ConfigurationTarget.Global);
    }
    assert.ok((await lensTitles(document)).length > 0);
  });

  it('makes a new experiment that is without errors', async () => {
    const api = await extensionApi();
    api.answerPrompts(new Answers([(choices: readonly unknown[]) => choices[0]]));
    try {
      await vscode.commands.executeCommand(COMMANDS.newExperiment.id);
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document?.isUntitled);
      assert.match(document.uri.path, /\.bias\.json$/);
      assert.equal(document.languageId, 'json');
      const { diagnostics } = await api.whenAnalysed(document.uri);
      assert.deepEqual(diagnostics, []);
    } finally {
      api.answerPrompts(null);
    }
  });

  it('answers all who ask at the same time', async () => {
    const api = await extensionApi();
    const { uri } = await openExperiment(REGRESSION);
    const answers = new Answers();
    api.answerPrompts(answers);
    try {
      const asked = [api.whenAnalysed(uri), vscode.commands.executeCommand(COMMANDS.check.id, uri), api.whenAnalysed(uri)] as const;
      const [first, , last] = await Promise.all(asked);
      assert.deepEqual([first.diagnostics, last.diagnostics], [[], []]);
      assert.deepEqual(answers.said.length, 1, answers.said.join('\n'));
    } finally {
      api.answerPrompts(null);
    }
  });

  it('checks on demand and goes to the first problem', async () => {
    const api = await extensionApi();
    const document = await openExperiment(REGRESSION.replace('[1, 2]', '[1, 2, 3]'));
    const answers = new Answers();
    api.answerPrompts(answers);
    try {
      await vscode.commands.executeCommand(COMMANDS.check.id, document.uri);
      assert.equal(answers.said.length, 1);
      assert.match(answers.said[0], /1 error/);
      assert.equal(vscode.window.activeTextEditor?.selection.start.line, 2);
    } finally {
      api.answerPrompts(null);
    }
  });
});
