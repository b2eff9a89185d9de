/** A sweep as a report, for whatever shows, keeps and exports reports: its figures, and a verdict over all of its runs. */
import { countInWords } from '../numerics/in-words';
import type { Prediction, Report, Verdict } from '../protocol/report';
import { isFailure, type SweepFailure, type SweepResult, type SweepSummary } from '../protocol/sweep';
import { pausedText } from './sweep-words';

/**
 * @param predictions what theory says of the experiment as it stands in the file
 * @param open runs without an outcome: the sweep was left before its end
 */
export function sweepReport(summary: SweepSummary, predictions: readonly Prediction[] = [], open = 0): Report {
  const { points, title, experiment, fingerprint, version, seconds, figures } = summary;
  const results = points.filter((point): point is SweepResult => !isFailure(point));
  const failures = points.filter(isFailure);
  const expected = results.map(({ asExpected }) => asExpected);
  return {
    format: 1,
    title,
    experiment,
    fingerprint,
    version,
    kernels: 'sweep',
    seconds,
    outcome: open > 0 ? 'cancelled' : failures.length > 0 ? 'stopped' : 'converged',
    ended: endedText(summary, failures, open),
    data: results.at(0)?.data ?? { samples: 0, features: 0, featureNames: null, sha256: null },
    predictions,
    solution: { predictor: null, parameters: [], loss: Number.NaN, logLoss: Number.NaN },
    references: [],
    verdict: verdictOver(results, failures, open),
    measures: {},
    trajectory: {},
    figures,
    asExpected: expected.includes(false) ? false : open === 0 && expected.length > 0 && expected.every((one) => one === true) ? true : null,
  };
}

function endedText({ axes, repeat, points }: SweepSummary, failures: readonly SweepFailure[], open: number): string {
  const grid = axes.map(({ path, values }) => `${values.length} values of ${path}`).join(' × ');
  const seeds = repeat > 1 ? ` × ${repeat} seeds` : '';
  const trouble = failures.length === 0 ? '' : ` ${failures.length} failed, the first of them with: ${failures[0].failure}`;
  const total = points.length + open;
  const left = open === 0 ? '' : ` ${pausedText(points.length - failures.length, total)}.`;
  return `${total} ${total === 1 ? 'run' : 'runs'}: ${grid}${seeds}.${left}${trouble}`;
}

/** One run that disagrees is enough to disagree; what was not run, or not judged, leaves the question open. */
function verdictOver(results: readonly SweepResult[], failures: readonly SweepFailure[], open: number): Verdict {
  const counts = new Map<Verdict['outcome'], number>();
  for (const { verdict } of results) counts.set(verdict.outcome, (counts.get(verdict.outcome) ?? 0) + 1);
  const total = results.length + failures.length + open;
  const has = (outcome: Verdict['outcome']): boolean => counts.has(outcome);
  const outcome = has('disagrees')
    ? 'disagrees'
    : failures.length + open > 0 || has('inconclusive')
      ? 'inconclusive'
      : has('no-prediction')
        ? 'no-prediction'
        : 'agrees';
  const parts = [...counts].map(([name, count]) => `${countInWords(count)} ${WORDS[name][count === 1 ? 0 : 1]}`);
  if (failures.length > 0) parts.push(`${countInWords(failures.length)} failed`);
  if (open > 0) parts.push(`${countInWords(open)} ${open === 1 ? 'is' : 'are'} not run yet`);
  const about = new Set(results.map(({ verdict }) => verdict.result));
  const [result] = about;
  return {
    outcome,
    // Half a sweep is no verdict on a result.
    result: about.size === 1 && open === 0 ? result : null,
    measure: null,
    value: null,
    tolerance: null,
    says:
      parts.length === 1
        ? `${total === 1 ? 'The run' : `All ${countInWords(total)} runs`} ${parts[0].replace(/^\S+ /, '')}.`
        : `Of ${countInWords(total)} runs, ${parts.join(', ')}.`,
  };
}

/** Of one run, and of several. */
const WORDS: Readonly<Record<Verdict['outcome'], readonly [string, string]>> = {
  agrees: ['agrees with its prediction', 'agree with their prediction'],
  disagrees: ['disagrees with its prediction', 'disagree with their prediction'],
  inconclusive: ['is inconclusive', 'are inconclusive'],
  'no-prediction': ['has no prediction', 'have no prediction'],
};
