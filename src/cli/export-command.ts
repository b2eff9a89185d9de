import path from 'node:path';
import { ExportError } from '../export/export-error';
import { pythonScript } from '../export/python-script';
import { trajectoryCsv } from '../export/trajectory-csv';
import type { Diagnostic } from '../protocol/compute';
import type { Report } from '../protocol/report';
import { htmlReport } from '../study/html-report';
import { savedReports } from '../study/saved-report';
import { diagnosticLine } from './diagnostic-line';
import { EXIT, statusOfFailure, statusOfReport, type ExitStatus } from './exit-status';
import { readExperiment, type ExperimentFile } from './experiment-file';
import { answered, failureOf, reportFailure } from './failure-line';
import { fileOutput, type FileOutput } from './file-output';
import { paintFor } from './paint';
import { ProgressLine } from './progress-line';
import type { Terminal } from './terminal';
import { UsageError } from './usage-error';

const FORMATS = ['pytorch', 'csv', 'html'] as const;
type Format = (typeof FORMATS)[number];

export interface ExportCommandOptions {
  readonly to: string;
  readonly out?: string;
}

/**
 * An experiment in another language, or a run in another form. A run is made where the file is an experiment; a saved report is taken as it is.
 * @throws UsageError before anything is computed
 */
export async function exportCommand(name: string, { to, out = '-' }: ExportCommandOptions, terminal: Terminal): Promise<ExitStatus> {
  const format = FORMATS.find((one) => one === to);
  if (format === undefined) throw new UsageError(`--to ${JSON.stringify(to)}: expected one of ${FORMATS.join(', ')}`);
  const file = await readExperiment(name, terminal.cwd);
  const reports = reportsIn(file.source.text);
  if (reports.length > 1) throw new UsageError(`${name} holds ${reports.length} reports: one at a time can be exported`);
  const saved = reports.at(0) ?? null;
  if (format === 'pytorch' && saved !== null) throw new UsageError(`${name} is a report: a script is made of an experiment (*.bias.json)`);
  const output = await fileOutput(out, terminal);
  try {
    if (format === 'pytorch') return await exportScript(file, output, terminal);
    if (saved !== null) {
      await output.write(await textOf(saved, name, format, terminal));
      return EXIT.ok;
    }
    return await exportRun(file, format, output, terminal);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof ExportError) throw new UsageError(`cannot export ${JSON.stringify(name)}: ${error.message}`);
    const failure = failureOf(error);
    reportFailure(name, failure, terminal);
    return statusOfFailure(failure);
  }
}

async function exportScript({ name, source }: ExperimentFile, output: FileOutput, terminal: Terminal): Promise<ExitStatus> {
  const resolved = await answered(terminal.compute.resolve(source, { signal: terminal.signal }), terminal);
  if ('diagnostics' in resolved) return refuse(name, resolved.diagnostics, terminal);
  await output.write(pythonScript(resolved, `${path.basename(name).replace(/\.bias\.json$/, '')}.py`).trimEnd());
  return EXIT.ok;
}

async function exportRun(
  { name, source }: ExperimentFile,
  format: Exclude<Format, 'pytorch'>,
  output: FileOutput,
  terminal: Terminal,
): Promise<ExitStatus> {
  const progress = new ProgressLine(terminal.stderr, 1);
  const run = terminal.compute.run(source, { signal: terminal.signal, onEvent: (event) => progress.update(name, event) });
  const answer = await answered(run, terminal).finally(() => progress.clear());
  if (answer.type === 'invalid') return refuse(name, answer.diagnostics, terminal);
  await output.write(await textOf(answer.report, name, format, terminal));
  return statusOfReport(answer.report);
}

function refuse(name: string, diagnostics: readonly Diagnostic[], { stderr, env }: Terminal): ExitStatus {
  for (const diagnostic of diagnostics) stderr.write(diagnosticLine(name, diagnostic, paintFor(stderr, env)));
  return EXIT.wrong;
}

async function textOf(report: Report, name: string, format: Exclude<Format, 'pytorch'>, { pageAssets }: Terminal): Promise<string> {
  switch (format) {
    case 'csv':
      return trajectoryCsv(report).trimEnd();
    case 'html':
      return htmlReport(report, { file: path.basename(name), assets: await pageAssets() }).trimEnd();
    default:
      return format satisfies never;
  }
}

/** The reports that a text holds, or that of the sweep that it sums up; none where it is something else. */
function reportsIn(text: string): readonly Report[] {
  try {
    return savedReports(JSON.parse(text));
  } catch {
    return [];
  }
}
