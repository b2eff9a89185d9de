import assert from 'node:assert/strict';
import { createGradientDescent } from '../../../src/dynamics/gradient-descent';
import { Hessian } from '../../../src/dynamics/hessian';
import { smoothnessBound } from '../../../src/dynamics/smoothness-bound';
import { randomStream } from '../../../src/numerics/random';
import { datasetOf, difference, EXPONENTIAL, LINEAR, LOGISTIC, objectiveOf, randomDataset, SQUARE, tied, untied } from './problems';

describe('products with the Hessian', () => {
  it('of ½(u² − v² − y)², by hand', () => {
    const [u, v, y] = [0.7, 0.4, 2];
    const residual = u * u - v * v - y;
    const hessian = new Hessian(objectiveOf(datasetOf([[1]], [y]), tied(2), SQUARE)).at(Float64Array.of(u, v));
    const out = new Float64Array(2);
    hessian.multiply(Float64Array.of(1, 0), out);
    assert.ok(difference(out, Float64Array.of(4 * u * u + 2 * residual, -4 * u * v)) < 1e-15);
    hessian.multiply(Float64Array.of(0, 1), out);
    assert.ok(difference(out, Float64Array.of(-4 * u * v, 4 * v * v - 2 * residual)) < 1e-15);
  });

  it('agree with differences of the gradient', () => {
    for (const model of [LINEAR, tied(2), tied(3), tied(5), untied(2), untied(4)]) {
      for (const loss of [SQUARE, LOGISTIC, EXPONENTIAL]) {
        const objective = objectiveOf(randomDataset(3, 6, 4, loss !== SQUARE), model, loss);
        const stream = randomStream(1, 'point');
        const theta = Float64Array.from({ length: objective.size }, () => 0.6 * stream.gaussian());
        const direction = theta.map(() => stream.gaussian());
        const exact = new Float64Array(theta.length);
        new Hessian(objective).at(theta).multiply(direction, exact);
        const h = 1e-5;
        const [ahead, behind] = [h, -h].map((t) => {
          const out = new Float64Array(theta.length);
          objective.gradient(
            theta.map((x, j) => x + t * direction[j]),
            out,
          );
          return out;
        });
        const differences = exact.map((_, j) => (ahead[j] - behind[j]) / (2 * h));
        // Central differences: h² times a fourth derivative (order 100) and 2^−53/h, both near 1e−8.
        assert.ok(difference(differences, exact) < 1e-7, `${model.kind} ${loss.kind}`);
      }
    }
  });
});

describe('smoothness bound', () => {
  it('of the linear model is sup ℓ″ λ_max(XᵀX) c', () => {
    const data = datasetOf(
      [
        [3, 0],
        [0, 1],
      ],
      [1, -1],
    );
    const start = new Float64Array(2);
    assert.ok(Math.abs(smoothnessBound(objectiveOf(data, LINEAR, SQUARE), start) - 9 / 2) < 1e-14);
    assert.ok(Math.abs(smoothnessBound(objectiveOf(data, LINEAR, { kind: 'square', reduction: 'sum' }), start) - 9) < 1e-14);
    assert.ok(Math.abs(smoothnessBound(objectiveOf(data, LINEAR, LOGISTIC), start) - 9 / 8) < 1e-14);
    // With a bias the rows are (3, 0, 1), (0, 1, 1): XXᵀ = [[10, 1], [1, 2]].
    const bias = objectiveOf(data, { kind: 'linear', bias: true }, SQUARE);
    assert.ok(Math.abs(smoothnessBound(bias, new Float64Array(3)) - (6 + Math.sqrt(17)) / 2) < 1e-14);
  });

  it('of the exponential loss is the curvature at the start: e^0 λ_max(XᵀX)/n at w = 0', () => {
    const data = datasetOf(
      [
        [3, 0],
        [0, 1],
      ],
      [1, 1],
    );
    assert.ok(Math.abs(smoothnessBound(objectiveOf(data, LINEAR, EXPONENTIAL), new Float64Array(2)) - 9 / 2) < 1e-9);
  });

  it('looks at the end of the way too, which few steps may reach: ½(ab − 4)² sharpens from 4.03 to 8.00', () => {
    const objective = objectiveOf(datasetOf([[1]], [4]), { kind: 'linear-network', widths: [1] }, SQUARE);
    const bound = smoothnessBound(objective, Float64Array.of(0.5, 0.1));
    // The way ends where the loss is below 10⁻³ of 7.8, so ab > 3.87 and λ_max ≥ 3ab − 4 > 7.61; at the minimum it is √(0.24² + 8²).
    assert.ok(bound > 7.61 && bound < Math.hypot(0.24, 8) + 1e-9, String(bound));
  });

  it('is positive for data without any signal', () => {
    const data = datasetOf([[0, 0]], [0]);
    for (const model of [LINEAR, tied(2)]) {
      const objective = objectiveOf(data, model, SQUARE);
      assert.ok(smoothnessBound(objective, new Float64Array(objective.size)) > 0);
    }
  });

  it('gives a step with which the loss of a network never rises, from tiny to large starts', () => {
    for (const model of [tied(2), tied(3), tied(4), untied(2), untied(3)]) {
      for (const scale of [1e-3, 0.1, 1, 5]) {
        const objective = objectiveOf(randomDataset(8, 8, 12), model, SQUARE);
        const start = new Float64Array(objective.size).fill(scale);
        const stepSize = 1 / smoothnessBound(objective, start);
        const descent = createGradientDescent(objective, start, { stepSize, momentum: 0, normalize: 'none' });
        let previous = objective.value(start);
        const first = previous;
        for (let k = 0; k < 40; k++) {
          descent.advance(20);
          const loss = objective.value(descent.parameters);
          // Rounding of the outputs, not a rise: (n 2^−53 |outputs|)² with outputs up to 5^4.
          assert.ok(loss <= previous + 1e-13 * first, `${model.kind} ${scale} ${k}: ${previous} → ${loss}`);
          previous = loss;
        }
      }
    }
  });
});
