/**
 * A file system that lives in the extension host, as those of repositories on the web do: an extension of its own, whose files are fetched
 * from where it lies. No Node, no disk.
 */
import * as vscode from 'vscode';

interface Entry {
  readonly content: Uint8Array | null;
  readonly mtime: number;
}

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.workspace.registerFileSystemProvider('web-lab', new WebFiles(context.extensionUri), { isCaseSensitive: true }),
  );
}

class WebFiles implements vscode.FileSystemProvider {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;
  /** By path; folders have no content. */
  private readonly entries: Promise<Map<string, Entry>>;
  private clock = 1;

  constructor(extension: vscode.Uri) {
    this.entries = fetch(vscode.Uri.joinPath(extension, 'files.json').toString(true))
      .then((response) => response.json() as Promise<Readonly<Record<string, string>>>)
      .then((files) => {
        const entries = new Map<string, Entry>([['/', this.entry(null)]]);
        for (const [path, text] of Object.entries(files)) {
          for (let folder = parentOf(path); !entries.has(folder); folder = parentOf(folder)) entries.set(folder, this.entry(null));
          entries.set(path, this.entry(new TextEncoder().encode(text)));
        }
        return entries;
      });
  }

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { content, mtime } = await this.find(uri);
    const type = content === null ? vscode.FileType.Directory : vscode.FileType.File;
    // A link, for the tests that none is followed.
    const link = uri.path.includes('/linked') ? vscode.FileType.SymbolicLink : 0;
    return { type: type | link, ctime: 0, mtime, size: content?.length ?? 0 };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    await this.find(uri);
    const found: [string, vscode.FileType][] = [];
    for (const [path, { content }] of await this.entries) {
      if (path === '/' || parentOf(path) !== folderPath(uri)) continue;
      found.push([path.slice(path.lastIndexOf('/') + 1), content === null ? vscode.FileType.Directory : vscode.FileType.File]);
    }
    return found;
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { content } = await this.find(uri);
    if (content === null) throw vscode.FileSystemError.FileIsADirectory(uri);
    return content;
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array, { create, overwrite }: { create: boolean; overwrite: boolean }): Promise<void> {
    const entries = await this.entries;
    const there = entries.has(uri.path);
    if (!there && !create) throw vscode.FileSystemError.FileNotFound(uri);
    if (there && create && !overwrite) throw vscode.FileSystemError.FileExists(uri);
    if (!entries.has(parentOf(uri.path))) throw vscode.FileSystemError.FileNotFound(uri.with({ path: parentOf(uri.path) }));
    entries.set(uri.path, this.entry(content));
    this.tell(uri, there ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created);
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    const entries = await this.entries;
    if (!entries.has(folderPath(uri))) entries.set(folderPath(uri), this.entry(null));
  }

  async delete(uri: vscode.Uri): Promise<void> {
    await this.find(uri);
    const entries = await this.entries;
    for (const path of [...entries.keys()]) if (path === uri.path || path.startsWith(`${uri.path}/`)) entries.delete(path);
    this.tell(uri, vscode.FileChangeType.Deleted);
  }

  async rename(from: vscode.Uri, to: vscode.Uri, { overwrite }: { overwrite: boolean }): Promise<void> {
    await this.find(from);
    const entries = await this.entries;
    if (entries.has(to.path) && !overwrite) throw vscode.FileSystemError.FileExists(to);
    for (const [path, entry] of [...entries]) {
      if (path !== from.path && !path.startsWith(`${from.path}/`)) continue;
      entries.delete(path);
      entries.set(to.path + path.slice(from.path.length), entry);
    }
    this.tell(from, vscode.FileChangeType.Deleted);
    this.tell(to, vscode.FileChangeType.Created);
  }

  private async find(uri: vscode.Uri): Promise<Entry> {
    const entry = (await this.entries).get(folderPath(uri));
    if (entry === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return entry;
  }

  private entry(content: Uint8Array | null): Entry {
    return { content, mtime: ++this.clock };
  }

  private tell(uri: vscode.Uri, type: vscode.FileChangeType): void {
    this.changes.fire([{ uri, type }]);
  }
}

function folderPath({ path }: vscode.Uri): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
