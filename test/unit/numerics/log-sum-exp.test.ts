import assert from 'node:assert/strict';
import fc from 'fast-check';
import { log1mExp, log1pExp, logAddExp, logSumExp, sigmoid, softmaxInto } from '../../../src/numerics/log-sum-exp';

const close = (a: number, b: number, tolerance = 4 * Number.EPSILON): void => {
  assert.ok(a === b || Math.abs(a - b) <= tolerance * Math.abs(b), `${a} against ${b}`);
};

describe('sums of exponentials in the log domain', () => {
  it('ln(e^1000 + e^1000) = 1000 + ln 2, ln(e^−10000 + e^−10001) = −10000 + ln(1 + 1/e)', () => {
    close(logSumExp(Float64Array.of(1000, 1000)), 1000 + Math.LN2);
    close(logSumExp(Float64Array.of(-10000, -10001)), -10000 + Math.log1p(Math.exp(-1)));
    close(logAddExp(-10001, -10000), -10000 + Math.log1p(Math.exp(-1)));
  });

  it('a small second term is not lost against a largest one of 0', () => {
    assert.equal(logSumExp(Float64Array.of(0, -50)), Math.exp(-50));
    assert.equal(logAddExp(0, -50), Math.exp(-50));
    assert.equal(log1pExp(-50), Math.exp(-50));
  });

  it('infinities and nothing', () => {
    assert.equal(logSumExp(new Float64Array(0)), -Infinity);
    assert.equal(logSumExp(Float64Array.of(-Infinity, -Infinity)), -Infinity);
    assert.equal(logSumExp(Float64Array.of(-Infinity, 3)), 3);
    assert.equal(logSumExp(Float64Array.of(Infinity, 3)), Infinity);
    assert.ok(Number.isNaN(logSumExp(Float64Array.of(NaN, 3))));
    assert.equal(logAddExp(-Infinity, -Infinity), -Infinity);
    assert.equal(logAddExp(-Infinity, 2), 2);
    assert.equal(log1pExp(1e300), 1e300);
    assert.equal(log1pExp(-1e300), 0);
  });

  it('ln(1 − eˣ) at both ends: −e^−50 and ln 1e-20', () => {
    close(log1mExp(-50), -Math.exp(-50));
    close(log1mExp(-1e-20), Math.log(1e-20));
    close(log1mExp(-Math.LN2), -Math.LN2);
  });

  it('softmax of (0, ln 3) is (¼, ¾), shifts do not matter, and ln Σ is returned', () => {
    const out = new Float64Array(2);
    for (const shift of [0, 1e4, -1e4]) {
      close(softmaxInto(Float64Array.of(shift, shift + Math.log(3)), out), shift + Math.log(4), 1e-15);
      // Adding the shift rounds ln 3 to a unit in the last place of 1e4.
      close(out[0], 0.25, 1e-11);
      close(out[1], 0.75, 1e-11);
    }
  });

  it('sigmoid(x) + sigmoid(−x) = 1 and log1pExp(x) − log1pExp(−x) = x', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        close(sigmoid(x) + sigmoid(-x), 1);
        // The exponential turns an error of the exponent, |x|ε, into a relative one.
        close(sigmoid(x), Math.exp(-log1pExp(-x)), 4 * Number.EPSILON * (1 + Math.abs(x)));
        assert.ok(Math.abs(log1pExp(x) - log1pExp(-x) - x) <= 4 * Number.EPSILON * log1pExp(Math.abs(x)));
      }),
    );
  });
});
