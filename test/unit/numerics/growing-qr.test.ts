import assert from 'node:assert/strict';
import { GrowingQr } from '../../../src/numerics/growing-qr';
import { randomStream } from '../../../src/numerics/random';
import { dot } from '../../../src/numerics/vectors';

describe('a QR factorisation that grows', () => {
  const [length, count] = [40, 7];
  const stream = randomStream(5, 'test');
  const columns = Array.from({ length: count }, () => Float64Array.from({ length }, () => stream.gaussian()));
  // The fourth is a combination of those before.
  columns[3].set(columns[0].map((value, i) => 2 * value - columns[2][i]));
  const b = Float64Array.from({ length }, () => stream.gaussian());
  const qr = new GrowingQr(length);
  columns.forEach((column) => qr.add(column));
  const r = qr.reduced();
  const reduced = (j: number): Float64Array => r.subarray(j * qr.rank, (j + 1) * qr.rank);

  it('keeps every inner product, of columns with one another and with any vector', () => {
    for (let j = 0; j < count; j++) {
      for (let k = 0; k < count; k++) assert.ok(Math.abs(dot(reduced(j), reduced(k)) - dot(columns[j], columns[k])) < 1e-12);
      assert.ok(Math.abs(dot(reduced(j), qr.project(b)) - dot(columns[j], b)) < 1e-12);
    }
  });

  it('knows the dimension of the span', () => {
    assert.deepEqual([qr.count, qr.rank], [count, count - 1]);
  });

  it('loses no orthogonality among columns that are nearly the same', () => {
    const near = new GrowingQr(length);
    const close = [0, 1e-9, -1e-9].map((delta, k) => columns[0].map((value, i) => value + delta * columns[k + 4][i]));
    close.forEach((column) => near.add(column));
    const out = near.reduced();
    const size = dot(columns[0], columns[0]);
    for (let j = 0; j < 3; j++)
      for (let k = 0; k < 3; k++)
        assert.ok(Math.abs(dot(out.subarray(j * 3, j * 3 + 3), out.subarray(k * 3, k * 3 + 3)) - dot(close[j], close[k])) < 1e-13 * size);
    assert.equal(near.rank, 3);
  });
});
