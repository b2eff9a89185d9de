import assert from 'node:assert/strict';
import type { Dataset } from '../../../src/data/dataset';
import { createGradientFlow } from '../../../src/dynamics/gradient-flow';
import { createHomogeneousFlow, followsHomogeneously } from '../../../src/dynamics/homogeneous-flow';
import { Objective } from '../../../src/dynamics/objective';
import { createExponential } from '../../../src/losses/margin-losses';
import { createFeedForward, type FeedForwardShape } from '../../../src/models/feed-forward';

const SHAPE: FeedForwardShape = {
  kind: 'network',
  widths: [2],
  outputs: 1,
  activation: { kind: 'relu' },
  bias: 'none',
  residual: false,
  trainable: 'all',
};

function objectiveOf(x: readonly (readonly number[])[], y: readonly number[], shape: Partial<FeedForwardShape> = {}): Objective {
  const data: Dataset = {
    x: Float64Array.from(x.flat()),
    y: Float64Array.from(y),
    samples: y.length,
    features: x[0].length,
    featureNames: null,
    truth: null,
    test: null,
  };
  return new Objective(createFeedForward({ ...SHAPE, ...shape }, data), createExponential('sum'), data.y);
}

/** min_i y_i f(x_i) / ‖θ‖^L. */
function normalizedMargin({ model, outputs, targets }: Objective, theta: Float64Array): number {
  model.outputs(theta, outputs);
  const smallest = outputs.reduce((least, value, i) => Math.min(least, value * targets[i]), Infinity);
  return smallest / Math.pow(Math.hypot(...theta), model.degree ?? Number.NaN);
}

describe('flow of a homogeneous model with kinks', () => {
  it('is chosen for ReLU networks without deeper biases and for margin losses alone', () => {
    assert.equal(followsHomogeneously(objectiveOf([[1, 0]], [1])), true);
    assert.equal(followsHomogeneously(objectiveOf([[1, 0]], [1], { bias: 'first' })), true);
    assert.equal(followsHomogeneously(objectiveOf([[1, 0]], [1], { bias: 'all' })), false);
    assert.equal(followsHomogeneously(objectiveOf([[1, 0]], [1], { activation: { kind: 'quadratic' } })), false);
    assert.equal(followsHomogeneously(objectiveOf([[1, 0]], [1], { activation: { kind: 'leaky-relu', slope: 1 } })), false);
  });

  it('reaches the normalized margin 1/8 of one unit between two points (Vardi, Shamir, Srebro 2021)', () => {
    // The second unit is dead. By hand: the live one ends at w = (0, 2), v = 2 for q = 1, so ‖θ‖² = 8.
    const objective = objectiveOf(
      [
        [1, 0.25],
        [-1, 0.25],
      ],
      [1, 1],
    );
    const flow = createHomogeneousFlow(objective, Float64Array.of(0, 3, 0, -2, 3, -2));
    flow.advance(50_000);
    const margin = normalizedMargin(objective, flow.parameters);
    // The dead unit keeps its norm² 8, which costs 8/‖θ‖² of the margin.
    assert.ok(Math.abs(margin - 1 / 8) < 2e-4, String(margin));
    assert.deepEqual([...flow.parameters.slice(2, 4), flow.parameters[5]], [0, -2, -2]);
  });

  it('reaches the largest margin √2/8 of the exclusive or, where every unit ends up on kinks', () => {
    // Closed form: one unit along each of the four points, V* = 2√2, margin 1/(2V*).
    const objective = objectiveOf(
      [
        [1, 1],
        [-1, -1],
        [1, -1],
        [-1, 1],
      ],
      [1, 1, -1, -1],
      { widths: [4] },
    );
    const start = Float64Array.of(0.3, 0.2, -0.2, -0.1, 0.2, -0.1, -0.1, 0.3, 0.4, 0.2, -0.3, -0.3);
    const flow = createHomogeneousFlow(objective, start);
    flow.advance(40_000);
    const margin = normalizedMargin(objective, flow.parameters);
    assert.ok(margin < Math.SQRT2 / 8 && margin > 0.999 * (Math.SQRT2 / 8), String(margin));
  });

  it('follows the exact flow to first order where no kink is near, in the parameters and in time', () => {
    // A single positive unit on one sample in each class: smooth along the way, so the error-controlled flow is exact.
    const build = (): Objective => objectiveOf([[1, 0.5]], [1], { widths: [1] });
    const start = Float64Array.of(0.5, 0.1, 0.4);
    const exact = createGradientFlow(build(), start, { tolerance: 1e-10 });
    const objective = build();
    const device = createHomogeneousFlow(objective, start);
    device.advance(2000);
    while (objective.logValue(exact.parameters) > objective.logValue(device.parameters)) exact.advance(1);
    const angle = Math.abs(Math.atan2(exact.parameters[1], exact.parameters[0]) - Math.atan2(device.parameters[1], device.parameters[0]));
    assert.ok(angle < 0.01, String(angle));
    assert.ok(Math.abs(exact.logTime / device.logTime - 1) < 0.05, `${exact.logTime} ${device.logTime}`);
  });

  it('rests where every unit is dead, and nowhere else', () => {
    const dead = createHomogeneousFlow(objectiveOf([[1, 0]], [1]), Float64Array.of(-1, 0, -2, 0, 1, 1));
    assert.equal(dead.advance(10), 'at-rest');
    assert.equal(dead.steps, 0);
    const alive = createHomogeneousFlow(objectiveOf([[1, 0]], [1]), Float64Array.of(1, 0, -2, 0, 1, 1));
    assert.equal(alive.advance(100_000), 'running');
  });
});
