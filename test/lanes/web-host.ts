/** Mocha inside an extension host without Node: its output and its counts are posted to the server that the tests came from. */
import type Mocha from 'mocha';
import type { Counts } from './counts';

/** Where the lane listens, relative to the server. */
export const SAY = '/said';
export const COUNT = '/counted';

const TEST_DEADLINE = 60_000;

/**
 * Runs the suites that `load` defines. Rejects when a test fails.
 * @param server address of the lane's server
 */
export async function runWebSuites(
  server: string,
  mocha: typeof Mocha & { setup(options: object): void },
  load: () => void,
): Promise<void> {
  const post = async (where: string, text: string): Promise<void> => void (await fetch(server + where, { method: 'POST', body: text }));
  const lines: string[] = [];
  let sending: Promise<void> = Promise.resolve();
  const say = (text: string): void => {
    lines.push(text);
    sending = sending.then(async () => {
      const now = lines.splice(0).join('\n');
      if (now !== '') await post(SAY, `${now}\n`);
    });
  };
  mocha.setup({ ui: 'bdd', timeout: TEST_DEADLINE, forbidOnly: true, forbidPending: true, reporter: reporterTo(say) });
  try {
    load();
    const counts = await new Promise<Counts>((resolve) => {
      const runner = (mocha as unknown as Mocha).run(() => {
        const { stats } = runner;
        resolve({ passed: stats?.passes ?? 0, failed: (stats?.failures ?? 1) + (stats?.pending ?? 0) });
      });
    });
    await sending;
    await post(COUNT, JSON.stringify(counts));
    if (counts.failed > 0) throw new Error(`${counts.failed} of ${counts.passed + counts.failed} tests failed`);
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    await sending;
    throw error;
  }
}

/** Like mocha's own "spec", in plain text. */
function reporterTo(say: (text: string) => void): (runner: Mocha.Runner) => void {
  return function WebReporter(runner) {
    let depth = 0;
    const indent = (): string => '  '.repeat(depth);
    runner.on('suite', ({ title, root }) => {
      if (!root) say(`${indent()}${title}`);
      depth += 1;
    });
    runner.on('suite end', () => (depth -= 1));
    runner.on('pass', ({ title, duration }) => say(`${indent()}✔ ${title}${(duration ?? 0) > 500 ? ` (${duration}ms)` : ''}`));
    runner.on('fail', ({ title }, error: Error) => say(`${indent()}✖ ${title}\n${error.stack ?? error.message}`));
  };
}
