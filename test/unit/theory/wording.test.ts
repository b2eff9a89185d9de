/** Numbers in sentences, as charts and tables write them. */
import assert from 'node:assert/strict';
import { inWords } from '../../../src/theory/wording';

describe('numbers in words', () => {
  it('leaves a mantissa of 1 out of a power of ten', () => {
    assert.equal(inWords(1e-8), '10⁻⁸');
    assert.equal(inWords(-1e6), '−10⁶');
    assert.equal(inWords(9.9999e-9), '10⁻⁸');
  });

  it('keeps every other mantissa', () => {
    assert.equal(inWords(3.38e-14), '3.38×10⁻¹⁴');
    assert.equal(inWords(-1.2e7), '−1.2×10⁷');
    assert.equal(inWords(1.1e-8), '1.1×10⁻⁸');
  });

  it('writes numbers of everyday size in full, and names what is no number', () => {
    assert.deepEqual(
      [0, 0.001, 3.14159, 99_999, -Infinity, Number.NaN].map((value) => inWords(value)),
      ['0', '0.001', '3.14', '100\u202f000', '−∞', 'not a number'],
    );
  });
});
