import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/contributions';
import type { GalleryItem } from '../../src/extension/gallery-view';
import type { Choice } from '../../src/extension/prompts';
import type { ExtensionApi } from '../../src/extension/test-api';
import { Answers, closeEditors, eventually, extensionApi } from './editor';

describe('the gallery of results', () => {
  let api: ExtensionApi;
  before(async () => {
    api = await extensionApi();
  });
  afterEach(async () => {
    api.answerPrompts(null);
    await closeEditors();
  });

  async function resultItem(row: string): Promise<Extract<GalleryItem, { type: 'gallery-result' }>> {
    for (const group of await api.galleryView.getChildren()) {
      for (const item of await api.galleryView.getChildren(group)) {
        if (item.type === 'gallery-result' && item.entry.result.row === row) return item;
      }
    }
    throw new assert.AssertionError({ message: `no result of row ${row}` });
  }

  it('finds a result by name and opens its example in the workspace', async () => {
    const pick = (choices: readonly Choice<unknown>[]): Choice<unknown> | undefined =>
      choices.find(({ description }) => description?.startsWith('R3 · Woodworth'));
    api.answerPrompts(new Answers([pick]));
    await vscode.commands.executeCommand(COMMANDS.findResult.id);
    const opened = vscode.window.activeTextEditor?.document;
    assert.match(opened?.uri.path ?? '', /\/r3-[\w-]+\.bias\.json$/);
    const folder = vscode.workspace.workspaceFolders?.at(0)?.uri.path ?? '';
    assert.ok(opened?.uri.path.startsWith(folder));
  });

  it('overwrites nothing: a changed copy stays, the example comes beside it', async () => {
    const { entry } = await resultItem('C1');
    const [example] = entry.examples;
    const folder = vscode.workspace.workspaceFolders?.at(0)?.uri;
    assert.ok(folder);
    const first = vscode.Uri.joinPath(folder, `${example.name}.bias.json`);
    const before = await vscode.workspace.fs.readFile(first);
    await vscode.workspace.fs.writeFile(first, new TextEncoder().encode('{}'));
    const second = vscode.Uri.joinPath(folder, `${example.name}-2.bias.json`);
    try {
      await vscode.commands.executeCommand(COMMANDS.openExample.id, { type: 'gallery-example', example } satisfies GalleryItem);
      assert.equal(vscode.window.activeTextEditor?.document.uri.path, second.path);
      assert.equal(vscode.window.activeTextEditor?.document.getText(), example.text);
      assert.equal(new TextDecoder().decode(await vscode.workspace.fs.readFile(first)), '{}');
    } finally {
      await closeEditors();
      await vscode.workspace.fs.writeFile(first, before);
      await vscode.workspace.fs.delete(second);
    }
  });

  it('copies a citation for a bibliography', async () => {
    await vscode.commands.executeCommand(COMMANDS.copyCitation.id, await resultItem('R3'));
    assert.match(await vscode.env.clipboard.readText(), /^@misc\{woodworth2020kernel,\n/);
  });

  it('shows the last verdict of this workspace beside the result', async () => {
    const item = await resultItem('R1');
    const { result, examples } = item.entry;
    const folder = vscode.workspace.workspaceFolders?.at(0)?.uri;
    assert.ok(folder);
    await vscode.commands.executeCommand(COMMANDS.run.id, vscode.Uri.joinPath(folder, `${examples[0].name}.bias.json`));
    await eventually('the verdict is noted', () => api.verdicts.of(result.id)?.outcome === 'agrees');
    const shown = api.galleryView.getTreeItem(item);
    assert.equal(shown.description, `${result.status} · agrees`);
    assert.equal((shown.iconPath as vscode.ThemeIcon).id, 'pass');
    await api.history.clear();
  });
});
