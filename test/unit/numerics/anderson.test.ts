import assert from 'node:assert/strict';
import { Anderson } from '../../../src/numerics/anderson';
import { norm2 } from '../../../src/numerics/vectors';

/** Rates of a contraction x ← Dx + b, with the fixed point b/(1 − D): plain iteration needs ln 10⁻¹⁰/ln 0.99 = 2291 steps. */
const RATES = [0.99, 0.9, 0.5, -0.3, -0.95];

function iterate(steps: number, map: (x: Float64Array, out: Float64Array) => void, size: number): Float64Array {
  const acceleration = new Anderson(size);
  const x = new Float64Array(size);
  const image = new Float64Array(size);
  for (let k = 0; k < steps; k++) {
    map(x, image);
    acceleration.advance(x, image);
  }
  return x;
}

const linear = (x: Float64Array, out: Float64Array): void => RATES.forEach((rate, i) => (out[i] = rate * x[i] + 1 + i));
const errorOf = (x: Float64Array): number => norm2(x.map((value, i) => value / ((1 + i) / (1 - RATES[i])) - 1));

describe('Anderson acceleration', () => {
  it('solves a linear problem of n unknowns in little more than n steps', () => {
    // The regularization of the normal equations costs a step or two beyond n + 1 = 6.
    assert.ok(errorOf(iterate(9, linear, RATES.length)) < 1e-9);
    assert.ok(errorOf(iterate(2, linear, RATES.length)) > 1e-2);
  });

  it('takes the plain step after it was told to forget, and another one otherwise', () => {
    for (const forgets of [true, false]) {
      const acceleration = new Anderson(RATES.length);
      const x = new Float64Array(RATES.length);
      const image = new Float64Array(RATES.length);
      for (let k = 0; k < 4; k++) {
        linear(x, image);
        if (k === 3 && forgets) acceleration.forget();
        acceleration.advance(x, image);
      }
      assert.equal(
        x.every((value, i) => value === image[i]),
        forgets,
      );
    }
  });

  it('stays at a fixed point', () => {
    const constant = (_x: Float64Array, out: Float64Array): void => void out.fill(3);
    assert.deepEqual([...iterate(20, constant, 4)], [3, 3, 3, 3]);
  });

  it('finds cos x = x, 0.7390851332151607', () => {
    const cosine = (x: Float64Array, out: Float64Array): void => void (out[0] = Math.cos(x[0]));
    assert.ok(Math.abs(iterate(14, cosine, 1)[0] - 0.7390851332151607) < 1e-15);
  });
});
