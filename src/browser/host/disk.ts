/** The product's own files by the editor's file system. A place is a URI. */
import * as vscode from 'vscode';
import type * as Node from '../../worker/disk';

const { parse, joinPath } = vscode.Uri;
const { fs } = vscode.workspace;

export const AUTHOR: typeof Node.AUTHOR = {};

export const within: typeof Node.within = (folder, ...names) => joinPath(parse(folder), ...names).toString();

export const folderOf: typeof Node.folderOf = (place) => joinPath(parse(place), '..').toString();

export const nameOf: typeof Node.nameOf = (place) => {
  const { path } = parse(place);
  return path.slice(path.lastIndexOf('/') + 1);
};

export const readText: typeof Node.readText = async (place) => new TextDecoder().decode(await fs.readFile(parse(place)));

export const list: typeof Node.list = async (folder) => (await fs.readDirectory(parse(folder))).map(([name]) => name);

export const makeFolder: typeof Node.makeFolder = async (folder) => fs.createDirectory(parse(folder));

/**
 * A file system of the browser takes the content in one call: where it is the user's disk, the browser keeps it beside the file until it is whole.
 * A temporary file and a rename would be weaker here, for the editor removes the target before it renames onto it, and a reader finds nothing meanwhile.
 */
export const writeAtomically: typeof Node.writeAtomically = async (place, content) =>
  fs.writeFile(parse(place), typeof content === 'string' ? new TextEncoder().encode(content) : content);

export const writeNew: typeof Node.writeNew = async (place, text) => {
  if (await exists(place)) throw vscode.FileSystemError.FileExists(parse(place));
  await writeAtomically(place, text);
};

/** One after the other: a file can only be written as a whole here. */
let appending: Promise<unknown> = Promise.resolve();

export const append: typeof Node.append = (place, text) => {
  const added = appending.then(async () => {
    const before = (await exists(place)) ? await readText(place) : '';
    await writeAtomically(place, before + text);
  });
  appending = added.catch(() => undefined);
  return added;
};

export const remove: typeof Node.remove = async (place) => {
  if (await exists(place)) await fs.delete(parse(place), { useTrash: false });
};

function exists(place: string): Promise<boolean> {
  return Promise.resolve(fs.stat(parse(place))).then(
    () => true,
    () => false,
  );
}
