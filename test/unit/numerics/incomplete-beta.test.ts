import assert from 'node:assert/strict';
import { betaTails, fairCoinTails, fTails, incompleteBeta, lnGamma } from '../../../src/numerics/incomplete-beta';

const near = (found: number, expected: number): void =>
  assert.ok(Math.abs(found - expected) <= 1e-12 * Math.abs(expected), `${found} ${expected}`);

describe('the incomplete beta function', () => {
  it('has the values of scipy', () => {
    // scipy.special.betainc
    near(incompleteBeta(0.3, 0.7, 2.5, 7.25), 0.6604822735819076);
    near(incompleteBeta(0.01, 0.99, 0.5, 0.5), 0.06376856085851987);
    near(lnGamma(0.5), 0.5 * Math.log(Math.PI));
    near(lnGamma(11), Math.log(3628800));
  });

  it('gives tails of F, beta and coins, far out too', () => {
    // scipy.stats: f.cdf(1.7, 30, 11), f.sf(25, 30, 11), f.sf(400, 40, 1), beta.sf(0.9, 20, 20), binom.sf(69, 100, ½), binom.cdf(3, 40, ½)
    near(fTails(1.7, 30, 11).lower, 0.8231319421580856);
    near(fTails(25, 30, 11).upper, 1.3760572249198362e-6);
    near(fTails(400, 40, 1).upper, 0.03962876727887562);
    near(betaTails(0.9, 20, 20).upper, 1.0339119443744903e-10);
    near(fairCoinTails(70, 100).upper, 3.925069822796835e-5);
    near(fairCoinTails(3, 40).lower, 9.732502803672105e-9);
  });

  it('has tails that make one', () => {
    for (const [x, a, b] of [
      [0.2, 0.5, 3],
      [0.7, 10, 4],
      [0.5, 100, 100],
    ]) {
      const { lower, upper } = betaTails(x, a, b);
      near(lower + upper, 1);
    }
    assert.deepEqual([incompleteBeta(0, 1, 2, 3), incompleteBeta(1, 0, 2, 3)], [0, 1]);
    assert.deepEqual([fairCoinTails(0, 5).upper, fairCoinTails(5, 5).lower], [1, 1]);
  });
});
