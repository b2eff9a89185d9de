import assert from 'node:assert/strict';
import { levelLines, type Grid, type Polylines } from '../../../src/numerics/contour';

const GRID: Grid = { rows: 41, columns: 51, x: { from: -2.5, step: 0.1 }, y: { from: -2, step: 0.1 } };

function valuesOf(f: (x: number, y: number) => number, { rows, columns, x, y }: Grid = GRID): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, k) =>
    f(x.from + x.step * (k % columns), y.from + y.step * Math.floor(k / columns)),
  );
}

/** Lines as lists of points. */
function linesOf({ x, y }: Polylines): (readonly [number, number])[][] {
  const lines: (readonly [number, number])[][] = [[]];
  x.forEach((value, k) => (Number.isNaN(value) ? lines.push([]) : lines[lines.length - 1].push([value, y[k]])));
  return lines.filter((line) => line.length > 0);
}

describe('level lines on a grid', () => {
  it('are exact where the function is linear', () => {
    const lines = linesOf(
      levelLines(
        valuesOf((x, y) => 2 * x - y + 0.31),
        GRID,
        0.5,
      ),
    );
    assert.equal(lines.length, 1);
    for (const [x, y] of lines[0]) assert.ok(Math.abs(2 * x - y - 0.19) < 1e-12);
    const ends = [lines[0][0], lines[0][lines[0].length - 1]];
    assert.deepEqual(ends.map(([, y]) => Math.abs(y).toFixed(9)).sort(), ['2.000000000', '2.000000000']);
  });

  it('close where they close, and are as near as linear interpolation is', () => {
    const lines = linesOf(
      levelLines(
        valuesOf((x, y) => x * x + y * y),
        GRID,
        1.7,
      ),
    );
    assert.equal(lines.length, 1);
    assert.deepEqual(lines[0][0], lines[0][lines[0].length - 1]);
    // The error of linear interpolation of x² over a step h is h²/4 at most, over the slope 2r of the function.
    for (const [x, y] of lines[0]) assert.ok(Math.abs(Math.hypot(x, y) - Math.sqrt(1.7)) <= 0.01 / 4 / (2 * Math.sqrt(1.7)) + 1e-12);
    const turned = lines[0].slice(1).reduce((area, [x, y], k) => area + (lines[0][k][0] * y - lines[0][k][1] * x) / 2, 0);
    assert.ok(Math.abs(Math.abs(turned) - 1.7 * Math.PI) < 0.02);
  });

  it('come in pieces: each crossing belongs to one of them', () => {
    // Two circles of radius 1/2, and the saddle between them below the level.
    const f = (x: number, y: number): number => Math.min(Math.hypot(x - 1, y), Math.hypot(x + 1, y));
    const lines = linesOf(levelLines(valuesOf(f), GRID, 0.5));
    assert.equal(lines.length, 2);
    for (const line of lines) assert.deepEqual(line[0], line[line.length - 1]);
  });

  it('at a saddle separate what the middle separates', () => {
    const grid: Grid = { rows: 2, columns: 2, x: { from: 0, step: 1 }, y: { from: 0, step: 1 } };
    for (const [high, pairs] of [
      [3, 2],
      [1.5, 2],
    ] as const) {
      const lines = linesOf(levelLines(Float64Array.of(high, 0, 0, high), grid, 1));
      assert.equal(lines.length, pairs);
      // With a high middle the low corners are cut off, with a low one the high corners.
      const cutsLow = lines.some((line) => line.every(([x, y]) => x + (1 - y) > 1));
      assert.equal(cutsLow, high / 2 > 1);
    }
  });

  it('leave out cells without a finite value, and are empty where nothing is crossed', () => {
    assert.deepEqual(
      levelLines(
        valuesOf((x) => x * x + 1),
        GRID,
        0,
      ),
      { x: [], y: [] },
    );
    const lines = linesOf(
      levelLines(
        valuesOf((x, y) => (Math.abs(y) < 0.25 ? Number.NaN : x - 0.05)),
        GRID,
        0,
      ),
    );
    assert.equal(lines.length, 2);
  });
});
