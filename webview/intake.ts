/**
 * The border of the page: whatever arrives (a live snapshot, a report from disk, a later or hostile version)
 * becomes data of the declared shape. Texts are capped and freed of control characters, lists are capped,
 * numbers may be written as "NaN" or "Infinity". Nothing is thrown.
 */
import type { ComparedRun, LivePoints, PageState, RunState, RunView } from '../src/protocol/panel';
import type {
  Certificate,
  Condition,
  DataSummary,
  Outcome,
  Prediction,
  Reference,
  Report,
  ResultStatus,
  RunSubject,
  Solution,
  Verdict,
  VerdictLimit,
  VerdictOutcome,
} from '../src/protocol/report';
import { REPORT_FORMAT } from '../src/protocol/report';
import { numberOf } from '../src/protocol/report-json';
import { figuresOf } from './intake-figures';
import { fields, list, numbers, oneOf, optionalNumber, optionalWord, text, word } from './plain';

const LIMITS = { columns: 64, rows: 200_000, coefficients: 1_000_000 } as const;

const STATES: readonly RunState[] = ['empty', 'running', 'done', 'stuck', 'diverged', 'cancelled', 'failed'];
const KINDS: readonly RunView['kind'][] = ['run', 'sweep', 'saved'];
const OUTCOMES: readonly Outcome[] = ['converged', 'stopped', 'stuck', 'diverged', 'cancelled', 'failed'];
const VERDICTS: readonly VerdictOutcome[] = ['agrees', 'disagrees', 'inconclusive', 'no-prediction'];
const LIMIT_KINDS: readonly VerdictLimit[] = ['bound', 'chance'];
const STATUSES: readonly ResultStatus[] = ['theorem', 'conjecture', 'refuted', 'empirical', 'negative'];
const CERTIFICATES: readonly Certificate['kind'][] = ['duality-gap', 'kkt-residual', 'vanishing-combination'];

function conditionOf(value: unknown): Condition {
  const { text: words, holds, because } = fields(value);
  return { text: text(words), holds: holds === true || holds === false ? holds : 'unknown', because: text(because) };
}

export function predictionOf(value: unknown): Prediction {
  const raw = fields(value);
  const citation = fields(raw.citation);
  const url = typeof citation.url === 'string' && /^https?:\/\/[^\s]{1,2000}$/.test(citation.url) ? citation.url : undefined;
  const locus = word(citation.locus);
  return {
    result: word(raw.result),
    title: word(raw.title) || word(raw.result),
    regularizer: word(raw.regularizer),
    symbol: word(raw.symbol) || word(raw.regularizer),
    statement: text(raw.statement),
    formula: text(raw.formula),
    status: oneOf(raw.status, STATUSES, 'empirical'),
    applies: raw.applies === true,
    conditions: list(raw.conditions, conditionOf),
    citation: {
      authors: word(citation.authors),
      year: numberOf(citation.year),
      title: text(citation.title, 400),
      venue: word(citation.venue),
      ...(locus === '' ? {} : { locus }),
      ...(url === undefined ? {} : { url }),
    },
  };
}

export function referenceOf(value: unknown): Reference {
  const raw = fields(value);
  const certificate = fields(raw.certificate);
  return {
    id: word(raw.id),
    title: word(raw.title) || word(raw.id),
    regularizer: word(raw.regularizer),
    predictor: numbers(raw.predictor, LIMITS.coefficients),
    objective: numberOf(raw.objective),
    certificate: {
      kind: oneOf(certificate.kind, CERTIFICATES, 'kkt-residual'),
      value: numberOf(certificate.value),
      says: text(certificate.says),
    },
    role: raw.role === 'compared' ? 'compared' : 'predicted',
  };
}

function verdictOf(value: unknown): Verdict {
  const raw = fields(value);
  return {
    outcome: oneOf(raw.outcome, VERDICTS, 'inconclusive'),
    result: optionalWord(raw.result),
    measure: optionalWord(raw.measure),
    value: optionalNumber(raw.value),
    tolerance: optionalNumber(raw.tolerance),
    ...(LIMIT_KINDS.some((kind) => kind === raw.limit) && { limit: raw.limit as VerdictLimit }),
    says: text(raw.says),
  };
}

function solutionOf(value: unknown): Solution {
  const raw = fields(value);
  // The page does not show parameters; a large network's are not worth a copy.
  return {
    predictor: numbers(raw.predictor, LIMITS.coefficients),
    parameters: [],
    loss: numberOf(raw.loss),
    logLoss: numberOf(raw.logLoss),
  };
}

function dataOf(value: unknown): DataSummary {
  const raw = fields(value);
  return {
    samples: numberOf(raw.samples),
    features: numberOf(raw.features),
    featureNames: Array.isArray(raw.featureNames) ? list(raw.featureNames, word, LIMITS.coefficients) : null,
    sha256: typeof raw.sha256 === 'string' ? raw.sha256.slice(0, 64) : null,
  };
}

