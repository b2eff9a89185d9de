import assert from 'node:assert/strict';
import { representationCost } from '../../../src/measures/representation-cost';
import { randomStream } from '../../../src/numerics/random';
import { costOf, functionNorm } from '../../../src/solvers/function-norm';
import type { LinearProgramSolver } from '../../../src/solvers/reference-problem';
import { variationNorm } from '../../../src/solvers/variation-norm';
import { loadLinearProgramSolver } from '../../../src/worker/highs';

/**
 * Between the points chords have the least variation, so only the slopes beyond the ends are free. With C the variation of the chords'
 * slopes and D = |first + last|: R* = C where D ≤ C, else both ends give way alike and R* = (C + D)/2.
 */
function closedForm(x: readonly number[], y: readonly number[]): number {
  const slopes = x.slice(1).map((value, i) => (y[i + 1] - y[i]) / (value - x[i]));
  const variation = slopes.slice(1).reduce((sum, slope, i) => sum + Math.abs(slope - slopes[i]), 0);
  return Math.max(variation, (variation + Math.abs(slopes[0] + slopes[slopes.length - 1])) / 2);
}

describe('the least cost of a function through points', () => {
  let lp: LinearProgramSolver;
  before(async () => {
    lp = await loadLinearProgramSolver();
  });

  it('is 10 for (0, 1, −1, 1, 0) at −2 … 2, which the chords have', () => {
    const { objective, certificate, slopes } = functionNorm(Float64Array.of(2, -2, -1, 0, 1), Float64Array.of(0, 0, 1, -1, 1), lp);
    assert.ok(Math.abs(objective - 10) < 1e-12);
    assert.ok(certificate.value < 1e-12, certificate.says);
    assert.deepEqual([...slopes.slice(1, 5)], [1, -2, 2, -1]);
  });

  it('is half the slope of a line twice: |f′(−∞) + f′(+∞)| with kinks that halve it', () => {
    // Two points: C = 0, D = 2|s|, R* = |s|; without kinks the line itself costs 2|s|.
    const { objective, certificate } = functionNorm(Float64Array.of(0, 1), Float64Array.of(1, 4), lp);
    assert.ok(Math.abs(objective - 3) < 1e-12);
    assert.ok(certificate.value < 1e-12);
    assert.equal(costOf([3, 3]), 6);
  });

  it('is the closed form on random points, certified', () => {
    const stream = randomStream(4, 'test');
    for (let trial = 0; trial < 100; trial++) {
      const n = 2 + stream.integer(8);
      const x = Array.from({ length: n }, () => stream.gaussian()).sort((a, b) => a - b);
      // Every other one with a trend, so that both cases occur.
      const y = x.map((value) => (trial % 2 === 0 ? 0 : 20 * value) + stream.gaussian());
      const { objective, certificate } = functionNorm(Float64Array.from(x), Float64Array.from(y), lp);
      assert.ok(Math.abs(objective / closedForm(x, y) - 1) < 1e-9, `trial ${trial}`);
      assert.ok(certificate.value < 1e-9, certificate.says);
    }
  });

  it('bounds the regularized problem: tight at small λ, and never above what a function has', () => {
    const x = [-2, -1, 0, 1, 2];
    const y = [0, 1, -1, 1, 0];
    const answer = functionNorm(Float64Array.from(x), Float64Array.from(y), lp);
    // ν = (−1, 3, −4, 3, −1): ‖ν‖² = 36, and min_f = λR* − λ²‖ν‖²/2ρ while the signs stay.
    assert.ok(Math.abs(answer.regularizedBound(0.01, 0.2) - (0.1 - (0.0001 * 36) / 0.4)) < 1e-12);
    const stream = randomStream(5, 'test');
    for (let trial = 0; trial < 200; trial++) {
      const lambda = Math.pow(10, -3 * stream.uniform());
      const values = y.map((value) => value * stream.uniform() + 0.2 * stream.gaussian());
      const reached = 0.1 * values.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) + lambda * closedForm(x, values);
      assert.ok(answer.regularizedBound(lambda, 0.2) <= reached + 1e-12);
    }
  });

  it('refuses two samples at one place', () => {
    assert.throws(() => functionNorm(Float64Array.of(1, 1), Float64Array.of(0, 1), lp), { reason: 'infeasible' });
  });

  it('of a network is read off its weights: (x)₊ + (−x)₊ costs 2, the line (x)₊ − (−x)₊ costs 2, (x)₊ costs 1', () => {
    const x = Float64Array.of(-1, 1);
    assert.equal(representationCost(Float64Array.of(1, -1, 0, 0, 1, 1), x), 2);
    assert.equal(representationCost(Float64Array.of(1, -1, 0, 0, 1, -1, 5), x), 2);
    assert.equal(representationCost(Float64Array.of(2, 0, 0.5), x), 1);
    // A unit and its negative at one place cancel: the cost is the function's, not the weights'.
    assert.equal(representationCost(Float64Array.of(1, 1, 0, 0, 1, -1), x), 0);
  });
});

describe('the largest margin with the biases counted', () => {
  // Without output bias and with the hidden biases in the norm it is the variation norm of the samples (x, 1). Values: an independent linear program over
  // directions of the circle (scipy), and the closed forms that it shows.
  const cases: readonly (readonly [readonly number[], readonly number[], number, string])[] = [
    [[-2, -1, 1, 2], [1, -1, -1, 1], 3 + 2 * Math.sqrt(3), '3 + 2√3'],
    [[-1, 0, 1], [1, -1, 1], 5, '5'],
    [[-3, -2, -1, 1, 2, 3], [-1, -1, -1, 1, 1, 1], Math.SQRT2, '√2'],
    [[-2, -1, 0, 1, 2], [1, -1, 1, -1, 1], 4 + 8 * Math.SQRT2, '4 + 8√2'],
  ];
  for (const [x, y, value, name] of cases) {
    it(`of ${y.map((label) => (label > 0 ? '+' : '−')).join('')} is ${name}`, async () => {
      const rows = Float64Array.from(x.flatMap((each) => [each, 1]));
      const answer = variationNorm(
        rows,
        Float64Array.from(y),
        x.length,
        2,
        { kind: 'piecewise', slope: 0 },
        await loadLinearProgramSolver(),
      );
      assert.ok(Math.abs(answer.objective / value - 1) < 1e-9, `${answer.objective}`);
      assert.ok(answer.certificate.value < 1e-10);
    });
  }
});
