/**
 * Files that are broken, enormous or malicious. Each must be refused with a message that names the place: by the checks of the file,
 * by the loader of its data, or (`run`) by a run that ends without an answer. None may crash, hang, or be taken for an experiment.
 */
import { TEMPLATES } from '../../../src/experiment/templates';

/** A file, folder or link beside the experiment. */
export type ExtraFile =
  | { readonly path: string; readonly content: string | Uint8Array }
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly folder: true };

export interface HostileFile {
  /** Unique, fit for a file name. */
  readonly name: string;
  /** Text of the experiment file; huge ones are made when they are read. */
  readonly text: string;
  readonly files?: readonly ExtraFile[];
  /**
   * Who refuses: "file": its checks alone (exit 2 without reading anything else) · "data": the loader (exit 2) ·
   * "run": nothing is wrong with the file, but training cannot give an answer (exit 3).
   */
  readonly refused: 'file' | 'data' | 'run';
}

/** Correct experiments that have, together, every key of the format. */
export const COMPLETE: readonly Readonly<Record<string, unknown>>[] = [
  {
    $schema: 'schema.json',
    format: 1,
    title: 'title',
    notes: ['one', 'two'],
    seed: 3,
    data: {
      kind: 'inline',
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [1, -1],
      test: { x: [[5, 6]], y: [1] },
    },
    model: { kind: 'linear', bias: true },
    init: { kind: 'explicit', parameters: [[0, 1], [2]] },
    loss: { kind: 'logistic', reduction: 'sum' },
    optimizer: { kind: 'gradient-descent', stepSize: 0.1, momentum: 0.5, normalize: 'loss' },
    stop: { loss: 1e-3, logLoss: -7, gradientNorm: 1e-3, time: 10, steps: 100, seconds: 1 },
    record: { points: 10, spacing: 'linear', measures: ['loss'] },
    compare: ['l2'],
    expect: { verdict: 'agrees', result: 'soudry-2018-max-margin', tolerance: 0.1 },
  },
  {
    data: {
      kind: 'csv',
      path: 'data.csv',
      target: 'y',
      features: ['a', 1],
      labels: { yes: 1, no: -1 },
      standardize: true,
      bias: true,
      testFraction: 0.2,
    },
    model: { kind: 'linear' },
    init: { kind: 'gaussian', scale: 0.1 },
    loss: 'logistic',
    optimizer: { kind: 'sgd', stepSize: 0.1, batchSize: 2, sampling: 'shuffle' },
  },
  {
    data: { kind: 'separable', samples: 10, features: 3, margin: 0.5, symmetric: true },
    model: { kind: 'diagonal', depth: 2, tied: true },
    init: { kind: 'constant', scale: 0.1 },
    loss: 'exponential',
    optimizer: { kind: 'gradient-flow', tolerance: 1e-6 },
  },
  {
    data: { kind: 'sparse-regression', samples: 5, features: 8, sparsity: 2, noise: 0.1, shift: 1 },
    model: { kind: 'diagonal', depth: 3, tied: false },
    init: { kind: 'uniform', scale: 0.1 },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize: 0.01 },
  },
];

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  const inner = Object.entries(value).flatMap(([key, entry]) => pathsOf(entry, [...path, Array.isArray(value) ? Number(key) : key]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** The JSON text of a value in which the value at a path is replaced by a text, which need not be JSON. */
function textWith(value: unknown, path: Path, replacement: string): string {
  const mark = '@@replaced@@';
  const copy = structuredClone(value) as Record<string | number, unknown>;
  let here = copy;
  for (const segment of path.slice(0, -1)) here = (here[segment] ??= {}) as Record<string | number, unknown>;
  here[path.at(-1)!] = mark;
  return JSON.stringify(copy, null, 2).replace(`"${mark}"`, () => replacement);
}

const [INLINE, CSV, SEPARABLE, SPARSE] = COMPLETE;

function withChanges(base: object, changes: object): string {
  return JSON.stringify({ ...base, ...changes }, null, 2);
}

class Corpus {
  readonly files: HostileFile[] = [];

  add(name: string, text: string | (() => string), refused: HostileFile['refused'] = 'file', files: readonly ExtraFile[] = []): void {
    const number = String(this.files.length).padStart(3, '0');
    const slug = name
      .replaceAll(/[^a-z0-9]+/gi, '-')
      .replaceAll(/^-|-$/g, '')
      .toLowerCase()
      .slice(0, 60);
    const make = typeof text === 'string' ? (): string => text : text;
    this.files.push({
      name: `${number}-${slug}`,
      refused,
      files,
      get text() {
        return make();
      },
    });
  }

  csv(name: string, content: string | Uint8Array, changes: Readonly<Record<string, unknown>> = {}): void {
    const text = withChanges(CSV, { data: { kind: 'csv', path: 'data.csv', target: 'y', ...changes } });
    this.add(`csv ${name}`, text, 'data', [{ path: 'data.csv', content }]);
  }

  path(name: string, path: string, refused: 'file' | 'data' = 'data', files: readonly ExtraFile[] = []): void {
    this.add(`path ${name}`, withChanges(CSV, { data: { kind: 'csv', path, target: 'y' } }), refused, files);
  }
}

function addTruncations(corpus: Corpus): void {
  const texts = [...TEMPLATES.map(({ text }) => text), JSON.stringify(INLINE)];
  texts.forEach((text, k) => {
    // A prefix of an object is never an object; primes meet different places in each text.
    const stride = [37, 41, 43, 29][k];
    for (let end = 1; end < text.trimEnd().length; end += stride) corpus.add(`truncated ${k} at ${end}`, text.slice(0, end));
  });
}

function addWrongTypes(corpus: Corpus): void {
  COMPLETE.forEach((base, k) => {
    for (const path of pathsOf(base)) {
      // No key of the format takes null, and none takes an object of objects or a list of lists of lists of texts.
      for (const [name, wrong] of [
        ['null', 'null'],
        ['nested', '{ "a": { "b": {} } }'],
        ['lists', '[[["a"]]]'],
      ]) {
        corpus.add(`${name} at ${k} ${path.join(' ')}`, textWith(base, path, wrong));
      }
    }
  });
}

function addNumbers(corpus: Corpus): void {
  const places: readonly [Readonly<Record<string, unknown>>, Path][] = [
    [INLINE, ['seed']],
    [INLINE, ['data', 'x', 1, 0]],
    [INLINE, ['optimizer', 'stepSize']],
    [SEPARABLE, ['data', 'samples']],
  ];
  for (const [base, path] of places) {
    for (const written of [
      'NaN',
      'Infinity',
      '-Infinity',
      '1e999',
      '-1e999',
      '0x1F',
      '007',
      '.5',
      '1.',
      '+1',
      '1_000',
      '1e',
      '--1',
      '١٢',
      '1,5',
      "'1'",
      '"1e3"',
    ]) {
      corpus.add(`number ${written} at ${path.join(' ')}`, textWith(base, path, written));
    }
    corpus.add(`number 400 digits at ${path.join(' ')}`, textWith(base, path, '9'.repeat(400)));
  }
  for (const key of ['samples', 'features'] as const) {
    for (const count of ['0', '-1', '0.5', '1000000', '1e15', '9007199254740993', '1e308', '-1e308']) {
      corpus.add(`${key} ${count}`, textWith(SEPARABLE, ['data', key], count));
    }
  }
  for (const seed of ['-1', '1.5', '9007199254740992', '18446744073709551616', '1e308'])
    corpus.add(`seed ${seed}`, textWith(SEPARABLE, ['seed'], seed));
  for (const sparsity of ['0', '-2', '2.5', '9', '1e308'])
    corpus.add(`sparsity ${sparsity}`, textWith(SPARSE, ['data', 'sparsity'], sparsity));
  for (const depth of ['0', '1', '2.5', '33', '1e9']) corpus.add(`depth ${depth}`, textWith(SPARSE, ['model', 'depth'], depth));
  for (const batch of ['0', '-1', '1.5', '1000000', '1e308'])
    corpus.add(`batch ${batch}`, withChanges(SEPARABLE, { optimizer: { kind: 'sgd', batchSize: Number(batch) } }));
  for (const points of ['1', '0', '-5', '10001', '1e308']) corpus.add(`points ${points}`, textWith(INLINE, ['record', 'points'], points));
  for (const margin of ['0', '-1', '1e308']) corpus.add(`margin ${margin}`, textWith(SEPARABLE, ['data', 'margin'], margin));
  for (const [key, value] of [
    ['noise', '-1'],
    ['noise', '1e308'],
    ['shift', '1e308'],
    ['shift', '-1e308'],
  ])
    corpus.add(`${key} ${value}`, textWith(SPARSE, ['data', key], value));
  for (const step of ['0', '-0.1', '1e308']) corpus.add(`step size ${step}`, textWith(SPARSE, ['optimizer', 'stepSize'], step));
  for (const momentum of ['1', '-0.1', '1e308']) corpus.add(`momentum ${momentum}`, textWith(INLINE, ['optimizer', 'momentum'], momentum));
  for (const tolerance of ['0', '1', '1e-300'])
    corpus.add(`tolerance ${tolerance}`, textWith(SEPARABLE, ['optimizer', 'tolerance'], tolerance));
  for (const steps of ['0', '-1', '1.5', '1e13', '1e308']) corpus.add(`steps ${steps}`, textWith(INLINE, ['stop', 'steps'], steps));
  for (const scale of ['-1', '1e7', '1e308']) corpus.add(`scale ${scale}`, textWith(SEPARABLE, ['init', 'scale'], scale));
  for (const value of ['1e308', '-1e200', '1e101']) {
    corpus.add(`input ${value}`, textWith(INLINE, ['data', 'x', 0, 1], value));
    corpus.add(`test input ${value}`, textWith(INLINE, ['data', 'test', 'x', 0, 1], value));
    corpus.add(`target ${value}`, textWith({ ...INLINE, loss: 'square' }, ['data', 'y', 0], value));
    corpus.add(`parameter ${value}`, textWith(INLINE, ['init', 'parameters', 0, 0], value));
  }
}

function addShapes(corpus: Corpus): void {
  corpus.add('empty file', '');
  corpus.add('white space', ' \n\t\r\n');
  for (const whole of [
    'null',
    'true',
    '1',
    '"text"',
    '[]',
    '[{}]',
    '{}',
    '{}{}',
    '[',
    '{',
    '"',
    '}',
    ',',
    ':',
    '{"a"}',
    '{"a":}',
    '{:1}',
    '{,}',
    '[,]',
    '{"$ref":"#"}',
    '{"a":1}}',
    "{'data':1}",
  ]) {
    corpus.add(`whole file ${whole}`, whole);
  }
  corpus.add('two experiments', `${JSON.stringify(SEPARABLE)}\n${JSON.stringify(SPARSE)}`);
  corpus.add('json5', "{ data: { kind: 'separable', }, // c\n model: { kind: 'linear' } }");
  corpus.add('yaml', 'data:\n  kind: separable\nmodel:\n  kind: linear\n');
  corpus.add('html', '<!DOCTYPE html><html><body>404</body></html>');
  corpus.add('comment', `// comment\n${JSON.stringify(SEPARABLE)}`);
  corpus.add('trailing comma', JSON.stringify(SEPARABLE).replace(/\}$/, ',}'));
  corpus.add('merge conflict', `<<<<<<< HEAD\n${JSON.stringify(SEPARABLE)}\n=======\n{}\n>>>>>>> theirs\n`);
  for (const key of ['data', 'model', 'loss', 'optimizer']) corpus.add(`without ${key}`, withChanges(SEPARABLE, { [key]: undefined }));
  for (const key of ['data', 'model', 'init', 'optimizer']) {
    for (const kind of [
      '',
      'adagrad',
      'constructor',
      '__proto__',
      'toString',
      '\u202Elinear',
      '\uD800',
      'linear\u0000',
      'a'.repeat(100_000),
    ]) {
      corpus.add(`kind ${kind.slice(0, 12)} of ${key}`, withChanges(SEPARABLE, { [key]: { kind } }));
    }
  }
  for (const loss of ['', 'hinge', 'constructor', 'square ']) corpus.add(`loss ${loss}`, withChanges(SPARSE, { loss }));
  for (const y of [[], [1], [1, -1, 1]]) corpus.add(`targets ${y.length}`, textWith(INLINE, ['data', 'y'], JSON.stringify(y)));
  for (const x of ['[]', '[[]]', '[[], []]', '[[1, 2]]', '[[1, 2], [3]]', '[[1, 2], [3, 4, 5]]', '[1, 2]', '[[[1]]]', '{}'])
    corpus.add(`inputs ${x}`, textWith(INLINE, ['data', 'x'], x));
  for (const parameters of ['[]', '[[]]', '[[1, 2]]', '[[1, 2], []]', '[[1, 2, 3], [1]]', '[[1, 2], [1], [1]]'])
    corpus.add(`parameters ${parameters}`, textWith(INLINE, ['init', 'parameters'], parameters));
  for (const y of ['[0, 1]', '[1, 2]', '[0.5, -1]']) corpus.add(`labels ${y}`, textWith(INLINE, ['data', 'y'], y));
  for (const measures of ['["accuracy"]', '["__proto__"]', '[""]'])
    corpus.add(`measures ${measures}`, textWith(INLINE, ['record', 'measures'], measures));
  corpus.add('empty features', textWith(CSV, ['data', 'features'], '[]'));
  corpus.add('empty labels', textWith(CSV, ['data', 'labels'], '{}'));
  corpus.add('format 2', textWith(SEPARABLE, ['format'], '2'));
}

function addKeys(corpus: Corpus): void {
  for (const key of [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
    'polluted',
    '',
    ' ',
    'data ',
    'Data',
    '\uD800',
    '\u202E',
    'a\u0000b',
    '\n',
    '/',
    '~',
    '~0',
    '\\',
    'x'.repeat(1_000_000),
  ]) {
    const property = `${JSON.stringify(key)}: { "polluted": true }`;
    corpus.add(
      `key ${key.slice(0, 16)}`,
      JSON.stringify(SEPARABLE).replace('{', () => `{ ${property},`),
    );
    corpus.add(
      `key in data ${key.slice(0, 16)}`,
      JSON.stringify(SEPARABLE).replace('"data":{', () => `"data":{ ${property},`),
    );
  }
  for (const key of ['data', 'model', 'loss', 'optimizer']) {
    corpus.add(
      `duplicate ${key}`,
      JSON.stringify(SEPARABLE).replace(/\}$/, () => `,"${key}":${JSON.stringify(SEPARABLE[key])}}`),
    );
  }
  corpus.add('duplicate kind', JSON.stringify(SEPARABLE).replace('"kind":"separable"', '"kind":"separable","kind":"separable"'));
  corpus.add('duplicate by escape', JSON.stringify(SEPARABLE).replace('{', '{"\\u006coss":"square",'));
}

