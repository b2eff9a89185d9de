/** The lanes of the tests, in order, and the line that ends every run. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { COUNTS_FILE, counted, sum, type Counts } from './counts';
import { runGroup } from './group';
import { integration } from './integration';
import { needChromium, needCluster } from './needs';
import { OUT, ROOT, testFiles } from './repository';
import { web } from './web';

interface Step {
  readonly title: string;
  run(): Promise<Counts>;
}

const MINUTE = 60_000;

/** For files that know nothing of each other: as many at a time as there are cores. */
const PARALLEL: readonly string[] = ['--parallel', '--jobs', String(availableParallelism())];

/** Development tools are run by their scripts, so that no shell and no npx stands between. */
function tool(script: string, args: readonly string[], deadline: number, env: NodeJS.ProcessEnv = process.env): Promise<number> {
  return runGroup(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd: ROOT, deadline, env });
}

/** Several commands that count as one test; all are run, so that one failure does not hide another. */
async function one(commands: readonly (() => Promise<number>)[]): Promise<Counts> {
  let failed = 0;
  for (const command of commands) if ((await command()) !== 0) failed = 1;
  return { passed: 1 - failed, failed };
}

function mocha(folder: string, deadline: number, timeout: number, more: readonly string[] = []): Promise<Counts> {
  const files = testFiles(folder);
  if (files.length === 0) return Promise.reject(new Error(`${folder} holds no *.test.ts`));
  const args = ['--reporter', 'test/lanes/counting-reporter.cjs', '--timeout', String(timeout), ...more, ...files];
  return counted((counts) => tool('mocha/bin/mocha.js', args, deadline, { ...process.env, [COUNTS_FILE]: counts }));
}

async function built(): Promise<void> {
  if ((await runGroup(process.execPath, ['esbuild.mjs'], { cwd: ROOT, deadline: 3 * MINUTE })) !== 0) throw new Error('The build failed.');
}

const LANES: Readonly<Record<string, readonly Step[]>> = {
  types: [{ title: 'types', run: () => one([() => tool('typescript/bin/tsc', ['-b'], 5 * MINUTE)]) }],
  lint: [
    {
      title: 'lint',
      run: () =>
        one([
          () => tool('eslint/bin/eslint.js', ['.', '--max-warnings', '0', '--cache', '--cache-location', join(OUT, 'eslint/')], 5 * MINUTE),
          () => tool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'], 5 * MINUTE),
          () => tool('dependency-cruiser/bin/dependency-cruise.mjs', ['src', 'webview'], 2 * MINUTE),
        ]),
    },
  ],
  unit: [{ title: 'unit', run: () => mocha('test/unit', 5 * MINUTE, 10_000) }],
  // The product as processes: command line, worker, hostile files, and the rules of the house.
  product: [{ title: 'product', run: () => mocha('test/product', 5 * MINUTE, 10_000) }],
  // Sweeps by daemons and programs that are not ours.
  cluster: [
    {
      title: 'cluster',
      run: () => {
        needCluster();
        return mocha('test/cluster', 8 * MINUTE, 120_000);
      },
    },
  ],
  // Minutes of arithmetic.
  theory: [{ title: 'theory', run: () => mocha('test/theory', 8 * MINUTE, 60_000, PARALLEL) }],
  integration: [{ title: 'integration', run: integration }],
  // The same extension in an editor that has no Node.
  web: [{ title: 'web', run: web }],
  ui: [
    // Every file has a browser of its own, and no server: the pages are answered inside the test.
    { title: 'pages', run: () => mocha('test/ui/page', 8 * MINUTE, 60_000, PARALLEL) },
    { title: 'workbench', run: () => mocha('test/ui/workbench', 12 * MINUTE, 120_000) },
  ],
};

const NEEDS_CHROMIUM = ['integration', 'web', 'ui'];

async function runLanes(names: readonly string[]): Promise<Counts> {
  await built();
  if (names.some((name) => NEEDS_CHROMIUM.includes(name))) process.env['CHROMIUM_PATH'] = needChromium();
  const table: string[] = [];
  const all: Counts[] = [];
  for (const { title, run } of names.flatMap((name) => LANES[name])) {
    const start = Date.now();
    console.log(`\n=== ${title}`);
    let counts: Counts;
    try {
      counts = await run();
    } catch (error) {
      console.error(error);
      counts = { passed: 0, failed: 1 };
    }
    all.push(counts);
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    table.push(
      `${title.padEnd(12)} ${String(counts.passed).padStart(5)} passed ${String(counts.failed).padStart(4)} failed ${seconds.padStart(7)} s`,
    );
  }
  console.log(`\n${table.join('\n')}\n`);
  return sum(all);
}

/** @param wanted names of lanes; none means all of them. */
export function main(wanted: readonly string[]): void {
  const unknown = wanted.filter((name) => !(name in LANES));
  if (unknown.length > 0) {
    console.error(`No such lane: ${unknown.join(', ')}. The lanes are ${Object.keys(LANES).join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  runLanes(wanted.length > 0 ? wanted : Object.keys(LANES)).then(
    ({ passed, failed }) => {
      console.log(`${passed} passed, ${failed} failed`);
      process.exitCode = failed > 0 ? 1 : 0;
    },
    (error: unknown) => {
      console.error(error);
      console.log('0 passed, 1 failed');
      process.exitCode = 1;
    },
  );
}
