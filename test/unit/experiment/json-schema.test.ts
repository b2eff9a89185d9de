import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { getLanguageService, TextDocument, type CompletionItem, type Diagnostic } from 'vscode-json-languageservice';
import { experimentJsonSchema, experimentShape, type JsonSchema } from '../../../src/experiment/json-schema';
import { TEMPLATES } from '../../../src/experiment/templates';

/** The JSON service of VS Code with the schema that ships. */
const service = getLanguageService({
  clientCapabilities: { textDocument: { completion: { completionItem: { documentationFormat: ['markdown'] } } } },
});
service.configure({ schemas: [{ uri: 'lab:schema', fileMatch: ['*.bias.json'], schema: experimentJsonSchema() }] });

function open(text: string): { document: TextDocument; json: ReturnType<typeof service.parseJSONDocument> } {
  const document = TextDocument.create('file:///a.bias.json', 'json', 1, text);
  return { document, json: service.parseJSONDocument(document) };
}

/** Completions at the bar in the text. */
async function complete(marked: string): Promise<readonly CompletionItem[]> {
  const offset = marked.indexOf('|');
  const { document, json } = open(marked.replace('|', ''));
  return (await service.doComplete(document, document.positionAt(offset), json))?.items ?? [];
}

async function labels(marked: string): Promise<readonly string[]> {
  return (await complete(marked)).map(({ label }) => label);
}

async function validate(text: string): Promise<readonly Diagnostic[]> {
  const { document, json } = open(text);
  return service.doValidation(document, json);
}

async function hover(marked: string): Promise<string> {
  const offset = marked.indexOf('|');
  const { document, json } = open(marked.replace('|', ''));
  return JSON.stringify((await service.doHover(document, document.positionAt(offset), json))?.contents ?? '');
}

const whole = (changes: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    data: { kind: 'separable' },
    model: { kind: 'linear' },
    loss: 'logistic',
    optimizer: { kind: 'gradient-flow' },
    ...changes,
  });

