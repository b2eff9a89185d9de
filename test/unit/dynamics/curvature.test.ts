import assert from 'node:assert/strict';
import { createAdam } from '../../../src/dynamics/adam';
import { BatchSharpness } from '../../../src/dynamics/batch-sharpness';
import { Curvature } from '../../../src/dynamics/curvature';
import { Objective } from '../../../src/dynamics/objective';
import type { LossSpec, ModelSpec } from '../../../src/experiment/schema';
import { createLoss } from '../../../src/losses/create-loss';
import { createModel } from '../../../src/models/create-model';
import { symmetricEigen } from '../../../src/numerics/symmetric-eigen';
import { randomStream } from '../../../src/numerics/random';
import type { ExperimentInput } from '../../../src/experiment/schema';
import { reportOf } from '../../theory/lab';
import { datasetOf, LINEAR, LOGISTIC, objectiveOf, randomDataset, SQUARE } from './problems';

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `expected ${expected}, got ${actual}`);

/** ½(ab − 1)²: the Hessian is [[b², 2ab − 1], [2ab − 1, a²]]. */
const PRODUCT: ModelSpec = { kind: 'linear-network', widths: [1] };
const product = (): Objective => objectiveOf(datasetOf([[1]], [1]), PRODUCT, SQUARE);

const TANH: ModelSpec = {
  kind: 'network',
  widths: [5, 4],
  activation: 'tanh',
  bias: 'all',
  residual: false,
  trainable: 'all',
};

function pointOf(objective: Objective, seed = 3): Float64Array {
  const stream = randomStream(seed, 'point');
  return Float64Array.from({ length: objective.size }, () => 0.7 * stream.gaussian());
}

/** All of ∇²ℒ, column by column, by central differences of the gradient. */
function denseHessian(objective: Objective, theta: Float64Array): Float64Array {
  const { size } = objective;
  const h = 1e-5;
  const dense = new Float64Array(size * size);
  const [ahead, behind] = [new Float64Array(size), new Float64Array(size)];
  for (let j = 0; j < size; j++) {
    const moved = theta.slice();
    moved[j] = theta[j] + h;
    objective.gradient(moved, ahead);
    moved[j] = theta[j] - h;
    objective.gradient(moved, behind);
    for (let i = 0; i < size; i++) dense[i * size + j] = (ahead[i] - behind[i]) / (2 * h);
  }
  return dense;
}

