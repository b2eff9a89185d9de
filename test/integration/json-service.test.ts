/** What the editor's own JSON service makes of the schema. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DIAGNOSTIC_SOURCE } from '../../src/extension/problems';
import { closeEditors, diagnosticsOf, eventually, extensionApi, hoverText, openExperiment, placeOf } from './editor';
import { REGRESSION, SPARSE } from './experiments';

describe('the JSON service on an experiment', () => {
  afterEach(closeEditors);

  it('completes the kinds of optimizers', async () => {
    const document = await openExperiment(REGRESSION.replace('"gradient-flow"', '""'));
    const at = placeOf(document, '"kind": ""', '"kind": "'.length);
    const labels = await eventually('completion', async () => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        at,
      );
      const found = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return found.some((label) => label.includes('sgd')) && found;
    });
    for (const kind of ['gradient-flow', 'gradient-descent', 'sgd'])
      assert.ok(
        labels.some((label) => label.includes(kind)),
        kind,
      );
  });

  it('reports a wrong type once, in the words of the schema', async () => {
    const document = await openExperiment(REGRESSION.replace('"title": "Two equations, three unknowns"', '"title": 7'));
    await (await extensionApi()).whenAnalysed(document.uri);
    const found = await eventually('schema diagnostic', () => diagnosticsOf(document).length > 0 && diagnosticsOf(document));
    assert.equal(found.length, 1, JSON.stringify(found));
    assert.notEqual(found[0].source, DIAGNOSTIC_SOURCE);
  });

  it('describes keys by the schema, once', async () => {
    const document = await openExperiment(SPARSE);
    const text = await eventually('hover of the schema', async () => {
      const found = await hoverText(document, placeOf(document, '"title"'));
      return found.includes('names the experiment') && found;
    });
    assert.equal(text.split('names the experiment').length, 2, text);
  });
});
