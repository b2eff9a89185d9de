/** What is kept of a run: in memory while the window is open, as one JSON file a run in the history. */
import type { Report, Verdict } from '../protocol/report';
import type { RunState, RunView } from '../protocol/panel';
import { isReport } from '../study/saved-report';

export type FinishedState = Exclude<RunState, 'empty' | 'running'>;

/** A single run of a file, or its whole sweep. */
export type RunKind = 'run' | 'sweep';

/** Who asked for a run. Of those of the Test Explorer there may be hundreds at a time. */
export type RunOrigin = 'user' | 'test';

/** What lists and lenses need of a run. */
export interface RunSummary {
  readonly id: string;
  readonly kind: RunKind;
  readonly origin: RunOrigin;
  /** URI of the experiment file. */
  readonly uri: string;
  /** Its name for people, relative to the workspace. */
  readonly file: string;
  readonly title: string;
  /** Hash of the text that was run; a file with another text has changed since. */
  readonly textHash: string;
  /** Of the file of its data, as its report has it; null where the data are in no file, or nothing was learned. */
  readonly dataHash: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly state: FinishedState;
  /** Reason of "failed", or why a run ended otherwise; one line. */
  readonly ended: string | null;
  readonly verdict: Verdict | null;
  /** Kept whatever the limit of the history is. */
  readonly pinned: boolean;
  /** What the user wrote down about it. */
  readonly note: string | null;
}

/** A finished run. Non-finite numbers of the report are the strings "NaN", "Infinity", "-Infinity", as in its JSON form. */
export interface RunRecord extends RunSummary {
  readonly report: Report | null;
}

const RUN_ID = /^[0-9]{8}T[0-9]{9}-[0-9a-f]{8}$/;

/** Sortable by time, and safe as a file name. */
export function newRunId(now: Date, entropy: string): string {
  return `${now.toISOString().replace(/[-:.Z]/g, '')}-${entropy}`;
}

/** Ids reach us from stored page states and file names: anything else than our own form is refused. */
export function isRunId(value: unknown): value is string {
  return typeof value === 'string' && RUN_ID.test(value);
}

export function summaryOf(record: RunRecord): RunSummary {
  const { report: _, ...summary } = record;
  return summary;
}

/** The page's view of a finished run. */
export function viewOf(record: RunRecord, stale: boolean): RunView {
  return {
    id: record.id,
    kind: record.kind,
    title: record.title,
    file: record.file,
    state: record.state,
    stale,
    startedAt: record.startedAt,
    report: record.report,
    subject: null,
    failure: record.state === 'failed' ? record.ended : null,
    predictions: record.report?.predictions ?? [],
    references: record.report?.references ?? [],
    live: { columns: [], rows: 0, values: new Float64Array(0) },
    figures: [],
    progress: null,
    waiting: false,
  };
}

const STATES: Readonly<Record<FinishedState, true>> = { done: true, stuck: true, diverged: true, cancelled: true, failed: true };

/** Reads a stored run; null when the text is not one (torn, foreign, from another version). */
export function decodeRecord(text: string): RunRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (value === null || typeof value !== 'object') return null;
  const { format, id, kind, origin, uri, file, title, textHash, startedAt, state, ended, verdict, pinned, note, report } = value as Record<
    string,
    unknown
  >;
  const texts = [uri, file, title, textHash, startedAt].every((item) => typeof item === 'string');
  if (format !== 1 || !isRunId(id) || !texts || typeof state !== 'string' || !(state in STATES)) return null;
  if (Number.isNaN(Date.parse(startedAt as string))) return null;
  if (report !== null && !isReport(report)) return null;
  if (verdict !== null && !looksLikeVerdict(verdict)) return null;
  return {
    id,
    // Records of versions without sweeps do not say.
    kind: kind === 'sweep' ? 'sweep' : 'run',
    // Nor do those of versions that did not ask who.
    origin: origin === 'test' ? 'test' : 'user',
    uri: uri as string,
    file: file as string,
    title: title as string,
    textHash: textHash as string,
    dataHash: report === null ? null : dataHashOf(report),
    startedAt: startedAt as string,
    state: state as FinishedState,
    ended: typeof ended === 'string' ? ended : null,
    verdict,
    // Records of versions before the history could be tended have neither.
    pinned: pinned === true,
    note: typeof note === 'string' ? note : null,
    report,
  };
}

export function encodeRecord(record: RunRecord): string {
  return JSON.stringify({ format: 1, ...record });
}

/** Reports of versions that did not look do not say. */
export function dataHashOf({ data }: Report): string | null {
  return (data as Partial<Report['data']> | undefined)?.sha256 ?? null;
}

function looksLikeVerdict(value: unknown): value is Verdict {
  return (
    value !== null &&
    typeof value === 'object' &&
    typeof (value as Verdict).outcome === 'string' &&
    typeof (value as Verdict).says === 'string'
  );
}
