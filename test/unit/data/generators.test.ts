import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { DataError, type Dataset } from '../../../src/data/dataset';
import { inlineData } from '../../../src/data/inline';
import { separableData } from '../../../src/data/separable';
import { sparseRegressionData } from '../../../src/data/sparse-regression';

const separable = (changes: Partial<Parameters<typeof separableData>[0]> = {}, seed = 1): Dataset =>
  separableData({ kind: 'separable', samples: 100, features: 8, margin: 0.5, symmetric: false, ...changes }, seed);

const sparse = (changes: Partial<Parameters<typeof sparseRegressionData>[0]> = {}, seed = 1): Dataset =>
  sparseRegressionData(
    { kind: 'sparse-regression', samples: 50, features: 20, sparsity: 3, signs: 'random', noise: 0, shift: 0, testSamples: 0, ...changes },
    seed,
  );

/** w·x_i for every sample. */
function scores({ x, features, samples, truth }: Dataset): readonly number[] {
  return Array.from({ length: samples }, (_, i) => truth!.reduce((sum, w, j) => sum + w * x[i * features + j], 0));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
};

function throwsData(run: () => unknown, code: string, pointer: string): void {
  assert.throws(run, (error) => error instanceof DataError && error.code === code && error.pointer === pointer);
}

describe('separable data', () => {
  it('keeps every sample at least the margin away from its hyperplane, on the side of its label', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 1e-3, max: 100, noNaN: true }),
        fc.boolean(),
        fc.nat(),
        (samples, features, margin, symmetric, seed) => {
          const data = separable({ samples, features, margin, symmetric }, seed);
          // Rounding of an inner product of a few dozen terms of this size.
          const rounding = 1e-13 * (margin + 10) * features;
          scores(data).forEach((score, i) => assert.ok(data.y[i] * score >= margin - rounding));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has a unit direction, and is exactly half-normal beyond the margin along it', () => {
    const data = separable({ samples: 20_000, features: 5, margin: 2 });
    assert.ok(Math.abs(Math.hypot(...data.truth!) - 1) < 1e-14);
    const beyond = scores(data).map((score, i) => data.y[i] * score - 2);
    // |g|: mean √(2/π), variance 1 − 2/π. Five standard errors of 20 000 samples.
    assert.ok(Math.abs(mean(beyond) - Math.sqrt(2 / Math.PI)) < (5 * Math.sqrt(1 - 2 / Math.PI)) / Math.sqrt(20_000));
  });

  it('is standard normal across the direction', () => {
    const { x, features, samples, truth } = separable({ samples: 20_000, features: 3, margin: 1 });
    // A unit vector orthogonal to the direction.
    const [a, b] = truth!;
    const length = Math.hypot(a, b);
    const across = Array.from({ length: samples }, (_, i) => (-b * x[i * features] + a * x[i * features + 1]) / length);
    assert.ok(Math.abs(mean(across)) < 5 / Math.sqrt(samples));
    assert.ok(Math.abs(variance(across) - 1) < 5 * Math.sqrt(2 / samples));
  });

  it('has both labels equally often', () => {
    const { y, samples } = separable({ samples: 10_000 });
    assert.ok(Math.abs(mean(Array.from(y))) < 5 / Math.sqrt(samples));
  });

  it('mirrors every sample when asked to', () => {
    const { x, y, samples, features } = separable({ symmetric: true });
    assert.equal(samples, 200);
    assert.deepEqual(
      Array.from(x.subarray(100 * features), (value) => -value),
      Array.from(x.subarray(0, 100 * features)),
    );
    assert.deepEqual(
      Array.from(y.subarray(100), (value) => -value),
      Array.from(y.subarray(0, 100)),
    );
  });
});

