import * as vscode from 'vscode';
import type { BugReporter } from './bug-reporter';
import { failureOf } from './compute-service';
import type { ExperimentDocuments } from './experiment-documents';
import { displayName } from './experiment-file';
import { bibtexOf } from './bibtex';
import { escapeMarkdown } from './escape-markdown';
import type { LastRun } from './markdown-text';
import { notesOn } from './result-notes';
import { resultOfPage, resultPage } from './result-pages';
import type { RunArchive } from './run-archive';
import { Ownership } from './signal';
import { outcomeText } from './wording';

const SCHEME = 'bias-lab-prediction';

/** An answer that takes longer than this, milliseconds, is not waited for with an empty page. */
const SOON = 150;

export interface PageSources {
  readonly documents: ExperimentDocuments;
  readonly archive: RunArchive;
  readonly bugs: BugReporter;
  /** The file of notes on the results. */
  readonly notes: vscode.Uri;
  /** A run of this file has come to an end. */
  readonly onDidEndRun: vscode.Event<vscode.Uri>;
}

/**
 * "Show Prediction Details": a read-only Markdown page that follows its experiment. Beside it, where its links lead, lie the notes on the
 * results and the citation of each.
 */
export class PredictionPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly owned = new Ownership();
  /** Pages that have shown something: they keep it until all is known of the next, so that nothing flickers while a file is typed. */
  private readonly begun = new Set<string>();
  private readonly changed = this.owned.own(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;

  constructor(private readonly sources: PageSources) {
    const { documents, onDidEndRun } = sources;
    this.owned.own(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.owned.own(documents.onDidAnalyse(({ document }) => this.changed.fire(pageOf(document.uri))));
    this.owned.own(onDidEndRun((experiment) => this.changed.fire(pageOf(experiment))));
    this.owned.own(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.begun.delete(uri.toString())));
  }

  async provideTextDocumentContent(page: vscode.Uri): Promise<string> {
    const about = resultOfPage(page.path);
    if (about === null) return this.prediction(page);
    return about.page === 'notes' ? this.notesOn(about.result) : citationOf(about.result);
  }

  showNotes(result: string): Promise<void> {
    return this.preview('markdown.showPreview', vscode.Uri.from({ scheme: SCHEME, path: `/${resultPage(result, 'notes')}` }));
  }

  private async notesOn(result: string): Promise<string> {
    const notes = new TextDecoder().decode(await vscode.workspace.fs.readFile(this.sources.notes));
    return notesOn(notes, result) ?? `# ${escapeMarkdown(result)}\n\nThe catalogue has no notes on this result.`;
  }

  private async prediction(page: vscode.Uri): Promise<string> {
    const experiment = vscode.Uri.parse(page.query);
    const file = displayName(experiment);
    try {
      const document = await vscode.workspace.openTextDocument(experiment);
      const { documents } = this.sources;
      const typeset = vscode.workspace.getConfiguration('markdown').get('math.enabled', false);
      const working = Promise.all([documents.whenAnalysed(document), documents.neighbours(document)]);
      const { detailsMarkdown, draftMarkdown } = await (await import('./theory')).loadMarkdown();
      const known = this.begun.has(page.toString()) ? await working : await Promise.race([working, pause(SOON)]);
      // All is asked anew for the page that comes then, which may take as long again.
      this.begun.add(page.toString());
      if (known === null) {
        const comes = (): void => this.changed.fire(page);
        working.then(comes, comes);
        return draftMarkdown(file, (await documents.outline(document)).good?.results.at(0), typeset);
      }
      const [analysis, neighbours] = known;
      return detailsMarkdown({ file, analysis, lastRun: await this.lastRun(document), neighbours, typeset });
    } catch (error) {
      return `# Prediction for ${escapeMarkdown(file)}\n\nThe file could not be analysed: ${escapeMarkdown(failureOf(error).message)}`;
    }
  }

  show(experiment: vscode.Uri): Promise<void> {
    return this.preview('markdown.showPreviewToSide', pageOf(experiment));
  }

  private async preview(command: string, page: vscode.Uri): Promise<void> {
    try {
      await vscode.commands.executeCommand(command, page);
    } catch (error) {
      // The Markdown extension may be switched off; the text reads well without it.
      this.sources.bugs.log.debug(`markdown preview: ${String(error)}`);
      await vscode.window.showTextDocument(page, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
    }
  }

  private async lastRun(document: vscode.TextDocument): Promise<LastRun | null> {
    const { archive } = this.sources;
    const note = archive.note(document);
    if (note.state !== 'finished') return null;
    const { run, stale } = note;
    const report = (await archive.record(run.id))?.report ?? null;
    const certificate = report?.references.find(({ role }) => role === 'predicted')?.certificate ?? null;
    return { outcome: outcomeText(run), stale, verdict: run.verdict, certificate };
  }

  dispose(): void {
    this.owned.dispose();
  }
}

function pause(milliseconds: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), milliseconds));
}

/** Empty for an id that the catalogue does not have. */
async function citationOf(id: string): Promise<string> {
  const { CATALOGUE } = await (await import('./theory')).loadCatalogue();
  const result = CATALOGUE.find((known) => known.id === id);
  return result === undefined ? '' : bibtexOf(result.citation);
}

/** The page's address: its name is what the tab shows, its query the experiment. */
export function pageOf(experiment: vscode.Uri): vscode.Uri {
  const name = experiment.path.slice(experiment.path.lastIndexOf('/') + 1).replace(/\.bias\.json$/u, '');
  return vscode.Uri.from({ scheme: SCHEME, path: `/Prediction for ${name}.md`, query: experiment.toString() });
}
