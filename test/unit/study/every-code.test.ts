import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Diagnostic } from '../../../src/protocol/compute';
import { check } from '../../../src/study/analyse';
import { nodeEnvironment } from '../../../src/worker/environment';
import { fileWith } from '../experiment/marked';

const square = { data: { kind: 'sparse-regression', samples: 4, features: 5 }, loss: 'square' };
const inline = (x: readonly (readonly number[])[], y: readonly number[], more = {}): object => ({ kind: 'inline', x, y, ...more });
const csv = (file: string, more = {}): object => ({ data: { kind: 'csv', path: file, target: 'y', ...more }, loss: 'square' });
const descent = (more: object): object => ({ kind: 'gradient-descent', ...more });
const sgd = (more: object): object => ({ kind: 'sgd', ...more });
const swept = (...axes: readonly object[]): object => ({ ...square, sweep: { axes } });
const teacher = (more: object): object => ({
  data: { kind: 'teacher', samples: 4, features: 2, model: { kind: 'linear' }, ...more },
  loss: 'square',
});

/** Files beside the experiment. */
const TABLES: Readonly<Record<string, string>> = {
  'good.csv': 'a,b,y\n1,2,3\n2,1,0\n',
  'quote.csv': 'a,y\n"1,2\n',
  'empty.csv': '',
  'header.csv': 'a,a,y\n1,2,3\n',
  'word.csv': 'a,y\none,2\n',
  'cell.csv': 'a,y\n,2\n',
  'label.csv': 'a,y\n1,maybe\n',
  'alone.csv': 'y\n1\n2\n',
  'constant.csv': 'a,y\n1,1\n1,2\n',
  'huge.csv': 'a,y\n1e200,1\n',
  'long.csv': `a,y\n${'1,1\n'.repeat(101)}`,
};

