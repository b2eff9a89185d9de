import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createCrossEntropy } from '../../../src/losses/cross-entropy';

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${actual} against ${expected}`);

const K = 3;
const batch = fc.array(
  fc.tuple(fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: K, maxLength: K }), fc.integer({ min: 0, max: K - 1 })),
  { minLength: 1, maxLength: 4 },
);

for (const reduction of ['mean', 'sum'] as const) {
  describe(`cross-entropy, ${reduction}`, () => {
    const loss = createCrossEntropy(reduction, K);
    const value = (f: Float64Array, y: Float64Array): number => {
      let sum = 0;
      y.forEach((label, i) => {
        const row = f.subarray(i * K, (i + 1) * K);
        sum += Math.log(row.reduce((total, entry) => total + Math.exp(entry), 0)) - row[label];
      });
      return reduction === 'mean' ? sum / y.length : sum;
    };

    it('has the value, the gradient and the curvature of its definition, plain and relative', () =>
      fc.assert(
        fc.property(batch, (pairs) => {
          const f = Float64Array.from(pairs.flatMap(([row]) => row));
          const y = Float64Array.from(pairs, ([, label]) => label);
          const v = f.map((_, k) => Math.sin(k + 1));
          const expected = value(f, y);
          close(loss.value(f, y), expected, 1e-12);
          const [first, relative, second, relativeSecond] = [0, 1, 2, 3].map(() => new Float64Array(f.length));
          loss.derivative(f, y, first);
          close(loss.logDerivative(f, y, relative), Math.log(expected), 1e-11);
          loss.secondTimes(f, y, v, second);
          loss.logSecondTimes(f, y, v, relativeSecond);
          const h = 1e-5;
          const slope = (t: Float64Array): Float64Array => {
            const out = new Float64Array(t.length);
            loss.derivative(t, y, out);
            return out;
          };
          const ahead = slope(f.map((entry, k) => entry + h * v[k]));
          const behind = slope(f.map((entry, k) => entry - h * v[k]));
          for (let k = 0; k < f.length; k++) {
            const shifted = (sign: number): number =>
              value(
                f.map((entry, j) => (j === k ? entry + sign * h : entry)),
                y,
              );
            // Rounding 10⁻¹⁵/h of the central difference.
            close(first[k], (shifted(1) - shifted(-1)) / (2 * h), 1e-8);
            close(second[k], (ahead[k] - behind[k]) / (2 * h), 1e-8);
            close(relative[k], first[k] / expected, 1e-10);
            close(relativeSecond[k], second[k] / expected, 1e-10);
          }
        }),
        { seed: 5 },
      ));

    it('with two classes is the logistic loss of the difference', () => {
      const two = createCrossEntropy(reduction, 2);
      close(two.value(Float64Array.of(0.3, -1.2), Float64Array.of(0)), Math.log1p(Math.exp(-1.5)), 1e-14);
    });

    it('stays exact at margins of ten million', () => {
      // Competitors at −10⁷ and −10⁷ − ln 2: ln ℒ = −10⁷ + ln 1.5, weights 2/3 and 1/3.
      const out = new Float64Array(3);
      const logLoss = loss.logDerivative(Float64Array.of(1e7, 0, -Math.LN2), Float64Array.of(0), out);
      close(logLoss, -1e7 + Math.log(1.5), 1e-15);
      close(out[1], 2 / 3, 2e-9);
      close(out[2], 1 / 3, 2e-9);
      close(out[0], -1, 1e-15);
    });
  });
}
