// The examples in one file, by their names without the ending: on the web no folder can be listed.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = 'examples';
const ENDING = '.bias.json';

export async function gatherExamples() {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(ENDING)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(FOLDER, name), 'utf8')));
  const entries = names.map((name, index) => [name.slice(0, -ENDING.length), texts[index]]);
  await writeFile('dist/examples.json', JSON.stringify(Object.fromEntries(entries)));
}
