/** What the extension host reads from an experiment's text by itself, at once: places of keys and the cheap half of the theory. */
import type { FileDocument } from '../experiment/document';
import { readExperiment } from '../experiment/read';
import type { Experiment } from '../experiment/schema';
import { pointCount } from '../experiment/sweep-points';
import { outlineExperiment, type OutlinedResult } from '../theory/catalogue';
import { NOTED_KEYS, type NotedKey } from './noted-keys';

/** Larger files are left to the worker, so that typing never waits: reading this much takes about 15 ms. UTF-16 code units. */
export const LARGEST_OUTLINED_TEXT = 500_000;

/** 0-based lines of the keys that were found. */
export type KeyLines = Readonly<Partial<Record<NotedKey | 'sweep', number>>>;

/** The last text that was a whole experiment. */
export interface GoodOutline {
  readonly title: string;
  readonly modelKind: string;
  readonly optimizerKind: string;
  readonly results: readonly OutlinedResult[];
  /** Runs of the file's sweep; null without one, and where its axes are wrong. */
  readonly sweepRuns: number | null;
  /** Equal for two texts of which the theory says the same. */
  readonly fingerprint: string;
}

/** The file's notes, where they stand: UTF-16 code units. */
export interface Notes {
  readonly offset: number;
  readonly length: number;
  readonly paragraphs: readonly string[];
}

export interface FileOutline {
  /** Null until the file has once been an experiment, or when it is too large. */
  readonly good: GoodOutline | null;
  readonly keys: KeyLines;
  /** Of this very text; null where it has none, and while it is broken. */
  readonly notes: Notes | null;
  readonly tooLarge: boolean;
  /** Whether `good` belongs to this very text. */
  readonly current: boolean;
}

/** Reads a text. What a broken text does not tell is taken from the outline before it, so that nothing flickers while it is being typed. */
export function outlineText(text: string, before: FileOutline | null): FileOutline {
  if (text.length > LARGEST_OUTLINED_TEXT) return { good: null, keys: {}, notes: null, tooLarge: true, current: false };
  const { experiment, document } = readExperiment(text);
  const found = keyLines(document, experiment === null);
  if (experiment === null)
    return { good: before?.good ?? null, keys: { ...before?.keys, ...found }, notes: null, tooLarge: false, current: false };
  return { good: goodOutline(experiment), keys: found, notes: notesOf(experiment, document), tooLarge: false, current: true };
}

function notesOf({ notes }: Experiment, document: FileDocument): Notes | null {
  const place = document.find('/notes')?.value;
  if (place === undefined || notes === undefined) return null;
  return { offset: place.offset, length: place.length, paragraphs: typeof notes === 'string' ? [notes] : notes };
}

function goodOutline(experiment: Experiment): GoodOutline {
  const results = outlineExperiment(experiment);
  const { model, optimizer, title } = experiment;
  const said = results.map(({ result, symbol, conditions, modelNote, optimizerNote }) => [
    result.id,
    symbol,
    conditions,
    modelNote,
    optimizerNote,
  ]);
  const fingerprint = JSON.stringify([model.kind, optimizer.kind, experiment.data.kind, said]);
  return { title, modelKind: model.kind, optimizerKind: optimizer.kind, results, sweepRuns: sweepRunsOf(experiment), fingerprint };
}

function sweepRunsOf({ sweep }: Experiment): number | null {
  try {
    return sweep === undefined ? null : pointCount(sweep);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function keyLines(document: FileDocument, broken: boolean): KeyLines {
  const lines: Partial<Record<keyof KeyLines, number>> = {};
  for (const key of [...NOTED_KEYS, 'sweep'] as const) {
    // Where the text is too broken for the tree, the key's name is enough to keep a lens at its line.
    const named = (): number => (broken ? document.text.search(new RegExp(`"${key}"\\s*:`, 'u')) : -1);
    const offset = document.find(`/${key}`)?.key?.offset ?? named();
    if (offset >= 0) lines[key] = document.position(offset).line - 1;
  }
  return lines;
}
