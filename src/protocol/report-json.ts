/** JSON has no NaN and no Infinity: the report writes them as the strings "NaN", "Infinity", "-Infinity". */
import type { Report } from './report';

/** Plain data in which every non-finite number is replaced by its name. */
export function toPlain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(toPlain);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, toPlain);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, toPlain(item)]])));
  }
  return value;
}

export function encodeReport(report: Report, indent = 1): string {
  return JSON.stringify(toPlain(report), null, indent);
}

const NON_FINITE: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

/** Number from its report form; a string that is not the name of a number stays NaN. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value in NON_FINITE ? NON_FINITE[value] : Number.NaN;
}

/** JSON with the keys of every object in order: the same content gives the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(toPlain(value), (_key, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : item,
  );
}