/** For each code of docs/file-format.md a file that brings it about: its text, or what is other than in a correct one. */
const PROVOKED: Readonly<Record<string, string | object>> = {
  'json.empty': '\n',
  'json.syntax': '{ "seed": 1, }',
  'json.duplicate-key': '{ "seed": 1, "seed": 2 }',
  'json.number-range': '{ "seed": 1e999 }',
  'json.encoding': '{\u0000"\u0000s\u0000',
  'json.too-large': ' '.repeat(16_777_217),
  'json.too-deep': '['.repeat(65) + ']'.repeat(65),
  'json.too-many-values': { notes: Array.from({ length: 250_001 }, () => '') },
  'shape.unknown-key': { modle: 1 },
  'shape.unknown-kind': { model: { kind: 'liner' } },
  'shape.unknown-value': { record: { spacing: 'lag' } },
  'shape.missing': { model: undefined },
  'shape.type': { seed: 'one' },
  'shape.range': { model: { kind: 'diagonal', depth: 33 } },
  'shape.format': { format: 2 },
  'meaning.ragged-rows': { data: inline([[1, 2], [1]], [1, -1]) },
  'meaning.length-mismatch': { data: inline([[1, 2]], [1, -1]) },
  'meaning.test-features': { data: inline([[1, 2]], [1], { test: { x: [[1]], y: [1] } }) },
  'meaning.labels': { data: inline([[1], [2]], [1, 0]) },
  'meaning.init-shape': { init: { kind: 'explicit', parameters: [[1]] } },
  'meaning.init-never-moves': { model: { kind: 'diagonal' }, init: { kind: 'zero' } },
  'meaning.init-one-sign': { ...square, model: { kind: 'diagonal', tied: false } },
  'meaning.init-products': { init: { kind: 'scale-shape' } },
  'meaning.init-pairs': { init: { kind: 'antisymmetric' } },
  'meaning.step-size': { ...square, optimizer: descent({ stepSize: 1e6 }) },
  'meaning.momentum-kind': { optimizer: descent({ momentumKind: 'nesterov' }) },
  'meaning.loss-power': { loss: { kind: 'logistic', power: 2 } },
  'meaning.norm-matrix': { optimizer: { kind: 'steepest-descent', norm: { kind: 'quadratic', matrix: [[1, 2]] } } },
  'meaning.mirror-start': { ...square, optimizer: { kind: 'mirror-descent', potential: 'entropy' } },
  'meaning.outputs': { data: inline([[1], [2]], [0, 1]), loss: 'cross-entropy', model: { kind: 'diagonal' } },
  'meaning.batch-order': { optimizer: sgd({ sampling: { order: [0, 0] }, batchSize: 50 }) },
  'meaning.label-noise': { optimizer: sgd({ labelNoise: 1 }) },
  'meaning.weight-decay': { optimizer: descent({ weightDecay: 1, normalize: 'gradient' }) },
  'meaning.batch-size': { optimizer: sgd({ batchSize: 101 }) },
  'meaning.sparsity': { ...square, data: { kind: 'sparse-regression', features: 2 } },
  'meaning.too-large': { data: { kind: 'separable', samples: 100_000, features: 101 } },
  'meaning.magnitude': { data: inline([[1e101]], [1]) },
  'meaning.features': { features: { kind: 'coordinates', count: 65 } },
  'meaning.matrix-data': { data: { kind: 'entries', rows: 2, columns: 2, entries: [[2, 0, 1]] }, loss: 'square' },
  'meaning.matrix-model': {
    data: { kind: 'completion' },
    loss: 'square',
    model: { kind: 'matrix-factorization', symmetric: true, depth: 3 },
  },
  'meaning.csv-path': csv('.\\good.csv'),
  'meaning.target-feature': csv('good.csv', { features: ['a', 'y'] }),
  'meaning.two-biases': { ...csv('good.csv', { bias: true }), model: { kind: 'linear', bias: true } },
  'meaning.unknown-measure': { record: { measures: ['los'] } },
  'meaning.repeated-measure': { record: { measures: ['loss', 'loss'] } },
  'meaning.no-test-samples': { record: { measures: ['testLoss'] } },
  'meaning.sweep-path': swept({ path: '/data/smaples', values: [1] }),
  'meaning.sweep-axis': swept({ path: '/seed' }),
  'meaning.sweep-size': swept({ path: '/seed', linear: [0, 100, 101] }, { path: '/data/samples', linear: [1, 100, 100] }),
  'meaning.sweep-point': swept({ path: '/data/samples', values: [2, 'two'] }),
  'data.path.missing': csv('none.csv'),
  'data.path.outside': csv('../none.csv'),
  'data.path.unreadable': csv('folder'),
  'data.path.too-large': csv('large.csv'),
  'data.csv.syntax': csv('quote.csv'),
  'data.csv.empty': csv('empty.csv'),
  'data.csv.header': csv('header.csv'),
  'data.csv.not-a-number': csv('word.csv'),
  'data.csv.empty-cell': csv('cell.csv'),
  'data.csv.unknown-label': csv('label.csv', { labels: { yes: 1 } }),
  'data.csv.missing-column': csv('good.csv', { features: ['c'] }),
  'data.csv.no-features': csv('alone.csv'),
  'data.csv.target-feature': csv('good.csv', { features: [2] }),
  'data.csv.repeated-feature': csv('good.csv', { features: ['a', 0] }),
  'data.csv.constant-feature': csv('constant.csv', { standardize: true }),
  'data.teacher.init': teacher({ init: { kind: 'explicit', parameters: [[1]] } }),
  'data.features': { ...csv('good.csv'), features: { kind: 'coordinates', count: 3 } },
  'data.test-fraction': csv('good.csv', { testFraction: 0.9 }),
  'data.too-large': { ...csv('long.csv'), features: { kind: 'random', count: 100_000 } },
  'data.magnitude': csv('huge.csv'),
};

describe('what can be wrong', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bias-lab-codes-'));
    for (const [name, text] of Object.entries(TABLES)) writeFileSync(path.join(folder, name), text);
    mkdirSync(path.join(folder, 'folder'));
    writeFileSync(path.join(folder, 'large.csv'), Buffer.alloc(32 * 1024 * 1024 + 1, 'a'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function found(code: string): Promise<readonly Diagnostic[]> {
    const file = PROVOKED[code];
    const source = { text: typeof file === 'string' ? file : fileWith({ ...file }), path: path.join(folder, 'x.bias.json'), root: folder };
    return (await check(source, nodeEnvironment(source, null))).filter((diagnostic) => diagnostic.code === code);
  }

  const page = readFileSync('docs/file-format.md', 'utf8');
  const codes = [...page.slice(page.indexOf('## What can be wrong')).matchAll(/`((?:json|shape|meaning|data)\.[a-z.-]+)`( \*)?/g)];

  it('can all be brought about', () => {
    assert.deepEqual(Object.keys(PROVOKED).toSorted(), codes.map(([, code]) => code).toSorted());
  });

  for (const [, code, star] of codes) {
    it(`${code}${star ?? ''}`, async () => {
      const diagnostics = await found(code);
      assert.ok(diagnostics.length > 0);
      assert.equal(
        diagnostics.some(({ fixes }) => fixes.length > 0),
        star !== undefined,
        'a quick fix where the page marks one',
      );
    });
  }
});
