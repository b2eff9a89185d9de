/** Where things are. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';

export const ROOT = resolve(__dirname, '..', '..');

/** What tests leave behind; git knows nothing of it. */
export const OUT = join(ROOT, 'out');

/** What is worth keeping between checkouts: editors to test in. */
export function cacheFolder(): string {
  const base = process.env['BIAS_LAB_CACHE'] ?? process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(base, 'implicit-bias-lab');
}

/** `publisher.name`, as the editor and its webviews spell it. */
export const EXTENSION_ID = 'implicit-bias-lab.implicit-bias-lab';

/** Paths of the test files in a folder of the repository, relative to the repository, in order. */
export function testFiles(folder: string): readonly string[] {
  const absolute = join(ROOT, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name.replaceAll(sep, '/')}`)
    .sort();
}
