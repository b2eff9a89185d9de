/**
 * Lists of numbers in the schema. The general check of an array costs an object an entry and reports every wrong entry;
 * a megabyte of data is checked here in a few milliseconds, and a file of a million wrong entries gives a few issues.
 */
import * as z from 'zod';

const MOST_ISSUES = 20;

interface Issues {
  push(issue: z.core.$ZodRawIssue): unknown;
  readonly length: number;
}

function checkList(value: unknown, path: readonly number[], min: number, max: number, issues: Issues): void {
  if (!Array.isArray(value)) {
    issues.push({ code: 'invalid_type', expected: 'array', input: value, path: [...path] });
    return;
  }
  const list = value as readonly unknown[];
  if (list.length < min) issues.push({ code: 'too_small', origin: 'array', minimum: min, inclusive: true, input: value, path: [...path] });
  if (list.length > max) issues.push({ code: 'too_big', origin: 'array', maximum: max, inclusive: true, input: value, path: [...path] });
  for (let i = 0; i < list.length && issues.length < MOST_ISSUES; i++) {
    const entry = list[i];
    if (typeof entry !== 'number' || !Number.isFinite(entry)) {
      issues.push({ code: 'invalid_type', expected: 'number', input: entry, path: [...path, i] });
    }
  }
}

/** A list of `min` to `max` finite numbers. */
export function numberList({ min, max }: { readonly min: number; readonly max: number }): z.ZodCustom<number[], number[]> {
  return z
    .custom<number[]>()
    .check(({ value, issues }) => checkList(value, [], min, max, issues))
    .meta({ type: 'array', items: { type: 'number' }, minItems: min, maxItems: max });
}

/** One to `rows` lists, each of 1 to `columns` finite numbers; their lengths may differ. */
export function numberRows({ rows, columns }: { readonly rows: number; readonly columns: number }): z.ZodCustom<number[][], number[][]> {
  return z
    .custom<number[][]>()
    .check(({ value, issues }) => {
      if (!Array.isArray(value)) {
        issues.push({ code: 'invalid_type', expected: 'array', input: value });
        return;
      }
      const list = value as readonly unknown[];
      if (list.length < 1) issues.push({ code: 'too_small', origin: 'array', minimum: 1, inclusive: true, input: value });
      if (list.length > rows) issues.push({ code: 'too_big', origin: 'array', maximum: rows, inclusive: true, input: value });
      for (let i = 0; i < list.length && issues.length < MOST_ISSUES; i++) checkList(list[i], [i], 1, columns, issues);
    })
    .meta({
      type: 'array',
      items: { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: columns },
      minItems: 1,
      maxItems: rows,
    });
}
