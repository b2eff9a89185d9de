import assert from 'node:assert/strict';
import { bibtexOf } from '../../../src/extension/bibtex';
import { CATALOGUE } from '../../../src/theory/catalogue';

describe('bibtex', () => {
  it('holds authors, title, venue, year and address', () => {
    const citation = {
      authors: 'Ziwei Ji, Matus Telgarsky',
      year: 2019,
      title: 'Gradient Descent Aligns the Layers & More',
      venue: 'ICLR',
      url: 'https://example.org/a_b',
    };
    assert.equal(
      bibtexOf(citation),
      `@misc{ji2019gradient,
  author = {Ziwei Ji and Matus Telgarsky},
  title = {{Gradient Descent Aligns the Layers \\& More}},
  howpublished = {ICLR},
  year = {2019},
  url = {https://example.org/a_b},
}
`,
    );
  });

  it('has balanced braces and a plain key for every result of the catalogue', () => {
    for (const { id, citation } of CATALOGUE) {
      const text = bibtexOf(citation);
      assert.match(text, /^@misc\{[a-z]+\d{4}[a-z]+,\n/, id);
      assert.equal(text.split('{').length, text.split('}').length, id);
    }
  });
});
