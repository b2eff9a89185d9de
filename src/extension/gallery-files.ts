/** The examples that ship with the extension, and their way into the workspace. */
import * as vscode from 'vscode';
import { textOf } from './experiment-file';
import { openUnsaved } from './new-experiment';
import { dataFileOf, exampleOf, galleryOf, type Example, type GalleryGroup } from './gallery';

const ENDING = '.bias.json';

export class GalleryFiles {
  private reading: Promise<readonly GalleryGroup[]> | undefined;

  /**
   * @param folder of the examples and their data
   * @param gathered one file with the texts of all of them, by their names: a folder on the web cannot be listed
   */
  constructor(
    readonly folder: vscode.Uri,
    private readonly gathered: vscode.Uri,
  ) {}

  /** Read once, when it is first asked for. */
  groups(): Promise<readonly GalleryGroup[]> {
    this.reading ??= this.read();
    return this.reading;
  }

  uriOf({ name }: Example): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, name + ENDING);
  }

  /**
   * Copies an example, and the data that it reads, into the first folder of the workspace; nothing there is overwritten. Without a
   * folder it is an unsaved experiment, which can be run as well. Rejects with what the file system says.
   */
  async copy(example: Example): Promise<vscode.TextDocument> {
    const root = vscode.workspace.workspaceFolders?.at(0)?.uri;
    if (root === undefined) return this.unsaved(example);
    const data = dataFileOf(example.text);
    if (data !== null) {
      const source = vscode.Uri.joinPath(this.folder, data);
      const target = vscode.Uri.joinPath(root, data);
      if ((await contentOf(target)) === null) await vscode.workspace.fs.writeFile(target, await vscode.workspace.fs.readFile(source));
    }
    for (let number = 1; ; number++) {
      const target = vscode.Uri.joinPath(root, `${example.name}${number === 1 ? '' : `-${number}`}${ENDING}`);
      const there = await contentOf(target);
      if (there === null) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(example.text));
      if (there === null || there === example.text) return vscode.workspace.openTextDocument(target);
    }
  }

  /** An example that is not saved anywhere; the one that is open already, where it has not been changed. */
  async unsaved({ name, text }: Example): Promise<vscode.TextDocument> {
    const open = vscode.workspace.textDocuments.find(
      (document) => document.isUntitled && document.uri.path.endsWith(ENDING) && document.getText() === text,
    );
    return open ?? openUnsaved(name, text);
  }

  private async read(): Promise<readonly GalleryGroup[]> {
    const { loadCatalogue } = await import('./theory');
    const { CATALOGUE } = await loadCatalogue();
    const texts = JSON.parse(await textOf(this.gathered)) as Readonly<Record<string, string>>;
    return galleryOf(
      CATALOGUE,
      Object.entries(texts).map(([name, text]) => exampleOf(name, text)),
    );
  }
}

async function contentOf(uri: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}
