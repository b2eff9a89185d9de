/** The schema of `schema.ts` as plain data, for `plain-shape.ts`. Run when the product is built; never at run time. */
import type { z } from 'zod';
import type { Bound, PlainKey, PlainShape } from './plain-shape';
import { experimentSchema } from './schema';

type AnySchema = z.core.$ZodType;

interface Def {
  readonly type: string;
  readonly innerType?: AnySchema;
  readonly shape?: Readonly<Record<string, AnySchema>>;
  readonly catchall?: AnySchema;
  readonly options?: readonly AnySchema[];
  readonly element?: AnySchema;
  readonly valueType?: AnySchema;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDef } }[];
}

interface CheckDef {
  readonly check: string;
  readonly format?: string;
  readonly inclusive?: boolean;
  readonly value?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly length?: number;
}

/** What `numberList` and `numberRows` say of themselves. */
interface NumbersMeta {
  readonly items: { readonly type: string; readonly maxItems?: number };
  readonly minItems: number;
  readonly maxItems: number;
}

/**
 * Every shape of the schema once; the experiment itself stands last.
 * @throws Error where the schema says something that a plain shape cannot say
 */
export function experimentShapes(): readonly PlainShape[] {
  const shapes: PlainShape[] = [];
  const places = new Map<string, number>();
  const place = (schema: AnySchema): number => {
    const shape = shapeOf(schema, place);
    const text = JSON.stringify(shape);
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, shapes.length);
    return shapes.push(shape) - 1;
  };
  place(experimentSchema);
  return shapes;
}

function shapeOf(schema: AnySchema, place: (schema: AnySchema) => number): PlainShape {
  const def = defOf(schema);
  const checks = (def.checks ?? []).map(({ _zod }) => _zod.def);
  switch (def.type) {
    case 'unknown':
      return { is: 'any' };
    case 'boolean':
      return { is: 'flag' };
    case 'string':
      return { is: 'text', ...lengths(checks) };
    case 'number':
    case 'int':
      return numberOf(schema, checks);
    case 'literal':
      return { is: 'choice', of: [...(def.values ?? [])] };
    case 'enum':
      return { is: 'choice', of: Object.values(def.entries ?? {}) };
    case 'array':
      return { is: 'list', of: place(def.element as AnySchema), ...lengths(checks) };
    case 'record':
      return { is: 'map', of: place(def.valueType as AnySchema) };
    case 'custom':
      return numbersOf(schema as z.ZodType);
    case 'union':
      return { is: 'either', of: (def.options ?? []).map(place) };
    case 'object':
      // An object that takes any key would say nothing of a misspelled one.
      if (def.catchall === undefined || defOf(def.catchall).type !== 'never') throw new Error('an object of the schema is not strict');
      return { is: 'object', keys: Object.entries(def.shape ?? {}).map(([name, value]) => keyOf(name, value as z.ZodType, place)) };
    default:
      throw new Error(`a plain shape cannot say what "${def.type}" is`);
  }
}

function defOf(schema: AnySchema): Def {
  return schema._zod.def;
}

function keyOf(name: string, value: z.ZodType, place: (schema: AnySchema) => number): PlainKey {
  let inner: AnySchema = value;
  while (['optional', 'default', 'prefault'].includes(defOf(inner).type)) inner = defOf(inner).innerType as AnySchema;
  const left = value.safeParse(undefined);
  // An unknown value may be left out as well, but no key of the schema takes any.
  if (!left.success) return { name, shape: place(inner) };
  return { name, shape: place(inner), absent: left.data === undefined ? null : JSON.stringify(left.data) };
}

function lengths(checks: readonly CheckDef[]): { readonly least: number; readonly most: number | null } {
  let least = 0;
  let most: number | null = null;
  for (const { check, minimum = 0, maximum = Infinity, length = 0 } of checks) {
    if (check === 'min_length') least = Math.max(least, minimum);
    else if (check === 'max_length') most = Math.min(most ?? Infinity, maximum);
    else if (check === 'length_equals') [least, most] = [length, length];
    else throw new Error(`a plain shape cannot say "${check}" of a length`);
  }
  return { least, most };
}

function numberOf(schema: AnySchema, checks: readonly CheckDef[]): PlainShape {
  let whole = (schema._zod.def as unknown as CheckDef).format === 'safeint';
  let least: Bound | null = null;
  let most: Bound | null = null;
  for (const { check, format, inclusive, value = NaN } of checks) {
    const bound = { at: value, open: inclusive === false };
    if (check === 'number_format' && format === 'safeint') whole = true;
    else if (check === 'greater_than') least = least === null || isTighter(bound, least, 1) ? bound : least;
    else if (check === 'less_than') most = most === null || isTighter(bound, most, -1) ? bound : most;
    else throw new Error(`a plain shape cannot say "${check} ${format ?? ''}" of a number`);
  }
  return { is: 'number', whole, least, most };
}

/** @param up 1 for lower bounds, −1 for upper ones */
function isTighter(bound: Bound, than: Bound, up: 1 | -1): boolean {
  return up * (bound.at - than.at) > 0 || (bound.at === than.at && bound.open);
}

function numbersOf(schema: z.ZodType): PlainShape {
  const { items, minItems, maxItems } = schema.meta() as unknown as NumbersMeta;
  if (items.type === 'number') return { is: 'numbers', least: minItems, most: maxItems };
  if (items.type !== 'array' || items.maxItems === undefined) throw new Error('a list of the schema is not one of numbers');
  return { is: 'rows', least: minItems, most: maxItems, columns: items.maxItems };
}
