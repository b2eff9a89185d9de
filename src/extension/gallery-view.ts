/** The tree of published results: groups of the article, their results with status and last verdict, and the examples of each. */
import * as vscode from 'vscode';
import type { ResultStatus, VerdictOutcome } from '../protocol/report';
import { shortCitation } from '../theory/wording';
import { COMMANDS, GALLERY_ITEM, VIEWS } from './contributions';
import type { Example, GalleryEntry, GalleryGroup } from './gallery';
import type { GalleryFiles } from './gallery-files';
import type { ExampleProblem } from './gallery-run';
import { escapeMarkdown } from './escape-markdown';
import { outcomeThemeIcon } from './runs-view';
import { Ownership } from './signal';
import type { NotedVerdict, VerdictBook } from './verdict-book';
import { verdictWord } from './wording';

export type GalleryItem =
  | { readonly type: 'gallery-group'; readonly group: GalleryGroup }
  | { readonly type: 'gallery-result'; readonly entry: GalleryEntry }
  | { readonly type: 'gallery-example'; readonly example: Example };

export function isGalleryItem(value: unknown): value is GalleryItem {
  const type = value !== null && typeof value === 'object' ? (value as Partial<GalleryItem>).type : undefined;
  return type === 'gallery-group' || type === 'gallery-result' || type === 'gallery-example';
}

/** Before there is a verdict, the shape says how sure the result itself is. */
export const STATUS_ICONS: Readonly<Record<ResultStatus, string>> = {
  theorem: 'book',
  conjecture: 'lightbulb',
  empirical: 'beaker',
  refuted: 'circle-slash',
  negative: 'circle-large-outline',
};

export class GalleryView implements vscode.TreeDataProvider<GalleryItem>, vscode.Disposable {
  private readonly owned = new Ownership();
  private readonly changed = this.owned.own(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<GalleryItem>;
  private running: ReadonlySet<string> = new Set();
  private problems: readonly ExampleProblem[] = [];

  constructor(
    private readonly files: GalleryFiles,
    private readonly verdicts: VerdictBook,
  ) {
    this.view = this.owned.own(vscode.window.createTreeView(VIEWS.gallery, { treeDataProvider: this, showCollapseAll: true }));
    this.owned.own(verdicts.onDidChange(() => this.changed.fire()));
  }

  /** The line above the tree, the results whose example is running at the moment, and those whose example failed or ended as it should not. */
  tell(message: string | undefined, running: ReadonlySet<string>, problems: readonly ExampleProblem[]): void {
    this.view.message = message;
    this.running = running;
    this.problems = problems;
    this.changed.fire();
  }

  get message(): string | undefined {
    return this.view.message;
  }

  async getChildren(item?: GalleryItem): Promise<GalleryItem[]> {
    if (item === undefined) return (await this.files.groups()).map((group) => ({ type: 'gallery-group', group }));
    switch (item.type) {
      case 'gallery-group':
        return item.group.entries.map((entry) => ({ type: 'gallery-result', entry }));
      case 'gallery-result':
        return item.entry.examples.map((example) => ({ type: 'gallery-example', example }));
      case 'gallery-example':
        return [];
      default:
        return item satisfies never;
    }
  }

  getTreeItem(item: GalleryItem): vscode.TreeItem {
    switch (item.type) {
      case 'gallery-group': {
        const shown = new vscode.TreeItem(item.group.title, vscode.TreeItemCollapsibleState.Expanded);
        shown.id = item.group.title;
        shown.contextValue = GALLERY_ITEM.group;
        shown.description = String(item.group.entries.length);
        return shown;
      }
      case 'gallery-result':
        return this.resultItem(item.entry);
      case 'gallery-example':
        return exampleItem(item);
      default:
        return item satisfies never;
    }
  }

  dispose(): void {
    this.owned.dispose();
  }

  private resultItem(entry: GalleryEntry): vscode.TreeItem {
    const { result } = entry;
    const verdict = this.verdicts.of(result.id);
    const shown = new vscode.TreeItem(`${result.row} · ${result.title}`, vscode.TreeItemCollapsibleState.Collapsed);
    shown.id = result.id;
    shown.contextValue = GALLERY_ITEM.result;
    const runs = this.running.has(result.id);
    const problem = this.problems.find((other) => other.result === result.id);
    const said = runs ? 'running' : problem ? (problem.failed ? 'failed' : problem.says) : verdict && verdictWord(verdict.outcome);
    shown.description = [result.status, said].filter((part) => part !== undefined).join(' · ');
    shown.iconPath = runs ? new vscode.ThemeIcon('sync~spin') : problem ? PROBLEM_ICON : iconOf(result.status, verdict?.outcome);
    shown.tooltip = tooltipOf(entry, verdict, problem);
    shown.accessibilityInformation = { label: `${result.row}, ${result.title}, ${shown.description}` };
    return shown;
  }
}

const PROBLEM_ICON = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));

function iconOf(status: ResultStatus, outcome: VerdictOutcome | undefined): vscode.ThemeIcon {
  return outcome === undefined ? new vscode.ThemeIcon(STATUS_ICONS[status]) : outcomeThemeIcon({ state: 'done', verdict: { outcome } });
}

function tooltipOf(
  { result }: GalleryEntry,
  verdict: NotedVerdict | undefined,
  problem: ExampleProblem | undefined,
): vscode.MarkdownString {
  const wrong = problem && `\n\n*Example ${escapeMarkdown(problem.example)}*: ${escapeMarkdown(problem.says)}`;
  const last = verdict && `\n\n*Last verdict (${escapeMarkdown(verdict.file)})*: ${escapeMarkdown(verdict.says)}`;
  return new vscode.MarkdownString(
    `**${escapeMarkdown(result.title)}**\n\n${escapeMarkdown(result.statement)}\n\n${escapeMarkdown(shortCitation(result.citation))}${last ?? ''}${wrong ?? ''}`,
  );
}

function exampleItem(item: Extract<GalleryItem, { readonly type: 'gallery-example' }>): vscode.TreeItem {
  const { title, name, control, expected } = item.example;
  const shown = new vscode.TreeItem(title);
  shown.contextValue = GALLERY_ITEM.example;
  shown.iconPath = new vscode.ThemeIcon(control ? 'debug-breakpoint-unverified' : 'file');
  shown.description = [control ? 'control' : 'example', expected && `expects ${verdictWord(expected.verdict)}`].filter(Boolean).join(' · ');
  shown.tooltip = `${title}\n${name}.bias.json\nClick to copy it into the workspace and open it`;
  shown.command = { command: COMMANDS.openExample.id, title: COMMANDS.openExample.title, arguments: [item] };
  return shown;
}
