import { build } from 'esbuild';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
const WORKER = 'src/worker/worker.ts';
const bundles = new Map<string, Promise<string>>();

/**
 * Bundles a worker and the command line that uses it into a temporary folder, as they lie in the product; once a process.
 * @param worker path of the worker's entry relative to the repository
 * @returns the folder with worker.js, cli.js and highs.wasm
 */
export function bundleProduct(worker = WORKER): Promise<string> {
  let bundle = bundles.get(worker);
  if (bundle === undefined) bundles.set(worker, (bundle = make(worker)));
  return bundle;
}

async function make(worker: string): Promise<string> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'bias-lab-product-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  await build({
    entryPoints: { worker: path.join(ROOT, worker), cli: path.join(ROOT, 'src/cli/cli.ts') },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    alias: { highs: path.join(ROOT, 'node_modules/highs/build/highs.js') },
    logLevel: 'silent',
  });
  copyFileSync(path.join(ROOT, 'node_modules/highs/build/highs.wasm'), path.join(outdir, 'highs.wasm'));
  return outdir;
}
