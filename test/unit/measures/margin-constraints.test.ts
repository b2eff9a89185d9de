import assert from 'node:assert/strict';
import { MarginConstraints, parameterMargin, smoothedMargin } from '../../../src/measures/margin-constraints';

describe('margins of a classifier', () => {
  it('with labels ±1 are y f, with classes the lead over every other class', () => {
    const two = new MarginConstraints(1, Float64Array.of(1, -1));
    const out = new Float64Array(2);
    two.values(Float64Array.of(3, 2), out);
    assert.deepEqual([...out], [3, -2]);
    const three = new MarginConstraints(3, Float64Array.of(0, 2));
    assert.equal(three.count, 4);
    const leads = new Float64Array(4);
    three.values(Float64Array.of(5, 1, 2, 3, 4, 9), leads);
    assert.deepEqual([...leads], [4, 3, 6, 5]);
    assert.equal(parameterMargin(three, Float64Array.of(5, 1, 2, 3, 4, 9), 2, 3), 3 / 8);
    // Coefficients say the same.
    for (let k = 0; k < 4; k++) {
      const outputs = [5, 1, 2, 3, 4, 9];
      const lead = [0, 1, 2].reduce((sum, c) => sum + three.coefficient(k, c) * outputs[3 * three.sampleOf(k) + c], 0);
      assert.equal(lead, leads[k]);
    }
  });

  it('smoothed: −ln ℒ for the exponential loss, −ln(e^ℒ − 1) for the logistic, of the sum, and nothing before ℓ(0)', () => {
    assert.equal(smoothedMargin(true, -8, 2, 2), 2);
    assert.ok(Number.isNaN(smoothedMargin(true, 0.1, 2, 2)));
    // One sample with margin q: ℒ = ln(1 + e^(−q)), so the smoothed margin is q itself.
    for (const q of [0.5, 3, 30]) {
      const loss = Math.log1p(Math.exp(-q));
      assert.ok(Math.abs(smoothedMargin(false, Math.log(loss), 1, 2) - q) < 1e-12 * (1 + q));
    }
    assert.ok(Number.isNaN(smoothedMargin(false, Math.log(Math.LN2), 1, 2)));
    assert.equal(smoothedMargin(false, -1e6, 1, 2), 1e6);
  });
});
