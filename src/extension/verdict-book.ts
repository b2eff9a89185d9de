/** The last verdict about every published result in this workspace, from runs of the user's files and of the gallery's examples. */
import type { Memento } from 'vscode';
import type { VerdictOutcome } from '../protocol/report';
import type { Run } from './run';
import { Signal, type Disposable } from './signal';

export interface NotedVerdict {
  readonly outcome: VerdictOutcome;
  /** One sentence. */
  readonly says: string;
  /** ISO 8601. */
  readonly at: string;
  /** Name of the file or of the example for people. */
  readonly file: string;
}

const KEY = 'biasLab.verdicts';

export class VerdictBook implements Disposable {
  private readonly changed = new Signal<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: Memento) {}

  of(result: string): NotedVerdict | undefined {
    return this.all()[result];
  }

  async note(result: string, verdict: NotedVerdict): Promise<void> {
    await this.memory.update(KEY, { ...this.all(), [result]: verdict });
    this.changed.fire();
  }

  /** What a run that has ended says about a result. */
  async noteRun(run: Run): Promise<void> {
    const verdict = run.record()?.verdict;
    if (!verdict?.result) return;
    const { outcome, says, result } = verdict;
    const known = this.of(result);
    if (known?.at === run.startedAt) return;
    await this.note(result, { outcome, says, at: run.startedAt, file: run.file });
  }

  dispose(): void {
    this.changed.dispose();
  }

  private all(): Readonly<Record<string, NotedVerdict>> {
    return this.memory.get<Readonly<Record<string, NotedVerdict>>>(KEY, {});
  }
}
