import * as vscode from 'vscode';
import { DataError } from '../../data/dataset';
import {
  absolute,
  decode,
  FILE_LIMIT,
  missing,
  noName,
  notRegular,
  outside,
  tooLarge,
  unreadable,
  unsaved,
} from '../../worker/file-refusals';
import type * as Node from '../../worker/files';

/**
 * Files for an experiment, confined to its root folder. Paths of the source are URIs. Where a symbolic link leads cannot be asked here,
 * so none is followed: neither the file nor a folder on the way to it may be one.
 */
export const confinedFiles: typeof Node.confinedFiles = (source, limit = FILE_LIMIT) => ({
  async readText(relativePath) {
    if (source.path === null) throw unsaved(relativePath);
    if (relativePath.includes('\0')) throw noName(relativePath);
    if (/^([/\\]|[a-z]:)/iu.test(relativePath)) throw absolute(relativePath);
    const folder = vscode.Uri.joinPath(vscode.Uri.parse(source.path), '..');
    const root = source.root === null ? folder : vscode.Uri.parse(source.root);
    const target = vscode.Uri.joinPath(folder, relativePath);
    const way = wayTo(target, root);
    if (way === null) throw outside(relativePath, root.path);
    try {
      return decode(await read(way, relativePath, limit), relativePath);
    } catch (error) {
      throw explain(error, relativePath);
    }
  },
});

/** The folders below the root that lead to a file, and the file; null for a file outside. */
function wayTo(target: vscode.Uri, root: vscode.Uri): readonly vscode.Uri[] | null {
  const above = root.path.endsWith('/') ? root.path : `${root.path}/`;
  const inside = target.scheme === root.scheme && target.authority === root.authority && target.path.startsWith(above);
  if (!inside) return null;
  const names = target.path.slice(above.length).split('/');
  return names.map((_, index) => vscode.Uri.joinPath(root, ...names.slice(0, index + 1)));
}

async function read(way: readonly vscode.Uri[], relativePath: string, limit: number): Promise<Uint8Array> {
  const { fs } = vscode.workspace;
  for (const [index, place] of way.entries()) {
    const { type, size } = await fs.stat(place);
    if ((type & vscode.FileType.SymbolicLink) !== 0) throw unreadable(relativePath, 'is, or lies behind, a symbolic link');
    if (index < way.length - 1) continue;
    if ((type & vscode.FileType.File) === 0) throw notRegular(relativePath, (type & vscode.FileType.Directory) !== 0);
    if (size > limit) throw tooLarge(relativePath, size, limit);
  }
  const content = await fs.readFile(way[way.length - 1]);
  // Servers may not say before how much they send.
  if (content.length > limit) throw tooLarge(relativePath, content.length, limit);
  return content;
}

function explain(error: unknown, relativePath: string): Error {
  if (error instanceof DataError) return error;
  const code = error instanceof vscode.FileSystemError ? error.code : 'unknown error';
  switch (code) {
    case 'FileNotFound':
    case 'FileNotADirectory':
      return missing(relativePath);
    case 'NoPermissions':
      return unreadable(relativePath, 'may not be read (permission denied)');
    case 'FileIsADirectory':
      return notRegular(relativePath, true);
    default:
      return unreadable(relativePath, `cannot be read (${code})`);
  }
}
