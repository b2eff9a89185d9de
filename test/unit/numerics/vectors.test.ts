import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allFinite, axpy, distance2, dot, norm1, norm2, normInf, scale } from '../../../src/numerics/vectors';

describe('vectors', () => {
  it('norms of (3, −4, 12) are 19, 13, 12', () => {
    const a = Float64Array.of(3, -4, 12);
    assert.deepEqual([norm1(a), norm2(a), normInf(a), dot(a, a)], [19, 13, 12, 169]);
  });

  for (const unit of [1e-320, 1e-200, 1e-160, 1, 1e155, 1e300]) {
    it(`the length and the distance of (3, 4)·${unit} neither overflow nor vanish`, () => {
      // The scaling itself rounds, and subnormal numbers have few digits.
      const tolerance = unit < 1e-300 ? 1e-3 : 4 * Number.EPSILON;
      const a = Float64Array.of(3 * unit, 4 * unit);
      assert.ok(Math.abs(norm2(a) / unit - 5) <= 5 * tolerance, `${norm2(a)}`);
      assert.ok(Math.abs(distance2(a, new Float64Array(2)) / unit - 5) <= 5 * tolerance);
    });
  }

  it('NaN and infinity are not hidden', () => {
    const a = Float64Array.of(1, NaN, 2);
    for (const value of [norm1(a), norm2(a), normInf(a), dot(a, a), distance2(a, new Float64Array(3))]) assert.ok(Number.isNaN(value));
    assert.equal(norm2(Float64Array.of(1, Infinity)), Infinity);
    assert.equal(allFinite(a), false);
    assert.equal(allFinite(Float64Array.of(1, -Infinity)), false);
    assert.equal(allFinite(Float64Array.of(1, -1e308)), true);
  });

  it('the empty vector has length 0', () => {
    const none = new Float64Array(0);
    assert.deepEqual([norm1(none), norm2(none), normInf(none), distance2(none, none)], [0, 0, 0, 0]);
  });

  it('axpy and scale act in place', () => {
    const y = Float64Array.of(1, 2);
    axpy(3, Float64Array.of(10, -1), y);
    assert.deepEqual([...y], [31, -1]);
    scale(y, -2);
    assert.deepEqual([...y], [-62, 2]);
  });

  it('the triangle inequality and Cauchy–Schwarz hold up to rounding', () => {
    const vector = fc
      .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 7, maxLength: 7 })
      .map((a) => Float64Array.from(a));
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        const slack = 1 + 1e-14;
        assert.ok(distance2(a, b) <= (norm2(a) + norm2(b)) * slack);
        assert.ok(Math.abs(dot(a, b)) <= norm2(a) * norm2(b) * slack);
        assert.ok(normInf(a) <= norm2(a) * slack && norm2(a) <= norm1(a) * slack);
      }),
    );
  });
});
