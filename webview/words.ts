/** Words and icons for the closed sets of the report and of the run's state. */
import type { RunState } from '../src/protocol/panel';
import type { Certificate, Citation, Condition, Outcome, Report, ResultStatus, Verdict, VerdictOutcome } from '../src/protocol/report';
import type { IconName } from './icons';

export interface Words {
  readonly icon: IconName;
  readonly label: string;
  /** Class that may colour it; the words and the icon say the same. */
  readonly tone: 'good' | 'bad' | 'unsure' | 'plain';
}

export const STATE_WORDS: Readonly<Record<RunState, Words>> = {
  empty: { icon: 'circle', label: 'No run yet', tone: 'plain' },
  running: { icon: 'play', label: 'Running', tone: 'plain' },
  done: { icon: 'check', label: 'Done', tone: 'good' },
  stuck: { icon: 'warning', label: 'Stuck', tone: 'bad' },
  diverged: { icon: 'burst', label: 'Diverged', tone: 'bad' },
  cancelled: { icon: 'stop', label: 'Cancelled', tone: 'unsure' },
  failed: { icon: 'warning', label: 'Failed', tone: 'bad' },
};

/** Of a run that has not begun, because all workers are busy with others. */
export const WAITING_WORDS: Words = { icon: 'clock', label: 'Waiting', tone: 'plain' };

export const VERDICT_WORDS: Readonly<Record<VerdictOutcome, Words>> = {
  agrees: { icon: 'check', label: 'Agrees', tone: 'good' },
  disagrees: { icon: 'cross', label: 'Disagrees', tone: 'bad' },
  inconclusive: { icon: 'question', label: 'Inconclusive', tone: 'unsure' },
  'no-prediction': { icon: 'dash', label: 'No prediction', tone: 'plain' },
};

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  converged: 'converged',
  stopped: 'stopped at its limit',
  stuck: 'stuck at a point',
  diverged: 'diverged',
  cancelled: 'cancelled',
  failed: 'failed',
};

/** "Training converged"; of a sweep, which trains nothing itself, "The sweep is done". */
export function outcomeText({ kernels, outcome }: Pick<Report, 'kernels' | 'outcome'>): string {
  if (kernels !== 'sweep') return `Training ${OUTCOME_WORDS[outcome]}`;
  return outcome === 'cancelled' ? 'The sweep is paused' : 'The sweep is done';
}

export const STATUS_WORDS: Readonly<Record<ResultStatus, { readonly label: string; readonly says: string }>> = {
  theorem: { label: 'Theorem', says: 'proved under the conditions below' },
  conjecture: { label: 'Conjecture', says: 'believed, not proved' },
  refuted: { label: 'Refuted', says: 'was believed; a counterexample is known' },
  empirical: { label: 'Empirical', says: 'observed in experiments, not proved' },
  negative: { label: 'Negative result', says: 'proved that no such rule exists' },
};

export const CERTIFICATE_WORDS: Readonly<Record<Certificate['kind'], string>> = {
  'duality-gap': 'duality gap',
  'kkt-residual': 'KKT residual',
  'vanishing-combination': 'vanishing combination',
};

export function conditionWords(holds: Condition['holds']): Words {
  if (holds === 'unknown') return { icon: 'question', label: 'unknown', tone: 'unsure' };
  return holds ? { icon: 'check', label: 'holds', tone: 'good' } : { icon: 'cross', label: 'fails', tone: 'bad' };
}

const VERDICT_MEASURES: Readonly<Record<string, string>> = {
  'tail-exponent': '−log₁₀ of the share of data sets that lie further out',
  'relative-distance': 'relative distance to the predicted solution',
  'direction-distance': 'distance to the predicted direction',
  angle: 'angle to the predicted direction',
};

/** A verdict's measure in words: "relative-distance" → "relative distance to the predicted solution". */
export function verdictMeasure(measure: string): string {
  return VERDICT_MEASURES[measure] ?? measure.replaceAll('-', ' ');
}

/** What stands beside the value of a verdict: "tolerance", "bound" or "chance". */
export function limitWord({ limit }: Pick<Verdict, 'limit'>): string {
  return limit ?? 'tolerance';
}

/** "Soudry, Hoffer, … (2018). Title. Venue, Theorem 3." */
export function citationText({ authors, year, title, venue, locus }: Citation): string {
  const when = Number.isFinite(year) ? ` (${year})` : '';
  const trimmed = (parts: readonly string[]) => parts.map((part) => part.trim().replace(/\.$/, '')).filter((part) => part !== '');
  const where = trimmed([venue, locus ?? '']).join(', ');
  // A title may end in a mark of its own.
  return `${trimmed([`${authors}${when}`, title, where]).join('. ')}.`.replace(/([?!])\./g, '$1');
}

/** "ln t (log scale)"; the last two words stay together. */
export function axisTitle(label: string, log: boolean): string {
  return log ? `${label} (log\u00a0scale)`.trim() : label;
}

/** What the height of a chart has room for. */
const LINE = 34;
const MOST_LINES = 3;

/** The symbols of a chart's measures as an axis title of at most three lines; the legend has those that find no room. */
export function symbolsTitle(symbols: readonly string[], log: boolean): readonly string[] {
  for (let shown = symbols.length; shown > 0; shown -= 1) {
    const named = symbols.slice(0, shown).map((symbol, at) => (at < symbols.length - 1 ? `${symbol},` : symbol));
    const lines = linesOf([...named, ...(shown < symbols.length ? ['…'] : []), ...(log ? ['(log\u00a0scale)'] : [])]);
    if (lines.length <= MOST_LINES && lines.every((line) => line.length <= LINE)) return lines;
  }
  return [axisTitle('see legend', log)];
}

function linesOf(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length === 0 || longer.length > LINE) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** A long axis title on two lines, cut where it would leave the chart; the table has it in full. */
export function wrapTitle(title: string): readonly string[] {
  if (title.length <= LINE) return [title];
  const at = title.lastIndexOf(' ', LINE);
  const first = title.slice(0, at > 8 ? at : LINE);
  const rest = title.slice(first.length).trim();
  return [first, rest.length > LINE ? `${rest.slice(0, LINE - 1)}…` : rest];
}