function columnsOf(value: unknown): Readonly<Record<string, readonly number[]>> {
  const columns: Record<string, readonly number[]> = Object.create(null) as Record<string, readonly number[]>;
  for (const [name, column] of Object.entries(fields(value)).slice(0, LIMITS.columns)) {
    columns[word(name)] = numbers(column, LIMITS.rows) ?? [];
  }
  return columns;
}

function measuresOf(value: unknown): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(fields(value))
      .slice(0, LIMITS.columns)
      .map(([name, measure]) => [word(name), numberOf(measure)]),
  );
}

/** A report, or null when there is none. */
export function reportOf(value: unknown): Report | null {
  if (typeof value !== 'object' || value === null) return null;
  const raw = fields(value);
  return {
    format: REPORT_FORMAT,
    title: word(raw.title),
    experiment: raw.experiment,
    fingerprint: word(raw.fingerprint),
    version: word(raw.version),
    kernels: word(raw.kernels),
    seconds: numberOf(raw.seconds),
    outcome: oneOf(raw.outcome, OUTCOMES, 'failed'),
    ended: text(raw.ended),
    data: dataOf(raw.data),
    predictions: list(raw.predictions, predictionOf, 50),
    solution: solutionOf(raw.solution),
    references: list(raw.references, referenceOf, 50),
    verdict: verdictOf(raw.verdict),
    measures: measuresOf(raw.measures),
    trajectory: columnsOf(raw.trajectory),
    figures: figuresOf(raw.figures),
    asExpected: typeof raw.asExpected === 'boolean' ? raw.asExpected : null,
  };
}

/** What a run is about before it has a report, or null when that is not known. */
export function subjectOf(value: unknown): RunSubject | null {
  if (typeof value !== 'object' || value === null) return null;
  const { data, experiment } = fields(value);
  return { data: dataOf(data), experiment };
}

/** Live points, row by row. */
export function pointsOf(value: unknown): LivePoints {
  const raw = fields(value);
  const columns = list(raw.columns, word, LIMITS.columns);
  const values =
    raw.values instanceof Float64Array ? raw.values : Float64Array.from(numbers(raw.values, LIMITS.rows * LIMITS.columns) ?? []);
  const rows = columns.length === 0 ? 0 : Math.floor(values.length / columns.length);
  return { columns, rows: Math.min(rows, Number.isInteger(raw.rows) ? (raw.rows as number) : rows), values };
}

export function progressOf(value: unknown): { readonly fraction: number | null; readonly says: string } {
  const raw = fields(value);
  const fraction = optionalNumber(raw.fraction);
  return { fraction: fraction === null || Number.isNaN(fraction) ? null : Math.min(1, Math.max(0, fraction)), says: word(raw.says) };
}

/** The shown run, or null when there is none. */
export function runOf(value: unknown): RunView | null {
  if (typeof value !== 'object' || value === null) return null;
  const raw = fields(value);
  const report = reportOf(raw.report);
  return {
    id: text(raw.id, 2000),
    kind: oneOf(raw.kind, KINDS, 'run'),
    title: word(raw.title) || report?.title || '',
    file: text(raw.file, 400),
    state: oneOf(raw.state, STATES, report === null ? 'empty' : 'done'),
    waiting: raw.waiting === true,
    stale: raw.stale === true,
    startedAt: word(raw.startedAt),
    report,
    subject: subjectOf(raw.subject),
    failure: raw.failure === null || raw.failure === undefined ? null : text(raw.failure),
    predictions: list(raw.predictions, predictionOf, 50),
    references: list(raw.references, referenceOf, 50),
    live: pointsOf(raw.live),
    figures: figuresOf(raw.figures),
    progress: typeof raw.progress === 'object' && raw.progress !== null ? progressOf(raw.progress) : null,
  };
}

/** Runs to overlay: at most five, more cannot be told apart. */
export function comparedOf(value: unknown): readonly ComparedRun[] {
  return list(value, fields, 5).flatMap((raw) => {
    const report = reportOf(raw.report);
    return report === null ? [] : [{ id: word(raw.id), title: word(raw.title) || report.title || word(raw.id), report }];
  });
}

/** What the page remembered; defaults where it did not. */
export function pageStateOf(value: unknown): PageState {
  const raw = fields(value);
  return {
    runId: typeof raw.runId === 'string' ? raw.runId : null,
    horizontal: word(raw.horizontal),
    logHorizontal: raw.logHorizontal === true,
    logVertical: Object.fromEntries(
      Object.entries(fields(raw.logVertical)).flatMap(([key, on]) => (typeof on === 'boolean' ? [[key, on]] : [])),
    ),
    openTables: list(raw.openTables, word),
    scrollTop: typeof raw.scrollTop === 'number' && raw.scrollTop >= 0 && Number.isFinite(raw.scrollTop) ? raw.scrollTop : 0,
  };
}
