/** Adam at its edge: the threshold, the verdict from both sides, and what withdraws it. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { stabilityThreshold } from '../../src/experiment/stability-threshold';
import type { Verdict } from '../../src/protocol/report';
import { failing, prediction, reportOf } from './lab';
import { halvesOf } from './situation';

const RESULT = 'cohen-2022-adaptive-edge';
const X = Array.from({ length: 32 }, (_, i) => -1 + (2 * i) / 31);

function adam(optimizer: object = {}, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    // Not odd: else the gradients of the biases are rounding, of which Adam makes steps.
    data: { kind: 'inline', x: X.map((x) => [x]), y: X.map((x) => Math.sin(4 * x + 0.2)) },
    model: { kind: 'network', widths: [16, 16], activation: 'tanh', bias: 'all' },
    loss: 'square',
    init: { kind: 'ntk' },
    optimizer: { kind: 'adam', stepSize: 0.003, ...optimizer },
    stop: { steps: 20 },
    record: { points: 301, spacing: 'linear', measures: ['loss', 'sharpnessRatio'] },
    expect: { verdict: 'agrees', result: RESULT },
    ...change,
  };
}

describe('Cohen et al. 2022: Adam at its edge', () => {
  it('the edge is where the linear iteration with a frozen P leaves the unit disc: 38/η for β₁ = 0.9', () => {
    for (const [beta1, factor] of [
      [0.9, 38],
      [0.5, 6],
      [0, 2],
    ]) {
      const threshold = stabilityThreshold({ kind: 'adam', stepSize: 1, beta1, beta2: 0.999, epsilon: 1e-8, schedule: 'constant' });
      assert.ok(Math.abs((threshold?.factor ?? 0) - factor) < 1e-12);
      // m ← β₁m + (1 − β₁)λθ, θ ← θ − m: bounded just below, not just above.
      const grows = (curvature: number): boolean => {
        let [m, theta] = [0, 1];
        for (let k = 0; k < 4000; k++) {
          m = beta1 * m + (1 - beta1) * curvature * theta;
          theta -= m;
        }
        return Math.abs(theta) > 100;
      };
      assert.deepEqual([grows(0.99 * factor), grows(1.01 * factor)], [false, true]);
    }
  });

  it('two starts hover at it', async function () {
    this.timeout(60_000);
    for (const seed of [0, 5]) {
      const { verdict } = await reportOf(adam({}, { seed, stop: { steps: 1505 }, record: { ...adam().record, points: 302 } }));
      assert.equal(verdict.outcome, 'agrees', verdict.says);
      assert.equal(verdict.result, RESULT);
    }
  });

  describe('judges what a run shows', () => {
    async function verdictOn(ratio: (k: number) => number, points = 301): Promise<Verdict> {
      const { examination, trained } = await halvesOf(adam(), RESULT);
      const step = Array.from({ length: points }, (_, k) => 7 * k);
      return examination.judge({ ...trained, trajectory: { step, sharpnessRatio: step.map((_, k) => ratio(k)) } }, null, []);
    }
    const about =
      (mean: number, swing: number) =>
      (k: number): number =>
        k < 20 ? k / 19 : mean + (k % 2 ? swing : -swing);

    it('swings about the threshold agree', async () => {
      const verdict = await verdictOn(about(0.98, 0.03));
      assert.equal(verdict.outcome, 'agrees', verdict.says);
    });
    it('a ratio that falls away from it, or stays above it, disagrees', async () => {
      for (const mean of [0.8, 1.2]) {
        const verdict = await verdictOn(about(mean, 0.03));
        assert.equal(verdict.outcome, 'disagrees', verdict.says);
      }
    });
    it('wide swings, few points and an edge that is not reached decide nothing', async () => {
      for (const verdict of [await verdictOn(about(1, 0.3)), await verdictOn(about(1, 0.01), 40), await verdictOn(() => 0.5)])
        assert.equal(verdict.outcome, 'inconclusive', verdict.says);
    });
  });

  const broken: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['steps that fall', adam({ schedule: 'inverse-sqrt' }), /one size/],
    ['units with kinks', adam({}, { model: { kind: 'network', widths: [16], activation: 'relu' } }), /twice differentiable/],
    ['an ε that is larger than the gradients', adam({ epsilon: 1 }), /does not hold it down/],
    ['a record at growing distances', adam({}, { record: {} }), /even distances/],
  ];
  for (const [name, experiment, text] of broken) {
    it(`is withdrawn by ${name}`, async () => {
      const report = await reportOf(experiment);
      const reasons = failing(prediction(report, RESULT));
      assert.ok(
        reasons.some((reason) => text.test(reason)),
        reasons.join(', '),
      );
      assert.notEqual(report.verdict.result, RESULT);
    });
  }
});
