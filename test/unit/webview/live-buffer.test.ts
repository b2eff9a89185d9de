/** Columns that grow while a run goes on. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LiveBuffer } from '../../../webview/live-buffer';

describe('live-buffer', () => {
  it('holds what was appended, however it was cut into messages', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.tuple(fc.double(), fc.double()), { maxLength: 400 }), { maxLength: 6 }), (messages) => {
        const buffer = new LiveBuffer();
        for (const rows of messages)
          buffer.append({ columns: ['a', 'b'], rows: rows.length, values: Float64Array.from(rows.flat()) }, false);
        const all = messages.flat();
        assert.equal(buffer.rows, all.length);
        for (const [index, name] of ['a', 'b'].entries())
          assert.deepEqual(
            [...(buffer.column(name)?.subarray(0, buffer.rows) ?? [])],
            all.map((row) => row[index]),
          );
      }),
      { numRuns: 50 },
    );
  });

  it('starts anew at a reset and when the columns change', () => {
    const buffer = new LiveBuffer();
    buffer.append({ columns: ['a'], rows: 2, values: Float64Array.of(1, 2) }, false);
    buffer.append({ columns: ['a'], rows: 1, values: Float64Array.of(9) }, true);
    assert.deepEqual([buffer.rows, buffer.column('a')?.[0]], [1, 9]);
    buffer.append({ columns: ['b'], rows: 1, values: Float64Array.of(3) }, false);
    assert.deepEqual([buffer.rows, buffer.column('a'), buffer.column('b')?.[0]], [1, null, 3]);
  });

  it('believes the values rather than a number of rows that they do not fill', () => {
    const buffer = new LiveBuffer();
    buffer.append({ columns: ['a', 'b'], rows: 99, values: Float64Array.of(1, 2, 3) }, false);
    assert.equal(buffer.rows, 1);
  });
});
