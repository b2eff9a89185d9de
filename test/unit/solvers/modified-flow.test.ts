import assert from 'node:assert/strict';
import type { LossSpec } from '../../../src/experiment/schema';
import { createLoss } from '../../../src/losses/create-loss';
import { createModel } from '../../../src/models/create-model';
import { modifiedFlow, type LossPart } from '../../../src/solvers/modified-flow';
import { datasetOf } from '../dynamics/problems';

const SUM: LossSpec = { kind: 'square', reduction: 'sum' };

/** ½λw² as a loss on one sample. */
function quadratic(lambda: number, factor = 1): LossPart {
  const data = datasetOf([[Math.sqrt(lambda)]], [0]);
  return { model: createModel({ kind: 'linear', bias: false }, data), loss: createLoss(SUM, 1), targets: data.y, factor };
}

const end = (parts: readonly LossPart[], c: number, time: number): number =>
  modifiedFlow(parts, c, Float64Array.of(1), time)?.[0] ?? Number.NaN;

describe('the flow of a modified loss', () => {
  it('of ½λw² is e^(−λt), and e^(−λ(1 + 2cλ)t) with c‖∇ℒ‖² added', () => {
    assert.ok(Math.abs(end([quadratic(3)], 0, 0.7) - Math.exp(-2.1)) < 1e-10);
    assert.ok(Math.abs(end([quadratic(3)], 0.025, 0.7) - Math.exp(-2.1 * 1.15)) < 1e-10);
  });

  it('of two batches has the rate (λ₁ + λ₂)/2 + 2c(λ₁² + λ₂²)', () => {
    const rate = 2 + 2 * 0.05 * 10;
    assert.ok(Math.abs(end([quadratic(1), quadratic(3)], 0.05, 0.5) - Math.exp(-0.5 * rate)) < 1e-10);
  });

  it('takes the factor of a part into its loss', () => {
    assert.ok(Math.abs(end([quadratic(3, 2)], 0.025, 0.4) - end([quadratic(6)], 0.025, 0.4)) < 1e-10);
  });

  it('is given up where it runs away', () => {
    // −½w² grows like e^t, beyond every number long before t = 10⁶.
    assert.equal(modifiedFlow([quadratic(1, -1)], 0, Float64Array.of(1), 1e6), null);
  });
});
