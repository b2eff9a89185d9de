// Writes the JSON Schema that the editor uses to `media/experiment.schema.json`.
// It is kept in the repository, so that a checkout opened in an editor has it; a unit test holds it up to date.
// Beside the source goes the same schema as plain data, `src/experiment/shapes.generated.ts`, with which the extension reads files.
import { build } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function generateSchema() {
  const { experimentJsonSchema } = await imported('src/experiment/json-schema.ts');
  const { experimentShapes } = await imported('src/experiment/schema-shapes.ts');
  await writeIfChanged('media/experiment.schema.json', asJson(experimentJsonSchema()));
  await writeIfChanged('src/experiment/shapes.generated.ts', shapesModule(experimentShapes()));
}

/** A module of the source, with what it imports. */
async function imported(entry) {
  const bundled = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(bundled.outputFiles[0].contents).toString('base64')}`);
}

function asJson(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** One text, which an engine reads faster than the same as a literal. */
function shapesModule(shapes) {
  return [
    '// Made by scripts/generate-schema.mjs from src/experiment/schema.ts',
    "import type { PlainShape } from './plain-shape';",
    '/** The experiment stands last. */',
    `export const SHAPES = JSON.parse(${JSON.stringify(JSON.stringify(shapes))}) as readonly PlainShape[];`,
    '',
  ].join('\n');
}

/** An unchanged file keeps its time, so that a watching editor is not woken. */
async function writeIfChanged(path, text) {
  const file = join(root, path);
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before !== text) await writeFile(file, text);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await generateSchema();
