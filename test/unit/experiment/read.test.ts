import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseExperiment } from '../../../src/experiment/parse';
import { experimentOf, readExperiment } from '../../../src/experiment/read';
import { experimentShapes } from '../../../src/experiment/schema-shapes';
import { SHAPES } from '../../../src/experiment/shapes.generated';
import { TEMPLATES } from '../../../src/experiment/templates';

const FOLDER = resolve(__dirname, '../../../examples');
const EXAMPLES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.bias.json'))
  .map((name) => readFileSync(join(FOLDER, name), 'utf8'));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What stands for a value in turn: of every type, at and beyond the bounds that the schema has. */
const OTHERS: readonly Json[] = [null, true, -1, 0, 0.5, 1, 1e7, 2 ** 53, '', 'x'.repeat(2000), [], [1], [[1, 2]], { kind: 'linear' }];

/** The file with each of its values replaced, left out, and each object with a key too many. */
function* mutants(file: Json, write: (part: Json | undefined) => Json): Generator<Json> {
  for (const other of OTHERS) yield write(other);
  if (Array.isArray(file)) {
    // Entries of a list are alike: two tell what all do.
    for (const k of [0, file.length - 1].filter((at, i, all) => at >= 0 && all.indexOf(at) === i)) {
      yield* mutants(file[k], (part) => write(file.flatMap((entry, at) => (at !== k ? [entry] : part === undefined ? [] : [part]))));
    }
  } else if (file !== null && typeof file === 'object') {
    yield write({ ...file, unknownKey: 1 });
    for (const key of Object.keys(file)) {
      const { [key]: value, ...rest } = file;
      yield write(rest);
      yield* mutants(value, (part) => write(part === undefined ? rest : { ...rest, [key]: part }));
    }
  }
}

function assertSame(text: string): boolean {
  const { experiment } = parseExperiment(text);
  const read = readExperiment(text).experiment;
  assert.deepEqual(read, experiment, text);
  // Reports and fingerprints are made of the keys in their order.
  assert.equal(JSON.stringify(read), JSON.stringify(experiment));
  return read !== null;
}

describe('reading an experiment without the schema', () => {
  it('uses shapes that are those of the schema', () => {
    assert.deepEqual(SHAPES, experimentShapes(), 'run `node esbuild.mjs --generate`');
  });

  it('gives what parsing gives, for every example and every template', () => {
    for (const text of [...EXAMPLES, ...TEMPLATES.map((template) => template.text)]) assert.ok(assertSame(text), text);
  });

  it('gives what parsing gives where one thing is changed, whether it is still an experiment or not', function () {
    this.timeout(60_000);
    const seen = new Set<string>();
    let [right, wrong] = [0, 0];
    for (const text of EXAMPLES) {
      const file = JSON.parse(text) as { [key: string]: Json };
      for (const [key, part] of Object.entries(file)) {
        // A part with the same keys, of the same kinds, has been changed already.
        const words = key === 'title' || key === 'notes';
        const alike = JSON.stringify([key, part], (_name, value: unknown) =>
          typeof value === 'number' ? 0 : typeof value === 'string' && words ? '' : value,
        );
        if (seen.has(alike) || alike.length > 3000) continue;
        seen.add(alike);
        for (const mutant of mutants(part, (other) => ({ ...file, [key]: other ?? null }))) {
          if (assertSame(JSON.stringify(mutant))) right += 1;
          else wrong += 1;
        }
      }
    }
    assert.ok(right > 1000 && wrong > 1000, `${right} experiments, ${wrong} others`);
  });

  it('gives what parsing gives for numbers at the limits of what a file can say', () => {
    for (const number of ['1e999', '-1e999', '1e-400', '9007199254740993', '-0', '1.0']) {
      assertSame(
        `{"data":{"kind":"separable","samples":${number},"margin":${number}},"model":{"kind":"linear"},"loss":"logistic","optimizer":{"kind":"gradient-flow"},"seed":${number}}`,
      );
      assertSame(
        `{"data":{"kind":"inline","x":[[${number}]],"y":[${number}]},"model":{"kind":"linear"},"loss":"square","optimizer":{"kind":"sgd"}}`,
      );
    }
  });

  it('shares no default between two files', () => {
    const file = { data: { kind: 'xor' }, model: { kind: 'network' }, loss: 'logistic', optimizer: { kind: 'gradient-flow' } };
    const [first, second] = [experimentOf(file), experimentOf(file)];
    assert.ok(first !== null && second !== null);
    assert.notEqual(first.record, second.record);
    assert.ok(first.model.kind === 'network' && second.model.kind === 'network');
    assert.notEqual(first.model.widths, second.model.widths);
  });
});
