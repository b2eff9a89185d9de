/** The border of the page: anything in, declared shapes out. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Figure } from '../../../src/protocol/report';
import { comparedOf, pageStateOf, pointsOf, progressOf, reportOf, runOf } from '../../../webview/intake';
import { FIGURE_LIMITS } from '../../../webview/intake-figures';
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

  describe('figures', () => {
    const figures = (value: unknown): readonly Figure[] => reportOf({ figures: value })?.figures ?? [];
    const chart = { kind: 'chart', id: 'a', title: 'A', says: 's', x: { label: 'x', scale: 'log' }, y: {} };

    it('take anything without throwing, and give what they promise', () => {
      fc.assert(
        fc.property(fc.array(fc.anything({ withTypedArray: true })), fc.anything(), fc.anything(), (items, x, rows) => {
          const found = figures([
            ...items,
            { ...chart, series: items },
            { ...chart, series: [{ x, y: x }] },
            { kind: 'heat-map', rows, columns: rows, values: x },
          ]);
          for (const figure of found) {
            assert.ok(figure.title !== '' && figure.id !== '');
            if (figure.kind === 'heat-map') assert.equal(figure.values.length, figure.rows * figure.columns);
            else figure.series.forEach((one) => assert.equal(one.x.length, one.y.length));
          }
        }),
        { numRuns: 300 },
      );
    });

    it('read numbers written as text', () => {
      const [first] = figures([{ ...chart, series: [{ name: 'n', style: 'bars', x: [1, 2, 3, 4], y: ['NaN', '-Infinity', 5] }] }]);
      assert.deepEqual(first, {
        ...chart,
        y: { label: '', scale: 'linear' },
        series: [{ name: 'n', style: 'bars', x: [1, 2, 3], y: [Number.NaN, -Infinity, 5] }],
      });
    });

    it('fill a map that is too short, and give each figure an id of its own', () => {
      const found = figures([
        { kind: 'heat-map', id: 'm', rows: 2, columns: 2, values: [1, 2, 3] },
        { kind: 'heat-map', id: 'm', rows: 1, columns: 1, values: [7] },
        { kind: 'heat-map', rows: 1, columns: 1, values: [7] },
      ]);
      assert.deepEqual(
        found.map(({ id }) => id),
        ['m', 'm-2', 'figure-3'],
      );
      assert.deepEqual(found[0].kind === 'heat-map' && found[0].values, [1, 2, 3, Number.NaN]);
    });

    it('are capped in count, series, points and cells, and say so', () => {
      const one = { x: [1], y: [1] };
      assert.equal(figures(Array.from({ length: 50 }, () => ({ ...chart, series: [one] }))).length, FIGURE_LIMITS.figures);
      const long = Array.from({ length: 20_005 }, (_, k) => k);
      const [cut] = figures([{ ...chart, series: [{ x: long, y: long }, ...Array.from({ length: 60 }, () => one)] }]);
      assert.ok(cut.kind === 'chart');
      assert.deepEqual([cut.series.length, cut.series[0].x.length], [40, 20_000]);
      assert.equal(cut.says, 's The first 40 of 61 series are shown. Long series are cut after 20\u202f000 points.');
      const [map] = figures([{ kind: 'heat-map', rows: 2000, columns: 500, values: new Float64Array(1_000_000) }]);
      assert.ok(map.kind === 'heat-map');
      assert.deepEqual([map.rows, map.columns, map.values.length], [500, 500, 250_000]);
      assert.equal(map.says, 'The first 500 × 500 of 2000 × 500 cells are shown.');
      const [huge] = figures([{ kind: 'heat-map', rows: 1e9, columns: 1e9, values: [1] }]);
      assert.ok(huge.kind === 'heat-map' && huge.rows * huge.columns <= 250_000);
    });

    it('keep the names of rows and columns', () => {
      const [map] = figures([{ kind: 'heat-map', rows: 1, columns: 2, values: [1, 2], x: { ticks: ['a', 2, null] }, y: { ticks: 'no' } }]);
      assert.deepEqual([map.x.ticks, map.y.ticks], [['a', '2', ''], undefined]);
    });

    it('together stay within what a page can hold', () => {
      const map = { kind: 'heat-map', rows: 500, columns: 500, values: [] };
      assert.equal(figures(Array.from({ length: 10 }, () => map)).length, 4);
    });

    it('cap and clean their texts', () => {
      const [first] = figures([{ ...chart, title: 't'.repeat(999), says: '\u202es', series: [{ name: 'n'.repeat(999), x: [1], y: [1] }] }]);
      assert.deepEqual([first.title.length, first.says], [201, 's']);
    });
  });

  it('takes what an earlier version remembered of the page, and keeps the rest small', () => {
    assert.deepEqual(pageStateOf({ runId: 'r', horizontal: 'step', logHorizontal: true, logVertical: { a: true } }), {
      runId: 'r',
      horizontal: 'step',
      logHorizontal: true,
      logVertical: { a: true },
      openTables: [],
      scrollTop: 0,
    });
    const odd = pageStateOf({ openTables: Array.from({ length: 999 }, String), scrollTop: -5 });
    assert.deepEqual([odd.openTables.length, odd.scrollTop], [200, 0]);
  });
});
