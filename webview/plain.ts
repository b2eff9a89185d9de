/** Pieces of unknown data as what they are meant to be: capped, freed of what hides or disguises, never thrown at. */
import { numberOf } from '../src/protocol/report-json';

const WORD = 200;
const SENTENCE = 2000;
const LIST = 200;

/** Control characters and the marks that change the direction of text: they can hide or disguise what a text says. */
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none of anything else. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A text of at most `limit` characters; anything but a text or number is empty. */
export function text(value: unknown, limit: number = SENTENCE): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '';
  // Cutting first keeps the cost of a hostile megabyte small.
  const clean = value.slice(0, limit + 1).replace(UNSEEN, '');
  return value.length > limit ? `${clean.slice(0, limit)}…` : clean;
}

/** A text short enough for a title. */
export function word(value: unknown): string {
  return text(value, WORD);
}

/** The items of a list, at most `limit`; none of anything else. */
export function list<T>(value: unknown, item: (value: unknown) => T, limit: number = LIST): readonly T[] {
  return Array.isArray(value) ? value.slice(0, limit).map(item) : [];
}

/** Numbers of a list or typed array, at most `limit`; null of anything else. */
export function numbers(value: unknown, limit: number): readonly number[] | null {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return null;
  const raw = value as ArrayLike<unknown>;
  // A DataView has no length.
  return Array.from({ length: Math.min(raw.length ?? 0, limit) }, (_, index) => numberOf(raw[index]));
}

export function optionalNumber(value: unknown): number | null {
  return value === null || value === undefined ? null : numberOf(value);
}

/** The value where it is one of those allowed. */
export function oneOf<T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T {
  return allowed.includes(value as T) ? (value as T) : otherwise;
}

export function optionalWord(value: unknown): string | null {
  return value === null || value === undefined ? null : word(value);
}
