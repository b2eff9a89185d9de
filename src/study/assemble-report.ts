/** The report: what the road has brought together, in the form that every view draws. */
import type { Dataset } from '../data/dataset';
import type { Experiment } from '../experiment/schema';
import { kernelVariant } from '../numerics/wasm/kernels';
import type { DataSummary, Figure, Prediction, Reference, Report, RunSubject, Verdict } from '../protocol/report';
import type { Situation } from '../theory/result';
import type { Environment } from './environment';
import type { Training } from './train';

export interface ReportParts {
  readonly fingerprint: string;
  /** Of the file of the data. */
  readonly dataHash: string | null;
  readonly training: Training;
  readonly predictions: readonly Prediction[];
  readonly references: readonly Reference[];
  readonly verdict: Verdict;
  readonly expected: Pick<Report, 'expected'>;
  readonly figures: readonly Figure[];
}

/** The report, but for the seconds that the run has taken. */
export function assembleReport(
  { experiment, data, model }: Situation,
  { version }: Pick<Environment, 'version'>,
  { fingerprint, dataHash, training, predictions, references, verdict, expected, figures }: ReportParts,
): Report<Experiment> {
  const { parameters, predictor, loss, logLoss } = training;
  return {
    format: 1,
    title: experiment.title,
    experiment,
    fingerprint,
    version,
    kernels: kernelVariant(),
    seconds: 0,
    outcome: training.outcome,
    ended: training.ended,
    data: summaryOf(data, dataHash),
    predictions,
    solution: {
      predictor: predictor === null ? null : Array.from(predictor),
      parameters: model.blocks.map(({ offset, rows, columns }) => Array.from(parameters.subarray(offset, offset + rows * columns))),
      loss,
      logLoss,
    },
    references: [...references],
    verdict,
    measures: training.measures,
    ...expected,
    trajectory: training.trajectory,
    figures,
    asExpected: training.outcome === 'cancelled' ? null : asExpected(experiment, verdict, predictions),
  };
}

export function subjectOf({ experiment, data }: Situation, dataHash: string | null): RunSubject {
  const { data: spec, loss } = experiment;
  const size = 'rows' in spec && 'columns' in spec ? { rows: spec.rows, columns: spec.columns } : {};
  return { data: summaryOf(data, dataHash), experiment: { data: size, loss } };
}

function summaryOf({ samples, features, featureNames }: Dataset, sha256: string | null): DataSummary {
  return { samples, features, featureNames, sha256 };
}

/** Where nothing is predicted, the result that a file names has to speak of the file, with a condition that does not hold. */
function asExpected({ expect }: Experiment, verdict: Verdict, predictions: readonly Prediction[]): boolean | null {
  if (expect === undefined) return null;
  if (expect.verdict !== verdict.outcome) return false;
  if (expect.result === undefined || expect.result === verdict.result) return true;
  return verdict.result === null && predictions.some(({ result, applies }) => result === expect.result && !applies);
}
