import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { tiedDiagonalPotential } from '../../src/theory/tied-diagonal-potential';
import { failing, largestDifference, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'woodworth-2020-kernel-rich';

function diagonal(depth: number, scale: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: TWO_EQUATIONS,
    model: { kind: 'diagonal', depth },
    init: { kind: 'constant', scale },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    ...change,
  };
}

/** Interpolators of TWO_EQUATIONS, by scipy's LSODA on the flow and by a dual Newton method in numpy, which agree to 5·10⁻¹³. */
const LIMITS: readonly (readonly [number, number, readonly number[]])[] = [
  [2, 1e-3, [0.000079354, 0.499960323, 0.500013226, 1.058e-10]],
  [2, 1e-2, [0.001702505, 0.499148861, 0.500283637, 2.2708e-7]],
  [2, 0.1, [0.033404462, 0.483518384, 0.505346795, 0.00044123]],
  [2, 0.5, [0.127963188, 0.447340358, 0.510005246, 0.022643904]],
  [2, 1, [0.137626912, 0.446197726, 0.507926636, 0.030022365]],
  [2, 10, [0.138461453, 0.44615385, 0.507692332, 0.030769154]],
  [3, 0.1, [0.002344778, 0.498827808, 0.500390599, 3.9404e-7]],
  [3, 0.3, [0.038357035, 0.481076623, 0.506137699, 0.00051028]],
  [3, 1, [0.136640108, 0.446259258, 0.50819404, 0.029158623]],
  [4, 0.1, [0.000165201, 0.4999174, 0.500027533, 3.1e-10]],
  [4, 0.3, [0.011232886, 0.494391249, 0.501864455, 0.000015385]],
  [4, 1, [0.136027261, 0.44630186, 0.50835572, 0.028630981]],
];

