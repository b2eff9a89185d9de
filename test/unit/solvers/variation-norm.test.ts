import assert from 'node:assert/strict';
import { activationPatterns, largestPatternCount } from '../../../src/solvers/activation-patterns';
import { SolverError, type LinearProgramSolver } from '../../../src/solvers/reference-problem';
import { unitPeaks, type UnitActivation } from '../../../src/solvers/unit-peaks';
import { variationNorm, type VariationNormAnswer } from '../../../src/solvers/variation-norm';
import { randomStream } from '../../../src/numerics/random';
import { loadLinearProgramSolver } from '../../../src/worker/highs';

const RELU: UnitActivation = { kind: 'piecewise', slope: 0 };
const QUADRATIC: UnitActivation = { kind: 'quadratic' };

const random = randomStream(3, 'test');
const gaussian = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.gaussian());

describe('activation patterns', () => {
  it('are as many as Cover (1965) counts in general position', () => {
    for (const [n, d] of [
      [7, 1],
      [9, 2],
      [8, 3],
      [7, 4],
      [3, 5],
    ]) {
      // 2 Σ_{k<d} C(n−1, k), by hand: 2; 18; 2(1+7+21); 2(1+6+15+20); all 2³ signs of 3 samples.
      const expected = { 1: 2, 2: 18, 3: 58, 4: 84, 5: 8 }[d as 1];
      assert.equal(activationPatterns(gaussian(n * d), n, d).length, expected);
      assert.equal(largestPatternCount(n, d), expected);
    }
  });

  it('come in opposite pairs, and every random direction has one of them', () => {
    const [n, d] = [8, 3];
    const x = gaussian(n * d);
    const patterns = new Set(activationPatterns(x, n, d).map((pattern) => pattern.join()));
    for (let k = 0; k < 500; k++) {
      const a = gaussian(d);
      const signs = Array.from({ length: n }, (_, i) => (x[i * d] * a[0] + x[i * d + 1] * a[1] + x[i * d + 2] * a[2] > 0 ? 1 : -1));
      assert.ok(patterns.has(signs.join()));
      assert.ok(patterns.has(signs.map((sign) => -sign).join()));
    }
  });

  it('count parallel, repeated and vanishing samples once', () => {
    // Two lines through the origin in the plane, one of them three times, and the origin: 4 cells.
    const patterns = activationPatterns(Float64Array.of(1, 0, 2, 0, -1, 0, 0, 1, 0, 0), 5, 2);
    assert.equal(patterns.length, 4);
    for (const p of patterns) assert.deepEqual([p[1], p[2], p[4]], [p[0], -p[0], 1]);
  });
});

describe('the peaks of a sum of units', () => {
  for (const [name, activation] of [
    ['ReLU', RELU],
    ['leaky ReLU', { kind: 'piecewise', slope: 0.3 }],
    ['quadratic', QUADRATIC],
  ] as const) {
    it(`${name}: no direction is above the highest peak, and it is reached`, () => {
      const [n, d] = [7, 3];
      const x = gaussian(n * d);
      const mu = gaussian(n);
      const value = (z: number): number => (activation.kind === 'quadratic' ? z * z : z > 0 ? z : activation.slope * z);
      const g = (a: Float64Array): number => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += mu[i] * value(x[i * d] * a[0] + x[i * d + 1] * a[1] + x[i * d + 2] * a[2]);
        return sum;
      };
      const [peak] = unitPeaks(x, n, d, activation).peaks(mu, 0);
      assert.ok(Math.abs(Math.hypot(...peak.direction) - 1) < 1e-12);
      assert.ok(Math.abs(peak.sign * g(peak.direction) - peak.height) < 1e-12 * peak.height);
      let highest = 0;
      for (let k = 0; k < 20_000; k++) {
        const a = gaussian(d);
        const length = Math.hypot(...a);
        highest = Math.max(highest, Math.abs(g(a.map((v) => v / length))));
      }
      assert.ok(highest <= peak.height * (1 + 1e-12));
      // A cap of radius r holds r²/4 of the sphere: 20 000 directions leave no larger one empty than of radius 0.05.
      assert.ok(highest >= peak.height * 0.95, `${highest} ${peak.height}`);
    });
  }
});

