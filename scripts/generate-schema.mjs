// Writes the JSON Schema that the editor uses to `media/experiment.schema.json`, and the snippets beside it.
// Both are kept in the repository, so that a checkout opened in an editor has them; a unit test holds them up to date.
import { build } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function generateSchema() {
  const bundled = await build({
    absWorkingDir: root,
    entryPoints: ['src/experiment/json-schema.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const { experimentJsonSchema, experimentSnippets } = await import(
    `data:text/javascript;base64,${Buffer.from(bundled.outputFiles[0].contents).toString('base64')}`
  );
  await writeIfChanged('media/experiment.schema.json', experimentJsonSchema());
  await writeIfChanged('media/snippets.json', experimentSnippets());
}

/** An unchanged file keeps its time, so that a watching editor is not woken. */
async function writeIfChanged(path, value) {
  const file = join(root, path);
  const text = `${JSON.stringify(value, null, 2)}\n`;
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before !== text) await writeFile(file, text);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await generateSchema();
