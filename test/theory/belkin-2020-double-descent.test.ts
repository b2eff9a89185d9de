import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { belkin2020DoubleDescent } from '../../src/theory/belkin-2020-double-descent';
import { failing, prediction, reportOf } from './lab';

const ID = belkin2020DoubleDescent.id;

const experiment = (count: number, changes: Partial<ExperimentInput> = {}): ExperimentInput => ({
  data: { kind: 'sparse-regression', samples: 40, features: 100, sparsity: 100, noise: 0.3, testSamples: 10 },
  features: { kind: 'coordinates', count },
  model: { kind: 'linear' },
  loss: 'square',
  optimizer: { kind: 'gradient-flow' },
  ...changes,
});

const lawOf = async (count: number, changes: Partial<ExperimentInput> = {}): Promise<number> =>
  2 * ((await reportOf(experiment(count, changes))).expected?.testLoss ?? Number.NaN);

describe('Belkin, Hsu and Xu 2020', function () {
  this.timeout(60_000);

  it('has the risks of the formula', async () => {
    // Worked out by hand from Theorem 1 for D = 100, n = 40, b_j² = 0.01, σ² = 0.09; means of 4000 draws by numpy agree within 2 standard errors.
    for (const [count, risk] of [
      [10, 1.331379],
      [20, 1.826842],
      [30, 3.423333],
      [60, 1.721579],
      [80, 0.987436],
      [100, 0.751017],
    ]) {
      assert.ok(Math.abs((await lawOf(count)) - risk) < 1e-6, `${count}: ${await lawOf(count)}`);
    }
    assert.equal(await lawOf(40), Infinity);
  });

  it('agrees below, at and beyond the threshold', async () => {
    for (const count of [1, 20, 39, 40, 41, 60, 100]) {
      const { verdict } = await reportOf(experiment(count, { seed: 5 }));
      assert.deepEqual([verdict.outcome, verdict.result], ['agrees', ID], `${count}: ${verdict.says}`);
      assert.ok((verdict.value ?? Infinity) < 4, verdict.says);
    }
  });

  it('agrees with gradient descent from 0 and without noise', async () => {
    const descent = await reportOf(experiment(80, { optimizer: { kind: 'gradient-descent' } }));
    assert.equal(descent.verdict.outcome, 'agrees');
    const data = { kind: 'sparse-regression', samples: 40, features: 100, sparsity: 100, noise: 0 } as const;
    const clean = await reportOf(experiment(100, { data }));
    assert.equal(clean.verdict.outcome, 'agrees');
  });

  it('draws the law with the run upon it', async () => {
    const { figures } = await reportOf(experiment(60));
    const figure = figures.find(({ id }) => id === 'double-descent');
    assert.ok(figure?.kind === 'chart');
    const [law, run] = figure.series;
    assert.deepEqual([law.x.length, run.x], [100, [60]]);
    assert.ok(Math.abs(law.y[59] - 1.721579) < 1e-6);
    assert.deepEqual([law.y[38], law.y[39], law.y[40]], [Infinity, Infinity, Infinity]);
  });

  const broken: readonly (readonly [string, Partial<ExperimentInput>, RegExp])[] = [
    ['a start off 0', { init: { kind: 'gaussian', scale: 0.3 } }, /starts at 0/],
    [
      'inputs with a mean',
      { data: { kind: 'sparse-regression', samples: 40, features: 100, sparsity: 100, shift: 1 } },
      /independent standard normal/,
    ],
    [
      'inputs on a sphere',
      { data: { kind: 'teacher', samples: 40, features: 100, inputs: 'sphere', model: { kind: 'linear' } } },
      /independent standard normal/,
    ],
    ['a bias', { model: { kind: 'linear', bias: true } }, /no bias/],
    ['another optimizer', { optimizer: { kind: 'adam', stepSize: 0.01 }, stop: { steps: 10 } }, /gradient flow or descent/],
  ];
  for (const [what, changes, condition] of broken) {
    it(`does not apply to ${what}`, async () => {
      const report = await reportOf(experiment(80, changes));
      const found = prediction(report, ID);
      assert.equal(found.applies, false);
      assert.match(failing(found).join(', '), condition);
      assert.equal(report.expected, undefined);
    });
  }

  it('would be far from the risk that the conditions keep out', async () => {
    const data = { kind: 'sparse-regression', samples: 40, features: 100, sparsity: 100, noise: 0.3, testSamples: 2000 } as const;
    const { measures } = await reportOf(experiment(80, { data, init: { kind: 'gaussian', scale: 0.3 } }));
    // ‖(1 − Π)w(0)‖² adds 0.09 · 40 = 3.6 on average to the law's 0.99.
    assert.ok(2 * measures.testLoss > 3, `${measures.testLoss}`);
  });
});
