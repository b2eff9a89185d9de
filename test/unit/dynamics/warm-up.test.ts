import assert from 'node:assert/strict';
import { createGradientDescent } from '../../../src/dynamics/gradient-descent';
import { WarmUp } from '../../../src/dynamics/warm-up';
import { datasetOf, LINEAR, objectiveOf, SQUARE } from './problems';

describe('a step size that grows', () => {
  it('by equal ratios from a thousandth, then stays', () => {
    const warmUp = new WarmUp(0.5, 30);
    assert.ok(Math.abs(warmUp.at(0) - 0.0005) < 1e-18);
    assert.ok(Math.abs(warmUp.at(10) - 0.005) < 1e-15);
    assert.ok(Math.abs(warmUp.at(20) - 0.05) < 1e-14);
    assert.equal(warmUp.at(30), 0.5);
    assert.deepEqual([warmUp.growsAt(29), warmUp.growsAt(30)], [true, false]);
    let sum = 0;
    for (let k = 0; k < 50; k++) {
      assert.ok(Math.abs(warmUp.sum(k) - sum) < 1e-13);
      sum += warmUp.at(k);
    }
  });

  it('without steps it is the step size from the beginning', () => {
    const warmUp = new WarmUp(0.5, 0);
    assert.deepEqual([warmUp.at(0), warmUp.sum(3), warmUp.growsAt(0)], [0.5, 1.5, false]);
  });

  it('descends with it, w ← w − η_t(w − 1), and its time is the sum of the steps', () => {
    const objective = objectiveOf(datasetOf([[1]], [1]), LINEAR, SQUARE);
    const descent = createGradientDescent(objective, Float64Array.of(0), { stepSize: 0.5, momentum: 0, normalize: 'none', warmup: 8 });
    const warmUp = new WarmUp(0.5, 8);
    let w = 0;
    for (let k = 0; k < 12; k++) w -= warmUp.at(k) * (w - 1);
    descent.advance(12);
    assert.ok(Math.abs(descent.parameters[0] - w) < 1e-15);
    assert.ok(Math.abs(descent.logTime - Math.log(warmUp.sum(12))) < 1e-14);
  });

  it('is not at rest while the step grows, though nothing moves', () => {
    const objective = objectiveOf(datasetOf([[1]], [1]), LINEAR, SQUARE);
    const descent = createGradientDescent(objective, Float64Array.of(1), { stepSize: 0.5, momentum: 0, normalize: 'none', warmup: 5 });
    assert.equal(descent.advance(5), 'running');
    assert.equal(descent.advance(1), 'at-rest');
    assert.equal(descent.steps, 5);
  });
});
