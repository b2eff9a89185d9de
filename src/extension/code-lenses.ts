import * as vscode from 'vscode';
import { COMMANDS } from './contributions';
import type { ExperimentDocuments } from './experiment-documents';
import { isExperiment } from './experiment-file';
import type { LensText, RunNote } from './lens-text';
import { codeLensEnabled, onSettingChange } from './settings';
import { Ownership } from './signal';

export interface LensSources {
  readonly documents: ExperimentDocuments;
  readonly runNote: (document: vscode.TextDocument) => RunNote;
  /** Something about the runs of a file has changed. */
  readonly onDidChangeRuns: vscode.Event<unknown>;
}

/** Lenses are complete when they are provided: nothing is resolved later, and what the worker adds comes with one refresh. */
export class ExperimentLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly owned = new Ownership();
  private readonly changed = this.owned.own(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;
  /** What was shown last, so that an answer that changes nothing does not make the editor draw again. */
  private readonly shown = new Map<string, string>();
  /** How often something that lenses tell of may have changed. */
  private changes = 0;

  constructor(private readonly sources: LensSources) {
    const { documents, onDidChangeRuns } = sources;
    this.owned.own(documents.onDidAnalyse(({ document }) => void this.refreshIfOther(document)));
    this.owned.own(documents.onDidClose((uri) => this.shown.delete(uri.toString())));
    this.owned.own(onDidChangeRuns(() => this.refreshOpen()));
    this.owned.own(onSettingChange(['codeLens'], () => this.changed.fire()));
  }

  async provideCodeLenses(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<vscode.CodeLens[]> {
    if (!codeLensEnabled() || !isExperiment(document.uri)) return [];
    let texts: readonly LensText[];
    let changes: number;
    do {
      // Until an answer is given, no change of it is told to the editor: what changes meanwhile goes into the answer.
      changes = this.changes;
      texts = await this.texts(document);
    } while (changes !== this.changes && !token.isCancellationRequested);
    // An answer that the editor no longer waits for is not shown.
    if (!token.isCancellationRequested) this.shown.set(document.uri.toString(), JSON.stringify(texts));
    const last = document.lineCount - 1;
    return texts.map(({ line, title, tooltip, command }) => {
      const row = Math.min(line, last);
      return new vscode.CodeLens(new vscode.Range(row, 0, row, 0), {
        // The editor swallows a plain space behind an icon.
        title: title.replace(/^(\$\([^)]*\)) /u, '$1\u00a0'),
        tooltip,
        command: COMMANDS[command].id,
        arguments: [document.uri],
      });
    });
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async texts(document: vscode.TextDocument): Promise<readonly LensText[]> {
    const { documents, runNote } = this.sources;
    const outline = await documents.outline(document);
    const { lensTexts } = await (await import('./theory')).loadLenses();
    return lensTexts({ outline, analysis: await documents.analysis(document), run: runNote(document) });
  }

  private refreshOpen(): void {
    for (const document of vscode.workspace.textDocuments) if (isExperiment(document.uri)) void this.refreshIfOther(document);
  }

  private async refreshIfOther(document: vscode.TextDocument): Promise<void> {
    this.changes += 1;
    const before = this.shown.get(document.uri.toString());
    if (before !== undefined && before !== JSON.stringify(await this.texts(document))) this.changed.fire();
  }
}
