import { toPlain } from '../protocol/report-json';
import { diagnosticLine } from './diagnostic-line';
import { EXIT, statusOfFailure, type ExitStatus } from './exit-status';
import { readExperiment } from './experiment-file';
import { answered, failureOf, reportFailure } from './failure-line';
import { paintFor } from './paint';
import type { Terminal } from './terminal';

/** The samples that a file resolves to, as JSON on standard output: one line a sample. */
export async function dataCommand(name: string, terminal: Terminal): Promise<ExitStatus> {
  const { stdout, stderr, env } = terminal;
  const { source } = await readExperiment(name, terminal.cwd);
  try {
    const data = await answered(terminal.compute.data(source, { signal: terminal.signal }), terminal);
    if ('diagnostics' in data) {
      for (const diagnostic of data.diagnostics) stderr.write(diagnosticLine(name, diagnostic, paintFor(stderr, env)));
      return EXIT.wrong;
    }
    const { x, y, featureNames, truth, test } = data;
    const member = (key: string, value: unknown): string => ` ${JSON.stringify(key)}: ${JSON.stringify(toPlain(value))}`;
    const rows = (indent: string, samples: typeof x): string =>
      `[\n${samples.map((row) => `${indent}${JSON.stringify(toPlain(row))}`).join(',\n')}\n${indent.slice(1)}]`;
    const tested = test === null ? ' "test": null' : ` "test": {\n  "x": ${rows('   ', test.x)},\n ${member('y', test.y)}\n }`;
    const members = [` "x": ${rows('  ', x)}`, member('y', y), member('featureNames', featureNames), member('truth', truth), tested];
    stdout.write(`{\n${members.join(',\n')}\n}\n`);
    return EXIT.ok;
  } catch (error) {
    const failure = failureOf(error);
    reportFailure(name, failure, terminal);
    return statusOfFailure(failure);
  }
}
