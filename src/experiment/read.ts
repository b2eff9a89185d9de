/**
 * The same experiment as `parseExperiment` gives, or none, without the schema's library: for those who ask at every key what a file means
 * and leave it to others to say what is wrong with it.
 */
import { resolveExperiment } from './defaults';
import type { FileDocument } from './document';
import { readValue } from './file-value';
import { readPlain, UNFIT } from './plain-shape';
import type { Experiment, ParsedFile } from './schema';
import { SHAPES } from './shapes.generated';

export interface ReadExperiment {
  /** Null when there is an error. */
  readonly experiment: Experiment | null;
  /** Usable on broken text too. */
  readonly document: FileDocument;
}

export function readExperiment(text: string): ReadExperiment {
  const { document, value } = readValue(text);
  return { document, experiment: value === undefined ? null : experimentOf(value) };
}

/** @param value of JSON */
export function experimentOf(value: unknown): Experiment | null {
  const read = readPlain(SHAPES, SHAPES.length - 1, value);
  // The shapes are the schema's, and a test holds the two answers together.
  return read === UNFIT ? null : resolveExperiment(read as ParsedFile);
}
