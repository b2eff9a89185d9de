import * as vscode from 'vscode';
import type { BugReporter } from './bug-reporter';
import { failureOf } from './compute-service';
import type { ExperimentDocuments } from './experiment-documents';
import { displayName } from './experiment-file';
import { detailsMarkdown, escapeMarkdown } from './markdown-text';
import { Ownership } from './signal';

const SCHEME = 'bias-lab-prediction';

/** "Show Prediction Details": a read-only Markdown page that follows its experiment. */
export class PredictionPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly owned = new Ownership();
  private readonly changed = this.owned.own(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly documents: ExperimentDocuments,
    private readonly bugs: BugReporter,
  ) {
    this.owned.own(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.owned.own(documents.onDidAnalyse(({ document }) => this.changed.fire(pageOf(document.uri))));
  }

  async provideTextDocumentContent(page: vscode.Uri): Promise<string> {
    const experiment = vscode.Uri.parse(page.query);
    const file = displayName(experiment);
    try {
      const document = await vscode.workspace.openTextDocument(experiment);
      return detailsMarkdown(file, this.documents.latestAnalysis(document) ?? (await this.documents.whenAnalysed(document)));
    } catch (error) {
      return `# Prediction for ${escapeMarkdown(file)}\n\nThe file could not be analysed: ${escapeMarkdown(failureOf(error).message)}`;
    }
  }

  async show(experiment: vscode.Uri): Promise<void> {
    const page = pageOf(experiment);
    try {
      await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
    } catch (error) {
      // The Markdown extension may be switched off; the text reads well without it.
      this.bugs.log.debug(`markdown preview: ${String(error)}`);
      await vscode.window.showTextDocument(page, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
    }
  }

  dispose(): void {
    this.owned.dispose();
  }
}

/** The page's address: its name is what the tab shows, its query the experiment. */
export function pageOf(experiment: vscode.Uri): vscode.Uri {
  const name = experiment.path.slice(experiment.path.lastIndexOf('/') + 1).replace(/\.bias\.json$/u, '');
  return vscode.Uri.from({ scheme: SCHEME, path: `/Prediction for ${name}.md`, query: experiment.toString() });
}
