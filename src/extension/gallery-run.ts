/** "Run All Examples": one example a result, as many at a time as there are workers, with a scoreboard that can be cancelled. */
import type { VerdictOutcome } from '../protocol/report';
import { cores } from '../worker/cores';
import { failureOf, type ComputeService } from './compute-service';
import type { GalleryEntry, GalleryGroup } from './gallery';
import type { NotedVerdict } from './verdict-book';
import { verdictWord } from './wording';

export interface Scoreboard {
  readonly total: number;
  readonly done: number;
  readonly counts: Readonly<Partial<Record<VerdictOutcome | 'failed', number>>>;
  /** Of those that are done and say what they expect. */
  readonly unexpected: number;
  /** Ids of the results whose example is running. */
  readonly running: ReadonlySet<string>;
}

export interface GalleryRunOptions {
  readonly compute: ComputeService;
  readonly signal: AbortSignal;
  /** Place of the folder of the examples, where their data lies. */
  readonly folder: string;
  readonly pathOf: (entry: GalleryEntry) => string;
  readonly onScore: (score: Scoreboard) => void;
  readonly onVerdict: (result: string, verdict: NotedVerdict) => Promise<void>;
}

/** Resolves with the last score; when it is cancelled, with what was done until then. */
export async function runGallery(groups: readonly GalleryGroup[], options: GalleryRunOptions): Promise<Scoreboard> {
  const { compute, signal, folder, pathOf, onScore, onVerdict } = options;
  const entries = groups.flatMap((group) => group.entries).filter(({ examples }) => examples.length > 0);
  const waiting = [...entries];
  const running = new Set<string>();
  const counts: Partial<Record<VerdictOutcome | 'failed', number>> = {};
  let done = 0;
  let unexpected = 0;
  const score = (): Scoreboard => ({ total: entries.length, done, counts: { ...counts }, unexpected, running: new Set(running) });

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
        if (asExpected === false) unexpected++;
        if (!signal.aborted) {
          await onVerdict(result.id, { outcome, says: verdict.says, at: new Date().toISOString(), file: `example ${example.name}` });
        }
      }
    } catch (error) {
      const failure = failureOf(error);
      if (failure.reason === 'bug') throw error;
      if (failure.reason === 'cancelled') return;
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
  return score();
}

/** "12 of 55 · 11 agree · 1 inconclusive · all as expected". */
export function scoreText({ total, done, counts, unexpected }: Scoreboard): string {
  const parts = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome === 'failed' ? 'failed' : verdictWord(outcome)}`);
  const expected = done === 0 ? [] : [unexpected === 0 ? 'all as expected' : `${unexpected} not as expected`];
  return [`${done} of ${total}`, ...parts, ...expected].join(' · ');
}
