import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { layeredPotential } from '../../src/theory/layered-potential';
import { failing, largestDifference, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'yun-2021-diagonal';
const ETA = [1, 0.5, 2, 1.5];

function network(depth: number, alpha: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  const first = ETA.map((eta) => alpha * eta);
  const parameters = Array.from({ length: depth }, (_, l) => (l === depth - 1 ? [0, 0, 0, 0] : first));
  return {
    data: TWO_EQUATIONS,
    model: { kind: 'diagonal', tied: false, depth },
    init: { kind: 'explicit', parameters },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    expect: { verdict: 'agrees', result: RESULT },
    ...change,
  };
}

/** By scipy's LSODA on the flow and by a dual Newton method in numpy; printed to nine decimals. */
const LIMITS: readonly (readonly [number, number, readonly number[]])[] = [
  [2, 0.1, [0.035439182, 0.472254217, 0.515932722, -0.020052383]],
  [2, 1, [0.25215213, 0.165385238, 0.750564052, -0.417077394]],
  [3, 0.01, [0.000047996, 0.000040247, 0.999943755, -0.999871511]],
  [3, 0.1, [0.016054069, 0.005571333, 0.989077311, -0.972803265]],
  [3, 1, [0.170266104, 0.022601851, 0.920642781, -0.784530194]],
];

describe('Yun et al. 2021: diagonal networks of any depth', () => {
  for (const [depth, alpha, expected] of LIMITS) {
    it(`depth ${depth}, α = ${alpha}: flow and potential reach the limit`, async () => {
      const report = await reportOf(network(depth, alpha));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.equal(report.verdict.result, RESULT);
      assert.ok(largestDifference(report.references[0].predictor, expected) < 1.5e-9, JSON.stringify(report.references[0].predictor));
      assert.ok(largestDifference(report.solution.predictor, expected) < 1e-6, JSON.stringify(report.solution.predictor));
      assert.ok(report.references[0].certificate.value <= 1e-10);
    });
  }

  for (const depth of [4, 5, 6]) {
    it(`depth ${depth}: flow and potential agree`, async () => {
      for (const alpha of [0.3, 1]) {
        const report = await reportOf(network(depth, alpha));
        assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
        assert.ok(report.references[0].certificate.value <= 1e-10);
      }
    });
  }

  it('depth 3: the ℓ1 limit is weighted by 1/η, so it is (0, 0, 1, −1), not the ℓ1 solution (0, ½, ½, 0)', async () => {
    const report = await reportOf(network(3, 0.01, { compare: ['l1'] }));
    assert.ok(largestDifference(report.solution.predictor, [0, 0, 1, -1]) < 2e-4);
    const l1 = report.references.find(({ id }) => id === 'l1')?.predictor ?? null;
    assert.ok(largestDifference(l1, [0, 0.5, 0.5, 0]) < 1e-9);
  });

  it('the ℓ2 limits are weighted by 1/η^(2L−2)', async () => {
    // min Σ w_i²/η_i^(2L−2) s.t. Xw = y, by numpy.
    for (const [depth, expected] of [
      [2, [0.26158, 0.14675, 0.766057, -0.44492]],
      [3, [0.173397, 0.022872, 0.919329, -0.78086]],
    ] as const) {
      const report = await reportOf(network(depth, 20));
      assert.ok(largestDifference(report.references[0].predictor, expected) < 1e-3, JSON.stringify(report.references[0].predictor));
    }
  });

  it('gradient descent: the deviation of the step is taken out', async () => {
    const report = await reportOf(network(3, 1, { optimizer: { kind: 'gradient-descent', stepSize: 0.002 } }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });

  it('another limit is not agreed with', async () => {
    const report = await reportOf(network(3, 1, { expect: { verdict: 'disagrees', result: RESULT, tolerance: 1e-300 } }));
    assert.equal(report.verdict.outcome, 'disagrees');
  });

  const ones = [1, 1, 1, 1];
  const short = { stop: { steps: 20 } };
  for (const [name, experiment, text] of [
    ['a last layer that is not 0', network(3, 1, { ...short, init: { kind: 'constant', scale: 0.5 } }), /w_L = 0/],
    ['layers that differ', network(3, 1, { ...short, init: { kind: 'explicit', parameters: [ones, ETA, [0, 0, 0, 0]] } }), /w_L = 0/],
    ['mini-batches', network(3, 1, { ...short, optimizer: { kind: 'sgd', stepSize: 0.001 } }), /gradient flow/],
  ] as const) {
    it(`withdrawn: ${name}`, async () => {
      const found = prediction(await reportOf(experiment), RESULT);
      assert.equal(found.applies, false);
      assert.ok(failing(found).some((condition) => text.test(condition)));
    });
  }
});

describe('the potential of a diagonal network of L layers', () => {
  for (const depth of [2, 3, 4, 5, 6, 9]) {
    it(`depth ${depth}: mirror, inverse, value, conjugate and slope belong together`, () => {
      for (const e of [0.5, 1, 1.7]) {
        const potential = layeredPotential(depth, Float64Array.of(e));
        for (const w of [-1.5, -0.01, 0.2, 2]) {
          const s = potential.mirror(0, w);
          assert.ok(Math.abs(potential.inverse(0, s) - w) < 1e-10 * (1 + Math.abs(w)), `inverse at ${w}, e = ${e}`);
          const fenchel = potential.value(0, w) + potential.conjugate(0, s) - w * s;
          assert.ok(Math.abs(fenchel) < 1e-11 * (1 + Math.abs(w * s)), `Fenchel at ${w}, e = ${e}: ${fenchel}`);
          const h = 1e-5 * (1 + Math.abs(w));
          const slope = (potential.value(0, w + h) - potential.value(0, w - h)) / (2 * h);
          assert.ok(Math.abs(slope - s) < 1e-6 * (1 + Math.abs(s)), 'R′');
          const forward = (potential.mirror(0, w + 1e-6) - potential.mirror(0, w - 1e-6)) / 2e-6;
          assert.ok(Math.abs(forward * potential.inverseDerivative(0, s) - 1) < 1e-5, 'B′ is the inverse of R″');
        }
      }
    });
  }
});
