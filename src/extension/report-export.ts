import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { ExportFormat } from '../protocol/panel';
import { encodeReport } from '../protocol/report-json';
import type { Report } from '../protocol/report';
import { htmlReport } from '../study/html-report';
import { readPageAssets } from '../worker/page-assets';
import { writeWithFolder } from './write-with-folder';
import type { Prompts } from './prompts';

const FILTERS: Readonly<Record<Exclude<ExportFormat, 'markdown' | 'caption'>, { readonly name: string; readonly extension: string }>> = {
  png: { name: 'PNG image', extension: 'png' },
  csv: { name: 'Comma-separated values', extension: 'csv' },
  svg: { name: 'SVG drawing', extension: 'svg' },
  json: { name: 'Report', extension: 'report.json' },
  html: { name: 'Web page', extension: 'html' },
};
const PNG_PREFIX = 'data:image/png;base64,';

/** Writes what the page made where the user says, or copies Markdown to the clipboard. */
export async function exportFromPage(
  format: ExportFormat,
  name: string,
  content: string,
  report: Report | null,
  prompts: Prompts,
): Promise<void> {
  switch (format) {
    case 'markdown':
    case 'caption':
      await vscode.env.clipboard.writeText(content);
      void vscode.window.setStatusBarMessage(format === 'caption' ? 'Caption copied' : 'Summary copied as Markdown', 3000);
      return;
    case 'html':
      if (report !== null) await save(format, name, htmlReport(report, { file: name, assets: await readPageAssets(__dirname) }), prompts);
      return;
    case 'svg':
    case 'png':
      if (!content.startsWith(PNG_PREFIX)) throw new TypeError(`expected a PNG data URL, got ${content.slice(0, 30)}`);
      return save(format, name, Buffer.from(content.slice(PNG_PREFIX.length), 'base64'), prompts);
    case 'csv':
      return save(format, name, content, prompts);
    case 'json':
      return report === null ? undefined : exportReport(name, report, prompts);
    default:
      return format satisfies never;
  }
}

/** The report as the command line writes it. */
export function exportReport(name: string, report: Report, prompts: Prompts): Promise<void> {
  return save('json', name, `${encodeReport(report)}\n`, prompts);
}

async function save(format: keyof typeof FILTERS, name: string, content: string | Uint8Array, prompts: Prompts): Promise<void> {
  const { name: kind, extension } = FILTERS[format];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const target = await prompts.saveTo(vscode.Uri.joinPath(folder, `${fileName(name)}.${extension}`), {
    [kind]: [extension.slice(extension.lastIndexOf('.') + 1)],
  });
  if (target === undefined) return;
  if (target.scheme === 'file') await writeWithFolder(target.fsPath, content);
  else await vscode.workspace.fs.writeFile(target, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  void vscode.window.setStatusBarMessage(`Exported ${target.path.slice(target.path.lastIndexOf('/') + 1)}`, 3000);
}

/** A title as a file name: no separators, nothing hidden, not long. */
function fileName(title: string): string {
  const safe = title
    .replace(/\.(png|svg|csv|(report\.)?json|html|md)$/u, '')
    .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/^[. -]+|[. -]+$/gu, '')
    .slice(0, 80);
  return safe === '' ? 'results' : safe;
}
