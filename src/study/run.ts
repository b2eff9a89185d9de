/**
 * The road: text → experiment → predictions → references → training → verdict → report.
 * The references are solved before the training, by their own solvers from the data alone, so that the distance to them can be
 * drawn while the model trains.
 */
import { relativeDistance } from '../measures/agreement';
import type { Experiment } from '../experiment/schema';
import type { RunAnswer, RunEvent, Source } from '../protocol/compute';
import { MEASURE_NAMES } from '../protocol/measures';
import type { Prediction, Reference, Report, Verdict } from '../protocol/report';
import { canonicalJson } from '../protocol/report-json';
import { SolverError } from '../solvers/reference-problem';
import { examineExperiment } from '../theory/catalogue';
import type { Examination, Trained } from '../theory/result';
import { assembleReport, subjectOf } from './assemble-report';
import { comparedReferences } from './compared-references';
import type { Environment } from './environment';
import { LiveFigures } from './live-figures';
import { prepare, type Ready } from './prepare';
import { reportFigures } from './report-figures';
import { train, type Training } from './train';
import { trainCompanion } from './train-companion';

/**
 * @param draft hears what the run has come to before work that cannot be interrupted, as the report of a cancelled run: the answer, should the run be ended from
 *   outside until the next draft. Null: from here on the run looks by itself whether it is cancelled
 */
export async function runExperiment(
  source: Source,
  environment: Environment,
  emit: (event: RunEvent) => void,
  draft: (report: Report | null) => void = () => undefined,
): Promise<RunAnswer> {
  const started = environment.now();
  const { diagnostics, ready } = await prepare(source, environment);
  if (ready === null) return { type: 'invalid', diagnostics };
  const timed = (report: Report): Report => ({ ...report, seconds: (environment.now() - started) / 1000 });
  const report = await study(ready, environment, emit, (unfinished) => draft(unfinished && timed(unfinished)));
  return { type: 'report', report: timed(report) };
}

async function study(
  ready: Ready,
  environment: Environment,
  emit: (event: RunEvent) => void,
  draft: (report: Report | null) => void,
): Promise<Report<Experiment>> {
  const { situation, objective, dataHash } = ready;
  const { experiment } = situation;
  emit({ type: 'progress', fraction: null, says: 'examining the data' });
  const examinations = await examineExperiment(situation);
  const predictions = examinations.map(({ prediction }) => prediction);
  emit({ type: 'predicted', predictions, subject: subjectOf(situation, dataHash) });

  const leading = examinations.at(0)?.prediction.applies === true ? examinations[0] : null;
  const fingerprint = await environment.sha256(canonicalJson(experiment));
  /** The report of a run that has come so far and was cancelled then. */
  const unfinished = (training: Training, ended: string): Report => {
    const cut: Training = { ...training, outcome: 'cancelled', ended };
    const verdict = judge(leading, null, cut, [], examinations);
    return assembleReport(situation, environment, {
      fingerprint,
      dataHash,
      training: cut,
      predictions,
      references,
      verdict,
      expected: {},
      figures: [],
    });
  };
  const references: Reference[] = [];
  // Solvers do not look whether the run is cancelled.
  if (leading !== null || experiment.compare.length > 0) {
    const unmoved = await train(situation, objective, null, [], { ...environment, cancelled: () => true }, null);
    draft(unfinished(unmoved, 'Cancelled while the reference problem was being solved, before the training.'));
  }
  emit({ type: 'progress', fraction: null, says: 'solving the reference problem' });
  const solved = leading === null || environment.cancelled() ? null : await solveReference(leading);
  const add = (reference: Reference): void => {
    references.push(reference);
    emit({ type: 'reference', reference });
  };
  if (solved?.reference) add(solved.reference);
  if (!environment.cancelled()) (await comparedReferences(situation, environment)).forEach(add);

  const predicted = solved?.reference?.predictor ? Float64Array.from(solved.reference.predictor) : null;
  const compared = new Map(
    references.flatMap(({ id, role, predictor }) =>
      role === 'compared' && predictor !== null ? [[id, Float64Array.from(predictor)]] : [],
    ),
  );
  const measures = recordedMeasures(experiment, examinations);
  const early = leading?.figuresAtEnd === true ? null : leading;
  const live = new LiveFigures(
    (trained) => reportFigures(situation, early, trained, solved?.reference ?? null, references),
    (figures) => emit({ type: 'figures', figures }),
    () => environment.now(),
  );
  draft(null);
  const training = await train(
    situation,
    objective,
    predicted,
    MEASURE_NAMES.filter((name) => measures.includes(name)),
    environment,
    {
      points: (columns, rows, values, reset) => emit({ type: 'points', columns, rows, values, reset }),
      progress: (fraction, says) => emit({ type: 'progress', fraction, says }),
      ...(environment.watched === true && { between: (state) => live.show(state) }),
    },
    compared,
    leading?.gauge ?? null,
  );

  draft(
    unfinished(
      training,
      training.outcome === 'cancelled' ? training.ended : `Cancelled after the training, before the verdict. ${training.ended}`,
    ),
  );
  let outcome = training;
  const companions: Trained[] = [];
  if (leading !== null && (training.outcome === 'converged' || (training.outcome === 'stopped' && leading.fixedTime === true))) {
    for (const companion of leading.companions) {
      emit({ type: 'progress', fraction: null, says: 'training the companion run' });
      companions.push(await trainCompanion(companion, situation, predicted, environment));
    }
    if (environment.cancelled()) outcome = { ...training, outcome: 'cancelled', ended: 'Cancelled during the companion run.' };
  }
  emit({ type: 'progress', fraction: null, says: 'judging' });
  return assembleReport(situation, environment, {
    fingerprint,
    dataHash,
    training: outcome,
    predictions: examinations.map((examination) => settle(examination, outcome)),
    references,
    verdict: judge(leading, solved, outcome, companions, examinations),
    expected: expectedOf(leading, predicted, compared),
    figures: reportFigures(situation, leading, outcome, solved?.reference ?? null, references),
  });
}

