/** From an experiment with every default filled in back to a file as people write it. */
import { canonicalJson } from '../protocol/report-json';
import { experimentOf } from './read';

type Fields = Record<string, unknown>;

/** Stands in for samples that are written out: no default depends on them, and they may be large. */
const SAMPLES = { kind: 'inline', x: [[1]], y: [1] };
const WRITTEN_OUT: readonly unknown[] = ['inline', 'entries', 'measurements'];

/**
 * The same experiment with whatever may be left out left out. Not only shorter: a setting that acts on nothing, such as the kind of a
 * momentum of 0, may not be written.
 * @param experiment with every default, as plain JSON
 */
export function withoutDefaults(experiment: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { data } = experiment;
  const writtenOut = WRITTEN_OUT.includes((data as Fields | null | undefined)?.kind);
  const file = JSON.parse(JSON.stringify(writtenOut ? { ...experiment, data: SAMPLES } : experiment)) as Fields;
  const meaning = meaningOf(file);
  if (meaning !== null) shorten(file, file, meaning);
  return writtenOut ? { ...file, data } : file;
}

function shorten(owner: Fields, file: Fields, meaning: string): void {
  for (const [key, value] of Object.entries(owner)) {
    Reflect.deleteProperty(owner, key);
    if (meaningOf(file) === meaning) continue;
    owner[key] = value;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) shorten(value as Fields, file, meaning);
  }
}

function meaningOf(file: Fields): string | null {
  const experiment = experimentOf(file);
  return experiment === null ? null : canonicalJson(experiment);
}
