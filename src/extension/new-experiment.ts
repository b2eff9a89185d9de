import * as vscode from 'vscode';
import type { Prompts } from './prompts';

/** Opens an unsaved experiment made from a template that the user picks; null when none is picked. */
export async function newExperiment(prompts: Prompts): Promise<vscode.TextDocument | null> {
  const { TEMPLATES } = await (await import('./theory')).loadTemplates();
  const choices = TEMPLATES.map((template) => ({ label: template.title, detail: template.description, value: template }));
  const template = await prompts.pickOne(choices, { title: 'New Experiment', placeholder: 'What should it show?' });
  if (template === undefined) return null;
  return openUnsaved(template.id, template.text);
}

/** A text as an unsaved experiment in an editor. */
export async function openUnsaved(name: string, text: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(await freeUri(name));
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  edit.replace(document.uri, whole, text);
  await vscode.workspace.applyEdit(edit);
  const json = await vscode.languages.setTextDocumentLanguage(document, 'json');
  await vscode.window.showTextDocument(json, { viewColumn: vscode.ViewColumn.One });
  return json;
}

/** Unsaved, but with the place where "Save" will put it: a name in the workspace that nothing has yet. */
async function freeUri(name: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.path));
  for (let number = 1; ; number++) {
    const file = `${name}${number === 1 ? '' : `-${number}`}.bias.json`;
    const place = folder ? vscode.Uri.joinPath(folder, file) : vscode.Uri.from({ scheme: 'untitled', path: file });
    const taken = open.has(place.path) || (folder !== undefined && (await exists(place)));
    if (!taken) return place.with({ scheme: 'untitled', authority: '' });
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