describe('Woodworth et al. 2020: tied diagonal networks', () => {
  for (const [depth, alpha, expected] of LIMITS) {
    it(`depth ${depth}, α = ${alpha}: flow and potential reach the published kind of limit`, async () => {
      const report = await reportOf(diagonal(depth, alpha));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      const reference = report.references[0];
      // The numbers above are printed to nine decimals.
      assert.ok(largestDifference(reference.predictor, expected) < 1.5e-9, JSON.stringify(reference.predictor));
      assert.ok(largestDifference(report.solution.predictor, expected) < 1e-8, JSON.stringify(report.solution.predictor));
      assert.ok(reference.certificate.kind === 'duality-gap' && reference.certificate.value <= 1e-10, reference.certificate.says);
    });
  }

  for (const depth of [2, 3, 4]) {
    for (const alpha of [1e-3, 1e-2, 0.1, 1, 10]) {
      it(`depth ${depth}, α = ${alpha}: flow and reference agree to 10⁻⁵ on 8 × 20 data`, async () => {
        const data = { kind: 'sparse-regression' as const, samples: 8, features: 20, sparsity: 2, noise: 0.1 };
        const report = await reportOf(diagonal(depth, alpha, { data, seed: depth }));
        assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
        assert.ok((report.verdict.value ?? 1) <= 1e-5);
        assert.ok(report.references[0].certificate.value <= 1e-10);
      });
    }
  }

  it('an own scale in every coordinate gives the weighted potential', async () => {
    // Shape (1, ½, 2, 3/2), α = 1; the same two independent computations as above.
    const start = [1, 0.5, 2, 1.5];
    const report = await reportOf(diagonal(2, 1, { init: { kind: 'explicit', parameters: [start, start] } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(largestDifference(report.references[0].predictor, [0.260915831, 0.148086509, 0.764941547, -0.442911151]) < 1.5e-9);
  });

  it('goes to the certified ℓ1 solution as α → 0, with the rate α^(2(1−z))', async () => {
    // Off the support |Xᵀν| = 1/3 for coordinate 1, so w₁ ~ 0.7937 α^(4/3): derived in docs/theory.md.
    const w1 = async (alpha: number): Promise<number> => (await reportOf(diagonal(2, alpha))).references[0].predictor?.[0] ?? Number.NaN;
    const slope = Math.log((await w1(1e-3)) / (await w1(1e-4))) / Math.log(10);
    assert.ok(Math.abs(slope - 4 / 3) < 2e-3, String(slope));
    const report = await reportOf(diagonal(2, 1e-4, { compare: ['l1', 'l2'] }));
    const l1 = report.references.find(({ id }) => id === 'l1');
    assert.ok(l1 && l1.certificate.value < 1e-12);
    assert.ok(largestDifference(l1.predictor, [0, 0.5, 0.5, 0]) < 1e-12);
    assert.ok(largestDifference(report.solution.predictor, [0, 0.5, 0.5, 0]) < 1e-5);
  });

  it('goes to the ℓ2 solution as α → ∞', async () => {
    const report = await reportOf(diagonal(2, 100, { compare: ['l2'] }));
    const l2 = report.references.find(({ id }) => id === 'l2');
    // X⁺y = (9, 29, 33, 2)/65.
    assert.ok(largestDifference(l2?.predictor ?? null, [9 / 65, 29 / 65, 33 / 65, 2 / 65]) < 1e-13);
    assert.ok(largestDifference(report.solution.predictor, [9 / 65, 29 / 65, 33 / 65, 2 / 65]) < 1e-8);
  });

  it('a finite step deviates in proportion to the step, which the verdict shows and takes out', async () => {
    const at = (stepSize: number): Promise<Awaited<ReturnType<typeof reportOf>>> =>
      reportOf(diagonal(2, 0.1, { optimizer: { kind: 'gradient-descent', stepSize } }));
    const coarse = await at(1e-2);
    const fine = await at(1e-3);
    // Largest deviation 8.07·10⁻⁴ and 8.14·10⁻⁵ from the flow's limit, measured in numpy.
    const flow = [0.033404462, 0.483518384, 0.505346795, 0.00044123];
    assert.ok(Math.abs(largestDifference(coarse.solution.predictor, flow) - 8.07e-4) < 1e-6);
    assert.ok(Math.abs(largestDifference(fine.solution.predictor, flow) - 8.14e-5) < 1e-7);
    assert.equal(coarse.verdict.outcome, 'agrees');
    assert.ok((coarse.verdict.value ?? 1) < 2e-5);
    assert.match(coarse.verdict.says, /η\/2/);
  });

  it('a step whose deviation is not yet in proportion to it is no disagreement: the flow from the same start is at the minimiser', async () => {
    const data = {
      kind: 'inline' as const,
      x: [
        [0.31, 1.36, 0.09, 0.26, -0.6, 1.57],
        [-0.88, -0.86, 0.23, -0.04, -0.25, -0.5],
      ],
      y: [0.78, 3.58],
    };
    const at = (optimizer: ExperimentInput['optimizer']): ReturnType<typeof reportOf> =>
      reportOf(diagonal(2, 1e-4, { data, loss: 'square', optimizer }));
    const { verdict } = await at({ kind: 'gradient-descent', stepSize: 0.17 });
    assert.equal(verdict.outcome, 'inconclusive', verdict.says);
    assert.match(verdict.says, /the flow itself ends .* from it: the step is too large/);
    // The same descent with a step in the first order of η, and the flow.
    assert.equal((await at({ kind: 'gradient-descent', stepSize: 0.002 })).verdict.outcome, 'agrees');
    assert.equal((await at({ kind: 'gradient-flow' })).verdict.outcome, 'agrees');
  });

  for (const [depth, scale] of [
    [2, 1e6],
    [3, 1e5],
    [5, 1e3],
  ]) {
    it(`depth ${depth}, α = ${scale}: a predictor that the rounding of u and v hides is no disagreement`, async () => {
      const { verdict } = await reportOf(diagonal(depth, scale, { loss: 'square' }));
      assert.equal(verdict.outcome, 'inconclusive', verdict.says);
      assert.match(verdict.says, /in double precision/);
    });
  }

  it('measures from w(0) where u ≠ v, and the unbalanced start changes the limit', async () => {
    const init = {
      kind: 'explicit' as const,
      parameters: [
        [0.5, 0.2, 0.1, 0.4],
        [0.1, 0.3, 0.1, 0.2],
      ],
    };
    const report = await reportOf(diagonal(2, 0, { init }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.match(prediction(report, RESULT).symbol, /divergence from w\(0\)/);
    const balanced = await reportOf(
      diagonal(2, 0, {
        init: {
          kind: 'explicit',
          parameters: [
            [0.5, 0.2, 0.1, 0.4],
            [0.5, 0.2, 0.1, 0.4],
          ],
        },
      }),
    );
    assert.ok(largestDifference(report.solution.predictor, balanced.solution.predictor as number[]) > 0.05);
  });
});

describe('Woodworth et al. 2020: steps near the edge of stability', () => {
  it('a deviation that falls with the step, but not in proportion, is the step and no contradiction', async () => {
    const report = await reportOf({
      seed: 1,
      data: { kind: 'sparse-regression', samples: 20, features: 50, sparsity: 3 },
      model: { kind: 'diagonal' },
      init: { kind: 'constant', scale: 0.3 },
      loss: 'square',
      optimizer: { kind: 'gradient-descent', stepSize: 0.5 },
    });
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    assert.match(report.verdict.says, /too large to speak of the flow/);
  });
});

describe('Woodworth et al. 2020: what withdraws the prediction', () => {
  const withdrawn: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['mini-batches', diagonal(2, 0.1, { optimizer: { kind: 'sgd', stepSize: 0.01 }, stop: { steps: 50 } }), /gradient flow/],
    [
      'momentum',
      diagonal(2, 0.1, { optimizer: { kind: 'gradient-descent', stepSize: 0.01, momentum: 0.9 }, stop: { steps: 50 } }),
      /gradient flow/,
    ],
    [
      'normalised steps',
      diagonal(2, 0.1, { optimizer: { kind: 'gradient-descent', stepSize: 0.01, normalize: 'gradient' }, stop: { steps: 50 } }),
      /gradient flow/,
    ],
    ['a start at zero', diagonal(2, 0), /u, v > 0/],
    [
      'odd depth with a negative entry',
      diagonal(3, 1, {
        init: {
          kind: 'explicit',
          parameters: [
            [1, -1, 1, 1],
            [1, 1, 1, 1],
          ],
        },
      }),
      /u, v > 0/,
    ],
    ['data that cannot be interpolated', diagonal(2, 0.1, { data: { kind: 'inline', x: [[1], [1]], y: [1, 2] } }), /interpolated/],
  ];
  for (const [what, experiment, text] of withdrawn) {
    it(what, async () => {
      const report = await reportOf(experiment);
      assert.notEqual(report.verdict.result, RESULT);
      assert.equal(prediction(report, RESULT).applies, false);
      assert.ok(failing(prediction(report, RESULT)).some((condition) => text.test(condition)));
      assert.deepEqual(report.references, []);
    });
  }

  it('an untied network is not what the theorem speaks of', async () => {
    const report = await reportOf(diagonal(2, 0.1, { model: { kind: 'diagonal', tied: false } }));
    assert.equal(
      report.predictions.some(({ result }) => result === RESULT),
      false,
    );
  });

  it('a step too large for the flow is inconclusive, not in agreement', async () => {
    const report = await reportOf(diagonal(2, 0.01, { optimizer: { kind: 'gradient-descent', stepSize: 0.05 }, stop: { steps: 3 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('a tolerance that the run cannot meet gives disagrees: the verdict is not decided beforehand', async () => {
    const report = await reportOf(diagonal(2, 0.1, { expect: { verdict: 'disagrees', tolerance: 1e-300 } }));
    assert.equal(report.verdict.outcome, 'disagrees');
    assert.equal(report.asExpected, true);
  });
});

describe('the potential of a tied diagonal network', () => {
  const at = (depth: number, u: number, v: number): ReturnType<typeof tiedDiagonalPotential> =>
    tiedDiagonalPotential(depth, Float64Array.of(u), Float64Array.of(v));

  it('depth 2 is Q_α of Theorem 1: α² q(w/α²), q(z) = 2 − √(4 + z²) + z asinh(z/2)', () => {
    for (const [alpha, w] of [
      [0.1, 0.3],
      [1, -2],
      [3, 0.01],
    ]) {
      const z = w / alpha ** 2;
      const expected = alpha ** 2 * (2 - Math.sqrt(4 + z * z) + z * Math.asinh(z / 2));
      assert.ok(Math.abs(at(2, alpha, alpha).value(0, w) - expected) < 1e-13 * (1 + Math.abs(expected)));
    }
  });

  for (const depth of [3, 4, 6]) {
    it(`depth ${depth} is Q of Theorem 3: its gradient is h_D⁻¹(w/α^D)`, () => {
      const p = depth / (depth - 2);
      for (const alpha of [0.05, 1, 4]) {
        for (const z of [-0.9, -0.2, 0, 0.5, 0.99]) {
          const w = alpha ** depth * ((1 - z) ** -p - (1 + z) ** -p);
          assert.ok(Math.abs(at(depth, alpha, alpha).mirror(0, w) - z) < 1e-12, `α = ${alpha}, z = ${z}`);
        }
      }
    });
  }

  for (const depth of [2, 3, 4, 5]) {
    it(`depth ${depth}: mirror, inverse, value and conjugate belong together, balanced or not`, () => {
      for (const [u, v] of [
        [0.3, 0.3],
        [0.5, 0.1],
        [0.2, 0.9],
      ]) {
        const potential = at(depth, u, v);
        const w0 = u ** depth - v ** depth;
        assert.ok(Math.abs(potential.mirror(0, w0)) < 1e-12, 'the start is the minimum');
        assert.ok(Math.abs(potential.value(0, w0)) < 1e-12);
        for (const w of [-2, -0.1, 0.05, 1.5]) {
          const s = potential.mirror(0, w);
          assert.ok(Math.abs(potential.inverse(0, s) - w) < 1e-9 * (1 + Math.abs(w)), 'B(∇R(w)) = w');
          assert.ok(
            Math.abs(potential.value(0, w) + potential.conjugate(0, s) - w * s) < 1e-11 * (1 + Math.abs(w * s)),
            'Fenchel–Young equality',
          );
          const h = 1e-5;
          assert.ok(
            Math.abs((potential.value(0, w + h) - potential.value(0, w - h)) / (2 * h) - s) < 1e-6 * (1 + Math.abs(s)),
            'R′ = mirror',
          );
          const slope = (potential.inverse(0, s + h * 1e-2) - potential.inverse(0, s - h * 1e-2)) / (2 * h * 1e-2);
          assert.ok(Math.abs(slope / potential.inverseDerivative(0, s) - 1) < 1e-4, 'B′');
        }
      }
    });
  }
});
