/** What the schema says at a place of a file: the keys of the object there, and of its alternatives. */
import type { z } from 'zod';

type AnySchema = z.core.$ZodType;

/** An object of the schema; `kind` and `alternatives` where it is one of several that differ by their kind. */
export interface ObjectShape {
  readonly keys: readonly string[];
  readonly required: readonly string[];
  readonly kind: string | null;
  readonly alternatives: readonly { readonly kind: string; readonly keys: readonly string[] }[];
}

interface Def {
  readonly type: string;
  readonly innerType?: AnySchema;
  readonly shape?: Readonly<Record<string, AnySchema>>;
  readonly options?: readonly AnySchema[];
  readonly discriminator?: string;
  readonly element?: AnySchema;
  readonly valueType?: AnySchema;
  readonly values?: readonly unknown[];
}

function defOf(schema: AnySchema): Def {
  return schema._zod.def;
}

function unwrap(schema: AnySchema): AnySchema {
  let inner = schema;
  for (;;) {
    const next = defOf(inner).innerType;
    if (next === undefined) return inner;
    inner = next;
  }
}

function kindOf(option: AnySchema): string | null {
  const literal = defOf(option).shape?.kind;
  const value = literal && defOf(unwrap(literal)).values?.[0];
  return typeof value === 'string' ? value : null;
}

/** The object schema among the options of a union that the value means, null for none. */
function optionFor(options: readonly AnySchema[], value: unknown): AnySchema | null {
  const objects = options.map(unwrap).filter((option) => defOf(option).type === 'object');
  if (objects.length <= 1) return objects[0] ?? null;
  const kind = value !== null && typeof value === 'object' && Object.hasOwn(value, 'kind') ? (value as { kind: unknown }).kind : null;
  return objects.find((option) => kindOf(option) === kind) ?? null;
}

export function keysOf(schema: AnySchema): readonly string[] {
  return Object.keys(defOf(schema).shape ?? {});
}

/** Names that a discriminated union offers. */
function alternativesOf(options: readonly AnySchema[]): ObjectShape['alternatives'] {
  return options.map(unwrap).flatMap((option) => {
    const kind = kindOf(option);
    return kind === null ? [] : [{ kind, keys: keysOf(option) }];
  });
}

/** The object schema at a path of a file's value; null where the schema has no object there. */
export function objectShapeAt(schema: AnySchema, value: unknown, path: readonly PropertyKey[]): ObjectShape | null {
  let at = unwrap(schema);
  let here = value;
  let alternatives: ObjectShape['alternatives'];
  for (let i = 0; ; i++) {
    alternatives = [];
    if (defOf(at).type === 'union') {
      const options = defOf(at).options ?? [];
      if (defOf(at).discriminator !== undefined) alternatives = alternativesOf(options);
      const option = optionFor(options, here);
      if (option === null) return null;
      at = option;
    }
    if (i === path.length) break;
    const { shape, element, valueType } = defOf(at);
    const segment = path[i];
    const next = shape ? (Object.hasOwn(shape, segment) ? shape[String(segment)] : undefined) : (element ?? valueType);
    if (next === undefined) return null;
    at = unwrap(next);
    here =
      here !== null && typeof here === 'object' && Object.hasOwn(here, segment)
        ? (here as Record<PropertyKey, unknown>)[segment]
        : undefined;
  }
  const { shape } = defOf(at);
  if (shape === undefined) return null;
  const required = Object.entries(shape).flatMap(([key, property]) => (property._zod.optin === 'optional' ? [] : [key]));
  return { keys: Object.keys(shape), required, kind: kindOf(at), alternatives };
}
