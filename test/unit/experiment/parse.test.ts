import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { FileDocument } from '../../../src/experiment/document';
import { parseExperiment } from '../../../src/experiment/parse';
import { LIMITS } from '../../../src/protocol/limits';
import { applyFix, diagnose, fileWith, only, repairs } from './marked';

describe('parsing an experiment', () => {
  it('fills in every default that needs no data', () => {
    const { experiment, diagnostics } = parseExperiment(fileWith({ model: { kind: 'diagonal' }, loss: 'square' }));
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(experiment, {
      format: 1,
      title: '',
      seed: 0,
      data: { kind: 'separable', samples: 100, features: 64, margin: 0.5, symmetric: false },
      model: { kind: 'diagonal', depth: 2, tied: true },
      init: { kind: 'constant', scale: 0.1 },
      loss: { kind: 'square', reduction: 'mean' },
      optimizer: { kind: 'gradient-flow', tolerance: 1e-9 },
      stop: {},
      record: { points: 200, spacing: 'log' },
      compare: [],
    });
  });

  it('names the nearest key and renames to it', () => {
    const text = fileWith({ optimizer: { kind: 'gradient-descent', stepsize: 0.1 } });
    const found = only(text);
    assert.equal(found.code, 'shape.unknown-key');
    assert.equal(found.pointer, '/optimizer/stepsize');
    assert.equal(found.covers, '"stepsize"');
    assert.deepEqual([found.line, found.column], [11, 5]);
    assert.match(found.message, /did you mean "stepSize"/);
    assert.match(repairs(text), /"stepSize": 0.1/);
  });

  it('knows what other tools call a key', () => {
    assert.match(repairs(fileWith({ optimizer: { kind: 'gradient-descent', lr: 0.1 } })), /"stepSize": 0.1/);
  });

  it('says one thing of a misspelled required key, not two', () => {
    const text = fileWith({ optimizer: undefined, optimiser: { kind: 'sgd' } });
    assert.equal(only(text).code, 'shape.unknown-key');
    assert.match(repairs(text), /"optimizer": \{/);
  });

  it('says which optimizer has an option that this one lacks, and removes it', () => {
    const text = fileWith({ optimizer: { kind: 'gradient-flow', stepSize: 0.1 } });
    assert.match(only(text).message, /Gradient-flow has no "stepSize" \(gradient-descent, sgd, .+ and adam have it\): it has tolerance/);
    assert.equal(JSON.stringify(JSON.parse(repairs(text))), JSON.stringify(JSON.parse(fileWith({}))));
  });

  for (const [key, wrong, right] of [
    ['data', { kind: 'seperable' }, 'separable'],
    ['model', { kind: 'diagnal' }, 'diagonal'],
    ['optimizer', { kind: 'gd' }, 'gradient-descent'],
    ['init', { kind: 'Gaussian' }, 'gaussian'],
  ] as const) {
    it(`offers "${right}" for "${wrong.kind}"`, () => {
      const text = fileWith({ [key]: wrong });
      const found = only(text);
      assert.equal(found.code, 'shape.unknown-kind');
      assert.equal(found.covers, JSON.stringify(wrong.kind));
      assert.match(repairs(text), new RegExp(`"kind": "${right}"`));
    });
  }

  it('offers a loss by its other names, as text or in an object', () => {
    assert.match(repairs(fileWith({ loss: 'mse' })), /"loss": "square"/);
    assert.match(repairs(fileWith({ loss: { kind: 'logistc' } })), /"kind": "logistic"/);
    assert.equal(only(fileWith({ loss: 4 })).code, 'shape.type');
  });

  it('makes an object of a kind that stands where one belongs', () => {
    assert.deepEqual((JSON.parse(repairs(fileWith({ model: 'linear' }))) as { model: unknown }).model, { kind: 'linear' });
    assert.match(repairs(fileWith({ optimizer: 'gradient-descend' })), /"kind": "gradient-descent"/);
    assert.deepEqual(only(fileWith({ model: 'forest' })).fixes, []);
  });

  it('adds what is missing', () => {
    const text = fileWith({ model: undefined });
    assert.equal(only(text).code, 'shape.missing');
    assert.equal(only(text).pointer, '');
    assert.deepEqual((JSON.parse(repairs(text)) as { model: unknown }).model, { kind: 'linear' });
    const withoutKind = fileWith({ model: { depth: 3 } });
    const missing = diagnose(withoutKind).find(({ code }) => code === 'shape.missing');
    assert.match(missing?.message ?? '', /"model" lacks "kind": expected "linear", "diagonal", "linear-network"/);
    const diagonal = missing!.fixes.find(({ title }) => title.includes('"diagonal"'))!;
    assert.deepEqual(diagnose(applyFix(withoutKind, diagonal)), []);
  });

  it('says what was expected and what was found, at the value', () => {
    const cases: readonly [Readonly<Record<string, unknown>>, string, RegExp, string][] = [
      [{ seed: 1.5 }, 'shape.type', /"seed": expected a whole number, found 1.5/, '1.5'],
      [{ seed: '7' }, 'shape.type', /"seed": expected a number, found the text "7"/, '"7"'],
      [{ seed: -1 }, 'shape.range', /"seed": expected at least 0, found -1/, '-1'],
      [{ title: 3 }, 'shape.type', /"title": expected a text, found 3/, '3'],
      [{ model: { kind: 'diagonal', depth: 1 } }, 'shape.range', /"depth": expected at least 2, found 1/, '1'],
      [{ optimizer: { kind: 'gradient-descent', momentum: 1 } }, 'shape.range', /"momentum": expected less than 1, found 1/, '1'],
      [{ optimizer: { kind: 'gradient-descent', stepSize: 0 } }, 'shape.range', /"stepSize": expected more than 0, found 0/, '0'],
      [
        { data: { kind: 'inline', x: [[1, null]], y: [1] } },
        'shape.type',
        /Entry 1 of row 0 of "x": expected a number, found null/,
        'null',
      ],
      [{ data: { kind: 'inline', x: [[1], 2], y: [1, 1] } }, 'shape.type', /Entry 1 of "x": expected a list, found 2/, '2'],
      [{ data: { kind: 'inline', x: [], y: [1] } }, 'shape.range', /"x": expected at least 1 entry, found 0/, '[]'],
      [
        { compare: ['l3'] },
        'shape.unknown-value',
        /Entry 0 of "compare": expected "l1", "l2", "max-margin" or "nuclear", found "l3"/,
        '"l3"',
      ],
      [{ format: 2 }, 'shape.format', /format 2/, '2'],
    ];
    for (const [changes, code, message, covers] of cases) {
      const found = only(fileWith(changes));
      assert.equal(found.code, code);
      assert.match(found.message, message);
      assert.equal(found.covers, covers);
      assert.ok(found.pointer.length > 0);
    }
  });

  it('reports every wrong thing in the order of the text, at most a hundred', () => {
    const text = fileWith({ seed: -1, title: 3, zzz: 1 });
    assert.deepEqual(
      diagnose(text).map(({ pointer }) => pointer),
      ['/seed', '/title', '/zzz'],
    );
    const many = fileWith(Object.fromEntries(Array.from({ length: 500 }, (_, k) => [`unknown${k}`, k])));
    assert.equal(diagnose(many).length, LIMITS.diagnostics);
  });

  it('takes a file with a byte order mark and Windows line ends', () => {
    const text = `\uFEFF${fileWith({ zzz: 1 }).replaceAll('\n', '\r\n')}`;
    const found = only(text);
    assert.equal(found.covers, '"zzz"');
    assert.equal(found.line, 12);
    assert.equal(found.column, 3);
  });

  it('treats names of the language as the unknown keys they are', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const found = only(fileWith({}).replace('{', `{ "${key}": { "kind": "linear" },`));
      assert.equal(found.code, 'shape.unknown-key');
      assert.equal(found.covers, `"${key}"`);
    }
    assert.equal(({} as Record<string, unknown>).kind, undefined);
    assert.equal(only(fileWith({ model: { kind: 'constructor' } })).code, 'shape.unknown-kind');
  });
});

