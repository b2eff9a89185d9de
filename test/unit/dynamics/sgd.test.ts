import assert from 'node:assert/strict';
import { createGradientDescent } from '../../../src/dynamics/gradient-descent';
import { Objective } from '../../../src/dynamics/objective';
import { createSgd, type SgdOptions } from '../../../src/dynamics/sgd';
import { type RandomStream, randomStream } from '../../../src/numerics/random';
import { datasetOf, difference, LINEAR, LOGISTIC, objectiveOf, randomDataset, SQUARE, tied, untied } from './problems';

const OPTIONS: SgdOptions = { stepSize: 0.1, batchSize: 1, sampling: 'shuffle' };
const batches = (seed = 0): RandomStream => randomStream(seed, 'batches');

/** Draws the given indices in turn and does not shuffle. */
function scripted(indices: readonly number[]): RandomStream {
  let at = 0;
  return { ...batches(), integer: () => indices[at++ % indices.length], shuffle: () => undefined };
}

describe('stochastic gradient descent', () => {
  it('with all samples in the batch is gradient descent', () => {
    for (const model of [LINEAR, tied(2), tied(3), untied(2)]) {
      const objective = objectiveOf(randomDataset(1, 7, 5), model, SQUARE);
      const start = new Float64Array(objective.size).fill(0.4);
      const sgd = createSgd(objective, start, { ...OPTIONS, stepSize: 0.05, batchSize: 9 }, batches());
      const descent = createGradientDescent(objective, start, { stepSize: 0.05, momentum: 0, normalize: 'none' });
      sgd.advance(40);
      descent.advance(40);
      // 40 steps of about 40 roundings: 40 · 40 · 2^−53 = 2e−13.
      assert.ok(difference(sgd.parameters, descent.parameters) < 2e-13);
      assert.ok(Math.abs(sgd.logTime - descent.logTime) < 1e-15);
    }
  });

  it('is unbiased: single-sample steps average to the full step, for mean and sum', () => {
    for (const reduction of ['mean', 'sum'] as const) {
      for (const model of [LINEAR, tied(3), untied(3)]) {
        const objective = objectiveOf(randomDataset(2, 6, 4), model, { kind: 'square', reduction });
        const start = new Float64Array(objective.size).fill(0.6);
        const average = new Float64Array(objective.size);
        for (let i = 0; i < 6; i++) {
          const sgd = createSgd(objective, start, { stepSize: 1, batchSize: 1, sampling: 'with-replacement' }, scripted([i]));
          sgd.advance(1);
          for (let j = 0; j < average.length; j++) average[j] += (start[j] - sgd.parameters[j]) / 6;
        }
        const gradient = new Float64Array(objective.size);
        objective.gradient(start, gradient);
        assert.ok(difference(average, gradient) < 1e-14);
      }
    }
  });

  it('goes through every sample once an epoch', () => {
    // Orthonormal inputs: one visit to sample i sets w_i = η y_i, a second would add to it.
    const identity = Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (_, j) => (i === j ? 1 : 0)));
    const targets = [1, 2, 3, 4, 5, 6];
    const sgd = createSgd(
      objectiveOf(datasetOf(identity, targets), LINEAR, SQUARE),
      new Float64Array(6),
      { ...OPTIONS, stepSize: 0.5 },
      batches(),
    );
    sgd.advance(6);
    assert.deepEqual(
      [...sgd.parameters],
      targets.map((y) => y / 2),
    );
    sgd.advance(6);
    assert.deepEqual(
      [...sgd.parameters],
      targets.map((y) => 0.75 * y),
    );
  });

  it('keeps the last, smaller batch, with the mean over its own samples', () => {
    // Batches {0, 1} and {2}: η/2 for the first two samples, η for the third.
    const data = datasetOf(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      [1, 1, 1],
    );
    const endOf = (reduction: 'mean' | 'sum'): number[] => {
      const sgd = createSgd(
        objectiveOf(data, LINEAR, { kind: 'square', reduction }),
        new Float64Array(3),
        { stepSize: 0.25, batchSize: 2, sampling: 'shuffle' },
        scripted([0]),
      );
      sgd.advance(2);
      return [...sgd.parameters];
    };
    assert.deepEqual(endOf('mean'), [0.125, 0.125, 0.25]);
    assert.deepEqual(endOf('sum'), [0.375, 0.375, 0.75]);
  });

  it('counts a sample as often as it is drawn', () => {
    const rows = [
      [1, 0],
      [0, 1],
    ];
    const options: SgdOptions = { stepSize: 1, batchSize: 2, sampling: 'with-replacement' };
    const sgd = createSgd(objectiveOf(datasetOf(rows, [1, 1]), LINEAR, SQUARE), new Float64Array(2), options, scripted([0, 0, 0, 1]));
    sgd.advance(1);
    assert.deepEqual([...sgd.parameters], [1, 0]);
    sgd.advance(1);
    assert.deepEqual([...sgd.parameters], [1, 0.5]);
  });

  it('draws batches without a sample twice, every set of samples equally often, independently of the last', () => {
    // Rows are unit vectors: a step from 0 with batches of two moves the two coordinates that were drawn.
    const rows = Array.from({ length: 4 }, (_, i) => Array.from({ length: 4 }, (_, j) => (i === j ? 1 : 0)));
    const sgd = createSgd(
      objectiveOf(datasetOf(rows, [1, 1, 1, 1]), LINEAR, SQUARE),
      new Float64Array(4),
      { stepSize: 1e-9, batchSize: 2, sampling: 'without-replacement' },
      batches(),
    );
    const counts = new Map<string, number>();
    const steps = 6000;
    for (let k = 0; k < steps; k++) {
      const before = sgd.parameters.slice();
      sgd.advance(1);
      const moved = [...sgd.parameters].flatMap((value, j) => (value === before[j] ? [] : [j])).join();
      counts.set(moved, (counts.get(moved) ?? 0) + 1);
    }
    assert.deepEqual([...counts.keys()].sort(), ['0,1', '0,2', '0,3', '1,2', '1,3', '2,3']);
    // 1000 each, standard deviation √(6000 · 5/36) = 29.
    for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 5 * 29, String(count));
  });

  it('interpolates at the solution nearest to the start, and comes to rest there', () => {
    // w1 + w2 = 1 and w1 − w2 = 0.5; the third coordinate is never touched.
    const data = datasetOf(
      [
        [1, 1, 0],
        [1, -1, 0],
      ],
      [1, 0.5],
    );
    for (const sampling of ['shuffle', 'with-replacement'] as const) {
      const sgd = createSgd(
        objectiveOf(data, LINEAR, SQUARE),
        Float64Array.of(1, 1, 1),
        { stepSize: 0.25, batchSize: 1, sampling },
        batches(),
      );
      assert.equal(sgd.advance(2000), 'at-rest');
      assert.ok(difference(sgd.parameters, Float64Array.of(0.75, 0.25, 1)) < 1e-15);
      const { steps } = sgd;
      assert.equal(sgd.advance(5), 'at-rest');
      assert.equal(sgd.steps, steps);
    }
  });

  it('is not at rest while a sample that was not drawn for long would still move it', () => {
    const data = datasetOf(
      [
        [1, 0],
        [0, 1],
      ],
      [0, 1],
    );
    const sgd = createSgd(
      objectiveOf(data, LINEAR, SQUARE),
      new Float64Array(2),
      { ...OPTIONS, sampling: 'with-replacement' },
      scripted([0]),
    );
    assert.equal(sgd.advance(1000), 'running');
  });

  it('sees divergence', () => {
    const data = datasetOf([[1], [2]], [1, 1]);
    assert.equal(
      createSgd(objectiveOf(data, LINEAR, SQUARE), new Float64Array(1), { ...OPTIONS, stepSize: 30 }, batches()).advance(100_000),
      'diverged',
    );
    const overflowing = objectiveOf(datasetOf([[-1]], [1]), LINEAR, { kind: 'exponential', reduction: 'mean' });
    assert.equal(createSgd(overflowing, Float64Array.of(800), OPTIONS, batches()).advance(3), 'diverged');
  });

  it('is the same for the same stream, and another for another', () => {
    const objective = objectiveOf(randomDataset(6, 12, 3, true), LINEAR, LOGISTIC);
    const endOf = (seed: number): Float64Array => {
      const sgd = createSgd(objective, new Float64Array(3), { ...OPTIONS, batchSize: 5 }, batches(seed));
      sgd.advance(100);
      return sgd.parameters;
    };
    assert.deepEqual(endOf(1), endOf(1));
    assert.notDeepEqual(endOf(1), endOf(2));
  });

  it('takes the same steps on a model that gives no rows of its own', () => {
    const objective = objectiveOf(randomDataset(7, 9, 4), tied(2), SQUARE);
    const { inputs: _rows, ...opaque } = objective.model;
    const start = new Float64Array(8).fill(0.5);
    const ends = [objective, new Objective(opaque, objective.loss, objective.targets)].map((one) => {
      const sgd = createSgd(one, start, { stepSize: 0.02, batchSize: 2, sampling: 'with-replacement' }, batches());
      sgd.advance(60);
      return sgd.parameters;
    });
    assert.ok(difference(ends[0], ends[1]) < 1e-13);
  });

  it('goes through the batches in the order that is given, in every epoch', () => {
    // Orthonormal inputs: after one step the samples of one batch have moved.
    const identity = Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (_, j) => (i === j ? 1 : 0)));
    const objective = objectiveOf(datasetOf(identity, [1, 1, 1, 1, 1]), LINEAR, { kind: 'square', reduction: 'sum' });
    const sgd = createSgd(objective, new Float64Array(5), { stepSize: 0.1, batchSize: 2, sampling: { order: [2, 0, 1] } }, batches());
    const moved: number[][] = [];
    for (let step = 0; step < 6; step++) {
      const before = sgd.parameters.slice();
      sgd.advance(1);
      moved.push([...sgd.parameters.keys()].filter((j) => sgd.parameters[j] !== before[j]));
    }
    assert.deepEqual(moved, [[4], [0, 1], [2, 3], [4], [0, 1], [2, 3]]);
  });

  it('moves each label of a batch by δ up or down, anew in every step', () => {
    // x = 1, w = y = 0: a step of size 1 to the noise itself, ±δ; with two samples the mean of two independent ones.
    const ends = (samples: number): number[] => {
      const objective = objectiveOf(
        datasetOf(
          Array.from({ length: samples }, () => [1]),
          new Array<number>(samples).fill(0),
        ),
        LINEAR,
        SQUARE,
      );
      return Array.from({ length: 400 }, (_, seed) => {
        const options: SgdOptions = { stepSize: 1, batchSize: samples, sampling: 'shuffle', labelNoise: 0.5 };
        const sgd = createSgd(objective, Float64Array.of(0), options, batches(), randomStream(seed, 'step-noise'));
        sgd.advance(1);
        return sgd.parameters[0];
      });
    };
    const one = ends(1);
    assert.deepEqual(new Set(one), new Set([-0.5, 0.5]));
    // Of 400 fair tosses the count lies within 5 standard deviations, 50, of 200.
    assert.ok(Math.abs(one.filter((value) => value > 0).length - 200) < 50);
    const two = ends(2);
    assert.deepEqual(new Set(two), new Set([-0.5, 0, 0.5]));
    assert.ok(Math.abs(two.filter((value) => value === 0).length - 200) < 50);
  });

  it('follows the law of the noisy product: E[a² − b²] falls by the factor 1 − η²E r² a step, exactly', () => {
    // a⁺² − b⁺² = (a² − b²)(1 − η²r²) whatever r; at the minimum r = ±δ, so the first step multiplies by 1 − η²δ².
    const objective = objectiveOf(datasetOf([[1]], [1]), untied(2), SQUARE);
    const options: SgdOptions = { stepSize: 0.1, batchSize: 1, sampling: 'shuffle', labelNoise: 0.3 };
    const sgd = createSgd(objective, Float64Array.of(2, 0.5), options, batches(), randomStream(1, 'step-noise'));
    sgd.advance(1);
    const [a, b] = sgd.parameters;
    assert.ok(Math.abs(a * a - b * b - 3.75 * (1 - 0.01 * 0.09)) < 1e-15);
  });

  it('adds normal noise to the gradient, of the size that is asked for in every direction', () => {
    const objective = objectiveOf(datasetOf([new Array<number>(2000).fill(0)], [0]), LINEAR, SQUARE);
    const options: SgdOptions = { stepSize: 0.1, batchSize: 1, sampling: 'shuffle', gradientNoise: 3 };
    const sgd = createSgd(objective, new Float64Array(2000), options, batches(), randomStream(2, 'step-noise'));
    assert.equal(sgd.advance(100), 'running');
    // 100 steps of standard deviation 0.3: variance 9, whose estimate from 2000 values has a standard error of 9·√(2/2000).
    const variance = sgd.parameters.reduce((sum, value) => sum + value * value, 0) / 2000;
    assert.ok(Math.abs(variance - 9) < 5 * 9 * Math.sqrt(2 / 2000), `variance ${variance}`);
  });

  it('lets its steps drop, and counts the time by them', () => {
    const objective = objectiveOf(datasetOf([[1]], [1]), LINEAR, SQUARE);
    const schedule = { kind: 'drops', at: [2, 3], factor: 0.5 } as const;
    const sgd = createSgd(objective, Float64Array.of(0), { ...OPTIONS, stepSize: 0.5, schedule }, batches());
    sgd.advance(4);
    // 1 − w is multiplied by 1 − η in each step: ½ · ½ · ¾ · ⅞.
    assert.ok(Math.abs(1 - sgd.parameters[0] - 0.1640625) < 1e-15);
    assert.ok(Math.abs(Math.exp(sgd.logTime) - (0.5 + 0.5 + 0.25 + 0.125)) < 1e-12);
  });
});
