/** Where the cells of a heat map are, and how the cursor walks them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellAt, cellBox, countTicks, heatLayout, placeText, walk, type HeatMap } from '../../../webview/heat-layout';

function map(rows: number, columns: number): HeatMap {
  const axis = { label: '', scale: 'linear' } as const;
  return { kind: 'heat-map', id: 'm', title: 'm', says: '', x: axis, y: axis, rows, columns, values: [], label: '' };
}

describe('heat map layout', () => {
  it('makes squares where both sides have room', () => {
    const { plot } = heatLayout(700, 12, 16);
    assert.ok(Math.abs(plot.width / 16 - plot.height / 12) < 0.1);
  });

  it('stretches what would be too flat or too tall, and stays inside its width', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 1600 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 3000 }),
        (width, rows, columns) => {
          const { plot, bar, height } = heatLayout(width, rows, columns);
          assert.ok(plot.height >= 150 && plot.height <= 401 && plot.width >= 80 && height < 460);
          assert.ok(bar.left + bar.width <= Math.max(width, 58 + 80 + 32));
        },
      ),
    );
  });

  it('finds the cell whose box holds a place', () => {
    const of = map(7, 11);
    const layout = heatLayout(600, 7, 11);
    for (let row = 0; row < 7; row += 1)
      for (let column = 0; column < 11; column += 1) {
        const box = cellBox(layout, of, { row, column });
        assert.deepEqual(cellAt(layout, of, box.left + box.width / 2, box.top + box.height / 2), { row, column });
      }
    assert.equal(cellAt(layout, of, layout.plot.left - 1, layout.plot.top + 5), null);
    assert.equal(cellAt(layout, of, layout.plot.left + layout.plot.width + 1, layout.plot.top + 5), null);
  });

  it('labels rows and columns by whole numbers from 1', () => {
    assert.deepEqual(countTicks(5, 10), [1, 2, 3, 4, 5]);
    assert.deepEqual(countTicks(16, 9), [1, 3, 5, 7, 9, 11, 13, 15]);
    assert.deepEqual(countTicks(500, 6), [1, 100, 200, 300, 400, 500]);
    assert.deepEqual(countTicks(1, 0), [1]);
  });

  it('walks inside the map and never beyond', () => {
    const of = map(20, 30);
    assert.deepEqual(walk(null, 'ArrowDown', false, false, of), { row: 0, column: 0 });
    const at = { row: 5, column: 7 };
    const to = (key: string, far = false, control = false): unknown => walk(at, key, far, control, of);
    assert.deepEqual(to('ArrowLeft'), { row: 5, column: 6 });
    assert.deepEqual(to('ArrowRight', true), { row: 5, column: 17 });
    assert.deepEqual(to('ArrowUp', true), { row: 0, column: 7 });
    assert.deepEqual(to('PageDown'), { row: 15, column: 7 });
    assert.deepEqual(to('Home'), { row: 5, column: 0 });
    assert.deepEqual(to('End', false, true), { row: 19, column: 29 });
    assert.equal(to('Tab'), null);
    assert.equal(to('constructor'), null);
  });

  it('calls rows and columns by what stands there, and counts those without a name', () => {
    const axis = { label: 'α', scale: 'log', ticks: ['0.1', ''] } as const;
    assert.deepEqual(
      [0, 1, 2].map((index) => placeText(axis, index, 'column')),
      ['α = 0.1', 'α 2', 'α 3'],
    );
    assert.equal(placeText({ label: '', scale: 'linear' }, 4, 'row'), 'row 5');
  });
});