function addCharacters(corpus: Corpus): void {
  for (let code = 0; code < 32; code++) {
    corpus.add(`control character ${code} in a text`, textWith(SEPARABLE, ['title'], `"a${String.fromCharCode(code)}b"`));
  }
  for (const code of [0, 1, 8, 11, 12, 127, 160, 0x2028, 0xfeff, 0xffff])
    corpus.add(
      `character ${code} between keys`,
      JSON.stringify(SEPARABLE).replace('{', () => `{${String.fromCharCode(code)}`),
    );
  for (const escape of ['\\x41', '\\u12', '\\uZZZZ', '\\', '\\u', '\\8'])
    corpus.add(`escape ${escape}`, textWith(SEPARABLE, ['title'], `"${escape}"`));
  corpus.add('byte order mark alone', '\uFEFF');
  corpus.add('two byte order marks', `\uFEFF\uFEFF${JSON.stringify(SEPARABLE)}`);
  corpus.add('utf-16 little endian', Buffer.from(JSON.stringify(SEPARABLE), 'utf16le').toString('latin1'));
  corpus.add('utf-16 big endian', Buffer.from(JSON.stringify(SEPARABLE), 'utf16le').swap16().toString('latin1'));
  corpus.add('utf-16 with a mark', `\uFFFD\uFFFD${Buffer.from(JSON.stringify(SEPARABLE), 'utf16le').toString('latin1')}`);
  corpus.add('picture', '\uFFFDPNG\r\n\u001A\n\u0000\u0000\u0000\rIHDR');
  corpus.add('only NUL', '\u0000'.repeat(1000));
  corpus.add('lone surrogates', '\uD800\uDC00\uDC00\uD800');
}

