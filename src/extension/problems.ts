/** Diagnostics and quick fixes of the experiments that are open. */
import * as vscode from 'vscode';
import type { Diagnostic, Severity } from '../protocol/compute';
import type { ExperimentDocuments } from './experiment-documents';
import { alreadyShownByEditor } from './editor-diagnostics';
import { EXPERIMENT_SELECTOR } from './places';
import { Ownership } from './signal';

export const DIAGNOSTIC_SOURCE = 'bias-lab';

/** Publishes the findings of the last analysis; what the editor's own JSON validation says already is left to it. */
export class Problems implements vscode.Disposable {
  private readonly owned = new Ownership();
  private readonly collection = this.owned.own(vscode.languages.createDiagnosticCollection(DIAGNOSTIC_SOURCE));

  constructor(documents: ExperimentDocuments) {
    this.owned.own(
      documents.onDidAnalyse(({ document, analysis }) => {
        const { languageId } = document;
        const validated = vscode.workspace.getConfiguration('json', document).get<boolean>('validate.enable') !== false;
        const published = analysis.diagnostics.filter(({ code }) => !(validated && alreadyShownByEditor(code, languageId)));
        this.collection.set(
          document.uri,
          published.map((diagnostic) => toEditorDiagnostic(document, diagnostic)),
        );
      }),
    );
    this.owned.own(documents.onDidClose((uri) => this.collection.delete(uri)));
    const fixes = new QuickFixes(documents);
    this.owned.own(
      vscode.languages.registerCodeActionsProvider(EXPERIMENT_SELECTOR, fixes, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }
}

/** Fixes of all findings in a range, also of those whose message the editor's JSON validation shows. */
class QuickFixes implements vscode.CodeActionProvider {
  constructor(private readonly documents: ExperimentDocuments) {}

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    const findings = this.documents.latestAnalysis(document)?.diagnostics ?? [];
    return findings.flatMap((finding) => {
      const place = rangeOf(document, finding);
      if (finding.fixes.length === 0 || !place.intersection(range)) return [];
      const shown = context.diagnostics.filter((diagnostic) => diagnostic.range.intersection(place) !== undefined);
      return finding.fixes.map((fix) => {
        const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
        action.diagnostics = shown;
        action.isPreferred = fix.preferred;
        action.edit = new vscode.WorkspaceEdit();
        for (const { offset, length, text } of fix.changes) {
          action.edit.replace(document.uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), text);
        }
        return action;
      });
    });
  }
}

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

function rangeOf(document: vscode.TextDocument, { offset, length }: Diagnostic): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}

function toEditorDiagnostic(document: vscode.TextDocument, diagnostic: Diagnostic): vscode.Diagnostic {
  const shown = new vscode.Diagnostic(rangeOf(document, diagnostic), diagnostic.message, SEVERITIES[diagnostic.severity]);
  shown.source = DIAGNOSTIC_SOURCE;
  shown.code = diagnostic.code;
  return shown;
}