describe('curvature', () => {
  it('of ½(ab − 1)² has the eigenvalues, the trace and the norm of its 2 × 2 Hessian', () => {
    const [a, b] = [4, 0.1];
    const curvature = new Curvature(product()).at(Float64Array.of(a, b));
    const mixed = 2 * a * b - 1;
    const sum = a * a + b * b;
    near(curvature.sharpness(), (sum + Math.sqrt((a * a - b * b) ** 2 + 4 * mixed ** 2)) / 2, 1e-13);
    near(curvature.hessianTrace(), sum, 1e-14);
    near(curvature.hessianFrobenius(), Math.sqrt(a ** 4 + b ** 4 + 2 * mixed ** 2), 1e-14);
    // J = (b, a).
    near(curvature.gaussNewtonTrace(), sum, 1e-14);
    near(curvature.gaussNewtonFrobenius(), sum, 1e-14);
  });

  it('of networks agrees with all eigenvalues of a Hessian of differences', () => {
    const losses: readonly LossSpec[] = [SQUARE, LOGISTIC, { kind: 'cross-entropy', reduction: 'mean' }];
    for (const loss of losses) {
      const classes = loss.kind === 'cross-entropy' ? 3 : 1;
      const data = randomDataset(8, 6, 2, loss.kind === 'logistic');
      if (classes > 1) data.y.forEach((_, i) => (data.y[i] = i % classes));
      const objective = new Objective(createModel(TANH, data, classes), createLoss(loss, classes), data.y);
      const theta = pointOf(objective);
      const dense = denseHessian(objective, theta);
      const { values } = symmetricEigen(dense, objective.size);
      const curvature = new Curvature(objective).at(theta);
      // Residual 10⁻³: the error is its square over the gap. Differences are right to 10⁻⁸ or so.
      near(curvature.sharpness(), values[values.length - 1], 1e-5);
      near(
        curvature.hessianTrace(),
        values.reduce((sum, value) => sum + value, 0),
        1e-7,
      );
      near(curvature.hessianFrobenius(), Math.hypot(...values), 1e-7);
      const preconditioner = theta.map((value, j) => (j === 2 ? 0 : 0.5 + value * value));
      const scaled = dense.map((entry, k) => {
        const [i, j] = [Math.floor(k / objective.size), k % objective.size];
        return i === 2 || j === 2 ? 0 : entry / Math.sqrt(preconditioner[i] * preconditioner[j]);
      });
      near(curvature.preconditionedSharpness(preconditioner), symmetricEigen(scaled, objective.size).values[objective.size - 1], 1e-5);
    }
  });

  it('Gauss–Newton: trace and norm of JᵀWJ, also with several outputs', () => {
    const data = randomDataset(8, 5, 2);
    data.y.forEach((_, i) => (data.y[i] = i % 3));
    const objective = new Objective(createModel(TANH, data, 3), createLoss({ kind: 'cross-entropy', reduction: 'mean' }, 3), data.y);
    const theta = pointOf(objective);
    const { model, size } = objective;
    // JᵀWJ column by column, W from p = softmax(f)/n by hand.
    const outputs = new Float64Array(15);
    model.outputs(theta, outputs);
    const jacobian = new Float64Array(15 * size);
    model.jacobian(theta, jacobian);
    const dense = new Float64Array(size * size);
    for (let i = 0; i < 5; i++) {
      const raw = [0, 1, 2].map((k) => Math.exp(outputs[3 * i + k]));
      const p = raw.map((value) => value / (raw[0] + raw[1] + raw[2]));
      for (let k = 0; k < 3; k++) {
        for (let l = 0; l < 3; l++) {
          const weight = ((k === l ? p[k] : 0) - p[k] * p[l]) / 5;
          for (let a = 0; a < size; a++) {
            for (let b = 0; b < size; b++) {
              dense[a * size + b] += weight * jacobian[(3 * i + k) * size + a] * jacobian[(3 * i + l) * size + b];
            }
          }
        }
      }
    }
    const curvature = new Curvature(objective).at(theta);
    near(
      curvature.gaussNewtonTrace(),
      dense.reduce((sum, entry, k) => sum + (k % (size + 1) === 0 ? entry : 0), 0),
      1e-13,
    );
    near(curvature.gaussNewtonFrobenius(), Math.hypot(...dense), 1e-13);
  });

  it('is that of the present place, wherever it has been before', () => {
    const objective = objectiveOf(randomDataset(8, 6, 2), TANH, SQUARE);
    const curvature = new Curvature(objective);
    for (const seed of [1, 2, 3, 2]) {
      const theta = pointOf(objective, seed);
      const fresh = new Curvature(objective).at(theta);
      near(curvature.at(theta).sharpness(), fresh.sharpness(), 1e-5);
      near(curvature.gaussNewtonTrace(), fresh.gaussNewtonTrace(), 1e-14);
      near(curvature.hessianTrace(), fresh.hessianTrace(), 1e-14);
    }
  });
});

describe('batch sharpness', () => {
  // Linear regression: g_i = r_i x_i and ∇²ℒ_i = x_i x_iᵀ, so g_iᵀ∇²ℒ_i g_i / ‖g_i‖² = ‖x_i‖².
  const data = randomDataset(5, 7, 3);
  const theta = Float64Array.of(0.3, -0.2, 0.9);
  const rows = Array.from({ length: 7 }, (_, i) => Array.from(data.x.subarray(3 * i, 3 * i + 3)));

  it('with one sample a batch is the mean ‖xᵢ‖², times n for the sum', () => {
    const mean = rows.reduce((sum, row) => sum + Math.hypot(...row) ** 2, 0) / 7;
    near(new BatchSharpness(objectiveOf(data, LINEAR, SQUARE), 1, 1).at(theta), mean, 1e-14);
    near(new BatchSharpness(objectiveOf(data, LINEAR, { kind: 'square', reduction: 'sum' }), 1, 1).at(theta), 7 * mean, 1e-14);
  });

  it('with all samples a batch is the curvature along the gradient', () => {
    const objective = objectiveOf(data, LINEAR, SQUARE);
    const gradient = new Float64Array(3);
    objective.gradient(theta, gradient);
    const image = rows.map((row) => row.reduce((sum, x, j) => sum + x * gradient[j], 0));
    const along = image.reduce((sum, value) => sum + value * value, 0) / 7 / gradient.reduce((sum, g) => sum + g * g, 0);
    near(new BatchSharpness(objective, 7, 1).at(theta), along, 1e-14);
    near(new BatchSharpness(objective, 100, 1).at(theta), along, 1e-14);
  });

  it('leaves out samples that are fitted', () => {
    const fitted = datasetOf(
      [
        [1, 0],
        [0, 2],
      ],
      [1, 5],
    );
    near(new BatchSharpness(objectiveOf(fitted, LINEAR, SQUARE), 1, 1).at(Float64Array.of(1, 0)), 4, 1e-15);
  });
});

