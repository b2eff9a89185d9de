import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { experimentJsonSchema, type JsonSchema } from '../../../src/experiment/json-schema';
import { LIMITS } from '../../../src/protocol/limits';
import { MEASURE_NAMES } from '../../../src/protocol/measures';
import { diagnose, fileWith } from './marked';

/** Codes of diagnostics in the sources of a folder. */
async function codesIn(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) => [...text.matchAll(/'((?:json|shape|meaning|data)\.[a-z-]+(?:\.[a-z-]+)?)'/g)].map(([, code]) => code));
}

describe('the description of the file format', () => {
  let text = '';
  before(async () => {
    text = await readFile('docs/file-format.md', 'utf8');
  });

  it('names every key and every choice of the format', () => {
    const visit = (schema: JsonSchema): void => {
      for (const choice of schema.enum ?? []) assert.match(text, new RegExp(`[\`"]${String(choice)}[\`"]`), `choice ${String(choice)}`);
      for (const [key, property] of Object.entries(schema.properties ?? {})) {
        assert.match(text, new RegExp(`[\`"]${key.replace('$', '\\$')}[\`"]`), `key ${key}`);
        visit(property);
      }
      for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) visit(option);
      if (schema.items) visit(schema.items);
    };
    visit(experimentJsonSchema());
    for (const name of MEASURE_NAMES) assert.ok(text.includes(`\`${name}\``), name);
  });

  it('says the default of every key that has one, in the row of that key', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    const visit = (schema: JsonSchema): void => {
      for (const [key, property] of Object.entries(schema.properties ?? {})) {
        const { default: value } = property;
        if (['number', 'boolean', 'string'].includes(typeof value) && key !== 'reduction') {
          const written = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
          assert.ok(
            rows.some((row) => row.includes(`\`${key}\``) && row.includes(`\`${written}\``)),
            `${key}: ${written}`,
          );
        }
        visit(property);
      }
      for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) visit(option);
    };
    visit(experimentJsonSchema());
  });

  it('and every other page show experiments, and parts of them, that are correct', async () => {
    const pages = [
      'README.md',
      'CONTRIBUTING.md',
      ...(await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
    ];
    const texts = await Promise.all(pages.map((page) => readFile(page, 'utf8')));
    const blocks = texts.flatMap((page) => [...page.matchAll(/```json\n([^]*?)```/g)].map(([, block]) => block));
    assert.ok(blocks.length >= 8);
    for (const block of blocks) {
      const key = /^"\w+":/.test(block) ? (JSON.parse(`{${block}}`) as object) : null;
      const whole = block.includes('"optimizer"') ? block : fileWith({ ...(key ?? { data: JSON.parse(block) as unknown }) });
      assert.deepEqual(diagnose(whole), [], block);
    }
  });

  it('shows parts in its lines that are correct', () => {
    const places: Readonly<Record<string, (part: unknown) => Readonly<Record<string, unknown>>>> = {
      reduction: (loss) => ({ loss }),
      order: (sampling) => ({ optimizer: { kind: 'sgd', sampling, batchSize: 50 } }),
      matrix: (norm) => ({ data: { kind: 'separable', features: 2 }, optimizer: { kind: 'steepest-descent', norm } }),
    };
    const parts = [...text.matchAll(/`(\{ "[^`…]*\})`/g)].map(([, part]) => JSON.parse(part) as object);
    assert.equal(parts.length, Object.keys(places).length);
    for (const part of parts) {
      const place = Object.keys(places).find((key) => key in part);
      assert.ok(place !== undefined, JSON.stringify(part));
      assert.deepEqual(diagnose(fileWith(places[place](part))), [], JSON.stringify(part));
    }
  });

  it('lists every code, and none that does not exist', async () => {
    const codes = new Set([
      ...(await codesIn('src/experiment')),
      ...(await codesIn('src/data')),
      ...(await codesIn('src/worker')),
      ...(await codesIn('src/study')),
    ]);
    // What the loader guards that the checks of the file have always found before.
    for (const code of ['data.inline.length', 'data.inline.ragged', 'data.sparse-regression.sparsity']) codes.delete(code);
    const listed = new Set([...text.matchAll(/`((?:json|shape|meaning|data)\.[a-z-]+(?:\.[a-z-]+)?)`/g)].map(([, code]) => code));
    assert.deepEqual([...listed].toSorted(), [...codes].toSorted());
  });

  it('says the limits that hold', () => {
    const spaced = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
    const { textLength, values, entries, samples, numbers, points, nesting, diagnostics } = LIMITS;
    for (const limit of [textLength, values, entries, samples, numbers, points, nesting, diagnostics]) {
      assert.ok(text.includes(spaced(limit)), spaced(limit));
    }
    assert.equal(LIMITS.csvLength, 32 * 1024 * 1024);
  });
});
