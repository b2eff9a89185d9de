import assert from 'node:assert/strict';
import { createExponentialPower, createPolynomial, createSquaredHinge } from '../../../src/losses/tails';
import type { Loss } from '../../../src/losses/loss';

const one = (loss: Loss, q: number): number => loss.value(Float64Array.of(q), Float64Array.of(1));
const slope = (loss: Loss, q: number): number => {
  const out = new Float64Array(1);
  loss.derivative(Float64Array.of(q), Float64Array.of(1), out);
  return out[0];
};
const curvature = (loss: Loss, q: number): number => {
  const out = new Float64Array(1);
  loss.secondTimes(Float64Array.of(q), Float64Array.of(1), Float64Array.of(1), out);
  return out[0];
};
const near = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${actual} against ${expected}`);

const CASES: readonly (readonly [string, Loss, (q: number) => number])[] = [
  ...[0.3, 0.5, 1, 2, 3].map((power): [string, Loss, (q: number) => number] => [
    `e^(−q^${power})`,
    createExponentialPower('sum', power),
    (q) => (q >= 1 ? Math.exp(-(q ** power)) : (1 + power * (1 - q)) / Math.E),
  ]),
  ...[0.5, 1, 3].map((power): [string, Loss, (q: number) => number] => [
    `q^(−${power})`,
    createPolynomial('sum', power),
    (q) => (q >= 1 ? q ** -power : 1 + power * (1 - q)),
  ]),
];

for (const [name, loss, definition] of CASES) {
  describe(`loss ${name}`, () => {
    it('has the value of its definition, tangent below 1', () => {
      for (const q of [-5, 0, 0.5, 1, 1.5, 4]) near(one(loss, q), definition(q));
    });

    it('has the derivatives of its definition', () => {
      const h = 1e-4;
      for (const q of [-5, 0, 0.5, 1.5, 4]) {
        near(slope(loss, q), (definition(q + h) - definition(q - h)) / (2 * h), 1e-6);
        near(curvature(loss, q), (definition(q + h) - 2 * definition(q) + definition(q - h)) / (h * h), 1e-5);
      }
    });

    it('is convex and strictly decreasing, with its curvature at most what it says, and no less', () => {
      let largest = 0;
      let before = -Infinity;
      for (let q = -3; q < 8; q += 1e-3) {
        assert.ok(slope(loss, q) < 0 && slope(loss, q) >= before - 1e-15);
        before = slope(loss, q);
        largest = Math.max(largest, curvature(loss, q));
      }
      assert.ok(largest <= loss.smoothness * (1 + 1e-12) && largest > 0.98 * loss.smoothness, `${largest} against ${loss.smoothness}`);
    });

    it('keeps its logarithm where the value underflows', () => {
      const far = Float64Array.of(1e8);
      const y = Float64Array.of(1);
      assert.ok(Number.isFinite(loss.logValue(far, y)) && loss.logValue(far, y) < -9);
      const out = new Float64Array(1);
      const logLoss = loss.logDerivative(far, y, out);
      assert.ok(Number.isFinite(out[0]) && out[0] < 0 && Number.isFinite(logLoss));
    });
  });
}

describe('loss squared-hinge', () => {
  const loss = createSquaredHinge('mean');
  it('is ½(1 − q)² below 1 and 0 above, of the margin', () => {
    near(one(loss, -1), 2);
    near(slope(loss, -1), -2);
    assert.equal(one(loss, 1.5), 0);
    assert.equal(Math.abs(slope(loss, 1.5)), 0);
    near(loss.value(Float64Array.of(1, 0), Float64Array.of(-1, 1)), (2 + 0.5) / 2);
    assert.equal(loss.logValue(Float64Array.of(2), Float64Array.of(1)), -Infinity);
  });

  it('passes NaN on', () => {
    assert.ok(Number.isNaN(one(loss, Number.NaN)));
  });
});
