/** What the suites do with the editor, in a line or two each. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Choice, Prompts } from '../../src/extension/prompts';
import type { ExtensionApi } from '../../src/extension/test-api';

const EXTENSION = 'implicit-bias-lab.implicit-bias-lab';
/** Of what comes by itself after a moment. */
export const PATIENCE = 20_000;

export async function extensionApi(): Promise<ExtensionApi> {
  const extension = vscode.extensions.getExtension<ExtensionApi>(EXTENSION);
  assert.ok(extension, 'the extension is not installed');
  return extension.activate();
}

/** Asks until the answer is something; fails with `what` after a while. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  patience = PATIENCE,
): Promise<Exclude<T, false | null | undefined>> {
  for (const end = Date.now() + patience; Date.now() < end;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer as Exclude<T, false | null | undefined>;
    await sleep(50);
  }
  throw new assert.AssertionError({ message: `${what}: not within ${patience} ms` });
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return folder.uri;
}

/** A file of the workspace, whether it is there or not. */
export function workspaceFile(name: string): vscode.Uri {
  return vscode.Uri.joinPath(workspaceFolder(), name);
}

export async function readFile(uri: vscode.Uri): Promise<Uint8Array> {
  return vscode.workspace.fs.readFile(uri);
}

let files = 0;

/** A new file of the workspace in an editor. */
export async function openExperiment(text: string, name = `test-${++files}`): Promise<vscode.TextDocument> {
  const uri = workspaceFile(`${name}.bias.json`);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  return document;
}

export async function closeEditors(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) if (document.isDirty && !document.isUntitled) await document.save();
  for (const group of vscode.window.tabGroups.all) {
    for (const tab of group.tabs) if (tab.isDirty) await revert(tab);
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** What a test of runs leaves behind is ended, closed and forgotten. */
export async function cleanUp(api: ExtensionApi): Promise<void> {
  for (const running of api.runs.allRunning()) api.runs.cancel(running.uri);
  await eventually('all runs ended', () => api.runs.allRunning().length === 0);
  api.answerPrompts(null);
  await closeEditors();
  await api.history.clear();
}

/** An unsaved file would ask whether to keep it. */
async function revert(tab: vscode.Tab): Promise<void> {
  if (!(tab.input instanceof vscode.TabInputText)) return;
  await vscode.window.showTextDocument(tab.input.uri);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}

export async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const at = document.getText().indexOf(from);
  assert.ok(at >= 0, `no ${from} in the document`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

export function placeOf(document: vscode.TextDocument, text: string, shift = 1): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `no ${text} in the document`);
  return document.positionAt(at + shift);
}

/** Lenses as the editor shows them: 0-based line and title. */
export async function lenses(document: vscode.TextDocument): Promise<readonly { readonly line: number; readonly title: string }[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 20);
  return found.map(({ range, command }) => ({ line: range.start.line, title: command?.title ?? '' }));
}

/** With plain spaces behind the icons. */
export async function lensTitles(document: vscode.TextDocument): Promise<readonly string[]> {
  return (await lenses(document)).map(({ title }) => title.replaceAll('\u00a0', ' '));
}

export async function hoverText(document: vscode.TextDocument, at: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
  return hovers.flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value))).join('\n');
}

export function diagnosticsOf(document: vscode.TextDocument): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri);
}

/** The `code` of a diagnostic as text. */
export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Answers to the questions that are expected, in their order; any other question fails. What was said is kept. */
export class Answers implements Prompts {
  readonly said: string[] = [];
  readonly asked: string[] = [];
  constructor(private readonly answers: unknown[] = []) {}

  async pickOne<T>(choices: readonly Choice<T>[], options: { readonly title: string }): Promise<T | undefined> {
    const choose = this.next(options.title) as ((choices: readonly Choice<T>[]) => Choice<T> | undefined) | undefined;
    return choose?.(choices)?.value;
  }
  async pickMany<T>(choices: readonly Choice<T>[], options: { readonly title: string }): Promise<readonly T[] | undefined> {
    const choose = this.next(options.title) as ((choices: readonly Choice<T>[]) => readonly Choice<T>[]) | undefined;
    return choose?.(choices).map(({ value }) => value);
  }
  async enterText(title: string): Promise<string | undefined> {
    return this.next(title) as string | undefined;
  }
  async confirm(question: string): Promise<boolean> {
    return this.next(question) as boolean;
  }
  async openFrom(): Promise<vscode.Uri | undefined> {
    return this.next('open') as vscode.Uri | undefined;
  }
  async saveTo(suggested: vscode.Uri): Promise<vscode.Uri | undefined> {
    return (this.next(`save ${suggested.path}`) as (suggested: vscode.Uri) => vscode.Uri | undefined)(suggested);
  }
  async inform(_severity: string, message: string): Promise<undefined> {
    this.said.push(message);
    return undefined;
  }

  private next(question: string): unknown {
    this.asked.push(question);
    assert.ok(this.answers.length > 0, `an unexpected question: ${question}`);
    return this.answers.shift();
  }
}
