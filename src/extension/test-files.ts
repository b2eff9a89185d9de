/** The files of the workspace that say what they expect of their run, as items of a test controller: found, watched, taken off again. */
import * as vscode from 'vscode';
import type { BugReporter } from './bug-reporter';
import { isExperiment, textOf } from './experiment-file';
import { isSearched, searchExperiments } from './experiment-search';
import { claimOf } from './expectation';
import { Ownership } from './signal';

export class TestFiles implements vscode.Disposable {
  private readonly owned = new Ownership();
  private found: Promise<void> | null = null;
  /** By URI: the last look at a file, behind which the next one waits. What was read first must not be listed last. */
  private readonly looks = new Map<string, Promise<void>>();
  /** Folders that have come and were not searched yet, each with the slash at its end. */
  private readonly come = new Set<string>();
  /** Resolves when the search that was begun last has ended, however that went. */
  private searched: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly controller: vscode.TestController,
    private readonly bugs: BugReporter,
  ) {}

  /** Resolves when the files of the workspace are listed; they are watched from then on. */
  discovered(): Promise<void> {
    this.found ??= this.watch();
    return this.found;
  }

  /** Looks at all files anew. What is still there stays what it is, with the answers that it has. */
  async refresh(): Promise<void> {
    await this.discovered();
    await Promise.all([...this.leaves()].flatMap(({ uri }) => (uri ? [this.look(uri)] : [])));
    await searchExperiments((uri) => this.look(uri));
  }

  /** Lists a file, lists it anew, or takes it off the list, as its text says. */
  look(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    const look = (this.looks.get(key) ?? Promise.resolve())
      .then(() => this.update(uri))
      .catch((error: unknown) => this.bugs.report('A test could not be read', error))
      .finally(() => {
        if (this.looks.get(key) === look) this.looks.delete(key);
      });
    this.looks.set(key, look);
    return look;
  }

  /** The files that a request means, as they are listed now, each once. */
  chosen({ include, exclude }: vscode.TestRunRequest): readonly vscode.TestItem[] {
    const leaves = new Map<string, vscode.TestItem>();
    const left = new Set(exclude?.map(({ id }) => id));
    const visit = (item: vscode.TestItem): void => {
      if (left.has(item.id)) return;
      if (item.uri && isExperiment(item.uri)) leaves.set(item.id, item);
      else item.children.forEach(visit);
    };
    if (include === undefined) this.controller.items.forEach(visit);
    // A request may be older than the list: a continuous one lives as long as its user likes.
    else for (const item of include) visit(this.listed(item) ?? item);
    return [...leaves.values()];
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async watch(): Promise<void> {
    // All files, for folders: what is in one that comes or goes is not told of by name.
    const watcher = this.owned.own(vscode.workspace.createFileSystemWatcher('**', false, false, false));
    const look = (uri: vscode.Uri): void => {
      if (isExperiment(uri) && isSearched(uri)) void this.look(uri);
    };
    this.owned.own(
      watcher.onDidCreate((uri) => {
        if (isExperiment(uri)) look(uri);
        else if (isSearched(uri)) this.bugs.guard('A new folder could not be searched for tests', () => this.searchUnder(uri));
      }),
    );
    this.owned.own(watcher.onDidChange(look));
    this.owned.own(watcher.onDidDelete((uri) => (isExperiment(uri) ? look(uri) : this.lookUnder(uri))));
    await searchExperiments((uri) => this.look(uri));
  }

  /** After something has come that may be a folder: one that was moved here, or had files in it before it was watched. */
  private async searchUnder(uri: vscode.Uri): Promise<void> {
    // It may have gone again.
    const stat = await vscode.workspace.fs.stat(uri).then(undefined, () => null);
    if (stat?.type !== vscode.FileType.Directory) return;
    this.come.add(`${uri.path}/`);
    // One search is for all that come until it begins.
    if (this.come.size > 1) return;
    await this.searched;
    const folders = [...this.come];
    this.come.clear();
    const search = searchExperiments(async (file) => {
      if (folders.some((folder) => file.path.startsWith(folder))) await this.look(file);
    });
    this.searched = search.catch(() => undefined);
    await search;
  }

  /** After something that may have been a folder has gone. */
  private lookUnder(folder: vscode.Uri): void {
    for (const { uri } of this.leaves()) if (uri?.path.startsWith(`${folder.path}/`)) void this.look(uri);
  }

  private async update(uri: vscode.Uri): Promise<void> {
    // As it is saved: an editor that shows it may not have heard of the change yet.
    const text = await textOf(uri).catch(() => null);
    const claim = text === null ? null : claimOf(text);
    if (!claim) return this.remove(uri);
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const { children } = this.folderOf(uri);
    const item = children.get(uri.toString()) ?? this.controller.createTestItem(uri.toString(), name, uri);
    item.label = claim.title ?? name;
    item.description = claim.title === null ? undefined : name;
    item.range = new vscode.Range(claim.line, 0, claim.line, 0);
    children.add(item);
  }

  private remove(uri: vscode.Uri): void {
    const folder = this.controller.items.get(folderUri(uri).toString());
    folder?.children.delete(uri.toString());
    if (folder?.children.size === 0) this.controller.items.delete(folder.id);
  }

  private folderOf(file: vscode.Uri): vscode.TestItem {
    const uri = folderUri(file);
    const known = this.controller.items.get(uri.toString());
    if (known) return known;
    const path = vscode.workspace.asRelativePath(uri);
    const label = path === uri.fsPath || path === '' ? uri.path.slice(uri.path.lastIndexOf('/') + 1) : path;
    const item = this.controller.createTestItem(uri.toString(), label, uri);
    this.controller.items.add(item);
    return item;
  }

  private *leaves(): Iterable<vscode.TestItem> {
    for (const [, folder] of this.controller.items) for (const [, file] of folder.children) yield file;
  }

  private listed({ id, uri }: vscode.TestItem): vscode.TestItem | undefined {
    return this.controller.items.get(id) ?? (uri && this.controller.items.get(folderUri(uri).toString())?.children.get(id));
  }
}

function folderUri(file: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(file, '..');
}
