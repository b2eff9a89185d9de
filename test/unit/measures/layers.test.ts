import assert from 'node:assert/strict';
import { balanceDrift } from '../../../src/measures/conservation';
import { alignmentDefect, rankDefect } from '../../../src/measures/layers';
import { createModel } from '../../../src/models/create-model';

const DATA = { samples: 1, features: 2, x: Float64Array.of(1, 0), y: Float64Array.of(1), featureNames: null, truth: null, test: null };
const model = createModel({ kind: 'linear-network', widths: [2] }, DATA);

describe('measures of the layers of a deep linear network', () => {
  it('W₁ = diag(3, 4), W₂ = (0, 1): 1 − 4/5 from rank one, aligned', () => {
    const theta = Float64Array.of(3, 0, 0, 4, 0, 1);
    assert.ok(Math.abs(rankDefect(model, theta) - 0.2) < 1e-15);
    assert.ok(alignmentDefect(model, theta) < 1e-15);
  });

  it('W₂ at an angle of 60° to the leading direction of W₁: misaligned by 1 − ½', () => {
    const theta = Float64Array.of(1, 0, 0, 0, 0.5, -Math.sqrt(3) / 2);
    assert.ok(Math.abs(alignmentDefect(model, theta) - 0.5) < 1e-15);
    assert.ok(rankDefect(model, theta) < 1e-15);
  });

  it('scaling one layer changes W₂ᵀW₂ − W₁W₁ᵀ by what was scaled', () => {
    const start = Float64Array.of(1, 0, 0, 0, 1, 0);
    const theta = Float64Array.of(2, 0, 0, 0, 1, 0);
    // ‖diag(1 − 4, 0) − diag(1 − 1, 0)‖_F / ‖θ‖² = 3/5.
    assert.ok(Math.abs(balanceDrift(model, theta, start) - 0.6) < 1e-15);
    assert.equal(balanceDrift(model, start, start), 0);
  });

  it('is not a number where a layer vanishes', () => {
    assert.ok(Number.isNaN(rankDefect(model, new Float64Array(6))));
    assert.ok(Number.isNaN(alignmentDefect(model, new Float64Array(6))));
  });
});
