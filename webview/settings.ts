/** The settings of an experiment one by one, as a caption or a table has room for them. */
import { formatNumber } from './format-number';

/** What says nothing of how it was computed. */
const NO_SETTINGS: ReadonlySet<string> = new Set(['$schema', 'format', 'title', 'notes', 'expect', 'record']);
const DEEPEST = 8;
const MOST = 400;
/** Longer lists are told by their size. */
const LISTED = 6;

export interface Setting {
  /** "optimizer.stepSize". */
  readonly path: string;
  /** The value as it stands in the file. */
  readonly value: unknown;
  readonly text: string;
}

/** All settings of a resolved experiment, in its order. */
export function settingsOf(experiment: unknown): readonly Setting[] {
  const found: Setting[] = [];
  const walk = (value: unknown, path: string, depth: number): void => {
    if (found.length >= MOST || value === undefined) return;
    if (isGroup(value) && depth < DEEPEST) {
      for (const [key, item] of Object.entries(value))
        if (depth > 0 || !NO_SETTINGS.has(key)) walk(item, path === '' ? key : `${path}.${key}`, depth + 1);
      return;
    }
    if (path !== '') found.push({ path, value, text: textOf(value) });
  };
  walk(experiment, '', 0);
  return found;
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value, 6);
  if (Array.isArray(value)) {
    if (value.length <= LISTED && value.every((item) => typeof item !== 'object')) return `[${value.map(textOf).join(', ')}]`;
    const [first] = value as readonly unknown[];
    return Array.isArray(first) ? `${value.length} × ${first.length} numbers` : `${value.length} values`;
  }
  return typeof value === 'string' ? value.slice(0, 100) : JSON.stringify(value).slice(0, 100);
}