describe('sparse regression data', () => {
  it('fits its truth exactly without noise, and the truth is a unit vector of the given sparsity', () => {
    const data = sparse();
    scores(data).forEach((score, i) => assert.ok(Math.abs(score - data.y[i]) < 1e-14 * 20));
    const support = data.truth!.filter((value) => value !== 0);
    assert.equal(support.length, 3);
    support.forEach((value) => assert.equal(Math.abs(value), 1 / Math.sqrt(3)));
  });

  it('has the noise that was asked for, and nothing else changes with it', () => {
    const still = sparse({ samples: 20_000, noise: 0 });
    const noisy = sparse({ samples: 20_000, noise: 0.3 });
    assert.deepEqual(noisy.x, still.x);
    assert.deepEqual(noisy.truth, still.truth);
    const noise = Array.from(noisy.y, (value, i) => value - still.y[i]);
    assert.ok(Math.abs(mean(noise)) < (5 * 0.3) / Math.sqrt(20_000));
    assert.ok(Math.abs(variance(noise) - 0.09) < 5 * 0.09 * Math.sqrt(2 / 20_000));
  });

  it('shifts the mean of every feature', () => {
    const { x } = sparse({ samples: 5000, features: 4, shift: 7 });
    assert.ok(Math.abs(mean(Array.from(x)) - 7) < 5 / Math.sqrt(20_000));
  });

  it('puts the support on every place equally often, with both signs', () => {
    const counts = new Float64Array(10);
    let positive = 0;
    for (let seed = 0; seed < 2000; seed++) {
      sparse({ samples: 1, features: 10, sparsity: 2 }, seed).truth!.forEach((value, j) => {
        if (value !== 0) counts[j]++;
        if (value > 0) positive++;
      });
    }
    // Binomial(2000, 1/5) has standard deviation 17.9, Binomial(4000, 1/2) 31.6; five of them.
    counts.forEach((count) => assert.ok(Math.abs(count - 400) < 90, `${counts.join(' ')}`));
    assert.ok(Math.abs(positive - 2000) < 158);
  });

  it('refuses more coefficients than features', () => {
    throwsData(() => sparse({ features: 2 }), 'data.sparse-regression.sparsity', '/data/sparsity');
  });
});

describe('generated data', () => {
  it('is the same for the same seed and another for another', () => {
    for (const make of [separable, sparse]) {
      assert.deepEqual(make({}, 5), make({}, 5));
      assert.notDeepEqual(make({}, 5).x, make({}, 6).x);
      assert.notDeepEqual(make({}, 5).x, make({}, 5 + 2 ** 40).x);
    }
  });

  it('is uncorrelated between neighbouring seeds', () => {
    const a = separable({ samples: 2000, margin: 1e-6 }, 1).x;
    const b = separable({ samples: 2000, margin: 1e-6 }, 2).x;
    const correlation = mean(Array.from(a, (value, i) => value * b[i]));
    assert.ok(Math.abs(correlation) < 5 / Math.sqrt(a.length));
  });

  it('is refused before anything is allocated where it would be too large', () => {
    throwsData(() => separable({ samples: 100_000, features: 100_000 }), 'data.too-large', '/data');
    throwsData(() => sparse({ samples: 1e15 }), 'data.too-large', '/data');
    throwsData(() => separable({ samples: 60_000, features: 1, symmetric: true }), 'data.too-large', '/data');
  });
});

describe('inline data', () => {
  const spec = {
    kind: 'inline',
    x: [
      [1, 2],
      [3, 4],
    ],
    y: [5, 6],
  } as const;
  const inline = (changes: object): Dataset => inlineData({ ...spec, ...changes } as unknown as Parameters<typeof inlineData>[0]);

  it('is taken row by row', () => {
    const data = inline({ test: { x: [[7, 8]], y: [9] } });
    assert.deepEqual(Array.from(data.x), [1, 2, 3, 4]);
    assert.deepEqual(Array.from(data.y), [5, 6]);
    assert.deepEqual([data.samples, data.features, data.truth], [2, 2, null]);
    assert.deepEqual(data.test, { x: Float64Array.of(7, 8), y: Float64Array.of(9), samples: 1 });
  });

  it('is refused where its shapes do not fit', () => {
    throwsData(() => inline({ x: [[1, 2], [3]] }), 'data.inline.ragged', '/data/x/1');
    throwsData(() => inline({ y: [5] }), 'data.inline.length', '/data/y');
    throwsData(() => inline({ test: { x: [[1]], y: [1] } }), 'data.inline.ragged', '/data/test/x/0');
  });
});
