import assert from 'node:assert/strict';
import { countInWords, inWords, stepsInWords } from '../../../src/numerics/in-words';
import { formatNumber } from '../../../webview/format-number';

describe('numbers in sentences', () => {
  it('have their digits in groups of three from five on', () => {
    assert.equal(countInWords(9999), '9999');
    assert.equal(countInWords(10_000), '10\u202f000');
    assert.equal(countInWords(1_234_567), '1\u202f234\u202f567');
    assert.equal(inWords(12_345.678, 7), '12\u202f345.68');
    assert.equal(inWords(-54_321), '−54\u202f300');
    assert.equal(inWords(0.0012345, 5), '0.0012345');
  });

  it('are grouped as the page groups its own', () => {
    for (const count of [999, 1000, 9999, 10_000, 200_000, 9_999_999]) assert.equal(countInWords(count), formatNumber(count));
  });

  it('say one step and many steps', () => {
    assert.equal(stepsInWords(1), '1 step');
    assert.equal(stepsInWords(200_000), '200\u202f000 steps');
  });
});
