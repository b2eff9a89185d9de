import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { balancedOrbit } from '../../src/theory/chen-bruna-2022-factorization';
import { failing, prediction, reportOf } from './lab';
import { halvesOf } from './situation';

const LINE = 'chen-bruna-2022-two-step';
const PRODUCT = 'chen-bruna-2022-factorization';

/** ½(w² − y)². */
function squareUnit(stepSize: number, start: number, y = 1, steps = 20_000): ExperimentInput {
  return {
    data: { kind: 'inline', x: [[1]], y: [y] },
    model: { kind: 'neuron', activation: 'quadratic' },
    init: { kind: 'explicit', parameters: [[start]] },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize },
    stop: { steps },
  };
}

function product(stepSize: number, a: number, b: number, steps = 4000): ExperimentInput {
  return {
    data: { kind: 'inline', x: [[1]], y: [1] },
    model: { kind: 'linear-network', widths: [1] },
    init: { kind: 'explicit', parameters: [[a], [b]] },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize },
    stop: { steps },
    expect: { verdict: 'agrees', result: PRODUCT },
  };
}

/** Half the width of the orbit at the end of a run, from the two numbers the verdict names. */
const halfWidth = (says: string): number => Number(/half the width is ([\d.]+)/.exec(says)?.[1]);

