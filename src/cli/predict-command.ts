import type { Analysis } from '../protocol/compute';
import { toPlain } from '../protocol/report-json';
import { diagnosticLine } from './diagnostic-line';
import { EXIT, statusOfFailure, type ExitStatus } from './exit-status';
import { readExperiment } from './experiment-file';
import { answered, failureOf, reportFailure } from './failure-line';
import { fileOutput } from './file-output';
import { Page } from './page';
import { paintFor } from './paint';
import { writePredictions } from './prediction-text';
import type { Terminal } from './terminal';

/** What theory says of a file, with nothing trained: text on standard output, or JSON where it is asked for and text on standard error. */
export async function predictCommand(name: string, options: { readonly json?: string }, terminal: Terminal): Promise<ExitStatus> {
  const { stdout, stderr, env } = terminal;
  const { source } = await readExperiment(name, terminal.cwd);
  const json = options.json === undefined ? null : await fileOutput(options.json, terminal);
  let analysis: Analysis;
  try {
    analysis = await answered(terminal.compute.analyse(source, { signal: terminal.signal }), terminal);
  } catch (error) {
    const failure = failureOf(error);
    reportFailure(name, failure, terminal);
    return statusOfFailure(failure);
  }
  const { diagnostics, predictions, dataNote, modelNote, optimizerNote } = analysis;
  for (const diagnostic of diagnostics) stderr.write(diagnosticLine(name, diagnostic, paintFor(stderr, env)));
  if (diagnostics.some(({ severity }) => severity === 'error')) return EXIT.wrong;

  const output = json === null ? stdout : stderr;
  const page = new Page(output, paintFor(output, env));
  page.heading(name, '');
  for (const [label, note] of [
    ['data', dataNote],
    ['model', modelNote],
    ['optimizer', optimizerNote],
  ] as const)
    if (note !== null) page.entry(label, note);
  writePredictions(page, predictions);
  output.write(page.toString());
  const notes = { data: dataNote, model: modelNote, optimizer: optimizerNote };
  await json?.write(JSON.stringify(toPlain({ format: 1, predictions, notes }), null, 1));
  return EXIT.ok;
}
