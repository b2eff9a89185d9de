import * as vscode from 'vscode';
import { COMMANDS, type CommandInfo } from './contributions';
import type { ExperimentDocuments } from './experiment-documents';
import { isExperiment } from './experiment-file';
import { escapeMarkdown } from './escape-markdown';
import { NOTED_KEYS, type NotedKey } from './noted-keys';
import type { Analysis } from '../protocol/compute';

/** Predictions at the keys they hang on, and the notes of a file in lines that break. What a key means is shown by the editor from the schema and not repeated. */
export class PredictionHovers implements vscode.HoverProvider {
  constructor(private readonly documents: ExperimentDocuments) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    if (!isExperiment(document.uri)) return undefined;
    const { keys, notes, tooLarge } = await this.documents.outline(document);
    if (notes !== null) {
      const range = new vscode.Range(document.positionAt(notes.offset), document.positionAt(notes.offset + notes.length));
      // Their lines are longer than most windows are wide.
      if (range.contains(position)) return new vscode.Hover(notes.paragraphs.map(escapeMarkdown).join('\n\n'), range);
    }
    const key = NOTED_KEYS.find((name) => keys[name] === position.line);
    if (key === undefined && position.line !== 0) return undefined;
    const word = document.getWordRangeAtPosition(position, /"[^"]*"|\{/u);
    // Only on the key itself: its values have hovers of their own.
    if (word === undefined || (key !== undefined && position.line !== 0 && document.getText(word) !== `"${key}"`)) return undefined;
    const analysis =
      (await this.documents.analysis(document)) ?? (tooLarge ? null : await this.documents.whenAnalysed(document).catch(() => null));
    const texts = analysis === null ? [] : await hoverTexts(analysis, key ?? null);
    if (texts.length === 0) return undefined;
    const markdown = new vscode.MarkdownString(texts.join('\n\n'));
    const { showPrediction, tryNeighbour, openNotes, copyCitation } = COMMANDS;
    const file = document.uri.toString();
    const cited = analysis?.predictions.at(0)?.result;
    const about = cited === undefined ? [] : [link(openNotes, cited), link(copyCitation, cited)];
    const links = [link(showPrediction, file), link(tryNeighbour, file), ...about];
    markdown.appendMarkdown(`\n\n${links.join(' · ')}`);
    markdown.isTrusted = { enabledCommands: [showPrediction.id, tryNeighbour.id, openNotes.id, copyCitation.id] };
    return new vscode.Hover(markdown, word);
  }
}

function link({ id, title }: CommandInfo, argument: string): string {
  return `[${escapeMarkdown(title)}](command:${id}?${encodeURIComponent(JSON.stringify([argument]))})`;
}

async function hoverTexts(analysis: Analysis, key: NotedKey | null): Promise<readonly string[]> {
  const note =
    key === 'data' ? analysis.dataNote : key === 'model' ? analysis.modelNote : key === 'optimizer' ? analysis.optimizerNote : null;
  const notes = note === null ? [] : [escapeMarkdown(note)];
  const prediction = analysis.predictions.at(0);
  if (key === 'data' || prediction === undefined) return notes;
  const { predictionMarkdown } = await (await import('./theory')).loadMarkdown();
  return [...notes, predictionMarkdown(prediction, '####')];
}