describe('broken JSON', () => {
  const good = fileWith({});
  const cases: readonly [string, string, string, string][] = [
    ['a trailing comma', good.replace(/\n\}$/, ',\n}'), 'json.syntax', ','],
    ['a line comment', good.replace('{', '{ // why\n'), 'json.syntax', '// why'],
    ['a block comment', good.replace('{', '{ /* why */'), 'json.syntax', '/* why */'],
    ['a missing comma', good.replace('},\n  "loss"', '}\n  "loss"'), 'json.syntax', '"'],
    ['a number without its zero', fileWith({ seed: 77 }).replace('77', '0077'), 'json.syntax', '0077'],
    ['a control character in a text', fileWith({ title: 'a@b' }).replace('@', '\u0001'), 'json.syntax', '\u0001'],
    ['True', good.replace('"linear"', '"linear", "bias": True'), 'json.syntax', 'True'],
    ['an unquoted key', good.replace('"loss"', 'loss'), 'json.syntax', 'loss'],
  ];
  for (const [name, text, code, covers] of cases) {
    it(`names and repairs ${name}`, () => {
      const found = only(text);
      assert.equal(found.code, code);
      assert.equal(found.covers, covers);
      repairs(text);
    });
  }

  it('names a key that stands twice, at the second', () => {
    const found = only(good.replace('{', '{ "loss": "square",'));
    assert.equal(found.code, 'json.duplicate-key');
    assert.equal(found.pointer, '/loss');
    assert.ok(found.line > 1);
  });

  it('names a number that overflows, with its place', () => {
    const found = only(fileWith({ data: { kind: 'inline', x: [[1, 123456]], y: [1] } }).replace('123456', '1e999'));
    assert.equal(found.code, 'json.number-range');
    assert.equal(found.pointer, '/data/x/0/1');
    assert.equal(found.covers, '1e999');
  });

  it('names NaN and Infinity as what JSON does not have', () => {
    for (const word of ['NaN', 'Infinity', '-Infinity']) {
      const found = only(fileWith({ seed: 77 }).replace('77', word));
      assert.equal(found.code, 'json.syntax');
      assert.equal(found.covers, word);
    }
  });

  it('refuses what is nested too deep without a deep recursion', () => {
    const found = only(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    assert.equal(found.code, 'json.too-deep');
    assert.equal(found.offset, LIMITS.nesting);
    assert.equal(only(`{"a":${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}`).code, 'json.too-deep');
  });

  it('refuses what is too long, and lists that are no data', () => {
    assert.equal(only(' '.repeat(LIMITS.textLength + 1)).code, 'json.too-large');
    assert.equal(only(fileWith({ notes: Array.from({ length: LIMITS.entries + 1 }, () => 'a') })).code, 'json.too-large');
    assert.equal(only(`[${'"a",'.repeat(LIMITS.values)}1]`).code, 'json.too-many-values');
  });

  it('says that UTF-16 is not UTF-8', () => {
    assert.equal(only(Buffer.from(good, 'utf16le').toString('latin1')).code, 'json.encoding');
  });

  it('is as strict as JSON.parse: no more, no less', () => {
    const accepts = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const isSyntax = (text: string): boolean =>
      new FileDocument(text).problems.some(({ code }) => code === 'json.syntax' || code === 'json.empty');
    // Blanks alone are rare among the texts below.
    assert.ok(isSyntax('  ') && !accepts('  '));
    // Texts that are nearly JSON: a JSON text with up to three characters changed to others of its alphabet.
    const alphabet = '{}[]:,"\\0123456789-+.eEtrufalsn \n\t/*\u0001x\'';
    const nearly = fc
      .tuple(fc.json({ maxDepth: 4 }), fc.array(fc.tuple(fc.nat(), fc.nat(alphabet.length - 1), fc.boolean()), { maxLength: 3 }))
      .map(([json, changes]) =>
        changes.reduce((text, [at, letter, inserted]) => {
          const place = at % (text.length + 1);
          return text.slice(0, place) + alphabet[letter] + text.slice(inserted ? place : place + 1);
        }, json),
      );
    fc.assert(
      fc.property(nearly, (text) => isSyntax(text) === !accepts(text)),
      { numRuns: 2000 },
    );
  });

  it('keeps the places of the keys that are there, however the text breaks off', () => {
    const text = fileWith({ init: { kind: 'constant', scale: 1 } });
    for (let end = 0; end <= text.length; end++) {
      const outline = new FileDocument(text.slice(0, end));
      for (const key of ['data', 'model', 'loss', 'optimizer', 'init']) {
        const written = text.indexOf(`"${key}"`);
        const place = outline.find(`/${key}`);
        if (end >= written + key.length + 2) assert.equal(place?.key?.offset, written, `${key} in the first ${end} characters`);
      }
    }
  });

  it('keeps the keys around a mistake', () => {
    for (const mistake of [
      '"data": ,',
      '"data" ,',
      '"data": { "kind": },',
      '"data": [1, ],',
      "'data': 3,",
      '"data": { "a": [1, 2 },',
      'x y,',
      '"data": "open,\n',
    ]) {
      const outline = new FileDocument(`{ "title": "a", ${mistake} "model": { "kind": "linear" }, "loss": "square" }`);
      assert.ok(outline.find('/title'), `title with ${mistake}`);
      assert.ok(outline.find('/model/kind'), `model with ${mistake}`);
      assert.ok(outline.find('/loss'), `loss with ${mistake}`);
      assert.ok(outline.problems.length > 0);
    }
  });
});

