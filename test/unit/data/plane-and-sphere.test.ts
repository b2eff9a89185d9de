import assert from 'node:assert/strict';
import { loadData } from '../../../src/data/load-data';
import type { Dataset } from '../../../src/data/dataset';
import { initialParameters } from '../../../src/experiment/initial-parameters';
import { dataSchema } from '../../../src/experiment/data-schema';
import { createTeach } from '../../../src/study/teach';

const load = (spec: object, seed = 1): Promise<Dataset> =>
  loadData(dataSchema.parse(spec), seed, { readText: () => Promise.reject(new Error('no files')) }, createTeach(seed));

const rows = ({ x, features, samples }: Pick<Dataset, 'x' | 'features' | 'samples'>): number[][] =>
  Array.from({ length: samples }, (_, i) => Array.from(x.subarray(i * features, (i + 1) * features)));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Rounding of a few operations on numbers of size 1. */
const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-14;

describe('moons', () => {
  it('lie on their half circles without noise, upper +1 and lower −1 in turn', async () => {
    const data = await load({ kind: 'moons', samples: 200, noise: 0 });
    rows(data).forEach(([a, b], i) => {
      assert.equal(data.y[i], i % 2 === 0 ? 1 : -1);
      if (data.y[i] === 1) assert.ok(close(Math.hypot(a, b), 1) && b >= 0);
      else assert.ok(close(Math.hypot(a - 1, b - 0.5), 1) && b <= 0.5);
    });
  });

  it('are spread evenly over the angle', async () => {
    const data = await load({ kind: 'moons', samples: 20_000, noise: 0 });
    // The mean of sin t over [0, π] is 2/π, its variance ½ − 4/π²; five standard errors.
    const heights = rows(data).flatMap(([, b], i) => (data.y[i] === 1 ? [b] : []));
    assert.ok(Math.abs(mean(heights) - 2 / Math.PI) < 5 * Math.sqrt((0.5 - 4 / Math.PI ** 2) / heights.length));
  });
});

describe('circles', () => {
  it('have their radii without noise, the inner one +1', async () => {
    const data = await load({ kind: 'circles', samples: 100, factor: 0.3, noise: 0 });
    rows(data).forEach(([a, b], i) => assert.ok(close(Math.hypot(a, b), data.y[i] === 1 ? 0.3 : 1)));
    assert.equal(mean(Array.from(data.y)), 0);
  });
});

describe('xor', () => {
  it('is the four corners, the label the product of the coordinates', async () => {
    const data = await load({ kind: 'xor' });
    assert.deepEqual(rows(data), [
      [1, 1],
      [-1, 1],
      [-1, -1],
      [1, -1],
    ]);
    assert.deepEqual(Array.from(data.y), [1, -1, 1, -1]);
  });
});

describe('noise on the inputs', () => {
  for (const kind of ['moons', 'circles', 'xor']) {
    it(`of ${kind} has the asked level and moves nothing else`, async () => {
      const still = await load({ kind, samples: 10_000, noise: 0 });
      const noisy = await load({ kind, samples: 10_000, noise: 0.3 });
      assert.deepEqual(noisy.y, still.y);
      const noise = Array.from(noisy.x, (value, k) => value - still.x[k]);
      // Five standard errors of mean and variance of 20 000 normal numbers.
      assert.ok(Math.abs(mean(noise)) < (5 * 0.3) / Math.sqrt(20_000));
      assert.ok(Math.abs(mean(noise.map((e) => e * e)) - 0.09) < 5 * 0.09 * Math.sqrt(2 / 20_000));
    });
  }
});

describe('the sphere', () => {
  it('has unit inputs on the side of the truth that the label says', async () => {
    const data = await load({ kind: 'sphere', samples: 300, features: 7 });
    assert.ok(data.truth !== null && close(Math.hypot(...data.truth), 1));
    rows(data).forEach((row, i) => {
      assert.ok(close(Math.hypot(...row), 1));
      assert.ok(data.y[i] * row.reduce((sum, value, j) => sum + value * data.truth![j], 0) >= 0);
    });
  });

  it('is isotropic', async () => {
    const data = await load({ kind: 'sphere', samples: 20_000, features: 3 });
    for (let j = 0; j < 3; j++) {
      const column = rows(data).map((row) => row[j]);
      // A coordinate is uniform in [−1, 1] (Archimedes): variance 1/3, fourth moment 1/5. Five standard errors.
      assert.ok(Math.abs(mean(column)) < 5 * Math.sqrt(1 / 3 / 20_000));
      assert.ok(Math.abs(mean(column.map((v) => v * v)) - 1 / 3) < 5 * Math.sqrt((1 / 5 - 1 / 9) / 20_000));
    }
  });

  it('has labels by chance when asked to, and then no truth', async () => {
    const data = await load({ kind: 'sphere', samples: 10_000, features: 2, labels: 'random' });
    assert.equal(data.truth, null);
    assert.ok(Math.abs(mean(Array.from(data.y))) < 5 / 100);
    assert.ok(Math.abs(mean(rows(data).map(([a], i) => a * data.y[i]))) < 5 * Math.sqrt(0.5 / 10_000));
  });
});