function addSizes(corpus: Corpus): void {
  const deep = 100_000;
  corpus.add('open lists', () => '['.repeat(deep));
  corpus.add('nested lists', () => '['.repeat(deep) + ']'.repeat(deep));
  corpus.add('open objects', () => '{"a":'.repeat(deep));
  corpus.add('nested objects', () => `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`);
  corpus.add('nested notes', () => textWith(SEPARABLE, ['notes'], '['.repeat(deep) + ']'.repeat(deep)));
  corpus.add('nested inputs', () => textWith(INLINE, ['data', 'x'], '['.repeat(deep) + ']'.repeat(deep)));
  corpus.add('nested just too deep', () => textWith(SEPARABLE, ['notes'], '['.repeat(64) + ']'.repeat(64)));
  corpus.add('closing brackets', () => ']'.repeat(200_000));
  corpus.add('commas', () => `[${','.repeat(200_000)}`);
  corpus.add('colons', () => `{"a"${':'.repeat(200_000)}`);
  corpus.add('quotes', () => '"'.repeat(200_001));
  corpus.add('backslashes', () => `"${'\\'.repeat(200_001)}`);
  corpus.add('bare word', () => 'x'.repeat(200_000));
  corpus.add('comments', () => '/**/'.repeat(100_000));
  corpus.add('open comment', () => `/*${'*'.repeat(200_000)}`);
  corpus.add('digits', () => '1'.repeat(200_000));
  corpus.add('lines', () => `${'\n'.repeat(200_000)}{`);
  corpus.add('longer than any file', () => ' '.repeat(16 * 1024 * 1024) + JSON.stringify(SEPARABLE));
  corpus.add('long title', () => textWith(SEPARABLE, ['title'], JSON.stringify('a'.repeat(1_000_000))));
  corpus.add('many unknown keys', () =>
    JSON.stringify({ ...SEPARABLE, ...Object.fromEntries(Array.from({ length: 9000 }, (_, k) => [`k${k}`, k])) }),
  );
  corpus.add('many keys', () =>
    JSON.stringify({ ...SEPARABLE, ...Object.fromEntries(Array.from({ length: 20_000 }, (_, k) => [`k${k}`, k])) }),
  );
  corpus.add('many duplicate keys', () => `{${'"a":1,'.repeat(50_000)}"a":1}`);
  corpus.add('many notes', () => textWith(SEPARABLE, ['notes'], `[${'"a",'.repeat(100_000)}"a"]`));
  corpus.add('many wrong notes', () => textWith(SEPARABLE, ['notes'], `[${'1,'.repeat(200_000)}1]`));
  corpus.add('many wrong measures', () => textWith(INLINE, ['record', 'measures'], `[${'1,'.repeat(9000)}1]`));
  corpus.add('many unknown measures', () => textWith(INLINE, ['record', 'measures'], `[${'"margni",'.repeat(9000)}"a"]`));
  corpus.add('many labels', () =>
    textWith(CSV, ['data', 'labels'], JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, k) => [`k${k}`, 1])))),
  );
  corpus.add('a million targets', () => textWith(INLINE, ['data', 'y'], `[${'1,'.repeat(1_000_000)}1]`));
  corpus.add('a million samples', () => textWith(INLINE, ['data', 'x'], `[${'[1],'.repeat(1_000_000)}[1]]`));
  corpus.add('a million features', () => textWith(INLINE, ['data', 'x'], `[[${'1,'.repeat(1_000_000)}1]]`));
  corpus.add('samples beyond the limit', () => textWith(INLINE, ['data', 'x'], `[${'[1],'.repeat(100_000)}[1]]`));
  corpus.add('a million wrong targets', () => textWith(INLINE, ['data', 'y'], `[${'null,'.repeat(400_000)}null]`));
  corpus.add('ragged rows', () => textWith(INLINE, ['data', 'x'], `[[1,2]${',[1]'.repeat(50_000)}]`));
  corpus.add('generated beyond the limit', withChanges(SEPARABLE, { data: { kind: 'separable', samples: 100_000, features: 100_000 } }));
  corpus.add(
    'mirrored beyond the limit',
    withChanges(SEPARABLE, { data: { kind: 'separable', samples: 100_000, features: 2, symmetric: true } }),
  );
}