describe('the max margin in the variation norm', () => {
  let lp: LinearProgramSolver;
  before(async () => {
    lp = await loadLinearProgramSolver();
  });
  const solve = (rows: readonly (readonly number[])[], y: readonly number[], activation: UnitActivation): VariationNormAnswer =>
    variationNorm(Float64Array.from(rows.flat()), Float64Array.from(y), y.length, rows[0].length, activation, lp);
  const CORNERS = [
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, -1],
  ];
  const ALTERNATE = [1, -1, 1, -1];
  const withBias = (rows: readonly (readonly number[])[]): number[][] => rows.map((row) => [...row, 1]);

  // Values of 60-digit closed forms or of an independent second-order-cone program over the activation patterns (cvxopt).
  const known: readonly (readonly [string, readonly (readonly number[])[], readonly number[], UnitActivation, number])[] = [
    ['the corners of a square: 2√2', CORNERS, ALTERNATE, RELU, 2 * Math.SQRT2],
    [
      'two points beside an axis: 8/√17',
      [
        [1, 0.25],
        [-1, 0.25],
      ],
      [1, 1],
      RELU,
      8 / Math.sqrt(17),
    ],
    [
      'six points in the plane',
      [
        [0.13, -0.13],
        [0.64, 0.1],
        [-0.54, 0.36],
        [1.3, 0.95],
        [-0.7, -1.27],
        [-0.62, 0.04],
      ],
      [1, -1, 1, 1, -1, -1],
      RELU,
      20.38108111,
    ],
    ['five labels on a line, with a bias', withBias([[-2], [-1], [0], [1], [2]]), [1, -1, 1, 1, -1], RELU, 10.1289902],
    ['the corners, quadratic units: x₁x₂ has nuclear norm 1', CORNERS, ALTERNATE, QUADRATIC, 1],
    // Lyu et al. 2021: on symmetric data (1 + α)/4 times the ℓ2 margin .69047575 is 1/(2V*).
    [
      'symmetric data, leaky units',
      [
        [1, 0.5],
        [0.8, -0.6],
        [0.5, 1.2],
        [-1, -0.5],
        [-0.8, 0.6],
        [-0.5, -1.2],
      ],
      [1, 1, 1, -1, -1, -1],
      { kind: 'piecewise', slope: 0.1 },
      2 / (1.1 * 0.69047575),
    ],
  ];
  for (const [name, rows, y, activation, value] of known) {
    it(name, () => {
      const answer = solve(rows, y, activation);
      assert.ok(Math.abs(answer.objective - value) < 1e-8 * value, `${answer.objective}`);
      assert.ok(answer.certificate.value < 1e-10, answer.certificate.says);
    });
  }

  it('answers with a network that is feasible and as large as it says, and with multipliers of the dual', () => {
    const rows = Array.from({ length: 14 }, () => [random.gaussian(), random.gaussian(), 1]);
    const y = rows.map(() => random.sign() as number);
    const { atoms, objective, multipliers, certificate } = solve(rows, y, RELU);
    const f = (x: readonly number[]): number =>
      atoms.reduce(
        (sum, { direction, weight }) =>
          sum +
          weight *
            Math.max(
              0,
              x.reduce((s, v, j) => s + v * direction[j], 0),
            ),
        0,
      );
    assert.ok(certificate.value < 1e-10);
    rows.forEach((x, i) => assert.ok(y[i] * f(x) > 1 - 1e-9));
    assert.ok(Math.abs(atoms.reduce((sum, { weight }) => sum + Math.abs(weight), 0) - objective) < 1e-9 * objective);
    // Strong duality, and a basic solution needs no more units than samples.
    assert.ok(Math.abs(multipliers.reduce((a, b) => a + b, 0) - objective) < 1e-9 * objective);
    assert.ok(multipliers.every((value) => value >= 0));
    assert.ok(atoms.length <= rows.length);
  });

  it('is a norm: doubled inputs halve it, more units than needed do not help', () => {
    const one = solve(CORNERS, ALTERNATE, RELU).objective;
    const two = solve(
      CORNERS.map((row) => row.map((v) => 2 * v)),
      ALTERNATE,
      RELU,
    ).objective;
    assert.ok(Math.abs(two - one / 2) < 1e-10);
  });

  it('says that no network separates equal samples with different labels', () => {
    assert.throws(
      () =>
        solve(
          [
            [1, 2],
            [1, 2],
          ],
          [1, -1],
          RELU,
        ),
      (error) => error instanceof SolverError && error.reason === 'infeasible',
    );
    // Without a bias ReLU networks are positively homogeneous in x: samples on one ray have one label.
    assert.throws(
      () =>
        solve(
          [
            [1, 2],
            [2, 4],
          ],
          [1, -1],
          RELU,
        ),
      (error) => error instanceof SolverError && error.reason === 'infeasible',
    );
  });

  it('says where there are too many patterns to go through', () => {
    const rows = Array.from({ length: 60 }, () => Array.from(gaussian(8)));
    assert.throws(
      () =>
        solve(
          rows,
          rows.map(() => 1),
          RELU,
        ),
      /activation patterns/,
    );
  });
});
