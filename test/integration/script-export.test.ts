import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/contributions';
import type { ExtensionApi } from '../../src/extension/test-api';
import { Answers, closeEditors, extensionApi, openExperiment } from './editor';
import { REGRESSION } from './experiments';

describe('an experiment as a script', () => {
  let api: ExtensionApi;
  before(async () => {
    api = await extensionApi();
  });
  afterEach(async () => {
    api.answerPrompts(null);
    await closeEditors();
  });

  const asked = async (document: vscode.TextDocument, answers: Answers): Promise<void> => {
    api.answerPrompts(answers);
    await vscode.commands.executeCommand(COMMANDS.exportScript.id, document.uri);
  };
  const exists = (uri: vscode.Uri): Promise<boolean> =>
    Promise.resolve(vscode.workspace.fs.stat(uri)).then(
      () => true,
      () => false,
    );

  it('is written where the user says, beside the experiment unless he says otherwise', async () => {
    const document = await openExperiment(REGRESSION);
    let written: vscode.Uri | undefined;
    const answers = new Answers([(suggested: vscode.Uri) => (written = suggested)]);
    await asked(document, answers);
    assert.ok(written);
    assert.equal(written.path, document.uri.path.replace(/\.bias\.json$/, '.py'));
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(written));
    assert.match(text, /^import torch$/m);
    assert.match(text, /Two equations, three unknowns/);
    assert.match(answers.said.join('\n'), /^Exported test-\d+\.py: it needs numpy and torch\.$/);
    await vscode.workspace.fs.delete(written);
  });

  it('is not made of a file with errors, and nothing is asked', async () => {
    const answers = new Answers();
    await asked(await openExperiment(REGRESSION.replace('"linear"', '"linaer"')), answers);
    assert.match(answers.said.join('\n'), /was not exported: it has errors\.$/);
    assert.deepEqual(answers.asked, []);
  });

  it('is not written when the user turns away', async () => {
    const document = await openExperiment(REGRESSION);
    const answers = new Answers([() => undefined]);
    await asked(document, answers);
    assert.equal(await exists(document.uri.with({ path: document.uri.path.replace(/\.bias\.json$/, '.py') })), false);
    assert.deepEqual(answers.said, []);
  });
});
