import type * as vscode from 'vscode';
import type { Analysis } from '../protocol/compute';
import type { ToPage } from '../protocol/panel';
import type { HistoryStore } from './history-store';
import type { Prompts } from './prompts';
import type { ResultsPanel } from './results-panel';
import type { RunManager } from './run-manager';
import type { GalleryView } from './gallery-view';
import type { StatusBar } from './status-bar';
import type { TestExplorer } from './test-explorer';
import type { VerdictBook } from './verdict-book';

/** What `activate` returns: enough for tests to look on and to answer questions. Nothing in it can do more than the commands can. */
export interface ExtensionApi {
  whenAnalysed(uri: vscode.Uri): Promise<Analysis>;
  readonly runs: RunManager;
  readonly history: HistoryStore;
  readonly panel: ResultsPanel;
  readonly status: StatusBar;
  readonly tests: TestExplorer;
  readonly verdicts: VerdictBook;
  readonly galleryView: GalleryView;
  /** The newest message of a kind that was sent to the results page. */
  lastPosted<T extends ToPage['type']>(type: T): Extract<ToPage, { readonly type: T }> | undefined;
  /** Answers questions from now on; null gives them back to the user. */
  answerPrompts(prompts: Prompts | null): void;
}
