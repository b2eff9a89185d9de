/** Shows a report that lies on the disk in the results panel. */
import * as vscode from 'vscode';
import type { Prompts } from './prompts';
import { readReports, reportId } from './report-files';
import type { ResultsPanel } from './results-panel';

export interface OpenReportParts {
  readonly prompts: Prompts;
  readonly panel: ResultsPanel;
}

/** @param argument the file that was pointed at; without one the user is asked */
export async function openReport(argument: unknown, { prompts, panel }: OpenReportParts): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : await prompts.openFrom({ Report: ['json'] });
  if (uri === undefined) return;
  try {
    const reports = await readReports(uri);
    const choices = reports.map(({ title, verdict }, index) => ({
      label: title || `Report ${index + 1}`,
      detail: verdict.says,
      value: index,
    }));
    const index =
      choices.length === 1
        ? 0
        : await prompts.pickOne(choices, { title: 'Open Report', placeholder: 'The file holds several: which one?' });
    if (index !== undefined) await panel.show(reportId(uri, index));
  } catch (error) {
    void prompts.inform('error', error instanceof Error ? error.message : String(error));
  }
}