describe('places in the text', () => {
  it('finds the key and the value of every pointer, and the pointer of every offset', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const document = new FileDocument(text);
        const walk = (part: unknown, pointer: string): void => {
          const place = document.find(pointer);
          assert.ok(place, pointer);
          const written = text.slice(place.value.offset, place.value.offset + place.value.length);
          assert.deepEqual(JSON.parse(written), JSON.parse(JSON.stringify(part)));
          if (typeof part !== 'object' || part === null)
            assert.equal(document.spotAt(place.value.offset + (place.value.length >> 1))?.pointer, pointer);
          for (const [key, entry] of Object.entries(part ?? {})) {
            if (typeof part === 'object') walk(entry, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
          }
        };
        walk(JSON.parse(text), '');
      }),
      { numRuns: 200 },
    );
  });

  it('counts lines and columns from 1 over every kind of line end', () => {
    const document = new FileDocument('{\n"a":\r\n1,\r"b": 2}');
    const at = (pointer: string): readonly number[] => {
      const { line, column } = document.position(document.find(pointer)!.value.offset);
      return [line, column];
    };
    assert.deepEqual(at(''), [1, 1]);
    assert.deepEqual(at('/a'), [3, 1]);
    assert.deepEqual(at('/b'), [4, 6]);
  });

  it('tells keys from values', () => {
    const text = '{ "model": { "kind": "linear" } }';
    const document = new FileDocument(text);
    assert.deepEqual(document.spotAt(text.indexOf('kind')), { pointer: '/model/kind', part: 'key', span: { offset: 13, length: 6 } });
    assert.equal(document.spotAt(text.indexOf('linear'))?.part, 'value');
    assert.equal(document.spotAt(11)?.pointer, '/model');
  });
});
