import * as vscode from 'vscode';
import { CATEGORY, COMMANDS, type CommandName } from './contributions';
import type { ExperimentDocuments } from './experiment-documents';
import { activeExperiment } from './experiment-file';
import type { RunArchive } from './run-archive';
import type { Run } from './run';
import type { RunManager } from './run-manager';
import { Ownership } from './signal';
import { outcomeIcon, outcomeText, shorten } from './wording';

/** Progress of what runs, with a click that cancels; otherwise the last verdict of the experiment in the active editor. */
export class StatusBar implements vscode.Disposable {
  private readonly owned = new Ownership();
  private readonly item = this.owned.own(vscode.window.createStatusBarItem('biasLab.status', vscode.StatusBarAlignment.Left, 10));
  private pending: ReturnType<typeof setTimeout> | undefined;
  private commandKey: string | null = null;

  constructor(
    private readonly runs: RunManager,
    private readonly archive: RunArchive,
    documents: ExperimentDocuments,
  ) {
    this.item.name = CATEGORY;
    this.owned.own(runs.onDidChange(({ event }) => (event === null ? this.update() : event.type === 'progress' && this.updateSoon())));
    this.owned.own(vscode.window.onDidChangeActiveTextEditor(() => this.update()));
    this.owned.own(vscode.workspace.onDidChangeTextDocument(() => this.updateSoon()));
    this.owned.own(documents.onDidAnalyse(() => this.updateSoon()));
    this.update();
  }

  get text(): string {
    return this.item.text;
  }

  dispose(): void {
    clearTimeout(this.pending);
    this.owned.dispose();
  }

  private updateSoon(): void {
    this.pending ??= setTimeout(() => this.update(), 150);
  }

  private update(): void {
    clearTimeout(this.pending);
    this.pending = undefined;
    const running = this.runs.allRunning();
    if (running.length > 0) {
      const [run] = running;
      const { fraction, says } = run.progress;
      const percent = fraction === null ? '' : ` · ${Math.floor(100 * fraction)} %`;
      const icon = running.every(({ waiting }) => waiting) ? 'watch' : 'sync~spin';
      this.item.text = `$(${icon}) ${running.length === 1 ? `${shorten(says, 50)}${percent}` : severalText(running)}`;
      this.item.tooltip = running.length === 1 ? `${run.title}\n${run.file}\nClick to cancel` : 'Click to cancel one of them';
      this.setCommand('cancel', running.length === 1 ? run.uri : undefined);
      return this.item.show();
    }
    const document = activeExperiment();
    const note = document && this.archive.note(document);
    if (note?.state !== 'finished') return this.item.hide();
    this.item.text = `$(${outcomeIcon(note.run)}) ${outcomeText(note.run)}${note.stale ? ' (changed since)' : ''}`;
    this.item.tooltip = note.run.verdict?.says ?? note.run.ended ?? undefined;
    this.setCommand('openResults', document?.uri);
    this.item.show();
  }

  /** The editor forgets the old command with every new one, even one that is being clicked; so progress must not bring a new one. */
  private setCommand(name: CommandName, uri: vscode.Uri | undefined): void {
    const key = `${name} ${uri?.toString() ?? ''}`;
    if (key === this.commandKey) return;
    this.commandKey = key;
    const { id, title } = COMMANDS[name];
    this.item.command = { command: id, title, arguments: uri === undefined ? [] : [uri] };
  }
}

function severalText(running: readonly Run[]): string {
  const waiting = running.filter((run) => run.waiting).length;
  const going = running.length - waiting;
  const words = `${going} ${going === 1 ? 'experiment' : 'experiments'} running`;
  return waiting === 0 ? words : `${words}, ${waiting} waiting`;
}
