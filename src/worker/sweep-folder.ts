/**
 * The folder of a sweep: `points/000123.json`, `failed/000123.json`, `journal.jsonl`, `sweep.json`. A file is there whole or not at all.
 * Several processes may write points; one at a time, which holds the lock, decides who runs which.
 */
import { toPlain } from '../protocol/report-json';
import { isFailure, SWEEP_FORMAT, type SweepFailure, type SweepPlace, type SweepResult, type SweepSummary } from '../protocol/sweep';
import { append, AUTHOR, folderOf, list, makeFolder, nameOf, readText, remove, within, writeAtomically, writeNew } from './disk';

/** Default folder of a file's sweep: `.bias-lab/<name>` beside it. */
export function sweepFolderOf(file: string): string {
  return within(folderOf(file), '.bias-lab', nameOf(file).replace(/\.bias\.json$/, ''));
}

export class SweepFolder {
  private constructor(readonly path: string) {}

  /** Makes the folder where it is not there. @throws what the file system says */
  static async open(folder: string): Promise<SweepFolder> {
    for (const kind of ['points', 'failed']) await makeFolder(within(folder, kind));
    const parent = folderOf(folder);
    // Results are no sources: a repository is not asked to keep them.
    if (nameOf(parent) === '.bias-lab') await writeNew(within(parent, '.gitignore'), '*\n').catch(() => undefined);
    return new SweepFolder(folder);
  }

  /** The result of a place, null where there is none of the same fingerprint. */
  async find({ index, fingerprint }: SweepPlace): Promise<SweepResult | null> {
    try {
      const found = revive(JSON.parse(await readText(this.placeOf(index)))) as SweepResult;
      const valid = found.format === SWEEP_FORMAT && found.fingerprint === fingerprint && typeof found.verdict.outcome === 'string';
      return valid ? { ...found, index } : null;
    } catch {
      return null;
    }
  }

  /** A failure is kept apart from the results: it is tried again by the next sweep. */
  async keep(outcome: SweepResult | SweepFailure): Promise<void> {
    await writeAtomically(
      isFailure(outcome) ? this.failureOf(outcome.index) : this.placeOf(outcome.index),
      `${JSON.stringify(toPlain(outcome), null, 1)}\n`,
    );
  }

  /** How a place failed in this sweep, null where it has not. */
  async failure({ index, fingerprint }: SweepPlace): Promise<SweepFailure | null> {
    try {
      const found = JSON.parse(await readText(this.failureOf(index))) as SweepFailure;
      return found.fingerprint === fingerprint && typeof found.failure === 'string' ? { ...found, index } : null;
    } catch {
      return null;
    }
  }

  /** Failures of an earlier sweep. */
  async forgetFailures(): Promise<void> {
    for (const name of await list(this.place('failed'))) await remove(this.place('failed', name));
  }

  /** Results that are wanted anew. */
  async forget(indices: Iterable<number>): Promise<void> {
    for (const index of indices) await remove(this.placeOf(index));
  }

  /** Indices of the places with a file: results (also such of an experiment that has changed since) and failures. */
  async outcomes(): Promise<{ readonly results: readonly number[]; readonly failures: readonly number[] }> {
    const indices = async (kind: string): Promise<number[]> =>
      (await list(this.place(kind))).flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []));
    return { results: await indices('points'), failures: await indices('failed') };
  }

  /** Absolute path of a file or folder of an engine. */
  place(...names: readonly string[]): string {
    return within(this.path, ...names);
  }

  /** Writes a file of an engine, whole or not at all. */
  async write(name: string, text: string): Promise<void> {
    await makeFolder(folderOf(this.place(name)));
    await writeAtomically(this.place(name), text);
  }

  async summarise(summary: SweepSummary): Promise<void> {
    await writeAtomically(this.place('sweep.json'), `${JSON.stringify(toPlain(summary), null, 1)}\n`);
  }

  /** One line an event, in the order in which things happened; for people and for tests of what was run how often. */
  async note(event: Readonly<Record<string, unknown>>): Promise<void> {
    await append(this.place('journal.jsonl'), `${JSON.stringify({ at: new Date().toISOString(), ...AUTHOR, ...event })}\n`);
  }

  private placeOf(index: number): string {
    return this.place('points', fileName(index));
  }

  private failureOf(index: number): string {
    return this.place('failed', fileName(index));
  }
}

function fileName(index: number): string {
  return `${String(index).padStart(6, '0')}.json`;
}

/** Numbers that JSON does not have, from their names, where a number is meant. */
function revive(value: unknown): unknown {
  const { measures, distances, expected, ...others } = value as SweepResult;
  const numbers = (record: Readonly<Record<string, unknown>>): Record<string, number> =>
    Object.fromEntries(Object.entries(record).map(([name, number]) => [name, Number(number)]));
  return {
    ...others,
    measures: numbers(measures),
    distances: numbers(distances),
    ...(expected !== undefined && { expected: numbers(expected) }),
  };
}