describe('the preconditioner of Adam', () => {
  it('after one step is (1 − β₁)(|g| + ε), and unknown before', () => {
    for (const loss of [SQUARE, LOGISTIC]) {
      const objective = objectiveOf(randomDataset(5, 7, 3, loss === LOGISTIC), LINEAR, loss);
      const start = Float64Array.of(0.3, -0.2, 0.9);
      const gradient = new Float64Array(3);
      objective.gradient(start, gradient);
      const adam = createAdam(objective, start, { stepSize: 1e-3, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, schedule: 'constant' });
      const out = new Float64Array(3);
      adam.preconditioner?.(out);
      assert.ok(out.every(Number.isNaN));
      adam.advance(1);
      adam.preconditioner?.(out);
      out.forEach((p, j) => near(p, 0.1 * (Math.abs(gradient[j]) + 1e-3), 1e-14));
    }
  });
});

describe('a run that records curvature', () => {
  const experiment: ExperimentInput = {
    data: { kind: 'inline', x: [[1], [3]], y: [1, 2] },
    model: { kind: 'linear', bias: false },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize: 0.1, momentum: 0.5 },
    stop: { steps: 20 },
    record: {
      measures: ['sharpness', 'sharpnessRatio', 'stabilityThreshold', 'hessianTrace', 'batchSharpness', 'preconditionedSharpness'],
    },
  };

  it('has the numbers of a quadratic, and no columns that have no meaning', async () => {
    const { measures } = await reportOf(experiment);
    // λ = (1 + 9)/2, heavy ball: 2(1 + β)/η.
    near(measures['sharpness'], 5, 1e-14);
    near(measures['stabilityThreshold'], 30, 1e-14);
    near(measures['sharpnessRatio'], 5 / 30, 1e-14);
    near(measures['hessianTrace'], 5, 1e-14);
    assert.equal('batchSharpness' in measures, false);
    assert.equal('preconditionedSharpness' in measures, false);
  });

  it('of SGD and Adam has theirs', async () => {
    const sgd = await reportOf({ ...experiment, optimizer: { kind: 'sgd', stepSize: 0.01 } });
    near(sgd.measures['batchSharpness'], 5, 1e-14);
    near(sgd.measures['stabilityThreshold'], 200, 1e-14);
    const adam = await reportOf({ ...experiment, optimizer: { kind: 'adam', stepSize: 0.01, beta1: 0.5 }, stop: { steps: 1 } });
    // One step from w = 0: g = −(1·1 + 3·2)/2, P = (1 − β₁)(|g| + ε), threshold 2(1 + β₁)/((1 − β₁)η).
    near(adam.measures['preconditionedSharpness'], 5 / (0.5 * (3.5 + 1e-8)), 1e-12);
    near(adam.measures['stabilityThreshold'], 600, 1e-14);
    near(adam.measures['sharpnessRatio'], 5 / (0.5 * (3.5 + 1e-8)) / 600, 1e-12);
  });

  it('of a flow and of normalised steps has no threshold', async () => {
    for (const optimizer of [{ kind: 'gradient-flow' }, { kind: 'gradient-descent', stepSize: 0.01, normalize: 'gradient' }] as const) {
      const { measures } = await reportOf({ ...experiment, optimizer });
      near(measures['sharpness'], 5, 1e-14);
      assert.equal('sharpnessRatio' in measures, false);
      assert.equal('stabilityThreshold' in measures, false);
    }
  });
});
