/** Reports that were kept as files: of one run, of several, or the summary of a sweep. */
import type { RunState, RunView } from '../protocol/panel';
import type { Report } from '../protocol/report';
import { SWEEP_FORMAT, type SweepSummary } from '../protocol/sweep';
import { sweepReport } from './sweep-report';

/**
 * The reports of a parsed JSON file, as they stand there (numbers that are not finite by their names); a sweep's summary as its report.
 * Empty for anything else.
 */
export function savedReports(value: unknown): readonly Report[] {
  if (Array.isArray(value)) return value.filter(isReport);
  if (isReport(value)) return [value];
  return isSummary(value) ? [sweepReport(value)] : [];
}

/** A finished run around a report of which nothing else is known. */
export function viewOfReport(report: Report, { id, file }: { readonly id: string; readonly file: string }): RunView {
  return {
    id,
    kind: 'saved',
    title: report.title || file,
    file,
    state: stateOf(report),
    stale: false,
    startedAt: '',
    report,
    subject: null,
    failure: null,
    predictions: report.predictions,
    references: report.references,
    live: { columns: [], rows: 0, values: new Float64Array(0) },
    figures: [],
    progress: null,
    waiting: false,
  };
}

export function stateOf({ outcome }: Report): Exclude<RunState, 'empty' | 'running'> {
  switch (outcome) {
    case 'converged':
    case 'stopped':
      return 'done';
    case 'stuck':
    case 'diverged':
    case 'cancelled':
    case 'failed':
      return outcome;
    default:
      return outcome satisfies never;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** The page checks every part again; here it is enough to know that it is meant as a report. */
export function isReport(value: unknown): value is Report {
  if (!isObject(value)) return false;
  const { format, predictions, references, trajectory, measures, verdict, solution, outcome } = value;
  return (
    format === 1 &&
    Array.isArray(predictions) &&
    Array.isArray(references) &&
    [trajectory, measures, solution].every(isObject) &&
    typeof outcome === 'string' &&
    isObject(verdict) &&
    typeof verdict.outcome === 'string' &&
    typeof verdict.says === 'string'
  );
}

function isSummary(value: unknown): value is SweepSummary {
  if (!isObject(value)) return false;
  const { format, axes, points, cells, figures } = value;
  return format === SWEEP_FORMAT && [axes, points, cells, figures].every(Array.isArray);
}
