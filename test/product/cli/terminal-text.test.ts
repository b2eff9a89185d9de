import assert from 'node:assert/strict';
import { numberText, secondsText } from '../../../src/cli/number-text';
import { displayWidth, printable, printableLines, truncate, wrap } from '../../../src/cli/terminal-text';

describe('text for a terminal', () => {
  it('shows no control character of a file as such', () => {
    const hostile = 'a\u001b]0;owned\u0007b\u202ec\r\n\td\u009b31m';
    assert.equal(printable(hostile), 'a\\u{1b}]0;owned\\u{7}b\\u{202e}c d\\u{9b}31m');
    assert.equal(printableLines('at x\nat \u001b[2J'), 'at x\nat \\u{1b}[2J');
  });

  it('leaves mathematics and other scripts alone', () => {
    const text = 'min ‖w‖₂ · ln ℒ = −812 · α→0 · 最大間隔 · é';
    assert.equal(printable(text), text);
  });

  it('knows how wide a text is', () => {
    assert.equal(displayWidth('ln ℒ = −812'), 11);
    assert.equal(displayWidth('e\u0301'), 1);
    assert.equal(displayWidth('間隔'), 4);
    assert.equal(displayWidth('👍🏽'), 2);
    assert.equal(displayWidth('✓ ‖w‖₂'), 6);
    assert.equal(displayWidth('\u001b[1mbold\u001b[22m'), 4);
  });

  it('cuts to a width without splitting a character', () => {
    assert.equal(truncate('abcdef', 6), 'abcdef');
    assert.equal(truncate('abcdef', 5), 'abcd…');
    assert.equal(truncate('間隔間隔', 6), '間隔…');
    assert.equal(truncate('abc', 0), '');
    for (let columns = 0; columns < 12; columns++) assert.ok(displayWidth(truncate('a間e\u0301👍🏽隔bcd', columns)) <= columns);
  });

  it('wraps at spaces and keeps long words whole', () => {
    assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
    assert.deepEqual(wrap('a https://example.org/long b', 6), ['a', 'https://example.org/long', 'b']);
    assert.deepEqual(wrap('', 10), []);
  });
});

describe('numbers for people', () => {
  it('has four digits and no empty zeros', () => {
    assert.equal(numberText(0.3125), '0.3125');
    assert.equal(numberText(1 / 3), '0.3333');
    assert.equal(numberText(0.5), '0.5');
    assert.equal(numberText(1.25e-13), '1.25e-13');
    assert.equal(numberText(1e-8), '1e-8');
    assert.equal(numberText(-812.04), '-812');
    assert.equal(numberText(100000), '100000');
    assert.equal(numberText(1.5e12), '1.5e+12');
    assert.equal(numberText(0), '0');
    assert.deepEqual([Number.NaN, Infinity, -Infinity].map(numberText), ['NaN', '∞', '-∞']);
  });

  it('says a time in its unit', () => {
    assert.deepEqual([0.04, 9.94, 42.4, 125].map(secondsText), ['0.0 s', '9.9 s', '42 s', '2 min 5 s']);
  });
});
