/** Finding by words. */
import assert from 'node:assert/strict';
import { hasWords } from '../../../src/extension/word-search';

describe('finding by words', () => {
  const result = ['Logistic regression on separable data: the ℓ2 max-margin direction', 'C1 · Soudry et al. 2018 · theorem'];

  for (const wanted of ['max margin', 'MAX-MARGIN', 'soudry margin', 'l2 direction', 'c1 log', ' margin  max ', 'ℓ2'])
    it(`"${wanted}" finds it`, () => assert.ok(hasWords(result, wanted)));

  for (const wanted of ['max margins', 'argin', 'margin woodworth', 'l1'])
    it(`"${wanted}" does not`, () => assert.ok(!hasWords(result, wanted)));

  it('takes letters with and without their accents', () => {
    assert.ok(hasWords(['Lénaïc Chizat'], 'lenaic'));
    assert.ok(hasWords(['Lenaic Chizat'], 'Lénaïc'));
  });
});