describe('the schema in the editor', () => {
  it('ships as the definition says', async () => {
    const shipped = JSON.parse(await readFile('media/experiment.schema.json', 'utf8')) as unknown;
    assert.deepEqual(shipped, JSON.parse(JSON.stringify(experimentJsonSchema())), 'run: node scripts/generate-schema.mjs');
  });

  it('offers a whole experiment of each row in an empty file', async () => {
    const items = await complete('|');
    for (const { title, text } of TEMPLATES) {
      const item = items.find(({ label }) => label === `New experiment: ${title}`);
      assert.ok(item?.insertText, title);
      const inserted = item.insertText.replaceAll(/\\([\\$}])/g, '$1');
      assert.deepEqual(JSON.parse(inserted), JSON.parse(text));
    }
  });

  it('offers the keys that a file lacks, those that are needed in their order', async () => {
    const items = await complete('{ "data": { "kind": "separable" }, | }');
    const found = [...items].sort((a, b) => (a.sortText ?? a.label).localeCompare(b.sortText ?? b.label)).map(({ label }) => label);
    assert.deepEqual(found.slice(0, 8), ['title', 'notes', 'seed', 'features', 'model', 'init', 'loss', 'optimizer']);
    assert.ok(!found.includes('data'));
    for (const { label, documentation } of items) assert.ok(documentation, `${label} is explained`);
  });

  for (const [key, kinds] of Object.entries({
    data: [
      'inline',
      'csv',
      'separable',
      'sparse-regression',
      'polynomial',
      'moons',
      'circles',
      'xor',
      'sphere',
      'teacher',
      'entries',
      'measurements',
      'completion',
      'sensing',
    ],
    model: ['linear', 'diagonal', 'linear-network', 'linear-convolution', 'network', 'neuron', 'matrix-factorization', 'sum', 'scaled'],
    init: [
      'zero',
      'constant',
      'gaussian',
      'ntk',
      'mean-field',
      'uniform',
      'identity',
      'balanced',
      'antisymmetric',
      'scale-shape',
      'explicit',
    ],
    optimizer: ['gradient-flow', 'gradient-descent', 'sgd', 'steepest-descent', 'mirror-descent', 'adam'],
  })) {
    it(`offers every kind of ${key}, ready-made and by name`, async () => {
      const ready = await complete(`{ "${key}": | }`);
      for (const kind of kinds) {
        const item = ready.find(({ label }) => label === kind);
        assert.ok(item?.insertText?.includes(`"kind": "${kind}"`), kind);
        assert.ok(item?.documentation, kind);
      }
      const named = await complete(`{ "${key}": { "kind": | } }`);
      assert.deepEqual(named.map(({ label }) => label).sort(), kinds.map((kind) => `"${kind}"`).sort());
      for (const { label, documentation } of named) assert.ok(documentation, `${label} is explained`);
    });
  }

  it('offers the options of the kind that is written and no others', async () => {
    assert.deepEqual((await labels('{ "optimizer": { "kind": "sgd", | } }')).toSorted(), [
      'batchSize',
      'gradientNoise',
      'labelNoise',
      'sampling',
      'schedule',
      'stepSize',
    ]);
    assert.deepEqual((await labels('{ "optimizer": { "kind": "gradient-flow", | } }')).toSorted(), ['tolerance']);
    assert.deepEqual((await labels('{ "data": { "kind": "csv", | } }')).toSorted(), [
      'bias',
      'features',
      'labels',
      'path',
      'standardize',
      'target',
      'testFraction',
    ]);
  });

  it('offers defaults and choices as values', async () => {
    assert.ok((await labels('{ "model": { "kind": "diagonal", "depth": | } }')).includes('2'));
    assert.ok((await labels('{ "optimizer": { "kind": "gradient-descent", "normalize": | } }')).includes('"loss"'));
    assert.deepEqual((await labels('{ "loss": | }')).filter((label) => label.startsWith('"')).toSorted(), [
      '"cross-entropy"',
      '"exponential"',
      '"exponential-power"',
      '"logistic"',
      '"polynomial"',
      '"square"',
      '"squared-hinge"',
    ]);
    assert.ok((await labels('{ "record": { "measures": [ | ] } }')).includes('"margin"'));
    assert.ok((await labels('{ "compare": [ | ] }')).includes('"l1"'));
    assert.ok((await labels('{ "expect": { "verdict": | } }')).includes('"agrees"'));
  });

  it('explains every key on hover, with its default', async () => {
    const keys: [string, string][] = [];
    const collect = (schema: JsonSchema, before: string, after: string): void => {
      for (const option of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) collect(option, before, after);
      const kind = schema.properties?.kind?.enum?.[0];
      const lead = typeof kind === 'string' ? `"kind": "${kind}", ` : '';
      for (const [key, property] of Object.entries(schema.properties ?? {})) {
        keys.push([key, key === 'kind' && lead ? `${before}{ "ki|nd": "${kind}" }${after}` : `${before}{ ${lead}"${key}|": 0 }${after}`]);
        collect(property, `${before}{ ${lead}"${key}": `, ` }${after}`);
      }
    };
    collect(experimentShape(), '', '');
    assert.ok(keys.length > 50, `${keys.length} keys`);
    for (const [key, marked] of keys) assert.match(await hover(marked), /[^"[\]]{3}/, `${key}: ${marked}`);
    assert.match(await hover('{ "optimizer": { "kind": "gradient-flow", "toler|ance": 1e-9 } }'), /Default: `1e-9`/);
  });

  it('says what a choice means once', async () => {
    const said = await hover('{ "optimizer": { "kind": "s|gd" } }');
    assert.equal(said.split('Stochastic').length, 2, said);
  });

  it('completes and explains a file that is wrong elsewhere', async () => {
    assert.ok((await labels('{ "seed": "x", "model": { "kind": 7 }, "optimizer": { "kind": "sgd", | } }')).includes('batchSize'));
    assert.match(await hover('{ "seed": "x", "model": 7, "optimizer": { "kind": "sgd", "batch|Size": 1 } }'), /Samples/);
  });

  it('judges nothing: what is wrong is said by the lab, with its place and its fixes', async () => {
    const texts = [
      ...TEMPLATES.map(({ text }) => text),
      '7',
      '{}',
      whole({ optimizer: { kind: 'adams' } }),
      whole({ optimizer: { kind: 'gradient-flow', stepSize: 1 } }),
      whole({ modle: 1, loss: 'hinge', seed: 'x', model: { kind: 'diagonal', depth: 1 } }),
      whole({ data: { kind: 'csv', path: 'a.csv' } }),
    ];
    for (const text of texts) assert.deepEqual(await validate(text), []);
  });
});
