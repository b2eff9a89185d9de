/**
 * ½(x²y² − 1)²: the ends are of an independent program (Python), which iterates x ← x(1 − ηry²), y ← y(1 − ηrx²) and prints (2/η − S)/(η/2).
 */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { judging } from './judging';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'zhu-2023-minimalist-edge';

interface Sample {
  readonly x: number;
  readonly y: number;
}

function fourWeights(
  weights: readonly number[],
  stepSize: number,
  change: Partial<ExperimentInput> = {},
  { x, y }: Sample = { x: 1, y: 1 },
): ExperimentInput {
  return {
    data: { kind: 'inline', x: [[x]], y: [y] },
    model: { kind: 'linear-network', widths: [1, 1, 1] },
    loss: 'square',
    init: { kind: 'explicit', parameters: weights.map((weight) => [weight]) },
    optimizer: { kind: 'gradient-descent', stepSize },
    stop: { steps: Math.round(60 / stepSize ** 2) },
    expect: { verdict: 'agrees', result: RESULT },
    ...change,
  };
}

const twice = (x: number, y: number): number[] => [x, x, y, y];

describe('Zhu et al. 2023: four weights at the edge', () => {
  const ends: readonly (readonly [number, number, number, number])[] = [
    [4, 0.1, 0.1, 0.922995],
    [4, 0.2, 0.1, 0.922995],
    [6, 0.1, 0.05, 0.980082],
    [5, 0.3, 0.05, 0.980082],
    [8, 0.1, 0.02, 0.996781],
  ];
  for (const [x, y, stepSize, ratio] of ends) {
    it(`from (${x}, ${y}) with η = ${stepSize} ends ${ratio} · η/2 below 2/η`, async () => {
      const { verdict } = await reportOf(fourWeights(twice(x, y), stepSize));
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      // Six digits are given, the gap is a difference of numbers that are 1/η² times as large.
      assert.ok(verdict.value !== null && Math.abs(1 - verdict.value - ratio) < 2e-6, String(verdict.value));
    });
  }

  it('the order of the layers does not count, and another sample is the same problem in another scale', async () => {
    const plain = await reportOf(fourWeights(twice(6, 0.1), 0.05));
    const mixed = await reportOf(fourWeights([0.1, 6, 0.1, 6], 0.05));
    // Weights times 2 for y/x = 16: the step is η y^(3/2) x^(1/2), so η = 0.05/(8^1.5 · 0.5^0.5) for x = ½, y = 8.
    const sample = { x: 0.5, y: 8 };
    const scaled = await reportOf(fourWeights(twice(12, 0.2), 0.05 / (8 ** 1.5 * Math.SQRT1_2), { stop: { steps: 24_000 } }, sample));
    for (const { verdict } of [mixed, scaled]) {
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      assert.ok(Math.abs((verdict.value ?? 0) - (plain.verdict.value ?? 1)) < 1e-6, `${verdict.value} ${plain.verdict.value}`);
    }
  });

  const broken: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['momentum', fourWeights(twice(6, 0.1), 0.01, { optimizer: { kind: 'gradient-descent', stepSize: 0.01, momentum: 0.5 } }), /plain/],
    ['weights that are no pairs', fourWeights([6, 5, 0.1, 0.1], 0.05), /equal pairs/],
    ['a target of the other sign', fourWeights(twice(6, 0.1), 0.05, {}, { x: 1, y: -1 }), /two squares/],
    ['a large step', fourWeights(twice(2.6, 0.1), 0.2), /small step/],
    ['a flow that ends below the edge', fourWeights(twice(4, 0.1), 0.05), /beyond the edge/],
    ['a flow that ends next to it', fourWeights(twice(4.474, 0.1), 0.05), /beyond the edge/],
    ['a start that is thrown out', fourWeights(twice(6.5, 0.1), 0.05), /catches/],
  ];
  for (const [name, experiment, text] of broken) {
    it(`is withdrawn by ${name}`, async () => {
      const report = await reportOf({ ...experiment, stop: { steps: 200 } });
      const reasons = failing(prediction(report, RESULT));
      assert.ok(
        reasons.some((reason) => text.test(reason)),
        reasons.join(', '),
      );
      assert.notEqual(report.verdict.result, RESULT);
    });
  }

  it('a start that is thrown out does diverge', async () => {
    const { outcome } = await reportOf(fourWeights(twice(6.5, 0.1), 0.05));
    assert.equal(outcome, 'diverged');
  });

  it('of other depths and wider layers nothing is said', async () => {
    for (const widths of [[1], [1, 1], [2, 1, 1]]) {
      const { predictions } = await reportOf({
        ...fourWeights([], 0.01, { init: { kind: 'gaussian', scale: 0.5 }, expect: undefined }),
        model: { kind: 'linear-network', widths },
        stop: { steps: 10 },
      });
      assert.ok(!predictions.some(({ result }) => result === RESULT));
    }
  });

  it('shown another minimum the judge disagrees; one that still oscillates decides nothing; a divergence disagrees', async () => {
    const { trained, judge } = await judging(fourWeights(twice(6, 0.1), 0.05));
    assert.equal(judge({}).outcome, 'agrees');
    // 2(x² + 1/x²) = 39.5: 0.5 below the edge, twenty times too far; and one above it.
    for (const sharpness of [39.5, 40.02]) {
      const x = Math.sqrt((sharpness / 2 + Math.sqrt((sharpness / 2) ** 2 - 4)) / 2);
      assert.equal(judge({ parameters: Float64Array.from(twice(x, 1 / x)) }).outcome, 'disagrees');
    }
    const swinging = trained.parameters.map((weight) => weight * 1.001);
    assert.equal(judge({ parameters: swinging }).outcome, 'inconclusive');
    assert.equal(judge({ outcome: 'diverged' }).outcome, 'disagrees');
    const short = await reportOf(fourWeights(twice(6, 0.1), 0.05, { stop: { steps: 500 } }));
    assert.equal(short.verdict.outcome, 'inconclusive', short.verdict.says);
  });
});
