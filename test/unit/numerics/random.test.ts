import assert from 'node:assert/strict';
import fc from 'fast-check';
import { randomStream } from '../../../src/numerics/random';

/** Draws of each statistical test. */
const N = 100_000;
/** Five standard errors: a right generator fails one test in two million seeds, and the seeds here are fixed. */
const SIGMAS = 5;

function draws(seed: number, name: string, count: number): Float64Array {
  const stream = randomStream(seed, name);
  return Float64Array.from({ length: count }, () => stream.uniform());
}

function mean(values: Float64Array, f: (x: number) => number): number {
  return values.reduce((s, x) => s + f(x), 0) / values.length;
}

describe('random streams', () => {
  it('the same seed and name give the same numbers, another seed or name others', () => {
    const first = draws(1, 'data', 20);
    assert.deepEqual(draws(1, 'data', 20), first);
    for (const [seed, name] of [
      [2, 'data'],
      [1, 'init'],
      [1, 'datb'],
      [1, ''],
      [1 + 2 ** 32, 'data'],
      [2 ** 53 - 1, 'data'],
    ] as const) {
      assert.ok(draws(seed, name, 20).every((x, k) => x !== first[k]));
    }
  });

  it('drawing from one stream does not shift another', () => {
    const alone = randomStream(7, 'batches');
    const expected = [alone.uniform(), alone.uniform()];
    const beside = randomStream(7, 'batches');
    const other = randomStream(7, 'data');
    const got = [beside.uniform()];
    for (let k = 0; k < 10; k++) other.gaussian();
    got.push(beside.uniform());
    assert.deepEqual(got, expected);
  });

  it('seeds up to 2^53 − 1 have different streams', () => {
    const seeds = fc.maxSafeNat();
    fc.assert(
      fc.property(seeds, seeds, (a, b) => {
        const same = draws(a, 'data', 4).every((x, k) => x === draws(b, 'data', 4)[k]);
        assert.equal(same, a === b);
      }),
    );
    const firsts = new Set<number>();
    for (let seed = 0; seed < 5000; seed++) firsts.add(draws(seed, 'data', 1)[0]);
    // 53 bits: a collision among 5000 has a chance of 1e-9.
    assert.equal(firsts.size, 5000);
  });

  it('uniform numbers lie in [0, 1) with the moments of the uniform distribution', () => {
    const u = draws(3, 'uniform', N);
    assert.ok(u.every((x) => x >= 0 && x < 1));
    for (const power of [1, 2, 3, 4]) {
      const deviation = Math.sqrt(1 / (2 * power + 1) - 1 / (power + 1) ** 2);
      assert.ok(Math.abs(mean(u, (x) => x ** power) - 1 / (power + 1)) <= (SIGMAS * deviation) / Math.sqrt(N));
    }
  });

  it('every one of the 53 bits of a uniform number is set half of the time, the same for neighbouring seeds', () => {
    const check = (values: Float64Array): void => {
      for (let bit = 1; bit <= 53; bit++) {
        const share = mean(values, (x) => Math.floor(x * 2 ** bit) % 2);
        assert.ok(Math.abs(share - 0.5) <= (SIGMAS * 0.5) / Math.sqrt(values.length), `bit ${bit}: ${share}`);
      }
    };
    check(draws(4, 'bits', 20_000));
    check(Float64Array.from({ length: 20_000 }, (_, seed) => randomStream(seed, 'bits').uniform()));
  });

  it('successive numbers, and streams of neighbouring seeds and names, are uncorrelated', () => {
    const correlation = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, k) => s + (x - 0.5) * (b[k] - 0.5), 0) / a.length;
    // The product of two independent centred uniforms has standard deviation 1/12.
    const bound = SIGMAS / 12 / Math.sqrt(N - 1);
    const base = draws(5, 'a', N);
    assert.ok(Math.abs(correlation(base.subarray(0, N - 1), base.subarray(1))) <= bound);
    assert.ok(Math.abs(correlation(base, draws(6, 'a', N))) <= bound);
    assert.ok(Math.abs(correlation(base, draws(5, 'b', N))) <= bound);
  });

  it('Gaussian numbers have the moments 0, 1, 0, 3 and the tail beyond 3 of 0.0026998', () => {
    const stream = randomStream(8, 'gaussian');
    const g = Float64Array.from({ length: N }, () => stream.gaussian());
    const expected = [0, 1, 0, 3];
    // Variances of the powers: 1, 2, 15, 96.
    const variances = [1, 2, 15, 96];
    for (let k = 0; k < 4; k++) {
      assert.ok(Math.abs(mean(g, (x) => x ** (k + 1)) - expected[k]) <= SIGMAS * Math.sqrt(variances[k] / N), `moment ${k + 1}`);
    }
    const tail = 0.0026997960632601866;
    assert.ok(Math.abs(mean(g, (x) => (Math.abs(x) > 3 ? 1 : 0)) - tail) <= SIGMAS * Math.sqrt(tail / N));
    // The two numbers of a pair are independent.
    let product = 0;
    for (let k = 0; k < N; k += 2) product += g[k] * g[k + 1];
    assert.ok(Math.abs(product / (N / 2)) <= SIGMAS / Math.sqrt(N / 2));
  });

  it('integers are uniform, also where n does not divide 2^32', () => {
    for (const n of [1, 2, 3, 10, 1000]) {
      const stream = randomStream(9, `integer ${n}`);
      const counts = new Float64Array(n);
      for (let k = 0; k < N; k++) counts[stream.integer(n)]++;
      const chi = counts.reduce((s, c) => s + (c - N / n) ** 2 / (N / n), 0);
      assert.ok(chi <= n - 1 + SIGMAS * Math.sqrt(2 * (n - 1)) + 1e-9, `χ² = ${chi} for n = ${n}`);
    }
    const wide = randomStream(9, 'wide');
    const n = 3 * 2 ** 30;
    const below = Array.from({ length: N }, () => wide.integer(n)).filter((k) => k < n / 2).length;
    assert.ok(Math.abs(below / N - 0.5) <= (SIGMAS * 0.5) / Math.sqrt(N));
  });

  it('signs are balanced', () => {
    const stream = randomStream(10, 'sign');
    let sum = 0;
    for (let k = 0; k < N; k++) sum += stream.sign();
    assert.ok(Math.abs(sum / N) <= SIGMAS / Math.sqrt(N));
  });

  it('a shuffle keeps the items and favours no order', () => {
    const stream = randomStream(11, 'shuffle');
    const counts = new Map<string, number>();
    const trials = 24_000;
    for (let k = 0; k < trials; k++) {
      const items = Int32Array.of(0, 1, 2, 3);
      stream.shuffle(items);
      const key = items.join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.equal(counts.size, 24);
    const chi = [...counts.values()].reduce((s, c) => s + (c - 1000) ** 2 / 1000, 0);
    assert.ok(chi <= 23 + SIGMAS * Math.sqrt(46), `χ² = ${chi}`);
  });
});
