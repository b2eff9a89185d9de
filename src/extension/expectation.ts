/** What a file expects of its run (`expect`), and whether a run met it. Knows no editor. */
import type { RunRecord } from './run-record';
import { verdictText } from './wording';

export interface Expectation {
  /** The file's title; null without one. */
  readonly title: string | null;
  readonly verdict: string;
  /** Id of the result that the verdict must be about; null for any. */
  readonly result: string | null;
  /** 0-based line of the key. */
  readonly line: number;
}

/** Null for a text that is no JSON, and for one that expects nothing. */
export function expectationOf(text: string): Expectation | null {
  const at = text.search(/"expect"\s*:/u);
  if (at < 0) return null;
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return null;
  }
  const { title, expect } = (file ?? {}) as { readonly title?: unknown; readonly expect?: unknown };
  if (expect === null || typeof expect !== 'object') return null;
  const { verdict, result } = expect as { readonly verdict?: unknown; readonly result?: unknown };
  if (typeof verdict !== 'string') return null;
  return {
    title: typeof title === 'string' && title !== '' ? title : null,
    verdict,
    result: typeof result === 'string' ? result : null,
    line: text.slice(0, at).split('\n').length - 1,
  };
}

/** `errored`: there is no verdict that could be compared. */
export type Judged =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly says: string; readonly expected: string; readonly found: string }
  | { readonly outcome: 'errored'; readonly says: string }
  | { readonly outcome: 'skipped' };

export function judged(expected: Expectation, record: Pick<RunRecord, 'state' | 'ended' | 'verdict' | 'report'>): Judged {
  if (record.state === 'cancelled') return { outcome: 'skipped' };
  if (record.state === 'failed' || record.report === null || record.verdict === null) {
    return { outcome: 'errored', says: record.ended ?? 'The run has no report.' };
  }
  if (record.report.asExpected === true) return { outcome: 'passed' };
  const { verdict } = record;
  return {
    outcome: 'failed',
    says: `${verdictText(verdict)}. ${verdict.says}`,
    expected: wordsOf(expected.verdict, expected.result),
    found: wordsOf(verdict.outcome, expected.result === null ? null : verdict.result),
  };
}

function wordsOf(verdict: string, result: string | null): string {
  return result === null ? verdict : `${verdict}\nabout ${result}`;
}
