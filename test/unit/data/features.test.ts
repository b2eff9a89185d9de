import assert from 'node:assert/strict';
import { DataError, type Dataset } from '../../../src/data/dataset';
import { mapFeatures } from '../../../src/data/features';
import { polynomialData, polynomialValue } from '../../../src/data/polynomial';

const data: Dataset = {
  x: Float64Array.of(1, 2, -1, 3),
  y: Float64Array.of(5, 6),
  samples: 2,
  features: 2,
  featureNames: ['a', 'b'],
  truth: Float64Array.of(1, -1),
  test: { x: Float64Array.of(0, 0.5), y: Float64Array.of(7), samples: 1 },
};
const relu = (z: number): number => Math.max(z, 0);
const array = (values: Float64Array | undefined): readonly number[] => Array.from(values ?? []);

describe('features', () => {
  it('are the powers of every input, of the test samples too', () => {
    const mapped = mapFeatures(data, { kind: 'polynomial', degree: 3 }, 1, relu);
    assert.deepEqual(array(mapped.x), [1, 1, 1, 1, 2, 4, 8, 1, -1, 1, -1, 3, 9, 27]);
    assert.deepEqual(array(mapped.test?.x), [1, 0, 0, 0, 0.5, 0.25, 0.125]);
    assert.deepEqual(mapped.featureNames, ['1', 'a', 'a^2', 'a^3', 'b', 'b^2', 'b^3']);
    assert.deepEqual([mapped.features, mapped.truth, array(mapped.y)], [7, null, [5, 6]]);
    assert.equal(mapped.before?.data, data);
  });

  it('are the first coordinates', () => {
    const mapped = mapFeatures(data, { kind: 'coordinates', count: 1 }, 1, relu);
    assert.deepEqual([array(mapped.x), array(mapped.test?.x), mapped.featureNames], [[1, -1], [0], ['a']]);
    assert.equal(mapFeatures(data, { kind: 'coordinates', count: 2 }, 1, relu).truth, data.truth);
    const tooMany = (): Dataset => mapFeatures(data, { kind: 'coordinates', count: 3 }, 1, relu);
    assert.throws(tooMany, (error) => error instanceof DataError && error.code === 'data.features' && error.pointer === '/features/count');
  });

  it('are random with a stream of their own, and a kernel that does not depend on their number', () => {
    const count = 100_000;
    const mapped = mapFeatures(data, { kind: 'random', count, activation: 'relu' }, 1, relu);
    const kernel = (i: number, j: number): number => {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += mapped.x[i * count + k] * mapped.x[j * count + k];
      return sum;
    };
    // E σ(g·u)σ(g·v) = ‖u‖‖v‖(sin θ + (π − θ) cos θ)/(2π) for the ReLU (Cho and Saul 2009, degree 1); u = x/√2.
    const arc = (a: number, b: number, inner: number): number => {
      const t = Math.acos(inner / (a * b));
      return (a * b * (Math.sin(t) + (Math.PI - t) * Math.cos(t))) / (2 * Math.PI);
    };
    const [a, b] = [Math.sqrt(5 / 2), Math.sqrt(10 / 2)];
    // Five standard errors of a product of two normal numbers of these sizes.
    const error = (5 * 3 * a * b) / Math.sqrt(count);
    assert.ok(Math.abs(kernel(0, 0) - (a * a) / 2) < error);
    assert.ok(Math.abs(kernel(0, 1) - arc(a, b, 5 / 2)) < error);
    const again = mapFeatures(data, { kind: 'random', count: 10, activation: 'relu' }, 1, relu);
    assert.deepEqual(array(again.x), array(mapFeatures(data, { kind: 'random', count: 10, activation: 'relu' }, 1, relu).x));
    assert.notDeepEqual(array(again.x), array(mapFeatures(data, { kind: 'random', count: 10, activation: 'relu' }, 2, relu).x));
  });
});

describe('polynomial data', () => {
  const spec = { kind: 'polynomial', degree: 3, samples: 5, noise: 0, range: 2, testSamples: 0 } as const;

  it('are values of the polynomial at evenly spaced places', () => {
    const { x, y, polynomial, truth } = polynomialData(spec, 3);
    assert.deepEqual([array(x), truth], [[-2, -1, 0, 1, 2], null]);
    const [c0, c1, c2, c3] = array(polynomial);
    y.forEach((value, i) => assert.ok(Math.abs(value - (c0 + c1 * x[i] + c2 * x[i] ** 2 + c3 * x[i] ** 3)) < 1e-14));
  });

  it('have noise and test samples that shift nothing else', () => {
    const still = polynomialData(spec, 3);
    const noisy = polynomialData({ ...spec, noise: 0.5, testSamples: 2000 }, 3);
    assert.deepEqual([noisy.x, noisy.polynomial], [still.x, still.polynomial]);
    assert.ok(noisy.y.every((value, i) => value !== still.y[i]));
    const { x, y } = noisy.test as { x: Float64Array; y: Float64Array };
    assert.ok(x.every((value) => Math.abs(value) <= 2));
    const noise = y.map((value, i) => value - polynomialValue(still.polynomial as Float64Array, x[i]));
    // Five standard errors of the variance of 2000 normal numbers.
    const variance = noise.reduce((sum, e) => sum + e * e, 0) / 2000;
    assert.ok(Math.abs(variance - 0.25) < 5 * 0.25 * Math.sqrt(2 / 2000));
  });

  it('have their truth in powers that can express it', () => {
    const raw = polynomialData(spec, 3);
    const mapped = (degree: number): Dataset => mapFeatures(raw, { kind: 'polynomial', degree }, 3, relu);
    assert.deepEqual(array(mapped(4).truth ?? undefined), [...array(raw.polynomial), 0]);
    assert.equal(mapped(2).truth, null);
  });
});
