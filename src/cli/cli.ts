/** Entry of the command line: binds `main` to this process. What it needs is loaded when Ctrl-C is already listened to. */
import path from 'node:path';
import { COMMANDS } from './commands';
import { EXIT } from './exit-status';
import { isDebugging, type Output, type Terminal } from './terminal';
import { printable, printableLines } from './terminal-text';
import { systemReason } from './usage-error';

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // Asked twice: no more waiting.
    if (interrupted.signal.aborted) process.exit(EXIT.cancelled);
    interrupted.abort();
  });
}

/** Something that was written could not be. */
let unwritten = false;

function outputOf(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (head, less) is no error.
    if (error.code === 'EPIPE') return;
    if (!unwritten && stream === process.stdout) stderr.write(`error: cannot write to standard output: ${systemReason(error)}\n`);
    unwritten = true;
    process.exitCode = EXIT.unanswered;
  });
  return { write: (text) => stream.write(text), isTTY: stream.isTTY === true, columns: () => stream.columns || 80 };
}

const stdout = outputOf(process.stdout);
const stderr = outputOf(process.stderr);
process.on('uncaughtException', (error) => {
  stderr.write(`error: internal error: ${printable(error.message)}\n`);
  if (isDebugging(process)) stderr.write(`${printableLines(error.stack ?? '')}\n`);
  process.exit(EXIT.unanswered);
});

async function start(): Promise<void> {
  const { main } = await import('./main');
  const { ComputePool } = await import('../worker/pool');
  const workerPath = path.join(__dirname, 'worker.js');
  const compute = new ComputePool({ workerPath });
  const terminal: Terminal = {
    stdout,
    stderr,
    cwd: process.cwd(),
    env: process.env,
    signal: interrupted.signal,
    compute,
    program: [process.execPath, __filename],
    pageAssets: async () => (await import('../worker/page-assets')).readPageAssets(__dirname),
    createPool: (size) => new ComputePool({ workerPath, size }),
  };
  const status = await main(process.argv.slice(2), terminal, COMMANDS);
  process.exitCode = unwritten ? EXIT.unanswered : status;
  await compute.dispose();
}
void start();
