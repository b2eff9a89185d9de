/** C16: bounds on the test error by margins. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { boundAt, judgeBound, leastBound, type BoundInput } from '../../src/theory/margin-bound';
import { failing, prediction, reportOf } from './lab';

const LINEAR = 'koltchinskii-panchenko-2002-margin';
const FROBENIUS = 'golowich-2018-frobenius';
const SPECTRAL = 'bartlett-2017-spectral';

/** Margins 1 … 100 hundredths of 10⁴ samples. */
const INPUT: BoundInput = {
  margins: Float64Array.from({ length: 10_000 }, (_, i) => ((i % 100) + 1) / 100),
  complexity: 0.005,
  radius: 1,
  testError: 0.01,
  testSamples: 5000,
};

describe('the margin bound', () => {
  it('is the sum of its four terms', () => {
    // At ρ = ½: 0.5 + 4·0.005/0.5 + √(ln log₂ 4/10⁴) + 3√(ln 80/(2·10⁴)), by hand.
    const expected = 0.5 + 0.04 + Math.sqrt(Math.LN2 / 1e4) + 3 * Math.sqrt(Math.log(80) / 2e4);
    assert.ok(Math.abs(boundAt(INPUT, 0.5) - expected) < 1e-14);
  });

  it('is least where a grid finds it least', () => {
    let best = Infinity;
    for (let rho = 0.001; rho <= 1; rho += 0.001) best = Math.min(best, boundAt(INPUT, rho));
    const found = leastBound(INPUT);
    assert.ok(found.value <= best && found.value > best - 0.02, `${found.value} against ${best}`);
  });

  it('says vacuous above 1, disagrees with an error beyond it, and knows the difference', () => {
    assert.match(judgeBound('x', INPUT).says, /Not vacuous/);
    assert.equal(judgeBound('x', INPUT).outcome, 'agrees');
    const wide = judgeBound('x', { ...INPUT, complexity: 5 });
    assert.match(wide.says, /Vacuous/);
    assert.ok((wide.tolerance ?? 0) > 1);
    assert.equal(judgeBound('x', { ...INPUT, testError: 0.9 }).outcome, 'disagrees');
  });
});

const circle = (samples: number): ExperimentInput => ({
  data: { kind: 'sphere', samples, features: 2, labels: 'hyperplane', testSamples: 500 },
  model: { kind: 'linear' },
  loss: 'logistic',
  optimizer: { kind: 'gradient-descent' },
  stop: { steps: 200 },
  expect: { verdict: 'agrees', result: LINEAR },
});

const network = (change: object = {}): ExperimentInput => ({
  data: { kind: 'moons', samples: 60, testSamples: 200 },
  model: { kind: 'network', widths: [10], ...change },
  init: { kind: 'gaussian', scale: 0.5 },
  loss: 'logistic',
  optimizer: { kind: 'gradient-descent', stepSize: 0.5 },
  stop: { steps: 200 },
});

describe('C16 on runs', () => {
  it('linear: with many samples in the plane the bound says something, with few it is vacuous', async () => {
    const many = await reportOf(circle(3000));
    assert.equal(many.verdict.result, LINEAR);
    assert.ok((many.verdict.tolerance ?? 2) < 0.7, many.verdict.says);
    const few = await reportOf(circle(50));
    assert.match(few.verdict.says, /Vacuous/);
    assert.equal(few.verdict.outcome, 'agrees');
    assert.ok(many.figures.some(({ id }) => id === 'margin-bound'));
  });

  it('the bound does not change when w is scaled: longer training of the same direction', async () => {
    const of = async (scale: number): Promise<number> =>
      (
        await reportOf({
          ...circle(300),
          init: { kind: 'explicit', parameters: [[scale, scale / 2]] },
          optimizer: { kind: 'gradient-descent', stepSize: 1e-9 },
          stop: { steps: 1 },
        })
      ).verdict.tolerance ?? Number.NaN;
    assert.ok(Math.abs((await of(1)) - (await of(100))) < 1e-6);
  });

  it('test samples written in the file: not known how they were chosen', async () => {
    const report = await reportOf({
      ...circle(10),
      data: {
        kind: 'inline',
        x: [
          [1, 2],
          [-1, 0],
        ],
        y: [1, -1],
        test: { x: [[1, 1]], y: [1] },
      },
    });
    assert.notEqual(report.verdict.result, LINEAR);
    assert.equal(failing(prediction(report, LINEAR)).length, 1);
  });

  it('networks: both bounds are vacuous on sixty samples, and say so', async () => {
    for (const result of [FROBENIUS, SPECTRAL]) {
      const report = await reportOf({ ...network(), expect: { verdict: 'agrees', result } });
      assert.equal(report.verdict.result, result);
      assert.equal(report.verdict.outcome, 'agrees');
      assert.match(report.verdict.says, /Vacuous/);
    }
  });

  it('one unit: the spectral complexity by hand', async () => {
    // f = v max(w·x, 0), |v| = ½, w = (1, 1): σ norms √2 and ½, both terms of the correction 1: R_A = (√2/2) 2^(3/2) = 2.
    const report = await reportOf({
      data: { kind: 'sphere', samples: 400, features: 2, testSamples: 10 },
      model: { kind: 'network', widths: [1] },
      init: { kind: 'explicit', parameters: [[1, 1], [0.5]] },
      loss: 'logistic',
      optimizer: { kind: 'gradient-descent', stepSize: 1e-12 },
      stop: { steps: 1 },
      expect: { verdict: 'inconclusive', result: SPECTRAL },
    });
    const figure = report.figures.find(({ id }) => id === 'layer-norms');
    assert.ok(figure?.kind === 'chart');
    assert.deepEqual(
      figure.series.map(({ y }) => y.map((value) => Number(value.toFixed(6)))),
      [
        [1.414214, 0.5],
        [1.414214, 0.5],
        [1.414214, 0.5],
      ],
    );
  });

  for (const [what, change] of [
    ['biases', { bias: 'all' }],
    ['tanh', { activation: 'tanh' }],
    ['residual connections', { widths: [4, 4], residual: true }],
    ['a frozen output layer', { trainable: 'first' }],
  ] as const) {
    it(`networks with ${what} are not covered`, async () => {
      const report = await reportOf({ ...network(change), stop: { steps: 5 } });
      for (const result of [FROBENIUS, SPECTRAL]) assert.ok(failing(prediction(report, result)).length > 0);
    });
  }
});