describe('a teacher', () => {
  const model = { kind: 'network', widths: [2], activation: 'relu', bias: 'first' };
  /** 2·max(x − 0.5, 0) − max(−x − 0.25, 0), worked out by hand. */
  const parameters = [
    [1, -1],
    [-0.5, -0.25],
    [2, -1],
  ];
  const byHand = (x: number): number => 2 * Math.max(x - 0.5, 0) - Math.max(-x - 0.25, 0);
  const spec = { kind: 'teacher', samples: 50, features: 1, inputs: 'uniform', model, init: { kind: 'explicit', parameters } };

  it('gives its outputs, or their signs with +1 at 0', async () => {
    const real = await load(spec);
    const sign = await load({ ...spec, targets: 'sign' });
    assert.deepEqual(sign.x, real.x);
    real.x.forEach((x, i) => {
      assert.ok(Math.abs(x) <= 1);
      assert.ok(close(real.y[i], byHand(x)));
      assert.equal(sign.y[i], byHand(x) < 0 ? -1 : 1);
    });
    assert.ok(real.y.some((y) => y === 0) && sign.y.some((y) => y === -1));
  });

  it('teaches the test samples too, and more of them leave the training samples alone', async () => {
    const few = await load(spec);
    const tested = await load({ ...spec, testSamples: 20 });
    assert.deepEqual(tested.x, few.x);
    assert.deepEqual(tested.y, few.y);
    assert.equal(tested.test?.samples, 20);
    tested.test?.x.forEach((x, i) => assert.ok(close(tested.test?.y[i] ?? NaN, byHand(x))));
  });

  it('adds noise of the asked level to the outputs', async () => {
    const still = await load({ ...spec, samples: 20_000 });
    const noisy = await load({ ...spec, samples: 20_000, noise: 0.5 });
    assert.deepEqual(noisy.x, still.x);
    const noise = Array.from(noisy.y, (y, i) => y - still.y[i]);
    assert.ok(Math.abs(mean(noise.map((e) => e * e)) - 0.25) < 5 * 0.25 * Math.sqrt(2 / 20_000));
  });

  it('draws its inputs as it is told', async () => {
    const sphere = await load({ kind: 'teacher', samples: 50, features: 5, inputs: 'sphere', model: { kind: 'linear' } });
    rows(sphere).forEach((row) => assert.ok(close(Math.hypot(...row), 1)));
    const gaussian = await load({
      kind: 'teacher',
      samples: 5000,
      features: 4,
      model: { kind: 'linear' },
      init: { kind: 'constant', scale: 1 },
    });
    assert.ok(Math.abs(mean(Array.from(gaussian.x, (v) => v * v)) - 1) < 5 * Math.sqrt(2 / 20_000));
    // A linear teacher of ones sums its inputs.
    rows(gaussian).forEach((row, i) => assert.ok(Math.abs(gaussian.y[i] - row.reduce((a, b) => a + b, 0)) < 1e-13));
  });

  it('has other parameters than a student of the same kind and seed', () => {
    const blocks = [{ name: 'w', rows: 1, columns: 3, offset: 0 }];
    const init = { kind: 'gaussian' as const, scale: 1 };
    assert.notDeepEqual(initialParameters(init, blocks, 5, 'teacher'), initialParameters(init, blocks, 5));
  });

  it('is refused where explicit parameters do not fit it', async () => {
    const wrong = load({ ...spec, init: { kind: 'explicit', parameters: [[1, 2], [3]] } });
    await assert.rejects(wrong, (error: { code?: string; pointer?: string }) => {
      return error.code === 'data.teacher.init' && error.pointer === '/data/init/parameters';
    });
  });
});

describe('samples that are drawn', () => {
  for (const spec of [{ kind: 'moons' }, { kind: 'circles' }, { kind: 'sphere' }, { kind: 'teacher', model: { kind: 'linear' } }]) {
    it(`of ${spec.kind} are the same for the same seed and others for another`, async () => {
      assert.deepEqual(await load(spec, 5), await load(spec, 5));
      assert.notDeepEqual((await load(spec, 5)).x, (await load(spec, 6)).x);
    });
  }

  it('are refused before anything is allocated where they would be too many', async () => {
    for (const size of [{ samples: 100_000 }, { samples: 1, testSamples: 100_000 }]) {
      await assert.rejects(load({ kind: 'sphere', features: 100_000, ...size }), { code: 'data.too-large' });
    }
  });
});
