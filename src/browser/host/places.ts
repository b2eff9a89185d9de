/** Which files of the editor can be got at where there is no disk: those of every file system that can be written. */
import * as vscode from 'vscode';
import type * as Node from '../../extension/places';

/** Any file system; `isSaved` tells them apart, so that the old side of a diff is none. */
export const EXPERIMENT_SELECTOR: typeof Node.EXPERIMENT_SELECTOR = { pattern: '**/*.bias.json' };

/** Old versions, outputs and the like come from file systems that cannot be written. */
export const isSaved: typeof Node.isSaved = ({ scheme }) => vscode.workspace.fs.isWritableFileSystem(scheme) === true;

export const placeOf: typeof Node.placeOf = (uri) => uri.toString();

export const workerBundle: typeof Node.workerBundle = (extension) =>
  vscode.Uri.joinPath(extension, 'dist', 'browser', 'worker.js').toString();

export const homeFolder: typeof Node.homeFolder = () => vscode.Uri.from({ scheme: 'file', path: '/' });
