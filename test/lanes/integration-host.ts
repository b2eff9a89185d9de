/**
 * Mocha inside the editor's extension host. Its output goes to a file, because an extension host has no terminal;
 * the lane outside prints the file as it grows.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import { COUNTS_FILE } from './counts';

/** The environment variable that names the file the output goes to. */
export const OUTPUT_FILE = 'BIAS_LAB_OUTPUT';

const TEST_DEADLINE = 30_000;

/** Runs the suites that `load` defines. Rejects when a test fails. */
export async function runSuites(load: () => void): Promise<void> {
  const output = process.env[OUTPUT_FILE];
  const counts = process.env[COUNTS_FILE];
  if (output === undefined || counts === undefined) throw new Error(`${OUTPUT_FILE} and ${COUNTS_FILE} name where to write.`);
  const say = (...what: readonly unknown[]): void => appendFileSync(output, `${format(...what)}\n`);
  try {
    const { default: Mocha } = await import('mocha');
    Mocha.reporters.Base.consoleLog = say;
    const mocha = new Mocha({ ui: 'bdd', timeout: TEST_DEADLINE, forbidOnly: true, forbidPending: true, color: false, reporter: 'spec' });
    mocha.suite.emit('pre-require', globalThis, '', mocha);
    load();
    const { passed, failed } = await new Promise<{ passed: number; failed: number }>((resolve) => {
      const runner = mocha.run(() => {
        const stats = runner.stats;
        resolve({ passed: stats?.passes ?? 0, failed: (stats?.failures ?? 1) + (stats?.pending ?? 0) });
      });
    });
    writeFileSync(counts, JSON.stringify({ passed, failed }));
    if (failed > 0) throw new Error(`${failed} of ${passed + failed} tests failed`);
  } catch (error) {
    say(error instanceof Error ? error.stack : error);
    throw error;
  }
}
