/** The second moments that SGD keeps about a minimum, against numpy: numpy.linalg.solve of the Kronecker form of the equation, lstsq for the minimum. */
import assert from 'node:assert/strict';
import { dot } from '../../../src/numerics/vectors';
import { deviationOf, fittedMinimum, secondMomentGrowth, singleShare } from '../../../src/solvers/linear-stability';
import { noiseCovariance, stationaryMoments } from '../../../src/solvers/stationary-moments';
import { UNEVEN } from './stability-samples';

const SAMPLES = UNEVEN.length;
const WIDTH = 4;

describe('stationary second moments of SGD', () => {
  // Targets 1, −1, 1, …; B, replacement, η | ½ tr HV and ¼η tr N of the batches alone | the same with labels ±0.3 and noise of 0.1 on the gradient.
  const table: readonly (readonly [number, boolean, number, readonly [number, number], readonly [number, number]])[] = [
    [1, true, 0.1, [0.157789033, 0.0685271966], [0.190971413, 0.0814134423]],
    [4, true, 0.2, [0.0601029616, 0.0342635983], [0.0748702855, 0.0422067211]],
    [4, false, 0.2, [0.047293087, 0.0288535565], [0.0609972292, 0.0367966793]],
    [20, true, 0.3, [0.016730353, 0.0102790795], [0.0243034445, 0.0150620163]],
  ];
  for (const [size, replacement, stepSize, plain, noisy] of table) {
    for (const reduction of ['mean', 'sum'] as const) {
      it(`batches of ${size} ${replacement ? 'with' : 'without'} replacement, ${reduction}`, () => {
        const minimum = fittedMinimum(Float64Array.from(UNEVEN.flat()), SAMPLES, WIDTH, reduction);
        const { directions: r, gradients, curvatures, scale } = minimum;
        // Residuals at 0 are −y.
        const residuals = Float64Array.from({ length: SAMPLES }, (_, i) => (i % 2 === 0 ? -1 : 1));
        const deviation = new Float64Array(r);
        deviationOf(minimum, residuals, deviation);
        for (let i = 0; i < SAMPLES; i++) residuals[i] -= dot(gradients.subarray(i * r, (i + 1) * r), deviation) / scale;
        const p = singleShare({ size, replacement }, SAMPLES);
        // The sum with η/n takes the same steps as the mean with η, and its loss and its gradient are n times as large.
        const times = reduction === 'sum' ? SAMPLES : 1;
        for (const [[excess, firstOrder], labels, gradient] of [
          [plain, 0, 0],
          [noisy, 0.3, 0.1 * times],
        ] as const) {
          const covariance = noiseCovariance(minimum, residuals, { p, batchSize: size, labels, gradient });
          const { moments, residual } = stationaryMoments(minimum, p, stepSize / times, covariance);
          assert.ok(residual < 1e-12, `${residual}`);
          let level = 0;
          let order = 0;
          for (let a = 0; a < r; a++) {
            level += 0.5 * curvatures[a] * moments[a * r + a];
            order += 0.25 * (stepSize / times) * covariance[a * r + a];
          }
          assert.ok(Math.abs(level / times / excess - 1) < 1e-8, `${level}`);
          assert.ok(Math.abs(order / times / firstOrder - 1) < 1e-8, `${order}`);
        }
      });
    }
  }

  it('two coordinates by hand: one sample in each, batches of one', () => {
    // x₁ = e₁, x₂ = e₂, so H = ½I and, with half a chance each, v₁⁺ = ½(1 − η)²v₁ + ½v₁ + ½η²c: v₁ = ηc/(2 − η).
    const minimum = fittedMinimum(Float64Array.of(1, 0, 0, 1), 2, 2, 'mean');
    const covariance = noiseCovariance(minimum, Float64Array.of(0, 0), { p: 1, batchSize: 1, labels: 1, gradient: 0 });
    const { moments } = stationaryMoments(minimum, 1, 0.8, covariance);
    assert.ok(Math.abs(moments[0] - 0.8 / 1.2) < 1e-12 && Math.abs(moments[3] - 0.8 / 1.2) < 1e-12 && Math.abs(moments[1]) < 1e-12);
  });

  it('near the step at which no stationary moments are left they grow like 1/(1 − ρ)', () => {
    const minimum = fittedMinimum(Float64Array.from(UNEVEN.flat()), SAMPLES, WIDTH, 'mean');
    const covariance = noiseCovariance(minimum, new Float64Array(SAMPLES), { p: 1, batchSize: 1, labels: 1, gradient: 0 });
    const products = [0.146, 0.1463].map((stepSize) => {
      const { moments, residual } = stationaryMoments(minimum, 1, stepSize, covariance);
      assert.ok(residual < 1e-9);
      const trace = [0, 5, 10, 15].reduce((sum, k) => sum + moments[k], 0);
      return trace * (1 - secondMomentGrowth(minimum, 1, stepSize).factor);
    });
    // The threshold of numpy is 0.14634.
    assert.ok(Math.abs(products[0] / products[1] - 1) < 0.05, products.join(' '));
  });
});
