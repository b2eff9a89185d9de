/** The integration lane: mocha inside a real VS Code. */
import { build } from 'esbuild';
import { closeSync, cpSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseEditor, surroundings } from './choose-editor';
import { COUNTS_FILE, counted, type Counts } from './counts';
import { runDesktop } from './desktop';
import { launchChromium } from './chromium';
import { OUTPUT_FILE } from './integration-host';
import { OUT, ROOT, testFiles } from './repository';
import { startServer } from './server';
import { endOfSuite, openWorkbench, SUITE_DEADLINE } from './workbench';

/** Bundles test/integration/ into one module that exports `run()`. */
async function bundleSuites(): Promise<string> {
  const files = testFiles('test/integration');
  if (files.length === 0) throw new Error('test/integration holds no *.test.ts');
  const outfile = join(OUT, 'integration', 'index.js');
  await build({
    stdin: {
      resolveDir: ROOT,
      loader: 'ts',
      contents: `import { runSuites } from './test/lanes/integration-host';
export const run = () => runSuites(() => { ${files.map((file) => `require('./${file}');`).join(' ')} });`,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    mainFields: ['module', 'main'],
    alias: { highs: 'highs/build/highs.js' },
    logLevel: 'warning',
  });
  return outfile;
}

/** Prints what is added to a file. */
function follow(file: string): () => void {
  writeFileSync(file, '');
  const handle = openSync(file, 'r');
  const buffer = Buffer.alloc(65536);
  const drain = (): void => {
    for (let read = readSync(handle, buffer); read > 0; read = readSync(handle, buffer)) process.stdout.write(buffer.subarray(0, read));
  };
  const timer = setInterval(drain, 250);
  return () => {
    clearInterval(timer);
    drain();
    closeSync(handle);
  };
}

async function runInServer(tests: string, workspace: string, env: Readonly<Record<string, string>>): Promise<number> {
  const server = await startServer({ env });
  try {
    const browser = await launchChromium();
    try {
      const workbench = await openWorkbench(browser, server, { folder: workspace, tests });
      return await endOfSuite(workbench, 'integration');
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

export async function integration(): Promise<Counts> {
  const tests = await bundleSuites();
  const { editor, because } = await chooseEditor(surroundings());
  console.log(`VS Code: ${editor}, because ${because}.`);
  const folder = mkdtempSync(join(tmpdir(), 'bias-lab-integration-'));
  const workspace = join(folder, 'workspace');
  const output = join(folder, 'output.txt');
  cpSync(join(ROOT, 'examples'), workspace, { recursive: true });
  const settle = follow(output);
  try {
    return await counted(async (counts) => {
      const env = { [COUNTS_FILE]: counts, [OUTPUT_FILE]: output };
      return editor === 'desktop' ? runDesktop(tests, workspace, folder, env, SUITE_DEADLINE) : runInServer(tests, workspace, env);
    });
  } finally {
    settle();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
