/** Which files of the editor the compute workers and the disk can get at, and under which names. */
import { homedir } from 'node:os';
import * as vscode from 'vscode';

const SAVED = 'file';

/** Documents that may be experiments: saved and not yet saved files; not the old side of a diff. */
export const EXPERIMENT_SELECTOR: vscode.DocumentSelector = [SAVED, 'untitled'].map((scheme) => ({ scheme, pattern: '**/*.bias.json' }));

/** Whether a file lies where its experiment may read data beside it. */
export function isSaved(uri: vscode.Uri): boolean {
  return uri.scheme === SAVED;
}

/** A file or folder as `Source` and `worker/disk` name it. */
export function placeOf(uri: vscode.Uri): string {
  return uri.fsPath;
}

/** The bundle of the compute worker. */
export function workerBundle(extension: vscode.Uri): string {
  return vscode.Uri.joinPath(extension, 'dist', 'worker.js').fsPath;
}

/** Where a file is suggested when no folder is open. */
export function homeFolder(): vscode.Uri {
  return vscode.Uri.file(homedir());
}
