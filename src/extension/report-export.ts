import * as vscode from 'vscode';
import type { ExportFormat } from '../protocol/panel';
import { encodeReport } from '../protocol/report-json';
import type { Report } from '../protocol/report';
import { htmlReport, type PageAssets } from '../study/html-report';
import { textOf } from './experiment-file';
import { homeFolder } from './places';
import type { Prompts } from './prompts';
import { writeTarget } from './write-target';

const FILTERS: Readonly<Record<Exclude<ExportFormat, 'markdown' | 'caption'>, { readonly name: string; readonly extension: string }>> = {
  png: { name: 'PNG image', extension: 'png' },
  csv: { name: 'Comma-separated values', extension: 'csv' },
  svg: { name: 'SVG drawing', extension: 'svg' },
  json: { name: 'Report', extension: 'report.json' },
  html: { name: 'Web page', extension: 'html' },
};
const EXTENSION_ID = 'implicit-bias-lab.implicit-bias-lab';
const PNG_PREFIX = 'data:image/png;base64,';

/**
 * Writes what the page made where the user says, or copies Markdown to the clipboard.
 * @param name suggested for what is written
 * @param file of the experiment, which a web page names
 */
export async function exportFromPage(
  format: ExportFormat,
  name: string,
  content: string,
  report: Report | null,
  prompts: Prompts,
  file = name,
): Promise<void> {
  switch (format) {
    case 'markdown':
    case 'caption':
      await vscode.env.clipboard.writeText(content);
      void vscode.window.setStatusBarMessage(format === 'caption' ? 'Caption copied' : 'Summary copied as Markdown', 3000);
      return;
    case 'html':
      if (report !== null) await save(format, name, htmlReport(report, { file, assets: await pageAssets() }), prompts);
      return;
    case 'png':
      if (!content.startsWith(PNG_PREFIX)) throw new TypeError(`expected a PNG data URL, got ${content.slice(0, 30)}`);
      return save(
        format,
        name,
        Uint8Array.from(atob(content.slice(PNG_PREFIX.length)), (unit) => unit.charCodeAt(0)),
        prompts,
      );
    case 'csv':
    case 'svg':
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
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? homeFolder();
  const target = await prompts.saveTo(vscode.Uri.joinPath(folder, `${fileName(name)}.${extension}`), {
    [kind]: [extension.slice(extension.lastIndexOf('.') + 1)],
  });
  if (target === undefined) return;
  await writeTarget(target, content);
  void vscode.window.setStatusBarMessage(`Exported ${target.path.slice(target.path.lastIndexOf('/') + 1)}`, 3000);
}

/** The page as it lies beside the bundle that runs here. */
async function pageAssets(): Promise<PageAssets> {
  const extension = vscode.extensions.getExtension(EXTENSION_ID);
  if (extension === undefined) throw new Error(`The editor knows no extension ${EXTENSION_ID}.`);
  const [script, style] = await Promise.all(
    ['results.js', 'results.css'].map((name) => textOf(vscode.Uri.joinPath(extension.extensionUri, 'dist', name))),
  );
  return { script, style };
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
