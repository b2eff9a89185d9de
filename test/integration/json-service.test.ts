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

  it('leaves a wrong type and a missing key to the lab, each reported once, as an error at its place', async () => {
    const wrong = REGRESSION.replace('"title": "Two equations, three unknowns"', '"title": 7').replace(/"loss": "square",?/, '');
    const document = await openExperiment(wrong);
    // The service has answered when it explains a key; a word of its own about the file would be there by then.
    await eventually('hover of the schema', async () => (await hoverText(document, placeOf(document, '"title"'))).includes('names the'));
    await (await extensionApi()).whenAnalysed(document.uri);
    const found = diagnosticsOf(document).map(({ source, code, severity, range }) => ({
      source,
      code,
      severity,
      text: document.getText(range),
    }));
    const error = { source: DIAGNOSTIC_SOURCE, severity: vscode.DiagnosticSeverity.Error };
    assert.deepEqual(found, [
      { ...error, code: 'shape.missing', text: '{' },
      { ...error, code: 'shape.type', text: '7' },
    ]);
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