function addPaths(corpus: Corpus): void {
  const outside = '../'.repeat(20);
  corpus.path('absolute', '/etc/passwd', 'file');
  corpus.path('device', '/dev/zero', 'file');
  corpus.path('random device', '/dev/urandom', 'file');
  corpus.path('process', '/proc/self/environ', 'file');
  corpus.path('drive', 'C:\\Windows\\win.ini', 'file');
  corpus.path('share', '\\\\server\\share\\data.csv', 'file');
  corpus.path('address', 'https://example.org/data.csv', 'file');
  corpus.path('file address', 'file:///etc/passwd', 'file');
  corpus.path('empty', '', 'file');
  corpus.path('long', 'a'.repeat(2000), 'file');
  corpus.path('NUL', 'data.csv\u0000.png', 'file');
  corpus.path('line break', 'data\n.csv', 'file');
  corpus.path('missing', 'nowhere.csv');
  corpus.path('missing folder', 'nowhere/data.csv');
  corpus.path('long but possible', 'a'.repeat(1000));
  corpus.path('lone surrogate', '\uD800.csv');
  corpus.path('direction override', '\u202Evsc.atad');
  corpus.path('parent', '..');
  corpus.path('here', '.');
  corpus.path('space', ' ');
  corpus.path('passwd', `${outside}etc/passwd`);
  corpus.path('zeros', `${outside}dev/zero`);
  corpus.path('hidden leave', `folder/../${outside}etc/passwd`, 'data', [{ path: 'folder', folder: true }]);
  corpus.path('tilde', '~/.ssh/id_rsa');
  corpus.path('variable', '$HOME/data.csv');
  corpus.path('folder', 'folder', 'data', [{ path: 'folder', folder: true }]);
  corpus.path('link outside', 'link.csv', 'data', [{ path: 'link.csv', link: '/etc/passwd' }]);
  corpus.path('link to a device', 'zero.csv', 'data', [{ path: 'zero.csv', link: '/dev/zero' }]);
  corpus.path('link to itself', 'loop.csv', 'data', [{ path: 'loop.csv', link: 'loop.csv' }]);
  corpus.path('link to nothing', 'dangling.csv', 'data', [{ path: 'dangling.csv', link: 'nowhere.csv' }]);
  corpus.path('folder linked outside', 'etc/passwd', 'data', [{ path: 'etc', link: '/etc' }]);
}

