/** Entry of the command line: binds `main` to this process. */
import path from 'node:path';
import { readPageAssets } from '../worker/page-assets';
import { ComputePool } from '../worker/pool';
import { EXIT } from './exit-status';
import { main } from './main';
import { isDebugging, type Output } from './terminal';
import { printable, printableLines } from './terminal-text';

function outputOf(stream: NodeJS.WriteStream): Output {
  // A reader that has seen enough (head, less) is no error.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = EXIT.unanswered;
  });
  return { write: (text) => stream.write(text), isTTY: stream.isTTY === true, columns: () => stream.columns || 80 };
}

const stdout = outputOf(process.stdout);
const stderr = outputOf(process.stderr);
const interrupted = new AbortController();
const workerPath = path.join(__dirname, 'worker.js');
const compute = new ComputePool({ workerPath });
const createPool = (size: number): ComputePool => new ComputePool({ workerPath, size });

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // Asked twice: no more waiting.
    if (interrupted.signal.aborted) process.exit(EXIT.cancelled);
    interrupted.abort();
  });
}
process.on('uncaughtException', (error) => {
  stderr.write(`error: internal error: ${printable(error.message)}\n`);
  if (isDebugging(process)) stderr.write(`${printableLines(error.stack ?? '')}\n`);
  process.exit(EXIT.unanswered);
});

void main(process.argv.slice(2), {
  stdout,
  stderr,
  cwd: process.cwd(),
  env: process.env,
  signal: interrupted.signal,
  compute,
  program: [process.execPath, __filename],
  pageAssets: () => readPageAssets(__dirname),
  createPool,
}).then(async (status) => {
  process.exitCode = status;
  await compute.dispose();
});
