import type { RunAnswer } from '../protocol/compute';
import type { Report } from '../protocol/report';
import { encodeReport, toPlain } from '../protocol/report-json';
import { diagnosticLine } from './diagnostic-line';
import { EXIT, statusOfFailure, statusOfReport, worst, type ExitStatus } from './exit-status';
import { readExperiment, type ExperimentFile } from './experiment-file';
import { failureOf, reportFailure } from './failure-line';
import { fileOutput } from './file-output';
import { Page } from './page';
import { paintFor } from './paint';
import { ProgressLine } from './progress-line';
import { writeSummary } from './summary';
import type { Terminal } from './terminal';
import { printable } from './terminal-text';

/**
 * Predicts, trains, solves and judges each file: summary on standard error, JSON where it is asked for,
 * without it the verdict's sentence on standard output.
 * @throws UsageError before anything is run
 */
export async function runCommand(names: readonly string[], options: { readonly json?: string }, terminal: Terminal): Promise<ExitStatus> {
  const files = await Promise.all(names.map((name) => readExperiment(name, terminal.cwd)));
  const json = options.json === undefined ? null : await fileOutput(options.json, terminal);
  const progress = new ProgressLine(terminal.stderr, files.length);

  // All are handed over at once: the pool runs as many as there are workers. They are shown in the order of the call.
  const runs = files.map(({ name, source }) => {
    const run = terminal.compute.run(source, { signal: terminal.signal, onEvent: (event) => progress.update(name, event) });
    const settled = run.finally(() => progress.finish(name));
    return settled.then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
  });
  const statuses: ExitStatus[] = [];
  const reports: (Report | null)[] = [];
  for (const [index, file] of files.entries()) {
    const outcome = await runs[index];
    progress.clear();
    const report = 'answer' in outcome && outcome.answer.type === 'report' ? outcome.answer.report : null;
    statuses.push('answer' in outcome ? show(file, outcome.answer, terminal) : showFailure(file, outcome.error, terminal));
    reports.push(report);
    if (report !== null && json === null && statuses[index] !== EXIT.cancelled) showSentence(file, report, files.length, terminal);
  }
  progress.clear();

  const status = worst(statuses);
  // Half of what was asked for must not replace a whole report of an earlier call.
  if (json !== null && status !== EXIT.cancelled) {
    const [only] = reports;
    if (files.length > 1) await json.write(JSON.stringify(toPlain(reports), null, 1));
    else if (only !== null) await json.write(encodeReport(only));
  }
  return status;
}

function show(file: ExperimentFile, answer: RunAnswer, terminal: Terminal): ExitStatus {
  const { stderr, env } = terminal;
  const paint = paintFor(stderr, env);
  if (answer.type === 'invalid') {
    for (const diagnostic of answer.diagnostics) stderr.write(diagnosticLine(file.name, diagnostic, paint));
    return EXIT.wrong;
  }
  const status = statusOfReport(answer.report);
  if (status === EXIT.cancelled) return showFailure(file, { reason: 'cancelled', message: 'cancelled' }, terminal);
  const page = new Page(stderr, paint);
  writeSummary(page, file.name, answer.report);
  page.blank();
  stderr.write(page.toString());
  return status;
}

function showFailure(file: ExperimentFile, error: unknown, terminal: Terminal): ExitStatus {
  const failure = failureOf(error);
  reportFailure(file.name, failure, terminal);
  return statusOfFailure(failure);
}

function showSentence({ name }: ExperimentFile, { verdict }: Report, count: number, { stdout, stderr }: Terminal): void {
  // The summary above has already said it on the same screen.
  if (stdout.isTTY && stderr.isTTY) return;
  stdout.write(`${count > 1 ? `${printable(name)}: ` : ''}${verdict.outcome}: ${printable(verdict.says)}\n`);
}
