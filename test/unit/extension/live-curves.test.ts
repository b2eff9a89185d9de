import assert from 'node:assert/strict';
import { LiveCurves } from '../../../src/extension/live-curves';

const columns = ['step', 'loss'];
const points = (rows: readonly (readonly [number, number])[], reset = false, names: readonly string[] = columns) =>
  ({ columns: names, rows: rows.length, values: Float64Array.from(rows.flat()), reset }) as const;

describe('live curves', () => {
  it('tell only what is new, in an array of their own', () => {
    const curves = new LiveCurves();
    curves.add(points([[0, 1]]));
    assert.deepEqual(Array.from(curves.news()?.points.values ?? []), [0, 1]);
    curves.add(points([[1, 0.5], [2, NaN]])); // prettier-ignore
    const news = curves.news();
    assert.deepEqual([Array.from(news?.points.values ?? []), news?.reset], [[1, 0.5, 2, NaN], false]);
    assert.equal(news?.points.values.buffer.byteLength, 32);
    assert.equal(curves.news(), null);
  });

  it('hold everything for a page that comes late', () => {
    const curves = new LiveCurves();
    for (let k = 0; k < 100; k++) curves.add(points([[k, -k]]));
    const all = curves.all();
    assert.equal(all.rows, 100);
    assert.deepEqual(Array.from(all.values.subarray(198)), [99, -99]);
    curves.allTold();
    assert.equal(curves.news(), null);
  });

  it('start anew on a reset and say so', () => {
    const curves = new LiveCurves();
    curves.add(points([[0, 1], [1, 2]])); // prettier-ignore
    curves.news();
    curves.add(points([[0, 3]], true));
    const news = curves.news();
    assert.deepEqual([news?.reset, news?.points.rows, curves.all().rows], [true, 1, 1]);
  });

  it('start anew when the columns change', () => {
    const curves = new LiveCurves();
    curves.add(points([[0, 1]]));
    curves.news();
    curves.add(points([[5, 6]], false, ['step', 'margin']));
    assert.equal(curves.news()?.reset, true);
    assert.deepEqual(curves.all().columns, ['step', 'margin']);
  });
});
