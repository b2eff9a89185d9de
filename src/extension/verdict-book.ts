/** The last verdict about every published result in this workspace, from runs of the user's files and of the gallery's examples. */
import type { VerdictOutcome } from '../protocol/report';
import { folderOf, list, makeFolder, nameOf, readText } from '../worker/disk';
import type { Run } from './run';
import { Signal, type Disposable } from './signal';
import { writeWithFolder } from './write-with-folder';

export interface NotedVerdict {
  readonly outcome: VerdictOutcome;
  /** One sentence. */
  readonly says: string;
  /** ISO 8601. */
  readonly at: string;
  /** Name of the file or of the example for people. */
  readonly file: string;
}

export interface VerdictBookOptions {
  /**
   * Place of the file that keeps them; made at the first verdict. A file, not the editor's memory: that one is written down every few
   * seconds where the editor is a page of a browser, and what a window that is closed at once has noted since is lost.
   */
  readonly place: string;
  /** Told when the file cannot be read or written. */
  readonly warn: (message: string) => void;
}

const OUTCOMES: Readonly<Record<VerdictOutcome, true>> = { agrees: true, disagrees: true, inconclusive: true, 'no-prediction': true };

export class VerdictBook implements Disposable {
  private readonly changed = new Signal<void>();
  readonly onDidChange = this.changed.event;
  private readonly verdicts = new Map<string, NotedVerdict>();
  /** Readings and writings follow one another. */
  private queue: Promise<void>;
  readonly loaded: Promise<void>;

  constructor(private readonly options: VerdictBookOptions) {
    // Not at once: the editor waits for what activation does.
    this.loaded = Promise.resolve()
      .then(() => this.read())
      .then(() => this.changed.fire());
    this.queue = this.loaded;
  }

  of(result: string): NotedVerdict | undefined {
    return this.verdicts.get(result);
  }

  /** Resolves when the verdict is on the disk, or when it was told why not. */
  async note(result: string, verdict: NotedVerdict): Promise<void> {
    this.verdicts.set(result, verdict);
    this.changed.fire();
    this.queue = this.queue.then(() => this.write(result, verdict));
    await this.queue;
  }

  /** What a run that has ended says about a result. */
  async noteRun(run: Run): Promise<void> {
    const verdict = run.record()?.verdict;
    if (!verdict?.result) return;
    const { outcome, says, result } = verdict;
    const known = this.of(result);
    if (known?.at === run.startedAt) return;
    await this.note(result, { outcome, says, at: run.startedAt, file: run.file });
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Another window of the same workspace may have noted verdicts too: those of the file are taken in first. */
  private async write(result: string, verdict: NotedVerdict): Promise<void> {
    await this.read();
    this.verdicts.set(result, verdict);
    try {
      await writeWithFolder(this.options.place, `${JSON.stringify({ format: 1, verdicts: Object.fromEntries(this.verdicts) })}\n`);
    } catch (error) {
      this.options.warn(`verdicts: ${String(error)}`);
    }
  }

  /** Takes in what the file holds, the newer one of two. */
  private async read(): Promise<void> {
    const { place, warn } = this.options;
    try {
      await makeFolder(folderOf(place));
      if (!(await list(folderOf(place))).includes(nameOf(place))) return;
      for (const [result, verdict] of decode(await readText(place))) {
        const known = this.verdicts.get(result);
        if (known === undefined || known.at < verdict.at) this.verdicts.set(result, verdict);
      }
    } catch (error) {
      warn(`verdicts: ${nameOf(place)} cannot be read: ${String(error)}`);
    }
  }
}

/** What is no verdict is skipped. Throws when the text is none of this format. */
function decode(text: string): [string, NotedVerdict][] {
  const { format, verdicts } = JSON.parse(text) as { readonly format?: unknown; readonly verdicts?: unknown };
  if (format !== 1 || verdicts === null || typeof verdicts !== 'object') throw new Error('it is not of this version');
  return Object.entries(verdicts as Record<string, unknown>).filter((entry): entry is [string, NotedVerdict] => isNoted(entry[1]));
}

function isNoted(value: unknown): value is NotedVerdict {
  if (value === null || typeof value !== 'object') return false;
  const { outcome, says, at, file } = value as Partial<Record<keyof NotedVerdict, unknown>>;
  return typeof outcome === 'string' && outcome in OUTCOMES && [says, at, file].every((text) => typeof text === 'string');
}
