import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { afterStep, type Product } from '../../src/theory/one-sample-product';
import { failing, prediction, reportOf } from './lab';
import { halvesOf } from './situation';

const RESULT = 'lewkowycz-2020-catapult';

/** u·v/√m on one sample of target 0, from (u, v) with λ₀ = (|u|² + |v|²)/m. */
function layers(width: number, etaLambda: number, steps = 2000): ExperimentInput {
  const u = Array.from({ length: width }, (_, k) => Math.sin(1 + k * k));
  const v = Array.from({ length: width }, (_, k) => Math.cos(2 + 3 * k));
  const lambda = [...u, ...v].reduce((sum, value) => sum + value * value, 0) / width;
  return {
    data: { kind: 'inline', x: [[1 / Math.sqrt(width)]], y: [0] },
    model: { kind: 'linear-network', widths: [width] },
    init: { kind: 'explicit', parameters: [u, v] },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize: etaLambda / lambda },
    stop: { steps },
    expect: { verdict: 'agrees', result: RESULT },
  };
}

describe('Lewkowycz et al. 2020: the catapult', () => {
  it('the recursion is that of the paper: one step by hand', () => {
    // m = 4, f = 1, λ = 2, η = 1.5: f⁺ = 1 − 3 + 2.25/4, λ⁺ = 2 + (1.5/4)(3 − 4).
    const product: Product = { x: 0.5, y: 0, eta: 1.5, width: 4, f: 1, lambda: 2 };
    const { f, lambda } = afterStep(product);
    assert.ok(Math.abs(f - (1 - 3 + 2.25 / 4)) < 1e-15);
    assert.ok(Math.abs(lambda - (2 + (1.5 / 4) * (3 - 4))) < 1e-15);
  });

  // The paper's phases at 2/λ₀ and 4/λ₀; a sign change between 3.9 and 4.1 was measured by an independent program at m = 512.
  for (const width of [1, 3, 64]) {
    for (const [etaLambda, diverges] of [
      [1.9, false],
      [3, false],
      [3.9, false],
      [4.1, true],
      [4.5, true],
    ] as const) {
      it(`m = ${width}, ηλ₀ = ${etaLambda}: ${diverges ? 'diverges' : 'converges'}`, async () => {
        const { outcome, verdict, measures, experiment } = await reportOf(layers(width, etaLambda));
        assert.equal(outcome === 'diverged', diverges, outcome);
        assert.equal(verdict.outcome, 'agrees', verdict.says);
        if (diverges) return;
        const { optimizer } = experiment as { optimizer: { stepSize: number } };
        const end = (optimizer.stepSize * measures['parameterNorm'] ** 2) / width;
        assert.ok(end <= 2 && end <= etaLambda, `ηλ ends at ${end}`);
        assert.ok(etaLambda < 2 || measures['loss'] < 1e-20);
      });
    }
  }

  it('another kernel at the end, a divergence that was not foreseen, and one that did not come are called out', async () => {
    const { examination, trained } = await halvesOf(layers(64, 3), RESULT);
    assert.equal(examination.judge(trained, null, []).outcome, 'agrees');
    const norms = trained.trajectory['parameterNorm'].map((norm, k) => (k > 3 ? 1.001 * norm : norm));
    assert.equal(
      examination.judge({ ...trained, trajectory: { ...trained.trajectory, parameterNorm: norms } }, null, []).outcome,
      'disagrees',
    );
    assert.equal(examination.judge({ ...trained, outcome: 'diverged' }, null, []).outcome, 'disagrees');
    const beyond = await halvesOf(layers(64, 4.1), RESULT);
    assert.equal(beyond.examination.judge(beyond.trained, null, []).outcome, 'agrees');
    assert.equal(beyond.examination.judge(trained, null, []).outcome, 'disagrees');
    const short = await halvesOf(layers(64, 3, 5), RESULT);
    assert.equal(short.examination.judge(short.trained, null, []).outcome, 'inconclusive');
  });

  it('conditions: a target, momentum', async () => {
    const base = layers(3, 3, 5);
    assert.deepEqual(failing(prediction(await reportOf(base), RESULT)), []);
    assert.deepEqual(failing(prediction(await reportOf({ ...base, data: { kind: 'inline', x: [[1]], y: [1] } }), RESULT)), ['target 0']);
    assert.deepEqual(
      failing(prediction(await reportOf({ ...base, optimizer: { kind: 'gradient-descent', stepSize: 1, momentum: 0.9 } }), RESULT)),
      ['plain gradient descent'],
    );
  });
});
