/** The results page beside the editor. The page asks, this answers with a snapshot, then sends only what is new. */
import * as vscode from 'vscode';
import type { ComparedRun, FromPage, ToPage } from '../protocol/panel';
import type { RunEvent } from '../protocol/compute';
import type { Figure } from '../protocol/report';
import { toPlain } from '../protocol/report-json';
import type { BugReporter } from './bug-reporter';
import { VIEW_TYPES } from './contributions';
import type { ExperimentDocuments } from './experiment-documents';
import { panelHtml } from './panel-html';
import { randomHex } from './random-bytes';
import { isReportId } from './report-files';
import type { Run } from './run';
import type { RunArchive } from './run-archive';
import type { RunManager } from './run-manager';
import { isRunId } from './run-record';
import { Ownership, Signal } from './signal';

/** Live points are sent together, at most this often: milliseconds. */
const FLUSH_INTERVAL = 100;

/** What the page asks for that is not the panel's own business. */
export type PageRequest = Exclude<FromPage, { readonly type: 'ready' | 'page-error' | 'stop-comparing' }>;

export interface PanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly documents: ExperimentDocuments;
  readonly runs: RunManager;
  readonly archive: RunArchive;
  readonly bugs: BugReporter;
}

export class ResultsPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly owned = new Ownership();
  private readonly requested = this.owned.own(new Signal<PageRequest>());
  private readonly posted = this.owned.own(new Signal<ToPage>());
  readonly onDidRequest = this.requested.event;
  /** Whatever is sent to the page. */
  readonly onDidPost = this.posted.event;
  private panel: vscode.WebviewPanel | null = null;
  private ofPanel = new Ownership();
  /** The page has asked and listens. */
  private ready = false;
  private shown: string | null = null;
  private compared: readonly string[] = [];
  private flushing: ReturnType<typeof setTimeout> | undefined;
  private flushed = -Infinity;
  private staleShown = false;
  /** The page has the newest figures of the run that goes on. */
  private figuresTold = true;
  /** Grows with every snapshot, so that a slow one does not overtake a later one. */
  private snapshots = 0;

  constructor(private readonly options: PanelOptions) {
    this.owned.own(vscode.window.registerWebviewPanelSerializer(VIEW_TYPES.results, this));
    this.owned.own(options.runs.onDidChange(({ run, event }) => this.follow(run, event)));
    this.owned.own(vscode.workspace.onDidChangeTextDocument(() => this.refreshStale()));
    this.owned.own(vscode.workspace.onDidSaveTextDocument(() => this.refreshStale()));
    // The text may be the same and the data others.
    this.owned.own(options.documents.onDidAnalyse(() => this.refreshStale()));
  }

  /** The run that is shown. */
  get runId(): string | null {
    return this.shown;
  }

  get visible(): boolean {
    return this.panel?.visible ?? false;
  }

  /** Shows a run (null: the empty page) beside the editor, without taking the focus. */
  async show(id: string | null, compared: readonly string[] = []): Promise<void> {
    this.shown = id;
    this.compared = compared;
    if (this.panel === null) {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.attach(vscode.window.createWebviewPanel(VIEW_TYPES.results, 'Results', column));
    } else if (!this.panel.visible) {
      this.panel.reveal(undefined, true);
    }
    await this.sendSnapshot();
  }

  /** Answers the page's question for the runs of a place, if it still shows that sweep. */
  tellCell(id: string, point: number, figure: Figure | null, says: string): void {
    if (this.ready && id === this.shown) this.post({ type: 'cell', id, point, figure: toPlain(figure) as Figure | null, says });
  }

  /** Asks for what the page can ask for. */
  ask(request: PageRequest): void {
    this.requested.fire(request);
  }

  /** After runs were deleted: the page does not show what is no more. */
  async refresh(): Promise<void> {
    await this.sendSnapshot();
  }

  /** After a reload of the window; the page has kept which run it showed. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const runId = state !== null && typeof state === 'object' && 'runId' in state ? state.runId : null;
    // One panel a window: a second one would show the same.
    if (this.panel !== null) return panel.dispose();
    this.shown = isRunId(runId) || isReportId(runId) ? runId : null;
    this.compared = [];
    this.attach(panel);
    await this.sendSnapshot();
  }

  dispose(): void {
    clearTimeout(this.flushing);
    this.panel?.dispose();
    this.ofPanel.dispose();
    this.owned.dispose();
  }

  private attach(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    this.ready = false;
    this.ofPanel = new Ownership();
    const { extensionUri, bugs } = this.options;
    const file = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(extensionUri, ...path);
    panel.iconPath = { light: file('media', 'icon-light.svg'), dark: file('media', 'icon-dark.svg') };
    panel.webview.options = { enableScripts: true, localResourceRoots: [file('dist'), file('media')] };
    this.ofPanel.own(
      panel.onDidDispose(() => {
        this.panel = null;
        this.ready = false;
        this.ofPanel.dispose();
      }),
    );
    // A hidden page is gone; when it is shown again it starts anew and asks.
    this.ofPanel.own(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.ready = false;
      }),
    );
    this.ofPanel.own(
      panel.webview.onDidReceiveMessage((message: FromPage) =>
        bugs.guard('The results page asked for something that failed', () => this.receive(message)),
      ),
    );
    panel.webview.html = panelHtml({
      cspSource: panel.webview.cspSource,
      nonce: randomHex(16),
      scriptUri: String(panel.webview.asWebviewUri(file('dist', 'results.js'))),
      styleUri: String(panel.webview.asWebviewUri(file('dist', 'results.css'))),
    });
  }

  private async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        return this.sendSnapshot();
      case 'page-error':
        this.options.bugs.log.error(`results page: ${message.message}`);
        return;
      case 'stop-comparing':
        this.compared = [];
        return this.sendSnapshot();
      case 'run':
      case 'cancel':
      case 'open-file':
      case 'open-link':
      case 'export':
      case 'compare':
      case 'open-point':
      case 'refine':
      case 'open-cell':
      case 'rerun':
      case 'apply-settings':
        this.requested.fire(message);
        return;
      default:
        message satisfies never;
    }
  }

  private async sendSnapshot(): Promise<void> {
    const number = ++this.snapshots;
    const { archive, runs } = this.options;
    const view = this.shown === null ? null : await archive.view(this.shown);
    const compared: ComparedRun[] = [];
    for (const id of this.compared) {
      const run = id === this.shown ? null : await archive.finished(id);
      if (run) compared.push(run);
    }
    if (number !== this.snapshots || this.panel === null) return;
    this.panel.title = view === null ? 'Results' : `Results: ${view.title}`;
    this.staleShown = view?.stale ?? false;
    if (!this.ready) return;
    // Whatever came in while the snapshot was read is in it, if it is taken now.
    const live = view?.state === 'running' ? runs.find(view.id) : undefined;
    live?.curves.allTold();
    if (live) this.figuresTold = true;
    this.post({ type: 'snapshot', run: live ? live.view(this.staleShown) : view, compared });
  }

  private follow(run: Run, event: RunEvent | null): void {
    if (run.id !== this.shown) return;
    if (event === null) {
      this.options.bugs.guard('The results could not be shown', () => this.sendSnapshot());
      return;
    }
    if (!this.ready) return;
    switch (event.type) {
      case 'figures':
        this.figuresTold = false;
        this.flushSoon(run);
        return;
      case 'points':
      case 'progress':
        this.flushSoon(run);
        return;
      case 'predicted':
      case 'reference': {
        const { predictions, subject, references } = run.view(false);
        const reference = references.at(-1);
        if (event.type === 'predicted') this.post({ type: 'predicted', id: run.id, predictions, subject });
        else if (reference) this.post({ type: 'reference', id: run.id, reference });
        return;
      }
      default:
        event satisfies never;
    }
  }

  /** The first points after a pause go out at once. */
  private flushSoon(run: Run): void {
    this.flushing ??= setTimeout(() => this.flush(run), Math.max(0, this.flushed + FLUSH_INTERVAL - performance.now()));
  }

  private flush(run: Run): void {
    this.flushing = undefined;
    this.flushed = performance.now();
    if (!this.ready || run.id !== this.shown || run.state !== 'running') return;
    const news = run.curves.news();
    if (news) this.post({ type: 'points', id: run.id, ...news });
    this.post({ type: 'progress', id: run.id, ...run.progress });
    if (!this.figuresTold) this.post({ type: 'figures', id: run.id, figures: run.figures });
    this.figuresTold = true;
  }

  private refreshStale(): void {
    const { shown } = this;
    if (shown === null || !this.ready) return;
    this.options.bugs.guard('The results could not be refreshed', async () => {
      const stale = await this.options.archive.staleness(shown);
      if (shown !== this.shown || stale === null || stale === this.staleShown) return;
      this.staleShown = stale;
      this.post({ type: 'stale', id: shown, stale });
    });
  }

  private post(message: ToPage): void {
    this.posted.fire(message);
    void this.panel?.webview.postMessage(message);
  }
}
