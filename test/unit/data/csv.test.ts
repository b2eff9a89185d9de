import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { csvTable } from '../../../src/data/csv-table';
import { DataError, type Dataset } from '../../../src/data/dataset';
import { loadData } from '../../../src/data/load-data';

interface Options {
  readonly target?: string | number;
  readonly features?: readonly (string | number)[];
  readonly labels?: Readonly<Record<string, number>>;
  readonly standardize?: boolean;
  readonly bias?: boolean;
  readonly testFraction?: number;
  readonly seed?: number;
}

function load(text: string, { seed = 1, ...options }: Options = {}): Promise<Dataset> {
  const spec = { kind: 'csv', path: 'a.csv', target: 'y', standardize: false, bias: false, testFraction: 0, ...options };
  return loadData(spec as Parameters<typeof loadData>[0], seed, { readText: async () => text });
}

function rejects(text: string, code: string, message: RegExp, options: Options = {}): Promise<void> {
  return assert.rejects(load(text, options), (error: unknown) => {
    assert.ok(error instanceof DataError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.match(error.pointer, /^\/data/);
    return true;
  });
}

describe('csv data', () => {
  it('reads quoted fields, Windows line ends, a byte order mark, empty lines and spaces', async () => {
    const data = await load('\uFEFF"a, b" , "c ""d""",y\r\n 1 ,"2",3\r\n\r\n-4e-1,+5,.6\r\n');
    assert.deepEqual(data.featureNames, ['a, b', 'c "d"']);
    assert.deepEqual(Array.from(data.x), [1, 2, -0.4, 5]);
    assert.deepEqual(Array.from(data.y), [3, 0.6]);
    assert.deepEqual([data.samples, data.features, data.truth, data.test], [2, 2, null, null]);
  });

  it('reads what was written as RFC 4180 asks for, and knows the lines', () => {
    // Any fields that keep no space at their ends, where it is dropped from those without quotes.
    const field = fc
      .string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r\n', ' ', 'é', ';'), maxLength: 5 })
      .map((text) => text.trim());
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }));
    const written = (value: string, always: boolean): string =>
      always || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean(), (rows, newline, quoted, last) => {
        const names = rows[0].map((_, j) => `n${j}`);
        const lines = [names, ...rows].map((row) => row.map((value) => written(value, quoted)).join(','));
        const table = csvTable(lines.join(newline) + (last ? newline : ''));
        assert.deepEqual([table.header, ...table.records], [names, ...rows]);
        let line = 1;
        rows.forEach((_, i) => {
          line += lines[i].split('\n').length;
          assert.equal(table.lineOf(i), line);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('takes columns by name and by index, in the order asked for', async () => {
    const text = 'a,b,c\n1,2,3\n4,5,6\n';
    const data = await load(text, { target: 'b', features: ['c', 0] });
    assert.deepEqual(Array.from(data.x), [3, 1, 6, 4]);
    assert.deepEqual(Array.from(data.y), [2, 5]);
    assert.deepEqual(data.featureNames, ['c', 'a']);
    assert.deepEqual(Array.from((await load(text, { target: 0 })).y), [1, 4]);
  });

  it('maps labels', async () => {
    assert.deepEqual(Array.from((await load('a,y\n1,yes\n2, no\n', { labels: { yes: 1, no: -1 } })).y), [1, -1]);
  });

  it('names line and column of what is no number', async () => {
    await rejects(
      'a,b,y\n1,2,3\n4,five,6\n',
      'data.csv.not-a-number',
      /Line 3, column "b" of the csv file: expected a finite number, found "five"/,
    );
    await rejects('a,b,y\n1,2,3\n\n"4\n",,6\n', 'data.csv.empty-cell', /Line 4, column "b" .* found an empty cell/);
    for (const text of ['NaN', 'Infinity', '1e999', '0x10', '1_000', '1 2', 'true', '١']) {
      await rejects(`a,y\n${text},1\n`, 'data.csv.not-a-number', /Line 2, column "a"/);
    }
    await rejects(
      'a,y\n1,maybe\n',
      'data.csv.unknown-label',
      /Line 2, column "y" .* expected one of the labels "yes", "no", found "maybe"/,
      { labels: { yes: 1, no: -1 } },
    );
  });

  it('is not fooled by labels that are names of the language', async () => {
    await rejects('a,y\n1,constructor\n', 'data.csv.unknown-label', /found "constructor"/, { labels: { yes: 1 } });
  });

  it('names the nearest column, or those there are', async () => {
    await rejects('age,height,y\n1,2,3\n', 'data.csv.missing-column', /no column "hieght": did you mean "height"/, {
      features: ['hieght'],
    });
    await rejects('age,height,y\n1,2,3\n', 'data.csv.missing-column', /no column "price": it has "age", "height", "y"/, {
      target: 'price',
    });
    await rejects('a,y\n1,2\n', 'data.csv.missing-column', /columns 0 to 1/, { target: 2 });
  });

  it('refuses columns that mean nothing', async () => {
    await rejects('a,y\n1,2\n', 'data.csv.target-feature', /"y" is also among/, { features: [0, 1] });
    await rejects('a,y\n1,2\n', 'data.csv.repeated-feature', /"a" stands twice/, { features: ['a', 0] });
    await rejects('y\n1\n', 'data.csv.no-features', /no column beside the target/);
    await rejects('a,a,y\n1,2,3\n', 'data.csv.header', /both named "a"/);
    await rejects('a;y\n1;2\n', 'data.csv.header', /separated by commas/);
  });

  it('names the line of a broken file', async () => {
    await rejects('a,b,y\n1,2,3\n4,5\n', 'data.csv.syntax', /Line 3 .* has 2 fields/);
    await rejects('a,y\n"1\n2",3\n"4\r\n\n5"\n', 'data.csv.syntax', /Line 4 .* has 1 field: expected 2/);
    await rejects('a,y\n1,2,3', 'data.csv.syntax', /Line 2 .* has 3 fields: expected 2/);
    await rejects('\uFEFFé😀,y\n"é\n",3\n\n\n 1,"2\n3,4\n', 'data.csv.syntax', /Line 6 .* quote that is never closed/);
    await rejects('a,y\n1,"2"3\n', 'data.csv.syntax', /Line 2 .* text after a closing quote/);
    await rejects('a,y\n1,2"3"\n', 'data.csv.syntax', /Line 2 .* quote inside a field/);
    await rejects('', 'data.csv.empty', /empty/);
    await rejects('a,y\n', 'data.csv.empty', /no records/);
    await rejects('a,y\n1,\u0000\n', 'data.csv.syntax', /NUL/);
  });

  it('standardizes by the training samples, divisor n', async () => {
    // Population standard deviation of 1, 2, 3, 4 is √1.25.
    const data = await load('a,y\n1,0\n2,0\n3,0\n4,0\n', { standardize: true });
    Array.from(data.x).forEach((value, i) => assert.ok(Math.abs(value - (i - 1.5) / Math.sqrt(1.25)) < 1e-15));
    await rejects('a,b,y\n1,7.1,0\n2,7.1,0\n', 'data.csv.constant-feature', /feature "b" has the same value/, { standardize: true });
    const split = await load(`a,y\n${Array.from({ length: 40 }, (_, i) => `${i * i},0`).join('\n')}`, {
      standardize: true,
      testFraction: 0.25,
    });
    const sum = split.x.reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum) < 1e-12);
    assert.ok(Math.abs(split.test!.x.reduce((total, value) => total + value, 0)) > 1e-3, 'the test samples are moved along, not centred');
  });

  it('appends a constant 1, which is not standardized', async () => {
    const data = await load('a,y\n1,0\n3,0\n', { standardize: true, bias: true, testFraction: 0 });
    assert.deepEqual(Array.from(data.x), [-1, 1, 1, 1]);
    assert.deepEqual([data.features, data.featureNames?.length], [2, 2]);
  });

  it('holds out a part that partitions the file and keeps its order', async () => {
    const text = `a,y\n${Array.from({ length: 100 }, (_, i) => `${i},${i}`).join('\n')}`;
    const { x, samples, test } = await load(text, { testFraction: 0.3 });
    assert.deepEqual([samples, test!.samples], [70, 30]);
    assert.deepEqual(
      Array.from(x).toSorted((a, b) => a - b),
      Array.from(x),
    );
    assert.deepEqual(
      [...x, ...test!.x].toSorted((a, b) => a - b),
      Array.from({ length: 100 }, (_, i) => i),
    );
    assert.deepEqual(await load(text, { testFraction: 0.3 }), await load(text, { testFraction: 0.3 }));
    assert.notDeepEqual((await load(text, { testFraction: 0.3, seed: 2 })).x, x);
    assert.equal(
      (await load('a,y\n1,2\n3,4\n', { testFraction: 0.01 })).test!.samples,
      1,
      'a fraction that is given holds out one at least',
    );
    await rejects('a,y\n1,2\n', 'data.test-fraction', /all of the 1 samples/, { testFraction: 0.5 });
  });

  it('refuses numbers whose squares overflow', async () => {
    await rejects('a,y\n1,2\n-2e100,1\n', 'data.magnitude', /input 1 is -2e\+100/);
  });

  it('refuses files that would fill memory or time, within two seconds of processor time each', async function () {
    this.timeout(30_000);
    const hostile: readonly [string, string][] = [
      ['a,y\n' + '1,2\n'.repeat(2_000_000), 'data.too-large'],
      ['a,y\n"' + '1,2\n'.repeat(2_000_000), 'data.csv.syntax'],
      ['a,y\n' + ','.repeat(10_000_000), 'data.csv.syntax'],
      [`y${',a'.repeat(200_000)}\n`, 'data.csv.syntax'],
      ['x'.repeat(33 * 1024 * 1024), 'data.too-large'],
      [
        `${Array.from({ length: 1001 }, (_, j) => (j === 0 ? 'y' : `c${j}`)).join()}\n${`${'1,'.repeat(1000)}1\n`.repeat(10_001)}`,
        'data.too-large',
      ],
      ['"'.repeat(4_999_999), 'data.csv.syntax'],
    ];
    for (const [text, code] of hostile) {
      const start = process.cpuUsage();
      await rejects(text, code, /./);
      const { user, system } = process.cpuUsage(start);
      const seconds = (user + system) / 1e6;
      assert.ok(seconds < 2, `${code} after ${seconds} s for ${text.slice(0, 20)}`);
    }
  });
});
