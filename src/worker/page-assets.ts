import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageAssets } from '../study/html-report';

/**
 * The built results page, for `htmlReport`.
 * @param folder where the bundles lie: `__dirname` of any of them
 * @throws what the file system says where the product is not whole
 */
export async function readPageAssets(folder: string): Promise<PageAssets> {
  const [script, style] = await Promise.all(['results.js', 'results.css'].map((name) => readFile(join(folder, name), 'utf8')));
  return { script, style };
}
