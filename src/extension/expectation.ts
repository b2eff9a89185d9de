/** What a file expects of its run (`expect`), and whether a run met it. Knows no editor. */
import type { RunRecord } from './run-record';
import { verdictText, verdictWord } from './wording';

export interface Expectation {
  readonly verdict: string;
  /** Id of the result that the verdict must be about; null for any. */
  readonly result: string | null;
}

/** A file that has something to say of what it expects, whether it can be understood or not. */
export interface Claim {
  /** The file's title; null without one. */
  readonly title: string | null;
  /** 0-based line of the key. */
  readonly line: number;
}

const KEY = /"expect"\s*:/u;
const TITLE = /"title"\s*:\s*("(?:[^"\\\n]|\\.)*")/u;

/**
 * Null for a text that expects nothing. One that is no JSON at the moment claims what its words claim: a test does not go away while
 * somebody is typing in its file, it fails.
 */
export function claimOf(text: string): Claim | null {
  const at = text.search(KEY);
  if (at < 0) return null;
  const file = parsed(text);
  if (file !== BROKEN && (!isObject(file) || !('expect' in file))) return null;
  const title = file === BROKEN ? titleIn(text) : (file as { readonly title?: unknown }).title;
  return { title: typeof title === 'string' && title !== '' ? title : null, line: text.slice(0, at).split('\n').length - 1 };
}

/** Null for a text that is no JSON, and for one that expects no verdict. */
export function expectationOf(text: string): Expectation | null {
  const file = parsed(text);
  if (!isObject(file) || !isObject(file['expect'])) return null;
  const { verdict, result } = file['expect'];
  return typeof verdict === 'string' ? { verdict, result: typeof result === 'string' ? result : null } : null;
}

const BROKEN = Symbol('not JSON');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return BROKEN;
  }
}

function titleIn(text: string): unknown {
  const literal = TITLE.exec(text)?.[1];
  return literal === undefined ? null : parsed(literal);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `errored`: there is no verdict that could be compared. */
export type Judged =
  | { readonly outcome: 'passed'; readonly says: string }
  | { readonly outcome: 'failed'; readonly says: string; readonly expected: string; readonly found: string }
  | { readonly outcome: 'errored'; readonly says: string }
  | { readonly outcome: 'skipped' };

export function judged(expected: Expectation, record: Pick<RunRecord, 'state' | 'ended' | 'verdict' | 'report'>): Judged {
  if (record.state === 'cancelled') return { outcome: 'skipped' };
  if (record.state === 'failed' || record.report === null || record.verdict === null) {
    return { outcome: 'errored', says: record.ended ?? 'The run has no report.' };
  }
  const { verdict } = record;
  if (record.report.asExpected === true) return { outcome: 'passed', says: verdictText(verdict) };
  const about = (result: string | null): string => (expected.result === null || result === null ? '' : ` about ${result}`);
  return {
    outcome: 'failed',
    says: `Expected: ${verdictWord(expected.verdict)}${about(expected.result)}. Found: ${verdictText(verdict)}${about(verdict.result)}. ${verdict.says}`,
    expected: wordsOf(expected.verdict, expected.result),
    found: wordsOf(verdict.outcome, expected.result === null ? null : verdict.result),
  };
}

function wordsOf(verdict: string, result: string | null): string {
  return result === null ? verdict : `${verdict}\nabout ${result}`;
}
