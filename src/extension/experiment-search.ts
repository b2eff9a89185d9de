import * as vscode from 'vscode';

const FILES = '**/*.bias.json';
const LEFT_OUT = '**/{node_modules,.git}/**';

/** Whether a search would come across a file, or into a folder: not where others keep what they made. */
export function isSearched({ path }: vscode.Uri): boolean {
  return !/\/(?:node_modules|\.git)(?:\/|$)/u.test(path);
}

/** Tells of every experiment file of the workspace; resolves when there are no more. What others made there is left out. */
export async function searchExperiments(found: (uri: vscode.Uri) => Promise<unknown>): Promise<void> {
  await Promise.all((await vscode.workspace.findFiles(FILES, LEFT_OUT)).map(found));
}
