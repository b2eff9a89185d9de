/** Products of matrices by kernels against those in TypeScript, which other tests hold against differences. */
import assert from 'node:assert/strict';
import { completionData } from '../../../src/data/random-matrix';
import { createMatrixFactorization } from '../../../src/models/matrix-factorization';
import { randomStream } from '../../../src/numerics/random';
import { VARIANTS, withKernels } from '../dynamics/problems';

/** Rows, columns, width, depth, observed entries: odd, whole tiles, wide, tall, deep. */
const SIZES = [
  [23, 31, 17, 2, 201],
  [20, 24, 16, 3, 300],
  [9, 41, 13, 4, 150],
  [37, 6, 22, 5, 90],
] as const;

describe('factorizations by kernels', () => {
  for (const [rows, columns, width, depth, observed] of SIZES) {
    it(`${rows} × ${columns}, width ${width}, depth ${depth}, ${observed} entries: the same numbers as in TypeScript`, () => {
      const data = completionData({ kind: 'completion', rows, columns, rank: 2, observed, symmetric: false }, 1);
      const stream = randomStream(1, 'factorization-sweeps');
      const gaussian = (length: number): Float64Array => Float64Array.from({ length }, () => stream.gaussian());
      const build = (variant: (typeof VARIANTS)[number]): ReturnType<typeof createMatrixFactorization> =>
        withKernels(variant, () => createMatrixFactorization({ depth, width, symmetric: false }, data));
      const plain = build('typescript');
      const size = plain.parameterCount;
      const [theta, v, c, cDot] = [gaussian(size), gaussian(size), gaussian(observed), gaussian(observed)];
      const curvatureAndPullback = (): Float64Array => {
        const [curved, pulled] = [new Float64Array(size), new Float64Array(size)];
        plain.curvature(theta, c, v, curved);
        plain.pullback(theta, cDot, pulled);
        return curved.map((value, k) => value + pulled[k]);
      };
      const both = curvatureAndPullback();
      for (const variant of VARIANTS.filter((name) => name !== 'typescript')) {
        const fast = build(variant);
        assert.notEqual(fast.pullbackTangent, undefined, 'the kernels are in use');
        const agree = (length: number, what: 'outputs' | 'pushforward' | 'pullback' | 'curvature' | 'jacobian' | 'both'): void => {
          const [expected, actual] = [plain, fast].map((model) => {
            const out = new Float64Array(length);
            if (what === 'outputs' || what === 'jacobian') model[what](theta, out);
            else if (what === 'pushforward') model.pushforward(theta, v, out);
            else if (what === 'pullback') model.pullback(theta, c, out);
            else if (what === 'curvature') model.curvature(theta, c, v, out);
            else if (model === plain) out.set(both);
            else model.pullbackTangent?.(theta, c, cDot, v, out);
            return out;
          });
          const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          // Sums of at most 41 products, through five factors, round to far less than 10⁻¹³ of the largest entry.
          actual.forEach((value, k) => assert.ok(Math.abs(value - expected[k]) <= 1e-13 * largest, `${what}, entry ${k}`));
        };
        agree(observed, 'outputs');
        agree(observed, 'pushforward');
        agree(size, 'pullback');
        agree(size, 'curvature');
        agree(size, 'both');
        agree(size * observed, 'jacobian');
      }
    });
  }
});
