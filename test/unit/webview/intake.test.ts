/** The border of the page: anything in, declared shapes out. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { comparedOf, pageStateOf, pointsOf, progressOf, reportOf, runOf } from '../../../webview/intake';
import { text } from '../../../webview/plain';

describe('intake', () => {
  it('takes anything without throwing, and gives what it promises', () => {
    fc.assert(
      fc.property(fc.anything({ withTypedArray: true, withNullPrototype: true }), (anything) => {
        const run = runOf(anything);
        if (run !== null)
          assert.deepEqual(
            [typeof run.id, typeof run.title, typeof run.stale, Array.isArray(run.predictions)],
            ['string', 'string', 'boolean', true],
          );
        const report = reportOf(anything);
        if (report !== null) assert.equal(typeof report.verdict.says, 'string');
        const points = pointsOf(anything);
        assert.ok(points.rows * points.columns.length <= points.values.length);
        comparedOf(anything);
        pageStateOf(anything);
        progressOf(anything);
      }),
      { numRuns: 500 },
    );
  });

  it('reads numbers written as text', () => {
    const report = reportOf({
      trajectory: { loss: [1, 'NaN', 'Infinity', '-Infinity', 'no number', null] },
      measures: { loss: 'Infinity' },
      seconds: '3',
    });
    assert.deepEqual(report?.trajectory['loss'], [1, Number.NaN, Infinity, -Infinity, Number.NaN, Number.NaN]);
    assert.equal(report?.measures['loss'], Infinity);
    assert.ok(Number.isNaN(report?.seconds));
  });

  it('caps texts and takes out what hides or turns them', () => {
    assert.equal(text('x'.repeat(5000)).length, 2001);
    assert.equal(text('a\u0000b\u202ec\u2066d\u001b[31m'), 'abcd[31m');
    assert.equal(text({ toString: () => 'x' }), '');
  });

  it('keeps links to the web only', () => {
    const url = (link: unknown): unknown => reportOf({ predictions: [{ citation: { url: link } }] })?.predictions[0].citation.url;
    assert.equal(url('https://arxiv.org/abs/1611.03530'), 'https://arxiv.org/abs/1611.03530');
    for (const link of ['javascript:alert(1)', 'command:workbench.action.quit', 'file:///etc/passwd', ' https://x', 7])
      assert.equal(url(link), undefined);
  });

  it('does not let a column set the prototype', () => {
    const report = reportOf(JSON.parse('{"trajectory":{"__proto__":[1],"loss":[2]}}'));
    assert.deepEqual(Object.keys(report?.trajectory ?? {}), ['__proto__', 'loss']);
    assert.equal(({} as Record<string, unknown>)['0'], undefined);
  });
});
