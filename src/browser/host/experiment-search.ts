/** Experiments of a folder that no search of the editor reaches: it waits for ever for file systems that bring none. */
import * as vscode from 'vscode';
import type * as Node from '../../extension/experiment-search';

export const isSearched: typeof Node.isSearched = ({ path }) => !/\/(?:node_modules|\.git)(?:\/|$)/u.test(path);

/** Folder by folder, all folders of a depth at once; links are not followed. What cannot be read has nothing in it. */
export const searchExperiments: typeof Node.searchExperiments = async (found) => {
  let folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  while (folders.length > 0) {
    const listed = await Promise.all(folders.map(entriesOf));
    await Promise.all(listed.flatMap(({ files }) => files).map(found));
    folders = listed.flatMap((entries) => entries.folders);
  }
};

async function entriesOf(folder: vscode.Uri): Promise<{ readonly files: readonly vscode.Uri[]; readonly folders: readonly vscode.Uri[] }> {
  const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => []);
  const ofType = (wanted: vscode.FileType): readonly vscode.Uri[] =>
    entries.filter(([, type]) => type === wanted).map(([name]) => vscode.Uri.joinPath(folder, name));
  return {
    files: ofType(vscode.FileType.File).filter(({ path }) => path.endsWith('.bias.json')),
    folders: ofType(vscode.FileType.Directory).filter(isSearched),
  };
}
