/** "Run All Examples": one example a result, as many at a time as there are workers, with a scoreboard that can be cancelled. */
import type { Verdict, VerdictOutcome } from '../protocol/report';
import { timeLeft } from '../study/sweep-words';
import { cores } from '../worker/cores';
import { failureOf, type ComputeService } from './compute-service';
import type { Example, GalleryEntry, GalleryGroup } from './gallery';
import type { NotedVerdict } from './verdict-book';
import { verdictWord } from './wording';

export interface Scoreboard {
  readonly total: number;
  readonly done: number;
  readonly counts: Readonly<Partial<Record<VerdictOutcome | 'failed', number>>>;
  /** Of those that are done: the ones that failed, or did not end as their file expects. */
  readonly problems: readonly ExampleProblem[];
  /** Ids of the results whose example is running. */
  readonly running: ReadonlySet<string>;
  /** A guess from those that are done; null before there are enough, and when nothing goes on. */
  readonly secondsLeft: number | null;
}

export interface ExampleProblem {
  /** Id of the result. */
  readonly result: string;
  /** Name of the file, without its ending. */
  readonly example: string;
  readonly failed: boolean;
  /** "disagrees, expected agrees", or why it failed. */
  readonly says: string;
}

export interface GalleryRunOptions {
  readonly compute: ComputeService;
  readonly signal: AbortSignal;
  /** Place of the folder of the examples, where their data lies. */
  readonly folder: string;
  readonly pathOf: (entry: GalleryEntry) => string;
  readonly onScore: (score: Scoreboard) => void;
  /** Seconds of a clock; default: that of the machine. */
  readonly clock?: () => number;
  readonly onVerdict: (result: string, verdict: NotedVerdict) => Promise<void>;
}

/** Before so many are done there is no guess when the others will be. */
const GUESS_FROM = 3;
/** Names that the score has room for. */
const MOST_NAMED = 3;

/** Resolves with the last score; when it is cancelled, with what was done until then. */
export async function runGallery(groups: readonly GalleryGroup[], options: GalleryRunOptions): Promise<Scoreboard> {
  const { compute, signal, folder, pathOf, onScore, onVerdict, clock = () => performance.now() / 1000 } = options;
  const entries = groups.flatMap((group) => group.entries).filter(({ examples }) => examples.length > 0);
  const waiting = [...entries];
  const running = new Set<string>();
  const counts: Partial<Record<VerdictOutcome | 'failed', number>> = {};
  const problems: ExampleProblem[] = [];
  const started = clock();
  let done = 0;
  const score = (): Scoreboard => {
    const total = entries.length;
    const secondsLeft = done < GUESS_FROM ? null : ((clock() - started) * (total - done)) / done;
    return { total, done, counts: { ...counts }, problems: [...problems], running: new Set(running), secondsLeft };
  };

  const note = ({ result, examples: [{ name }] }: GalleryEntry, failed: boolean, says: string): void => {
    problems.push({ result: result.id, example: name, failed, says });
  };
  const runOne = async (entry: GalleryEntry): Promise<void> => {
    const { result, examples } = entry;
    const [example] = examples;
    running.add(result.id);
    onScore(score());
    let outcome: VerdictOutcome | 'failed' = 'failed';
    try {
      const source = { text: example.text, path: pathOf(entry), root: folder };
      const answer = await compute.run(source, { signal, onEvent: () => undefined, onWait: () => undefined });
      if (answer.type === 'report') {
        const { verdict, asExpected } = answer.report;
        outcome = verdict.outcome;
        if (!signal.aborted) {
          if (asExpected === false) note(entry, false, unexpectedText(example, verdict));
          await onVerdict(result.id, { outcome, says: verdict.says, at: new Date().toISOString(), file: `example ${example.name}` });
        }
      } else note(entry, true, answer.diagnostics.at(0)?.message ?? 'The file is wrong.');
    } catch (error) {
      const failure = failureOf(error);
      if (failure.reason === 'bug') throw error;
      if (failure.reason === 'cancelled' || signal.aborted) return;
      note(entry, true, failure.message);
    } finally {
      running.delete(result.id);
    }
    if (signal.aborted) return;
    done++;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    onScore(score());
  };
  const lane = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry !== undefined && !signal.aborted; entry = waiting.shift()) await runOne(entry);
  };
  await Promise.all(Array.from({ length: cores() }, lane));
  return { ...score(), secondsLeft: null };
}

/** "disagrees, expected agrees"; with the results where they are not the same. */
function unexpectedText({ expected }: Example, verdict: Verdict): string {
  const about = expected?.result ?? null;
  const same = about === null || verdict.result === null || verdict.result === about;
  const words = (outcome: string, result: string | null): string => verdictWord(outcome) + (same ? '' : ` about ${result}`);
  return `${words(verdict.outcome, verdict.result)}, expected ${words(expected?.verdict ?? '', about)}`;
}

/** "12 of 55 · 11 agree · 1 inconclusive · 1 not as expected (r2-entropy) · 3 min left". */
export function scoreText({ total, done, counts, problems, secondsLeft }: Scoreboard): string {
  const parts = Object.entries(counts).map(
    ([outcome, count]) => `${count} ${outcome === 'failed' ? named(problems, true) : plural(outcome, count)}`,
  );
  const unexpected = problems.filter(({ failed }) => !failed).length;
  const expected =
    unexpected > 0 ? [`${unexpected} ${named(problems, false)}`] : done === 0 || problems.length > 0 ? [] : ['all as expected'];
  const left = secondsLeft === null || done === total ? [] : [`${timeLeft(secondsLeft)} left`];
  return [`${done} of ${total}`, ...parts, ...expected, ...left].join(' · ');
}

/** "failed (c1-iris, c2-deep)". */
function named(problems: readonly ExampleProblem[], failed: boolean): string {
  const names = problems.filter((problem) => problem.failed === failed).map(({ example }) => example);
  const shown = [...names.slice(0, MOST_NAMED), ...(names.length > MOST_NAMED ? ['…'] : [])];
  return `${failed ? 'failed' : 'not as expected'} (${shown.join(', ')})`;
}

/** "1 agrees", "2 agree". */
function plural(outcome: string, count: number): string {
  return count === 1 ? verdictWord(outcome) : verdictWord(outcome).replace(/(agree)s$/, '$1');
}
