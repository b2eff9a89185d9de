import { countText, diagnosticLine, type Finding } from './diagnostic-line';
import { EXIT, statusOfFailure, worst, type ExitStatus } from './exit-status';
import { NotText, readExperiment } from './experiment-file';
import { answered, failureOf, reportFailure } from './failure-line';
import { paintFor } from './paint';
import type { Terminal } from './terminal';
import { printable } from './terminal-text';
import { UsageError } from './usage-error';

/** Diagnostics of each file on standard output, one a line; how many there are on standard error. */
export async function checkCommand(names: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const { stdout, stderr, env } = terminal;
  const found: Finding[] = [];
  const statuses: ExitStatus[] = [];
  for (const name of names) {
    try {
      const { source } = await readExperiment(name, terminal.cwd);
      const diagnostics = await answered(terminal.compute.check(source, { signal: terminal.signal }), terminal);
      for (const diagnostic of diagnostics) stdout.write(diagnosticLine(name, diagnostic, paintFor(stdout, env)));
      found.push(...diagnostics);
      statuses.push(diagnostics.some(({ severity }) => severity === 'error') ? EXIT.wrong : EXIT.ok);
    } catch (error) {
      if (error instanceof NotText) {
        stdout.write(diagnosticLine(name, error.diagnostic, paintFor(stdout, env)));
        found.push(error.diagnostic);
        statuses.push(EXIT.wrong);
        continue;
      }
      if (error instanceof UsageError) {
        // The other files can still be checked.
        stderr.write(`${paintFor(stderr, env).bad('error:')} ${printable(error.message)}\n`);
        statuses.push(EXIT.wrong);
        continue;
      }
      const failure = failureOf(error);
      reportFailure(name, failure, terminal);
      statuses.push(statusOfFailure(failure));
      if (failure.reason === 'cancelled') break;
    }
  }
  const status = worst(statuses);
  // Nothing found is good news only when every file was looked at.
  if (found.length > 0 || status === EXIT.ok)
    stderr.write(`${names.length === 1 ? '1 file' : `${names.length} files`}: ${countText(found)}\n`);
  return status;
}
