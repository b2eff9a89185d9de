/** Every question to the user goes through here, so that a test can answer: dialogs of the editor cannot be operated from a test. */
import * as vscode from 'vscode';
import { hasWords } from './word-search';

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly icon?: string;
  /** It is found by these words too, which are not shown. */
  readonly also?: string;
  readonly value: T;
}

export interface PickOptions {
  readonly title: string;
  readonly placeholder: string;
}

export interface Prompts {
  /** Undefined when the user turned away. */
  pickOne<T>(choices: readonly Choice<T>[], options: PickOptions): Promise<T | undefined>;
  pickMany<T>(choices: readonly Choice<T>[], options: PickOptions): Promise<readonly T[] | undefined>;
  /** Undefined when the user turned away. */
  enterText(title: string, prompt: string, value: string): Promise<string | undefined>;
  /** A modal question whose answer cannot be taken back. */
  confirm(question: string, detail: string, action: string): Promise<boolean>;
  /** A file that exists. */
  openFrom(filters: Readonly<Record<string, string[]>>): Promise<vscode.Uri | undefined>;
  saveTo(suggested: vscode.Uri, filters: Readonly<Record<string, string[]>>): Promise<vscode.Uri | undefined>;
  /** A notification; answers the action that was chosen, undefined for none. Never wait for it on a path that must go on. */
  inform(severity: 'information' | 'warning' | 'error', message: string, ...actions: readonly string[]): Promise<string | undefined>;
}

export const editorPrompts: Prompts = {
  pickOne(choices, { title, placeholder }) {
    const items = choices.map(toItem);
    const pick = vscode.window.createQuickPick<(typeof items)[number]>();
    Object.assign(pick, { title, placeholder, items, matchOnDescription: true, matchOnDetail: true });
    // The editor shows what has the text as it is typed, in one field; what has its words is shown besides.
    pick.onDidChangeValue((wanted) => {
      const found = choices.map((choice) => wanted.trim() !== '' && hasWords(textsOf(choice), wanted));
      if (pick.items.some(({ alwaysShow = false }, at) => alwaysShow !== found[at]))
        pick.items = items.map((item, at) => ({ ...item, alwaysShow: found[at] }));
    });
    return new Promise((resolve) => {
      pick.onDidAccept(() => {
        resolve(pick.selectedItems.at(0)?.value);
        pick.hide();
      });
      pick.onDidHide(() => {
        resolve(undefined);
        pick.dispose();
      });
      pick.show();
    });
  },
  async pickMany(choices, options) {
    const picked = await vscode.window.showQuickPick(choices.map(toItem), { ...quickPickOptions(options), canPickMany: true });
    return picked?.map(({ value }) => value);
  },
  async enterText(title, prompt, value) {
    return vscode.window.showInputBox({ title, prompt, value });
  },
  async confirm(question, detail, action) {
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, action)) === action;
  },
  async openFrom(filters) {
    return (await vscode.window.showOpenDialog({ filters, canSelectMany: false }))?.[0];
  },
  async saveTo(defaultUri, filters) {
    return vscode.window.showSaveDialog({ defaultUri, filters });
  },
  async inform(severity, message, ...actions) {
    switch (severity) {
      case 'information':
        return vscode.window.showInformationMessage(message, ...actions);
      case 'warning':
        return vscode.window.showWarningMessage(message, ...actions);
      case 'error':
        return vscode.window.showErrorMessage(message, ...actions);
      default:
        return severity satisfies never;
    }
  },
};

function toItem<T>(choice: Choice<T>): vscode.QuickPickItem & { readonly value: T } {
  const { label, description, detail, icon, value } = choice;
  return { label, description, detail, iconPath: icon === undefined ? undefined : new vscode.ThemeIcon(icon), value };
}

function textsOf({ label, description = '', detail = '', also = '' }: Choice<unknown>): readonly string[] {
  return [label, description, detail, also];
}

function quickPickOptions({ title, placeholder }: PickOptions): vscode.QuickPickOptions {
  return { title, placeHolder: placeholder, matchOnDescription: true, matchOnDetail: true };
}
