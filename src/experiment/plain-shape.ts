/**
 * The schema as plain data, and a reader of it: what a whole experiment is and which defaults it has, without the validator's library.
 * Editors read a file with it at every key, and load it in a few milliseconds. It says whether a value fits, not what is wrong with it.
 */

/** Shapes stand in one list and name each other by their place in it. */
export type PlainShape =
  | { readonly is: 'any' }
  | { readonly is: 'flag' }
  | { readonly is: 'text'; readonly least: number; readonly most: number | null }
  /** Bounds are null where there is none; `open` ones are not reached. */
  | { readonly is: 'number'; readonly whole: boolean; readonly least: Bound | null; readonly most: Bound | null }
  | { readonly is: 'choice'; readonly of: readonly unknown[] }
  | { readonly is: 'list'; readonly of: number; readonly least: number; readonly most: number | null }
  /** A list of finite numbers, which may be very long. */
  | { readonly is: 'numbers'; readonly least: number; readonly most: number }
  /** Lists of finite numbers, each of at least one. */
  | { readonly is: 'rows'; readonly least: number; readonly most: number; readonly columns: number }
  | { readonly is: 'map'; readonly of: number }
  | { readonly is: 'object'; readonly keys: readonly PlainKey[] }
  /** The first that fits counts. */
  | { readonly is: 'either'; readonly of: readonly number[] };

export interface Bound {
  readonly at: number;
  readonly open: boolean;
}

export interface PlainKey {
  readonly name: string;
  readonly shape: number;
  /** What stands for the key where the file leaves it out: a JSON text, null for nothing, undefined where it may not be left out. */
  readonly absent?: string | null;
}

/** The answer for a value that does not fit; no JSON value is a symbol. */
export const UNFIT = Symbol('unfit');

/**
 * A value of JSON with its defaults filled in and its keys in the order of the schema.
 * @param at place of the value's shape in the list
 */
export function readPlain(shapes: readonly PlainShape[], at: number, value: unknown): unknown {
  const shape = shapes[at];
  switch (shape.is) {
    case 'any':
      return value;
    case 'flag':
      return typeof value === 'boolean' ? value : UNFIT;
    case 'text':
      return typeof value === 'string' && within(value.length, shape) ? value : UNFIT;
    case 'number':
      return isNumberOf(value, shape) ? value : UNFIT;
    case 'choice':
      return shape.of.includes(value) ? value : UNFIT;
    case 'numbers':
      return isNumbers(value, shape.least, shape.most) ? value : UNFIT;
    case 'rows':
      return Array.isArray(value) && within(value.length, shape) && value.every((row) => isNumbers(row, 1, shape.columns)) ? value : UNFIT;
    case 'list':
      return Array.isArray(value) && within(value.length, shape) ? readList(shapes, shape.of, value) : UNFIT;
    case 'map':
      return isObject(value) ? readMap(shapes, shape.of, value) : UNFIT;
    case 'object':
      return isObject(value) ? readObject(shapes, shape.keys, value) : UNFIT;
    case 'either':
      for (const option of shape.of) {
        const read = readPlain(shapes, option, value);
        if (read !== UNFIT) return read;
      }
      return UNFIT;
    default:
      return shape satisfies never;
  }
}

function readList(shapes: readonly PlainShape[], at: number, list: readonly unknown[]): unknown {
  const entries: unknown[] = [];
  for (const entry of list) {
    const read = readPlain(shapes, at, entry);
    if (read === UNFIT) return UNFIT;
    entries.push(read);
  }
  return entries;
}

function readMap(shapes: readonly PlainShape[], at: number, map: Readonly<Record<string, unknown>>): unknown {
  const entries: [string, unknown][] = [];
  for (const [name, entry] of Object.entries(map)) {
    const read = readPlain(shapes, at, entry);
    if (read === UNFIT) return UNFIT;
    entries.push([name, read]);
  }
  return Object.fromEntries(entries);
}

function readObject(shapes: readonly PlainShape[], keys: readonly PlainKey[], object: Readonly<Record<string, unknown>>): unknown {
  const read: Record<string, unknown> = {};
  let known = 0;
  for (const { name, shape, absent } of keys) {
    if (Object.hasOwn(object, name)) {
      const entry = readPlain(shapes, shape, object[name]);
      if (entry === UNFIT) return UNFIT;
      read[name] = entry;
      known += 1;
    } else if (absent === undefined) return UNFIT;
    // Parsed anew for every file: nobody shares it.
    else if (absent !== null) read[name] = JSON.parse(absent);
  }
  return known === Object.keys(object).length ? read : UNFIT;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function within(length: number, { least, most }: { readonly least: number; readonly most: number | null }): boolean {
  return length >= least && (most === null || length <= most);
}

function isNumberOf(value: unknown, { whole, least, most }: Extract<PlainShape, { is: 'number' }>): boolean {
  if (typeof value !== 'number' || !(whole ? Number.isSafeInteger(value) : Number.isFinite(value))) return false;
  if (least !== null && (least.open ? value <= least.at : value < least.at)) return false;
  return most === null || (most.open ? value < most.at : value <= most.at);
}

function isNumbers(value: unknown, least: number, most: number): boolean {
  if (!Array.isArray(value) || value.length < least || value.length > most) return false;
  return value.every((entry) => Number.isFinite(entry));
}
