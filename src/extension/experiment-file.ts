/** Which documents are experiments, and what the worker is told of them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Source } from '../protocol/compute';

/** Saved and not yet saved files; not the old side of a diff. */
const SCHEMES: readonly string[] = ['file', 'untitled'];
export const EXPERIMENT_SELECTOR: vscode.DocumentSelector = SCHEMES.map((scheme) => ({ scheme, pattern: '**/*.bias.json' }));

export function isExperiment(uri: vscode.Uri): boolean {
  return SCHEMES.includes(uri.scheme) && uri.path.endsWith('.bias.json');
}

/** An experiment as a run needs it: an editor's document is one. */
export type ExperimentText = Pick<vscode.TextDocument, 'uri' | 'getText'>;

/** The text that an editor holds, saved or not, else that of the file. Rejects with what the file system says. */
export async function readExperiment(uri: vscode.Uri): Promise<ExperimentText> {
  const document = openDocument(uri);
  if (document) return document;
  // The editor drops a byte order mark from the text that it hands out.
  const text = (await readFile(uri.fsPath, 'utf8')).replace(/^\uFEFF/u, '');
  return { uri, getText: () => text };
}

/** The text as it stands in the editor, saved or not. */
export function sourceOf(document: ExperimentText): Source {
  const { uri } = document;
  const folder =
    vscode.workspace.getWorkspaceFolder(uri) ?? (uri.scheme === 'untitled' ? vscode.workspace.workspaceFolders?.[0] : undefined);
  const root = folder?.uri.scheme === 'file' ? folder.uri.fsPath : null;
  if (uri.scheme === 'file') return { text: document.getText(), path: uri.fsPath, root: root ?? dirname(uri.fsPath) };
  return { text: document.getText(), path: null, root };
}

/** The file's name for people. */
export function displayName(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri, undefined);
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function activeExperiment(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && isExperiment(document.uri) ? document : undefined;
}

/** The file that a command is about: its argument (a URI, also as text, from menus and links), else the active editor's. */
export function targetUri(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return isExperiment(argument) ? argument : undefined;
  if (typeof argument === 'string') {
    const uri = vscode.Uri.parse(argument);
    return isExperiment(uri) ? uri : undefined;
  }
  return activeExperiment()?.uri;
}

export async function targetDocument(argument: unknown): Promise<vscode.TextDocument | undefined> {
  const uri = targetUri(argument);
  return uri && vscode.workspace.openTextDocument(uri);
}

/** The document of a URI when an editor holds it. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}
