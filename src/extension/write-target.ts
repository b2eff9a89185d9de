import * as vscode from 'vscode';
import { isSaved, placeOf } from './places';
import { writeWithFolder } from './write-with-folder';

/** Writes a file where the user said: whole or not at all where we can get at it ourselves, elsewhere as its file system does. */
export async function writeTarget(target: vscode.Uri, content: string | Uint8Array): Promise<void> {
  if (isSaved(target)) await writeWithFolder(placeOf(target), content);
  else await vscode.workspace.fs.writeFile(target, typeof content === 'string' ? new TextEncoder().encode(content) : content);
}
