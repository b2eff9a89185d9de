import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLoss } from '../../../src/losses/create-loss';

const KINDS = ['square', 'logistic', 'exponential'] as const;
const REDUCTIONS = ['mean', 'sum'] as const;
const SPECS = KINDS.flatMap((kind) => REDUCTIONS.map((reduction) => ({ kind, reduction })));

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${actual} against ${expected}`);

/** The definitions of the file format, sample by sample. */
const ONE: Record<(typeof KINDS)[number], (f: number, y: number) => number> = {
  square: (f, y) => 0.5 * (f - y) ** 2,
  logistic: (f, y) => Math.log(1 + Math.exp(-y * f)),
  exponential: (f, y) => Math.exp(-y * f),
};

const samples = fc.array(fc.tuple(fc.double({ min: -8, max: 8, noNaN: true }), fc.constantFrom(-1, 1)), { minLength: 1, maxLength: 6 });

for (const spec of SPECS) {
  describe(`loss ${spec.kind}, ${spec.reduction}`, () => {
    const loss = createLoss(spec);
    const weight = (n: number): number => (spec.reduction === 'mean' ? 1 / n : 1);

    it('has the value of its definition, and its logarithm', () =>
      fc.assert(
        fc.property(samples, (pairs) => {
          const f = Float64Array.from(pairs, ([a]) => a);
          const y = Float64Array.from(pairs, ([, b]) => b);
          const expected = pairs.reduce((sum, [a, b]) => sum + ONE[spec.kind](a, b), 0) * weight(pairs.length);
          close(loss.value(f, y), expected, 1e-12);
          if (expected > 0) close(loss.logValue(f, y), Math.log(expected), 1e-11);
        }),
        { seed: 2 },
      ));

    it('has the derivatives of its definition', () =>
      fc.assert(
        fc.property(samples, (pairs) => {
          const f = Float64Array.from(pairs, ([a]) => a);
          const y = Float64Array.from(pairs, ([, b]) => b);
          const first = new Float64Array(f.length);
          const second = new Float64Array(f.length);
          loss.derivative(f, y, first);
          loss.secondTimes(f, y, new Float64Array(f.length).fill(1), second);
          const h = 1e-4;
          f.forEach((a, i) => {
            const at = (t: number): number => weight(f.length) * ONE[spec.kind](t, y[i]);
            // Rounding of the values divided by h (h²): up to e⁸·10⁻¹⁶/10⁻⁸ for the second derivative.
            close(first[i], (at(a + h) - at(a - h)) / (2 * h), 1e-6);
            close(second[i], (at(a + h) - 2 * at(a) + at(a - h)) / (h * h), 1e-3);
          });
        }),
        { seed: 3 },
      ));
  });
}

for (const spec of SPECS.filter(({ kind }) => kind !== 'square')) {
  describe(`loss ${spec.kind}, ${spec.reduction}, in the log domain`, () => {
    const loss = createLoss(spec);

    it('its derivatives are those of the loss divided by the loss', () =>
      fc.assert(
        fc.property(samples, (pairs) => {
          const f = Float64Array.from(pairs, ([a]) => a);
          const y = Float64Array.from(pairs, ([, b]) => b);
          const value = loss.value(f, y);
          const ones = new Float64Array(f.length).fill(1);
          for (const [plain, logarithmic] of [
            [loss.derivative, loss.logDerivative],
            [
              (p: Float64Array, t: Float64Array, out: Float64Array): void => loss.secondTimes(p, t, ones, out),
              (p: Float64Array, t: Float64Array, out: Float64Array): void => loss.logSecondTimes(p, t, ones, out),
            ],
          ] as const) {
            const a = new Float64Array(f.length);
            const b = new Float64Array(f.length);
            plain(f, y, a);
            logarithmic(f, y, b);
            a.forEach((entry, i) => close(b[i], entry / value, 1e-11));
          }
        }),
        { seed: 4 },
      ));

    it('stays exact at margins of ten million', () => {
      // ln Σ e^(−q) of q = (10⁷, 10⁷ + ln 2) is −10⁷ + ln 1.5; the relative weights are 2/3 and 1/3.
      const f = Float64Array.of(1e7, 1e7 + Math.LN2, 2e7);
      const y = Float64Array.of(1, 1, 1);
      const out = new Float64Array(3);
      const logLoss = loss.logDerivative(f, y, out);
      const shift = spec.reduction === 'mean' ? Math.log(3) : 0;
      close(logLoss, -1e7 + Math.log(1.5) - shift, 1e-15);
      // 10⁷ + ln 2 itself is rounded to 2·10⁻⁹.
      close(out[0], -2 / 3, 2e-9);
      close(out[1], -1 / 3, 2e-9);
      assert.equal(Math.abs(out[2]), 0);
      close(out[0] + out[1] + out[2], -1, 4e-16);
    });

    it('passes NaN on instead of hiding it', () => {
      assert.ok(Number.isNaN(loss.logValue(Float64Array.of(1, Number.NaN), Float64Array.of(1, 1))));
    });
  });
}
