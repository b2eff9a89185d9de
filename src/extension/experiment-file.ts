/** Which documents are experiments, and what the worker is told of them. */
import * as vscode from 'vscode';
import { textHash } from '../numerics/text-hash';
import type { Source } from '../protocol/compute';
import { isSaved, placeOf } from './places';

export function isExperiment(uri: vscode.Uri): boolean {
  return (uri.scheme === 'untitled' || isSaved(uri)) && uri.path.endsWith('.bias.json');
}

/** An experiment as a run needs it: an editor's document is one. */
export type ExperimentText = Pick<vscode.TextDocument, 'uri' | 'getText'>;

/** The text that an editor holds, saved or not, else that of the file. Rejects with what the file system says. */
export async function readExperiment(uri: vscode.Uri): Promise<ExperimentText> {
  const document = openDocument(uri);
  if (document) return document;
  const text = await textOf(uri);
  return { uri, getText: () => text };
}

/** The text of a file as an editor would hand it out: without the byte order mark. Rejects with what the file system says. */
export async function textOf(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** The text as it stands in the editor, saved or not. */
export function sourceOf(document: ExperimentText): Source {
  const { uri } = document;
  const folder =
    vscode.workspace.getWorkspaceFolder(uri) ?? (uri.scheme === 'untitled' ? vscode.workspace.workspaceFolders?.[0] : undefined);
  const root = folder && isSaved(folder.uri) ? placeOf(folder.uri) : null;
  if (isSaved(uri)) return { text: document.getText(), path: placeOf(uri), root: root ?? placeOf(vscode.Uri.joinPath(uri, '..')) };
  return { text: document.getText(), path: null, root };
}

/** The file's name for people; of an unsaved one, that of the place where it will be saved. */
export function displayName(uri: vscode.Uri): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const place = uri.scheme === 'untitled' && folder !== undefined ? folder.with({ path: uri.path }) : uri;
  return vscode.workspace.asRelativePath(place, undefined);
}

/** Tells texts apart: 128 bits, hexadecimal, at once (the hashes that browsers bring answer later). */
export function hashOf(text: string): string {
  return HASH_SEEDS.map((seed) => (textHash(text, seed) >>> 0).toString(16).padStart(8, '0')).join('');
}

const HASH_SEEDS = [0, 1, 2, 3];

export function activeExperiment(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && isExperiment(document.uri) ? document : undefined;
}

/** Where no experiment is active, as in the walkthrough or a page of results: the only one in sight, else the only one that is open. */
function lonelyExperiment(): vscode.Uri | undefined {
  const seen = vscode.window.visibleTextEditors.map(({ document }) => document.uri);
  const open = vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : [])),
  );
  for (const uris of [seen, open]) {
    const experiments = new Map(uris.filter(isExperiment).map((uri) => [uri.toString(), uri]));
    if (experiments.size === 1) return [...experiments.values()][0];
  }
  return undefined;
}

/** The file that a command is about: its argument (a URI, also as text, from menus and links), else the one that the window is about. */
export function targetUri(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return isExperiment(argument) ? argument : undefined;
  if (typeof argument === 'string') {
    const uri = vscode.Uri.parse(argument);
    return isExperiment(uri) ? uri : undefined;
  }
  return activeExperiment()?.uri ?? lonelyExperiment();
}

/** The document of a URI when an editor holds it. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}
