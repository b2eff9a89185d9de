/** A sweep as data: from the file's text to its points, from their reports to results. Runs nothing. */
import { checkMeaning, errorsOf } from '../experiment/meaning';
import { parseExperiment } from '../experiment/parse';
import type { Experiment } from '../experiment/schema';
import { axisValues, gridPoint, pointText } from '../experiment/sweep-points';
import { relativeDistance } from '../measures/agreement';
import type { Diagnostic, Source } from '../protocol/compute';
import type { Report } from '../protocol/report';
import { canonicalJson } from '../protocol/report-json';
import { SWEEP_FORMAT, type SweepAxis, type SweepPlace, type SweepResult } from '../protocol/sweep';
import type { Environment } from './environment';

export interface SweepPlan {
  readonly experiment: Experiment;
  readonly axes: readonly SweepAxis[];
  readonly repeat: number;
  readonly places: readonly SweepPlace[];
  /** SHA-256 of the fingerprints of the points. */
  readonly fingerprint: string;
  /** The experiment of a point, as text. */
  textOf(index: number): string;
}

export type SweepPlanning = { readonly plan: SweepPlan } | { readonly plan: null; readonly diagnostics: readonly Diagnostic[] };

/** Every point of the file's sweep, each known to be an experiment without an error, as far as its text alone tells. */
export async function planSweep(
  source: Source,
  environment: Pick<Environment, 'files' | 'sha256' | 'version' | 'cancelled'>,
): Promise<SweepPlanning> {
  const { experiment, diagnostics, document } = parseExperiment(source.text);
  const found = experiment === null ? diagnostics : [...diagnostics, ...checkMeaning(experiment, document)];
  if (experiment === null || found.some(({ severity }) => severity === 'error')) return { plan: null, diagnostics: found };
  const { sweep } = experiment;
  const refuse = (code: string, message: string, pointer: string): SweepPlanning => ({
    plan: null,
    diagnostics: [document.diagnose({ code, message, pointer })],
  });
  if (sweep === undefined) return refuse('sweep.missing', 'The experiment has no "sweep".', '');

  const file = JSON.parse(source.text.replace(/^\ufeff/, '')) as unknown;
  const axes = sweep.axes.map((axis) => ({
    path: axis.path,
    values: axisValues(axis),
    scale: axis.log === undefined ? ('linear' as const) : ('log' as const),
  }));
  const grid = axes.map(({ values }) => values);
  const total = grid.reduce((product, values) => product * values.length, sweep.repeat);
  const textOf = (index: number): string => pointText(file, experiment, gridPoint(experiment, grid, index)) as string;

  const places: SweepPlace[] = [];
  const hashed = new Map<string, string>();
  for (let index = 0; index < total && !environment.cancelled(); index++) {
    const { settings, repeat, seed } = gridPoint(experiment, grid, index);
    const text = textOf(index);
    if (repeat === 0) {
      const [error] = errorsOf(text);
      const says = settings.map(({ path, value }) => `${path} = ${JSON.stringify(value)}`).join(', ');
      if (error !== undefined) return refuse('meaning.sweep-point', `With ${says} the experiment is wrong: ${error.message}`, '/sweep');
    }
    const point = parseExperiment(text).experiment as Experiment;
    const { version } = environment;
    const content = point.data.kind === 'csv' ? await fileHash(point.data.path, environment, hashed) : null;
    const fingerprint = await environment.sha256(canonicalJson({ experiment: point, content, version }));
    places.push({ index, settings, repeat, seed, fingerprint });
  }
  const fingerprint = await environment.sha256(places.map((place) => place.fingerprint).join('\n'));
  return { plan: { experiment, axes, repeat: sweep.repeat, places, fingerprint, textOf } };
}

/** A file that cannot be read is said by the run itself; until then it has no content. */
async function fileHash(
  path: string,
  { files, sha256 }: Pick<Environment, 'files' | 'sha256'>,
  known: Map<string, string>,
): Promise<string> {
  const before = known.get(path);
  if (before !== undefined) return before;
  const hash = await files.readText(path).then(sha256, () => '');
  known.set(path, hash);
  return hash;
}

export function sweepResult(place: SweepPlace, report: Report): SweepResult {
  const { predictor } = report.solution;
  const trained = predictor === null ? null : Float64Array.from(predictor);
  const distances = report.references.flatMap(({ id, predictor: w }) =>
    w === null || trained === null || w.length !== trained.length ? [] : [[id, relativeDistance(trained, Float64Array.from(w))] as const],
  );
  return {
    format: SWEEP_FORMAT,
    ...place,
    data: report.data,
    outcome: report.outcome,
    ended: report.ended,
    verdict: report.verdict,
    asExpected: report.asExpected,
    measures: report.measures,
    ...(report.expected !== undefined && { expected: report.expected }),
    distances: Object.fromEntries(distances),
    seconds: report.seconds,
  };
}
