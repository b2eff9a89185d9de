/** Short texts of verdicts, states and numbers, the same in lenses, lists, status bar and messages. */
import { numberOf } from '../protocol/report-json';
import type { Prediction, Verdict } from '../protocol/report';
import { inWords } from '../theory/wording';
import type { RunSummary } from './run-record';

/** Two or three significant digits: "0.31", "3.1×10⁻⁹". */
export function shortNumber(value: number): string {
  const magnitude = Math.abs(value);
  return inWords(value, magnitude >= 1e-3 && magnitude < 1e5 ? 3 : 2);
}

/** The outcome of a verdict for people. */
export function verdictWord(outcome: string): string {
  return outcome.replace('-', ' ');
}

/** "agrees · relative distance 3×10⁻⁹ ≤ 10⁻⁵"; brief: "agrees · 3×10⁻⁹ ≤ 10⁻⁵". */
export function verdictText(verdict: Verdict, brief = false): string {
  const word = verdictWord(verdict.outcome);
  if (verdict.measure === null || verdict.value === null) return word;
  const value = numberOf(verdict.value);
  const measured = `${word} · ${brief ? '' : `${verdict.measure.replaceAll('-', ' ')} `}${shortNumber(value)}`;
  if (verdict.tolerance === null) return measured;
  const tolerance = numberOf(verdict.tolerance);
  return `${measured} ${value <= tolerance ? '≤' : '>'} ${shortNumber(tolerance)}`;
}

/** What a finished run came to, in a few words. */
export function outcomeText(run: RunSummary, brief = false): string {
  switch (run.state) {
    case 'done':
      return run.verdict ? verdictText(run.verdict, brief) : 'done';
    case 'stuck':
    case 'diverged':
      return isJudged(run.verdict) ? `${verdictText(run.verdict, brief)} · ${run.state}` : run.state;
    case 'cancelled':
      // Its results stay, and the next start does the others.
      return run.kind === 'sweep' ? 'paused' : 'cancelled';
    case 'failed':
      return `failed${run.ended ? ` · ${shorten(run.ended, 80)}` : ''}`;
    default:
      return run.state satisfies never;
  }
}

/** A result may foretell how a run ends that comes to no limit: then it is its verdict that counts. */
function isJudged<V extends Pick<Verdict, 'outcome'>>(verdict: V | null): verdict is V {
  return verdict !== null && (verdict.outcome === 'agrees' || verdict.outcome === 'disagrees');
}

export type OutcomeIcon = 'pass' | 'error' | 'question' | 'circle-outline' | 'warning' | 'circle-slash' | 'bug';

/** A shape for every outcome: nothing is told by colour alone. */
export function outcomeIcon(run: { readonly state: RunSummary['state']; readonly verdict: Pick<Verdict, 'outcome'> | null }): OutcomeIcon {
  switch (run.state) {
    case 'stuck':
    case 'diverged':
      if (isJudged(run.verdict)) break;
      return 'warning';
    case 'cancelled':
      return 'circle-slash';
    case 'failed':
      return 'bug';
    case 'done':
      break;
    default:
      return run.state satisfies never;
  }
  const outcome = run.verdict?.outcome ?? 'no-prediction';
  switch (outcome) {
    case 'agrees':
      return 'pass';
    case 'disagrees':
      return 'error';
    case 'inconclusive':
      return 'question';
    case 'no-prediction':
      return 'circle-outline';
    default:
      return outcome satisfies never;
  }
}

/** Which condition of a prediction fails, or how many do; else how many are open. */
export function conditionsText({ conditions }: Pick<Prediction, 'conditions'>): string | null {
  const failed = conditions.filter(({ holds }) => holds === false);
  if (failed.length === 1) return `fails “${shorten(failed[0].text, 60)}”`;
  if (failed.length > 1) return `${failed.length} of ${conditions.length} conditions fail`;
  const open = conditions.filter(({ holds }) => holds === 'unknown').length;
  return open > 0 ? `${open} of ${conditions.length} conditions unknown` : null;
}

export function shorten(text: string, length: number): string {
  const line = text.split('\n', 1)[0];
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
