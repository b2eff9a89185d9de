import assert from 'node:assert/strict';
import fc from 'fast-check';
import { distinctRows } from '../../../src/numerics/distinct-rows';

describe('distinct rows', () => {
  it('of (1, 2), (3, 4), (1, 2), (1, 3) are three, the first of them twice', () => {
    const found = distinctRows(Float64Array.of(1, 2, 3, 4, 1, 2, 1, 3), 4, 2);
    assert.ok(found);
    assert.deepEqual([found.count, [...found.rows], [...found.of], [...found.first]], [3, [1, 2, 3, 4, 1, 3], [0, 1, 0, 2], [0, 1, 3]]);
  });

  it('none repeats: null, also of no rows', () => {
    assert.equal(distinctRows(Float64Array.of(1, 2, 3), 3, 1), null);
    assert.equal(distinctRows(new Float64Array(0), 0, 5), null);
  });

  it('every row is the one that it is said to be, and those differ', () => {
    const matrices = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 3 })).chain(([rows, columns]) =>
      fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        x: fc.array(fc.integer({ min: -1, max: 1 }), { minLength: rows * columns, maxLength: rows * columns }),
      }),
    );
    fc.assert(
      fc.property(matrices, ({ rows, columns, x }) => {
        // + 0 takes the sign from a zero, which is a bit.
        const matrix = Float64Array.from(x, (value) => value + 0);
        const text = (a: Float64Array, i: number): string => a.slice(i * columns, (i + 1) * columns).join();
        const texts = Array.from({ length: rows }, (_, i) => text(matrix, i));
        const found = distinctRows(matrix, rows, columns);
        if (found === null) {
          assert.equal(new Set(texts).size, rows);
          return;
        }
        assert.equal(found.count, new Set(texts).size);
        texts.forEach((row, i) => assert.equal(text(found.rows, found.of[i]), row));
        found.first.forEach((i, k) => assert.equal(texts.indexOf(text(found.rows, k)), i));
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