/** What the result expects of measures at the end, and how far its predicted solution is from those that the file compares with. */
function expectedOf(
  leading: Examination | null,
  predicted: Float64Array | null,
  compared: ReadonlyMap<string, Float64Array>,
): Pick<Report, 'expected'> {
  const expected: Record<string, number> = { ...leading?.expected };
  for (const [id, name] of [
    ['l1', 'distanceToL1'],
    ['l2', 'distanceToL2'],
  ] as const) {
    const reference = compared.get(id);
    if (predicted !== null && reference?.length === predicted.length) expected[name] = relativeDistance(predicted, reference);
  }
  return Object.keys(expected).length === 0 ? {} : { expected };
}

/** Names of the measures that a run records; some of them may have no value for it. */
export function recordedMeasures({ record }: Experiment, examinations: readonly Examination[]): readonly string[] {
  return record.measures ?? [...(examinations.at(0)?.measures ?? DEFAULT_MEASURES), 'distanceToL1', 'distanceToL2'];
}

const DEFAULT_MEASURES = ['loss', 'gradientNorm', 'margin', 'l1Norm', 'l2Norm', 'invariantDrift'] as const;

/** The prediction with the conditions that only the run decides. */
function settle({ prediction, settle: conditionsAfter }: Examination, trained: Trained): Prediction {
  const conditions = conditionsAfter?.(trained);
  return conditions === undefined
    ? prediction
    : { ...prediction, conditions, applies: prediction.applies && conditions.every(({ holds }) => holds !== false) };
}

export interface Solved {
  readonly reference: Reference | null;
  readonly failure: string | null;
}

/** A reference without a certificate is no reference: the verdict is then inconclusive, with the solver's reason. */
export async function solveReference(examination: Examination): Promise<Solved> {
  try {
    return { reference: await examination.solve(), failure: null };
  } catch (error) {
    if (error instanceof SolverError) return { reference: null, failure: error.message };
    throw error;
  }
}

function judge(
  leading: Examination | null,
  solved: Solved | null,
  training: Training,
  companions: readonly Trained[],
  examinations: readonly Examination[],
): Verdict {
  const open = { measure: null, value: null, tolerance: null };
  if (leading === null) return { ...open, outcome: 'no-prediction', result: null, says: whyNothing(examinations) };
  const result = leading.prediction.result;
  if (training.outcome === 'cancelled')
    return { ...open, outcome: 'inconclusive', result, says: 'The run was cancelled before it could be judged.' };
  if (training.outcome === 'diverged' && leading.judgesDivergence !== true)
    return { ...open, outcome: 'inconclusive', result, says: `The run diverged: ${training.ended}` };
  if (training.outcome === 'stuck')
    return { ...open, outcome: 'inconclusive', result, says: `There is no end of the run to be judged. ${training.ended}` };
  if ((solved === null || solved.reference === null) && leading.withoutReference !== true) {
    return {
      ...open,
      outcome: 'inconclusive',
      result,
      says: `The predicted problem has no certified solution${solved?.failure ? `: ${solved.failure}` : '.'}`,
    };
  }
  return leading.judge(training, solved?.reference ?? null, companions);
}

function whyNothing(examinations: readonly Examination[]): string {
  const nearest = examinations.at(0);
  if (nearest === undefined) return 'No published result of the catalogue speaks of this combination of model, loss and optimizer.';
  const failing = nearest.prediction.conditions.find(({ holds }) => holds !== true);
  const { text = 'a condition', holds = false, because = '' } = failing ?? {};
  const found = holds === 'unknown' ? 'is not known to hold' : 'fails';
  return `${nearest.prediction.title}: does not apply, because “${text}” ${found}${because === '' ? '' : ` (${because})`}.`;
}
