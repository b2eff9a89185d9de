/** Words around the charts, and of a citation. */
import assert from 'node:assert/strict';
import { citationText, symbolsTitle, wrapTitle } from '../../../webview/words';

describe('words', () => {
  it('write the symbols of a chart on at most three lines, none of them cut', () => {
    assert.deepEqual(symbolsTitle(['ℒ', '‖∇ℒ‖₂'], true), ['ℒ, ‖∇ℒ‖₂ (log\u00a0scale)']);
    assert.deepEqual(symbolsTitle(['‖w/‖w‖ − u*‖₂', '∠(w, u*) in rad'], true), ['‖w/‖w‖ − u*‖₂, ∠(w, u*) in rad', '(log\u00a0scale)']);
    const long = 'max |σ̇ᵢ − σ̇ᵢ(W)| / max |σ̇ᵢ|';
    assert.deepEqual(symbolsTitle([long, long, long], false), [`${long},`, `${long},`, long]);
    // What is left out is in the legend.
    assert.deepEqual(symbolsTitle([long, long, long], true), [`${long},`, `${long}, …`, '(log\u00a0scale)']);
    assert.deepEqual(symbolsTitle(['x'.repeat(40)], true), ['see legend (log\u00a0scale)']);
  });

  it('write a long title on two lines', () => {
    assert.deepEqual(wrapTitle('½‖θ‖² with margins at least 1, relative to the limit'), [
      '½‖θ‖² with margins at least 1,',
      'relative to the limit',
    ]);
  });

  it('end a citation once', () => {
    const paper = {
      authors: 'Savarese, Srebro',
      year: 2019,
      title: 'How do networks look in function space?',
      venue: 'COLT',
      url: 'https://example.org',
    };
    assert.equal(citationText(paper), 'Savarese, Srebro (2019). How do networks look in function space? COLT.');
  });
});
