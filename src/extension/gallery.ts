/** The catalogue as a gallery: every published result with its examples, in the groups of the review article. Knows no editor. */
import type { PublishedResult } from '../theory/result';
import { claimOf, expectationOf, type Expectation } from './expectation';

/** The first letter of a row says which part of the article it belongs to; this is their order there. */
const GROUPS: readonly (readonly [letter: string, title: string])[] = [
  ['C', 'Classification'],
  ['R', 'Regression'],
  ['S', 'Dynamical stability'],
  ['A', 'Further biases'],
  ['G', 'Generalization'],
];

export interface Example {
  /** "r3-sparse-recovery". */
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly expected: Expectation | null;
  /** One that breaks a condition: the other side of the result. */
  readonly control: boolean;
}

export interface GalleryEntry {
  readonly result: PublishedResult;
  /** What belongs to its row; the one that shows the result best stands first. */
  readonly examples: readonly Example[];
}

export interface GalleryGroup {
  readonly title: string;
  readonly entries: readonly GalleryEntry[];
}

/** @param name of the file, without its ending */
export function exampleOf(name: string, text: string): Example {
  return { name, text, expected: expectationOf(text), title: claimOf(text)?.title ?? name, control: name.includes('-control-') };
}

/** Groups without a result are left out; rows of a letter that the article has not come last. */
export function galleryOf(results: readonly PublishedResult[], examples: readonly Example[]): readonly GalleryGroup[] {
  const letters = [...new Set([...GROUPS.map(([letter]) => letter), ...results.map(({ row }) => row[0])])];
  const groups = letters.map((letter) => ({
    title: GROUPS.find(([known]) => known === letter)?.[1] ?? 'Further results',
    entries: results
      .filter(({ row }) => row[0] === letter)
      .sort((a, b) => numberOf(a.row) - numberOf(b.row))
      .map((result) => ({ result, examples: examplesOf(result, results, examples) })),
  }));
  return groups.filter(({ entries }) => entries.length > 0);
}

/** Those about it, of whatever row, then those of its row that are about no other result of it; controls behind the others. */
function examplesOf(result: PublishedResult, results: readonly PublishedResult[], examples: readonly Example[]): readonly Example[] {
  const siblings = new Set(results.filter(({ row, id }) => row === result.row && id !== result.id).map(({ id }) => id));
  const isAbout = ({ expected }: Example): boolean => expected?.result === result.id;
  const row = result.row.toLowerCase();
  const rows = new Set(results.map((other) => other.row.toLowerCase()));
  // A row without a result of its own shows those that its examples are about.
  const lent = new Set(examples.filter((example) => isAbout(example) && !rows.has(rowOf(example))).map(rowOf));
  const isOfRow = (example: Example): boolean =>
    (rowOf(example) === row && !siblings.has(example.expected?.result ?? '')) ||
    (example.expected?.result == null && lent.has(rowOf(example)));
  const rank = (example: Example): number => (isAbout(example) ? 0 : 2) + (example.control ? 1 : 0);
  return examples.filter((example) => isAbout(example) || isOfRow(example)).sort((a, b) => rank(a) - rank(b));
}

function rowOf({ name }: Example): string {
  return name.split('-', 1)[0];
}

function numberOf(row: string): number {
  return Number(row.slice(1));
}

/** A file that an experiment reads, relative to it; null for none. */
export function dataFileOf(text: string): string | null {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return null;
  }
  const { data } = (file ?? {}) as { readonly data?: { readonly kind?: unknown; readonly path?: unknown } };
  return data?.kind === 'csv' && typeof data.path === 'string' ? data.path : null;
}
