/** The tree of runs: those that go on first, then the history, newest first. */
import * as vscode from 'vscode';
import { COMMANDS, CONTEXT_KEYS, RUN_ITEM, VIEWS } from './contributions';
import type { HistoryStore } from './history-store';
import type { Run } from './run';
import type { RunManager } from './run-manager';
import type { RunSummary } from './run-record';
import { Ownership } from './signal';
import { outcomeIcon, outcomeText, shorten, type OutcomeIcon } from './wording';

/** An entry of the tree; commands on it receive it. */
export interface RunItem {
  readonly type: 'run-item';
  readonly id: string;
}

export function isRunItem(value: unknown): value is RunItem {
  return value !== null && typeof value === 'object' && (value as Partial<RunItem>).type === 'run-item';
}

/** Colours go with the shapes and words, never instead of them. */
const COLOURS: Readonly<Record<OutcomeIcon, string>> = {
  pass: 'testing.iconPassed',
  error: 'testing.iconFailed',
  question: 'testing.iconQueued',
  'circle-outline': 'testing.iconUnset',
  warning: 'list.warningForeground',
  'circle-slash': 'testing.iconSkipped',
  bug: 'list.errorForeground',
};

export function outcomeThemeIcon(run: Parameters<typeof outcomeIcon>[0]): vscode.ThemeIcon {
  const icon = outcomeIcon(run);
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(COLOURS[icon]));
}

export function timeText(startedAt: string): string {
  return new Date(startedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

export class RunsView implements vscode.TreeDataProvider<RunItem>, vscode.Disposable {
  private readonly owned = new Ownership();
  private readonly changed = this.owned.own(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<RunItem>;

  constructor(
    private readonly runs: RunManager,
    private readonly history: HistoryStore,
  ) {
    this.view = this.owned.own(vscode.window.createTreeView(VIEWS.runs, { treeDataProvider: this, canSelectMany: true }));
    this.owned.own(history.onDidChange(() => this.refresh()));
    // Progress does not change the tree; a run's begin and end do.
    this.owned.own(runs.onDidChange(({ event }) => event === null && this.changed.fire()));
    this.refresh();
  }

  /** Ids of the selected entries. */
  get selection(): readonly string[] {
    return this.view.selection.map(({ id }) => id);
  }

  getChildren(item?: RunItem): RunItem[] {
    if (item) return [];
    const ids = [
      ...this.runs
        .allRunning()
        .map(({ id }) => id)
        .reverse(),
      ...this.history.summaries().map(({ id }) => id),
    ];
    return [...new Set(ids)].map((id) => ({ type: 'run-item', id }));
  }

  getTreeItem({ id }: RunItem): vscode.TreeItem {
    const run = this.runs.find(id);
    const item = new vscode.TreeItem('');
    item.id = id;
    item.command = {
      command: COMMANDS.reopenRun.id,
      title: COMMANDS.reopenRun.title,
      arguments: [{ type: 'run-item', id } satisfies RunItem],
    };
    if (run?.state === 'running') return describeRunning(item, run);
    const summary = this.history.summary(id);
    return summary ? describeFinished(item, summary) : item;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private refresh(): void {
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.hasRuns, this.history.summaries().length > 0);
    this.changed.fire();
  }
}

function describeRunning(item: vscode.TreeItem, run: Run): vscode.TreeItem {
  item.label = run.title;
  const state = run.waiting ? 'waiting' : 'running';
  item.description = state;
  item.iconPath = new vscode.ThemeIcon(run.waiting ? 'watch' : 'sync~spin');
  item.contextValue = RUN_ITEM.running;
  item.accessibilityInformation = { label: `${run.title}, ${state}, ${run.file}` };
  return item;
}

function describeFinished(item: vscode.TreeItem, run: RunSummary): vscode.TreeItem {
  const outcome = outcomeText(run);
  const when = timeText(run.startedAt);
  item.label = run.title;
  item.description = `${run.pinned ? 'pinned · ' : ''}${shorten(outcome, 60)} · ${when}`;
  item.iconPath = outcomeThemeIcon(run);
  item.contextValue = run.pinned ? RUN_ITEM.pinned : RUN_ITEM.finished;
  item.tooltip = [run.title, run.note ?? '', outcome, run.verdict?.says ?? run.ended ?? '', `${run.file}, ${when}`]
    .filter((line) => line !== '')
    .join('\n');
  item.accessibilityInformation = {
    label: `${run.title}, ${outcome}, ${run.file}, ${when}${run.pinned ? ', pinned' : ''}${run.note === null ? '' : `, ${run.note}`}`,
  };
  return item;
}
