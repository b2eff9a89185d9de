import { build } from 'esbuild';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
const bundles = new Map<string, Promise<string>>();

/**
 * Bundles a worker into a temporary folder with the wasm file that lies beside it in the product, once a process.
 * @param entry path relative to the repository
 */
export function bundleWorker(entry: string): Promise<string> {
  let bundle = bundles.get(entry);
  if (bundle === undefined) bundles.set(entry, (bundle = make(entry)));
  return bundle;
}

async function make(entry: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bias-lab-worker-'));
  const outfile = path.join(folder, 'worker.js');
  await build({
    entryPoints: [path.join(ROOT, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    alias: { highs: path.join(ROOT, 'node_modules/highs/build/highs.js') },
    logLevel: 'silent',
  });
  copyFileSync(path.join(ROOT, 'node_modules/highs/build/highs.wasm'), path.join(folder, 'highs.wasm'));
  return outfile;
}
