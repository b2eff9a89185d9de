/** The runs of a workspace on disk: one JSON file a run, newest kept, corrupt ones skipped. */
import { list, makeFolder, readText, remove, within } from '../worker/disk';
import { decodeRecord, encodeRecord, isRunId, summaryOf, type RunRecord, type RunSummary } from './run-record';
import { Signal, type Disposable } from './signal';
import { writeWithFolder } from './write-with-folder';

export interface HistoryOptions {
  /** Place of the folder with the files; made at the first write. */
  readonly folder: string;
  /** How many runs are kept besides the pinned ones, those of tests last; asked whenever one is added. */
  readonly limit: () => number;
  /** Told of files that could not be read or written. */
  readonly warn: (message: string) => void;
}

export class HistoryStore implements Disposable {
  private readonly changed = new Signal<void>();
  readonly onDidChange = this.changed.event;
  private readonly entries = new Map<string, RunSummary>();
  /** Changes follow one another: a rename and a clear never interleave. */
  private queue: Promise<unknown> = Promise.resolve();
  readonly loaded: Promise<void>;

  constructor(private readonly options: HistoryOptions) {
    this.loaded = this.enqueue(() => this.readAll());
  }

  /** Newest first. */
  summaries(): readonly RunSummary[] {
    return [...this.entries.values()].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
  }

  summary(id: string): RunSummary | undefined {
    return this.entries.get(id);
  }

  /** The newest run of a file. */
  latestOf(uri: string): RunSummary | undefined {
    return this.summaries().find((entry) => entry.uri === uri);
  }

  /** Null when there is no such run or its file cannot be read. */
  load(id: string): Promise<RunRecord | null> {
    return this.enqueue(async () => (isRunId(id) ? this.read(id) : null));
  }

  save(record: RunRecord): Promise<void> {
    return this.enqueue(async () => {
      if (this.options.limit() === 0) return;
      await writeWithFolder(this.pathOf(record.id), encodeRecord(record));
      this.entries.set(record.id, summaryOf(record));
      await this.dropOldest();
      this.changed.fire();
    });
  }

  delete(ids: readonly string[]): Promise<void> {
    return this.enqueue(async () => {
      for (const id of ids) await this.drop(id);
      this.changed.fire();
    });
  }

  /** All but the pinned ones. */
  clear(): Promise<void> {
    return this.delete([...this.entries.values()].filter(({ pinned }) => !pinned).map(({ id }) => id));
  }

  /** Names, pins, annotates. False when there is no such run any more. */
  change(id: string, changes: Partial<Pick<RunRecord, 'title' | 'pinned' | 'note'>>): Promise<boolean> {
    return this.enqueue(async () => {
      const record = this.entries.has(id) ? await this.read(id) : null;
      if (record === null) return false;
      const changed = { ...record, ...changes };
      await writeWithFolder(this.pathOf(id), encodeRecord(changed));
      this.entries.set(id, summaryOf(changed));
      await this.dropOldest();
      this.changed.fire();
      return true;
    });
  }

  /** Applies a smaller limit at once. */
  prune(): Promise<void> {
    return this.enqueue(async () => {
      await this.dropOldest();
      this.changed.fire();
    });
  }

  /** Keeps runs attached to a file that moved. `move` answers the new place of a run's file, or null where it stays. */
  moved(move: (uri: string) => { readonly uri: string; readonly file: string } | null): Promise<void> {
    return this.enqueue(async () => {
      for (const entry of [...this.entries.values()]) {
        const place = move(entry.uri);
        const record = place && (await this.read(entry.id));
        if (!place || !record) continue;
        const renamed = { ...record, ...place };
        await writeWithFolder(this.pathOf(entry.id), encodeRecord(renamed));
        this.entries.set(entry.id, summaryOf(renamed));
      }
      this.changed.fire();
    });
  }

  dispose(): void {
    this.changed.dispose();
  }

  private pathOf(id: string): string {
    return within(this.options.folder, `${id}.json`);
  }

  private async readAll(): Promise<void> {
    await makeFolder(this.options.folder);
    const names = (await list(this.options.folder)).filter((name) => name.endsWith('.json'));
    // One file a turn of the event loop: the host stays free between them.
    for (const name of names) {
      const id = name.slice(0, -'.json'.length);
      const record = isRunId(id) ? await this.read(id) : null;
      if (record) this.entries.set(id, summaryOf(record));
    }
    await this.dropOldest();
    this.changed.fire();
  }

  private async read(id: string): Promise<RunRecord | null> {
    try {
      const record = decodeRecord(await readText(this.pathOf(id)));
      if (record?.id === id) return record;
      this.options.warn(`history: ${id}.json is not a run of this version and is skipped`);
    } catch (error) {
      this.options.warn(`history: ${id}.json cannot be read: ${String(error)}`);
    }
    return null;
  }

  private async dropOldest(): Promise<void> {
    const transient = this.summaries().filter(({ pinned }) => !pinned);
    // What a user ran is not pushed out by a suite of tests, which can be run again.
    transient.sort((a, b) => Number(a.origin === 'test') - Number(b.origin === 'test'));
    for (const entry of transient.slice(this.options.limit())) await this.drop(entry.id);
  }

  private async drop(id: string): Promise<void> {
    this.entries.delete(id);
    await remove(this.pathOf(id));
  }

  private enqueue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.queue.then(task);
    this.queue = result.catch((error: unknown) => this.options.warn(`history: ${String(error)}`));
    return result;
  }
}