describe('Chen and Bruna 2023: two steps beyond 2/f″', () => {
  // Half widths measured by an independent program, beside √(2e/c): .03517, .04947, .07701, .10616.
  for (const [e, measured, foreseen] of [
    [0.01, 0.03527, 0.03517],
    [0.02, 0.04975, 0.04947],
    [0.05, 0.07809, 0.07701],
    [0.1, 0.10911, 0.10616],
  ] as const) {
    it(`½(w² − 1)² at e = ${e}: half the width is ${measured}`, async () => {
      const { verdict } = await reportOf(squareUnit((2 + e) / 4, 1.03));
      assert.equal(verdict.result, LINE);
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      assert.ok(Math.abs(halfWidth(verdict.says) / measured - 1) < 3e-3, verdict.says);
      assert.match(verdict.says, new RegExp(`√\\(2e/c\\) = ${String(foreseen).slice(0, 5)}`));
    });
  }

  it('ln cosh w: no third derivative, ±0.12254 at e = 0.01', async () => {
    // ln(2cosh(w/2)) of two contradicting samples: twice as wide.
    const { verdict } = await reportOf({
      data: { kind: 'inline', x: [[1], [1]], y: [1, -1] },
      model: { kind: 'linear' },
      init: { kind: 'explicit', parameters: [[0.2]] },
      loss: 'logistic',
      optimizer: { kind: 'gradient-descent', stepSize: 8.04 },
      stop: { steps: 6000 },
    });
    assert.equal(verdict.outcome, 'agrees', verdict.says);
    assert.ok(Math.abs(halfWidth(verdict.says) - 2 * 0.12254) < 1e-4, verdict.says);
  });

  it('½(w² + 1)²: the quantity is −24, and the run diverges', async () => {
    const report = await reportOf(squareUnit(1.01, 0.01, -1));
    assert.equal(report.outcome, 'diverged');
    assert.equal(report.verdict.outcome, 'no-prediction');
    const [criterion] = prediction(report, LINE).conditions.filter(({ text }) => text.startsWith('3f‴²'));
    assert.match(criterion.because, /f⁗ = 12: −24/);
  });

  it('a start is near where all of its interval comes to the orbit: a step from farther away may lead to another minimum', async () => {
    // An independent program: from 1.4 with η = 0.55, and 1.49 with 0.575, the run ends on the orbit about −1.
    for (const [stepSize, start] of [
      [0.55, 1.4],
      [0.575, 1.49],
    ]) {
      const report = await reportOf(squareUnit(stepSize, start, 1, 4000));
      assert.ok((report.solution.parameters[0][0] ?? 1) < 0);
      assert.deepEqual(failing(prediction(report, LINE)), ['a start near the minimum']);
      assert.notEqual(report.verdict.result, LINE, report.verdict.says);
    }
    // Outside the orbit 0.9465 … 1.0460 and caught: 1.06 ↦ 0.9277 ↦ 1.0583.
    const { verdict } = await reportOf(squareUnit(0.505, 1.06));
    assert.deepEqual([verdict.outcome, verdict.result], ['agrees', LINE], verdict.says);
  });

  it('conditions: a stable step, momentum, a start far away, a step far beyond', async () => {
    const fails = async (experiment: ExperimentInput): Promise<readonly string[]> => failing(prediction(await reportOf(experiment), LINE));
    assert.deepEqual(await fails(squareUnit(0.51, 1.03, 1, 10)), []);
    assert.deepEqual(await fails(squareUnit(0.49, 1.03, 1, 10)), ['a step slightly above 2/f″']);
    assert.deepEqual(await fails(squareUnit(0.51, 1.3, 1, 10)), ['a start near the minimum']);
    assert.deepEqual(
      await fails({ ...squareUnit(0.51, 1.03, 1, 10), optimizer: { kind: 'gradient-descent', stepSize: 0.51, momentum: 0.5 } }),
      ['plain gradient descent'],
    );
    // Beyond e = 2(√5 − 2) the orbit itself has doubled.
    assert.deepEqual(await fails(squareUnit(0.63, 1.1, 1, 10)), [
      'a step slightly above 2/f″',
      'the orbit of two points is there and attracts',
    ]);
  });

  it('an orbit of other points disagrees, a divergence too, and a run cut short is inconclusive', async () => {
    const { examination, trained } = await halvesOf(squareUnit(0.505, 1.03, 1, 4000), LINE);
    assert.equal(examination.judge(trained, null, []).outcome, 'agrees');
    assert.equal(examination.judge({ ...trained, parameters: Float64Array.of(1) }, null, []).outcome, 'disagrees');
    assert.equal(
      examination.judge({ ...trained, parameters: Float64Array.of(trained.parameters[0] + 1e-4) }, null, []).outcome,
      'disagrees',
    );
    assert.equal(examination.judge({ ...trained, outcome: 'diverged' }, null, []).outcome, 'disagrees');
    const short = await halvesOf(squareUnit(0.505, 1.03, 1, 100), LINE);
    assert.equal(short.examination.judge(short.trained, null, []).outcome, 'inconclusive');
  });

  it('two weights with η = 1.05: both go to and fro between 1.09109 and 0.87287', async () => {
    const [low, high] = balancedOrbit(1.05);
    assert.ok(Math.abs(low - 0.87287) < 1e-5 && Math.abs(high - 1.09109) < 1e-5);
    for (const eta of [1.02, 1.05, 1.2]) {
      const { solution, verdict } = await reportOf(product(eta, 1.2, 0.9, 6000));
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      const [[a], [b]] = solution.parameters;
      assert.ok(Math.abs(a - b) < 1e-13, `${a} ${b}`);
      const points = balancedOrbit(eta);
      assert.ok(Math.min(...points.map((z) => Math.abs(a - z))) < 1e-12);
    }
  });

  it('the picture of the two weights: the hyperbola of fits, the curve S = 2/η, and the points of a run that swings', async () => {
    const { figures } = await reportOf(product(1.05, 1.2, 0.9, 300));
    const [plane] = figures.filter(({ id }) => id === 'parameter-plane');
    assert.ok(plane.kind === 'chart');
    const series = new Map(plane.series.map((one) => [one.name, one]));
    assert.deepEqual([...series.keys()], ['path of the run', 'minimisers', 'S = 2/η', 'start', 'end']);
    assert.equal(series.get('path of the run')?.style, 'points');
    const along = (name: string, f: (a: number, b: number) => number, close: number): void => {
      const { x, y } = series.get(name) ?? { x: [], y: [] };
      assert.ok(x.length > 20);
      x.forEach((a, k) => assert.ok(Number.isNaN(a) || Math.abs(f(a, y[k])) < close, `${name}: ${f(a, y[k])}`));
    };
    // Linear interpolation on a grid of about 1/150.
    along('minimisers', (a, b) => a * b - 1, 1e-4);
    along('S = 2/η', (a, b) => (a * a + b * b) / 2 + Math.hypot((a * a - b * b) / 2, 2 * a * b - 1) - 2 / 1.05, 1e-3);
  });

  it('a negative target, a longer input and more units: the orbit scales', async () => {
    const { verdict } = await reportOf({
      data: { kind: 'inline', x: [[0.6, 0.8]], y: [-4] },
      model: { kind: 'linear-network', widths: [2] },
      init: {
        kind: 'explicit',
        parameters: [
          [1.2, 1.6, 0.3, 0.4],
          [-2, -0.6],
        ],
      },
      loss: 'square',
      optimizer: { kind: 'gradient-descent', stepSize: 1.1 / 4 },
      stop: { steps: 4000 },
      expect: { verdict: 'agrees', result: PRODUCT },
    });
    assert.equal(verdict.outcome, 'agrees', verdict.says);
  });

  it('the product: an unbalanced end, an end at the minimum and a stable step are told apart', async () => {
    const { examination, trained } = await halvesOf(product(1.05, 1.2, 0.9), PRODUCT);
    const [a, b] = trained.parameters;
    assert.equal(examination.judge(trained, null, []).outcome, 'agrees');
    assert.equal(examination.judge({ ...trained, parameters: Float64Array.of(a * 1.001, b / 1.001) }, null, []).outcome, 'disagrees');
    assert.equal(examination.judge({ ...trained, parameters: Float64Array.of(1, 1) }, null, []).outcome, 'disagrees');
    const stable = await reportOf(product(0.9, 1.2, 0.9, 10));
    assert.deepEqual(failing(prediction(stable, PRODUCT)), [
      'a step beyond the flattest minimum, below the doubling of the orbit: 1 < κ < √5 − 1',
    ]);
    const far = await reportOf(product(1.05, 2, 0.1, 100));
    assert.ok(failing(prediction(far, PRODUCT)).includes('a nearly symmetric start'));
    assert.equal(far.outcome, 'diverged');
  });
});