function addCsv(corpus: Corpus): void {
  corpus.csv('empty', '');
  corpus.csv('white space', '\n\n  \n');
  corpus.csv('header only', 'a,y\n');
  corpus.csv('no target', 'a,b\n1,2\n');
  corpus.csv('target only', 'y\n1\n');
  corpus.csv('text', 'a,y\nfour,1\n');
  corpus.csv('NaN', 'a,y\nNaN,1\n');
  corpus.csv('infinite', 'a,y\n1e999,1\n');
  corpus.csv('hexadecimal', 'a,y\n0x10,1\n');
  corpus.csv('empty cell', 'a,y\n,1\n');
  corpus.csv('empty target', 'a,y\n1,\n');
  corpus.csv('short record', 'a,y\n1\n');
  corpus.csv('long record', 'a,y\n1,1,1\n');
  corpus.csv('open quote', 'a,y\n"1,1\n');
  corpus.csv('stray quote', 'a,y\n1"2,1\n');
  corpus.csv('text after a quote', 'a,y\n"1"2,1\n');
  corpus.csv('semicolons', 'a;y\n1;1\n');
  corpus.csv('twice the same name', 'a,a,y\n1,2,1\n');
  corpus.csv('twice the target', 'y,y\n1,1\n');
  corpus.csv('formula', 'a,y\n=1+1,1\n');
  corpus.csv('html', '<html>\n<body>,y\n</html>\n');
  corpus.csv('NUL', 'a,y\n1,\u00001\n');
  corpus.csv('utf-16', Buffer.from('a,y\n1,1\n', 'utf16le'));
  corpus.csv('not utf-8', Uint8Array.of(97, 44, 121, 10, 0xff, 0xfe, 44, 49));
  corpus.csv('a zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0));
  corpus.csv('labels 0 and 1', 'a,y\n1,0\n2,1\n');
  corpus.csv('unknown label', 'a,y\n1,maybe\n', { labels: { yes: 1, no: -1 } });
  corpus.csv('label constructor', 'a,y\n1,constructor\n', { labels: { yes: 1 } });
  corpus.csv('constant column', 'a,y\n1,1\n1,-1\n', { standardize: true });
  corpus.csv('all held out', 'a,y\n1,1\n', { testFraction: 0.9 });
  corpus.csv('huge number', 'a,y\n1e200,1\n');
  corpus.csv('missing index', 'a,y\n1,1\n', { target: 7 });
  corpus.csv('missing feature', 'a,y\n1,1\n', { features: ['b'] });
  corpus.csv('repeated feature', 'a,y\n1,1\n', { features: ['a', 0] });
  corpus.csv('batch too large', 'a,y\n1,1\n');
  corpus.csv('too many records', `a,y\n${'1,1\n'.repeat(100_001)}`);
  corpus.csv('too many columns', `${'a'.repeat(10)}${',b'.repeat(200_000)}\n1\n`);
  corpus.csv('one long line', 'x'.repeat(5_000_000));
  corpus.csv('commas', `a,y\n${','.repeat(5_000_000)}`);
  corpus.csv('quotes', `a,y\n${'"'.repeat(5_000_001)}`);
  corpus.csv('open quote and much after it', `a,y\n"${'1,1\n'.repeat(1_000_000)}`);
  corpus.csv('many empty lines', '\n'.repeat(5_000_000));
}

/** Nothing is wrong with these files; training cannot end well, and must say so. */
function addDivergence(corpus: Corpus): void {
  const regression = {
    data: { kind: 'sparse-regression', samples: 5, features: 8, sparsity: 2 },
    model: { kind: 'linear' },
    loss: 'square',
  };
  corpus.add('diverging descent', withChanges(regression, { optimizer: { kind: 'gradient-descent', stepSize: 1e12 } }), 'run');
  corpus.add('slowly diverging descent', withChanges(regression, { optimizer: { kind: 'gradient-descent', stepSize: 10 } }), 'run');
  corpus.add(
    'diverging momentum',
    withChanges(regression, { optimizer: { kind: 'gradient-descent', stepSize: 100, momentum: 0.999 } }),
    'run',
  );
  corpus.add('diverging sgd', withChanges(regression, { optimizer: { kind: 'sgd', stepSize: 1e6 } }), 'run');
  corpus.add(
    'diverging network',
    withChanges(regression, {
      model: { kind: 'diagonal', depth: 32 },
      init: { kind: 'constant', scale: 1e6 },
      optimizer: { kind: 'gradient-descent', stepSize: 1 },
    }),
    'run',
  );
}

export function hostileFiles(): readonly HostileFile[] {
  const corpus = new Corpus();
  addTruncations(corpus);
  addWrongTypes(corpus);
  addNumbers(corpus);
  addShapes(corpus);
  addKeys(corpus);
  addCharacters(corpus);
  addSizes(corpus);
  addPaths(corpus);
  addCsv(corpus);
  addDivergence(corpus);
  return corpus.files;
}
