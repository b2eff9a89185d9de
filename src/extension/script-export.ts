import * as vscode from 'vscode';
import type { ResolvedRun } from '../protocol/compute';
import { failureOf } from './compute-service';
import type { ExperimentDocuments } from './experiment-documents';
import { displayName } from './experiment-file';
import { homeFolder } from './places';
import type { Prompts } from './prompts';
import { writeTarget } from './write-target';

const ENDING = '.bias.json';

/**
 * Writes the experiment as one readable Python file where the user says: beside it, unless he says otherwise.
 * @returns false where the file has errors, which are shown elsewhere
 */
export async function exportScript(document: vscode.TextDocument, documents: ExperimentDocuments, prompts: Prompts): Promise<boolean> {
  const name = displayName(document.uri);
  const resolved = await resolvedInView(document, documents, prompts);
  if (resolved === null) return true;
  if ('diagnostics' in resolved) return false;
  const suggested = scriptOf(document.uri);
  const { pythonFile } = await import('./python-file');
  const file = pythonFile(resolved, lastName(suggested));
  if (file.type === 'refused') {
    void prompts.inform('error', `${name} cannot be exported: ${file.because}.`);
    return true;
  }
  const target = await prompts.saveTo(suggested, { Python: ['py'] });
  if (target === undefined) return true;
  await writeTarget(target, file.text);
  const open = 'Open';
  void prompts.inform('information', `Exported ${lastName(target)}: it needs numpy and torch.`, open).then(async (answer) => {
    if (answer === open) await vscode.window.showTextDocument(target, { viewColumn: vscode.ViewColumn.Beside });
  });
  return true;
}

/** What the script starts from and is compared with; the reference may take as long as a run. Null when there is no answer. */
async function resolvedInView(
  document: vscode.TextDocument,
  documents: ExperimentDocuments,
  prompts: Prompts,
): Promise<ResolvedRun | { readonly diagnostics: readonly unknown[] } | null> {
  const name = displayName(document.uri);
  const options = { location: vscode.ProgressLocation.Notification, title: `Exporting ${name}: solving its reference`, cancellable: true };
  return vscode.window.withProgress(options, async (_, token) => {
    const cancelling = new AbortController();
    token.onCancellationRequested(() => cancelling.abort());
    try {
      return await documents.resolve(document, cancelling.signal);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.reason === 'bug') throw error;
      if (failure.reason !== 'cancelled') void prompts.inform('error', `${name} was not exported: ${failure.message}`);
      return null;
    }
  });
}

/** Beside the experiment; of an unsaved one in the workspace, or where files are suggested without one. */
function scriptOf(uri: vscode.Uri): vscode.Uri {
  const script = `${uri.path.slice(0, -ENDING.length)}.py`;
  if (uri.scheme !== 'untitled') return uri.with({ path: script });
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? homeFolder();
  return vscode.Uri.joinPath(folder, script.slice(script.lastIndexOf('/') + 1));
}

function lastName({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
