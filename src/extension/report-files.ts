/** Report files on the disk as runs that can be shown: their id is where they lie, so that a reload finds them again. */
import * as vscode from 'vscode';
import type { RunView } from '../protocol/panel';
import type { Report } from '../protocol/report';
import { savedReports, viewOfReport } from '../study/saved-report';
import { displayName } from './experiment-file';

const SCHEME = 'report:';
/** Beyond it the editor's host would be busy for seconds. */
const LARGEST = 200e6;

/** "report:" and the URI of the file; its fragment is the number of the report where there are several. */
export type ReportId = `${typeof SCHEME}${string}`;

export function isReportId(value: unknown): value is ReportId {
  return typeof value === 'string' && value.startsWith(SCHEME);
}

export function reportId(uri: vscode.Uri, index = 0): ReportId {
  return `${SCHEME}${uri.with({ fragment: String(index) }).toString()}`;
}

export function uriOfReport(id: ReportId): vscode.Uri {
  return vscode.Uri.parse(id.slice(SCHEME.length)).with({ fragment: '' });
}

/**
 * The reports of a file.
 * @throws Error whose message names the file and what is wrong with it
 */
export async function readReports(uri: vscode.Uri): Promise<readonly Report[]> {
  const name = displayName(uri);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > LARGEST) throw new Error(`${name} has ${Math.round(size / 1e6)} MB: more than ${LARGEST / 1e6} MB are not opened.`);
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch (error) {
    throw new Error(`${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const reports = savedReports(value);
  if (reports.length === 0)
    throw new Error(`${name} holds no report: expected what "Export Report", bias-lab run --json or a sweep's sweep.json writes.`);
  return reports;
}

/** Null where the file is no more, or no report any more. */
export async function reportAt(id: ReportId): Promise<{ readonly report: Report; readonly view: RunView } | null> {
  const uri = uriOfReport(id);
  const index = Number(vscode.Uri.parse(id.slice(SCHEME.length)).fragment);
  const report = (await readReports(uri).catch(() => [])).at(index);
  return report === undefined ? null : { report, view: viewOfReport(report, { id, file: displayName(uri) }) };
}
