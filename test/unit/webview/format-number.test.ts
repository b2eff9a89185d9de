/** Numbers as people read them. */
import assert from 'node:assert/strict';
import { formatDuration, formatFixed, formatFromLog10, formatNumber, powerOfTen } from '../../../webview/format-number';

describe('format-number', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.31, '0.31'],
    [-0.5, '−0.5'],
    [3.14159, '3.142'],
    [1234.5678, '1235'],
    [12345.678, '12\u202f346'],
    [120_000, '120\u202f000'],
    [9999, '9999'],
    [3.2e-9, '3.2×10⁻⁹'],
    [1e-8, '10⁻⁸'],
    [-2.5e12, '−2.5×10¹²'],
    [1e7, '10⁷'],
    [0.001, '0.001'],
    [0.00099999, '0.001'],
    [0.000999, '9.99×10⁻⁴'],
    [99999.7, '10⁵'],
    [5e-324, '4.941×10⁻³²⁴'],
    [Number.NaN, 'no value'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ];
  for (const [value, text] of cases) {
    it(`writes ${value} as ${text}`, () => assert.equal(formatNumber(value), text));
  }

  it('keeps as many significant digits as asked', () => {
    assert.equal(formatNumber(1 / 3, 6), '0.333333');
    assert.equal(formatNumber(2 / 3e9, 2), '6.7×10⁻¹⁰');
  });

  it('writes what a double cannot hold, by its logarithm', () => {
    assert.equal(formatFromLog10(-4342.944819), '1.135×10⁻⁴³⁴³'); // e^−10000 = 1.1355·10^−4343
    assert.equal(formatFromLog10(400), '10⁴⁰⁰');
    assert.equal(formatFromLog10(399.9999999), '10⁴⁰⁰');
    assert.equal(formatFromLog10(-2), '0.01');
    assert.equal(formatFromLog10(-Infinity), '0');
  });

  it('writes powers, fixed decimals and durations', () => {
    assert.deepEqual([0, 1, -12].map(powerOfTen), ['1', '10', '10⁻¹²']);
    // As narrowly grouped as other long integers.
    assert.equal(powerOfTen(-20_000_000), '10⁻²⁰\u202f⁰⁰⁰\u202f⁰⁰⁰');
    assert.deepEqual([formatFixed(-0.25, 2), formatFixed(-0.001, 1), formatFixed(20000, 0)], ['−0.25', '0.0', '20\u202f000']);
    assert.deepEqual([0.001, 0.84, 12.34, 59.99, 125, 3840, -1, Number.NaN].map(formatDuration), [
      'under 0.01 s',
      '0.84 s',
      '12.3 s',
      '1 min 0 s',
      '2 min 5 s',
      '1 h 4 min',
      '',
      '',
    ]);
  });
});
