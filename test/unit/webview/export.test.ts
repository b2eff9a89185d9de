/** Files that leave the page. */
import assert from 'node:assert/strict';
import { baseName, csvOf, escapeMarkdown } from '../../../webview/export';
import { curvesOf } from '../../../webview/live-buffer';

describe('export', () => {
  it('writes every number so that it comes back the same', () => {
    const values = [1 / 3, 5e-324, -1.7976931348623157e308, 0, Number.NaN, Infinity];
    const csv = csvOf(curvesOf({ loss: values }));
    assert.deepEqual(csv.trimEnd().split('\n').slice(1).map(Number), values);
  });

  it('quotes names as RFC 4180 says', () => {
    assert.equal(csvOf(curvesOf({ 'a,"b"': [1], c: [2] })), '"a,""b""",c\n1,2\n');
  });

  it('takes the meaning from Markdown and keeps one line', () => {
    assert.equal(escapeMarkdown('a|b\n# *c* <d> [e](f) λ_max'), 'a\\|b \\# \\*c\\* \\<d\\> \\[e\\](f) λ\\_max');
  });

  it('names files after the experiment', () => {
    assert.equal(baseName('examples/two-gaussians.bias.json'), 'two-gaussians');
    assert.equal(baseName('C:\\work\\my file.json'), 'my-file');
    assert.equal(baseName(''), 'experiment');
  });
});
