import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { LazyPool } from '../../src/extension/compute-service';
import { COMMANDS } from '../../src/extension/contributions';
import { GalleryFiles } from '../../src/extension/gallery-files';
import { runGallery, scoreText } from '../../src/extension/gallery-run';
import type { GalleryItem } from '../../src/extension/gallery-view';
import { placeOf, workerBundle } from '../../src/extension/places';
import type { Choice } from '../../src/extension/prompts';
import type { ExtensionApi } from '../../src/extension/test-api';
import type { NotedVerdict } from '../../src/extension/verdict-book';
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

  it('opens an example as an experiment where there is no folder to copy it into, and once', async () => {
    const { entry } = await resultItem('R1');
    const [example] = entry.examples;
    // Nothing is read from where they lie.
    const nowhere = vscode.Uri.file('/nowhere');
    const files = new GalleryFiles(nowhere, nowhere);
    const document = await files.unsaved(example);
    assert.ok(document.isUntitled);
    // The workspace of these tests has a file of that name, and nothing may take its place.
    assert.ok(document.uri.path.endsWith(`/${example.name}-2.bias.json`), document.uri.path);
    assert.deepEqual([document.languageId, document.getText()], ['json', example.text]);
    assert.ok((await api.whenAnalysed(document.uri)).predictions.length > 0);
    assert.equal(await files.unsaved(example), document);
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

describe('all examples of a folder', () => {
  it('run in the compute workers, one a result, and the score tells which ended as they expect', async function () {
    this.timeout(60_000);
    const root = vscode.workspace.workspaceFolders?.at(0)?.uri;
    const extension = vscode.extensions.getExtension('implicit-bias-lab.implicit-bias-lab');
    assert.ok(root && extension);
    const folder = vscode.Uri.joinPath(root, 'a-small-gallery');
    const compute = new LazyPool(workerBundle(extension.extensionUri), () => ({ workers: 0, memoryLimit: 2048 }));
    try {
      const data = 'data/iris.csv';
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(root, data), vscode.Uri.joinPath(folder, data));
      const texts: Record<string, string> = {};
      for (const name of ['c1-iris-setosa', 'r1-closest-interpolator', 'r2-entropy'])
        texts[name] = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, `${name}.bias.json`)));
      // The run agrees, which is not what this file expects.
      const wrong = texts['r2-entropy'].replace(/"verdict": "agrees"/, '"verdict": "disagrees"');
      assert.notEqual(wrong, texts['r2-entropy']);
      const gathered = vscode.Uri.joinPath(folder, 'examples.json');
      await vscode.workspace.fs.writeFile(gathered, new TextEncoder().encode(JSON.stringify({ ...texts, 'r2-entropy': wrong })));

      const files = new GalleryFiles(folder, gathered);
      const noted = new Map<string, NotedVerdict>();
      const seen: string[] = [];
      const score = await runGallery(await files.groups(), {
        compute,
        signal: new AbortController().signal,
        folder: placeOf(folder),
        pathOf: ({ examples }) => placeOf(files.uriOf(examples[0])),
        onScore: (now) => seen.push(scoreText(now)),
        onVerdict: (result, verdict) => Promise.resolve(void noted.set(result, verdict)),
      });
      assert.equal(scoreText(score), '3 of 3 · 3 agree · 1 not as expected (r2-entropy)');
      assert.equal(score.running.size, 0);
      assert.ok(seen.some((says) => says.startsWith('1 of 3')));
      assert.deepEqual([...noted.keys()].sort(), [
        'gunasekar-2018-mirror-descent',
        'soudry-2018-max-margin',
        'zhang-2017-closest-interpolator',
      ]);
      const verdict = noted.get('soudry-2018-max-margin');
      assert.deepEqual([verdict?.outcome, verdict?.file], ['agrees', 'example c1-iris-setosa']);
    } finally {
      await compute.shutDown();
      await vscode.workspace.fs.delete(folder, { recursive: true });
    }
  });
});
