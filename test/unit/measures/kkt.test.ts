import assert from 'node:assert/strict';
import type { Dataset } from '../../../src/data/dataset';
import { hasKktResidual, isKktComputable, kktResidual } from '../../../src/measures/kkt';
import { createFeedForward, type FeedForwardShape } from '../../../src/models/feed-forward';
import type { Model } from '../../../src/models/model';
import { nnlsOfColumns } from '../../../src/numerics/nnls';
import { randomStream } from '../../../src/numerics/random';
import { norm2 } from '../../../src/numerics/vectors';

function networkOf(
  x: readonly (readonly number[])[],
  y: readonly number[],
  shape: Partial<FeedForwardShape> = {},
): { model: Model; data: Dataset } {
  const data: Dataset = {
    x: Float64Array.from(x.flat()),
    y: Float64Array.from(y),
    samples: y.length,
    features: x[0].length,
    featureNames: null,
    truth: null,
    test: null,
  };
  const full: FeedForwardShape = {
    kind: 'network',
    widths: [2],
    outputs: 1,
    activation: { kind: 'relu' },
    bias: 'none',
    residual: false,
    trainable: 'all',
    ...shape,
  };
  return { model: createFeedForward(full, data), data };
}

describe('KKT residual', () => {
  const points = [
    [1, 0.25],
    [-1, 0.25],
  ];

  it('vanishes at the point that Vardi, Shamir and Srebro give, with its multipliers (2, 2)', () => {
    const { model, data } = networkOf(points, [1, 1]);
    const residual = kktResidual(model, data.y, data.x, Float64Array.of(0, 2, 0, 0, 2, 0));
    assert.ok(residual !== null);
    assert.ok(residual.stationarity < 1e-15 && residual.slackness < 1e-15);
    assert.ok(Math.abs(residual.multipliers[0] - 2) < 1e-12 && Math.abs(residual.multipliers[1] - 2) < 1e-12);
    assert.ok(Math.abs(residual.margin - 1 / 8) < 1e-15);
  });

  it('does not depend on the scale of θ', () => {
    const { model, data } = networkOf(points, [1, 1]);
    const theta = Float64Array.of(0.1, 2, -0.5, 1, 2, 0.7);
    const small = kktResidual(model, data.y, data.x, theta);
    const large = kktResidual(
      model,
      data.y,
      data.x,
      theta.map((value) => 1e6 * value),
    );
    assert.ok(small !== null && large !== null);
    assert.ok(Math.abs(small.stationarity - large.stationarity) < 1e-12 && small.stationarity > 0.01);
    assert.ok(Math.abs(small.multipliers[0] - large.multipliers[0]) < 1e-9);
  });

  it('needs Clarke’s freedom at the optimum of the exclusive or: every unit is on the kink of two samples', () => {
    // One unit along each sample (closed form: λ_i = 1/√2, margin √2/8); a·x vanishes on the two samples of the other class.
    const xor = [
      [1, 1],
      [-1, -1],
      [1, -1],
      [-1, 1],
    ];
    const { model, data } = networkOf(xor, [1, 1, -1, -1], { widths: [4] });
    const r = Math.SQRT1_2;
    const theta = Float64Array.of(r, r, -r, -r, r, -r, -r, r, 1, 1, -1, -1);
    const free = kktResidual(model, data.y, data.x, theta);
    assert.ok(free !== null);
    assert.equal(free.kinks, 8);
    assert.ok(free.stationarity < 1e-12, String(free.stationarity));
    free.multipliers.forEach((value) => assert.ok(Math.abs(value - r) < 1e-9));
    assert.ok(Math.abs(free.margin - Math.SQRT2 / 8) < 1e-12);
  });

  it('has no value where a margin is not positive', () => {
    const { model, data } = networkOf(
      [
        [1, 0],
        [0.5, 1],
      ],
      [1, 1],
      { widths: [1], activation: { kind: 'leaky-relu', slope: 0.5 } },
    );
    // w·x₂ = 0.5·1 + 1·(−0.5) = 0: no scale is feasible.
    assert.equal(kktResidual(model, data.y, data.x, Float64Array.of(1, -0.5, 1)), null);
  });

  it('slack counts: a multiplier on a margin that is not the smallest', () => {
    // θ is along x₂ alone, whose margin is larger than that of x₁.
    const { model, data } = networkOf(
      [
        [1, 0],
        [1, 0.7],
      ],
      [1, 1],
      { widths: [1], trainable: 'first', activation: { kind: 'identity' } },
    );
    const frozen = createFrozen(model, data);
    const residual = kktResidual(frozen, data.y, data.x, Float64Array.of(1, 0.3));
    assert.ok(residual !== null);
    assert.ok(residual.stationarity > 0.05 || residual.slackness > 0.05);
    // The max-margin direction (1, 0) has the multiplier on x₁ alone.
    const optimum = kktResidual(frozen, data.y, data.x, Float64Array.of(1, 0));
    assert.ok(optimum !== null && optimum.stationarity < 1e-12 && optimum.slackness < 1e-12);
  });

  it('of many more parameters than margins is that of the least squares with every one of them', () => {
    // 6 margins, 3 · 500 parameters of quadratic units: no kinks, so one column a margin, against Lawson and Hanson on all 1506 rows.
    const stream = randomStream(3, 'test');
    const x = Array.from({ length: 6 }, () => [1 + 0.3 * stream.gaussian(), 0.3 * stream.gaussian()]);
    const { model, data } = networkOf(x, [1, 1, 1, 1, 1, 1], { widths: [500], activation: { kind: 'quadratic' } });
    const theta = Float64Array.from({ length: model.parameterCount }, (_, j) => (j < 1000 ? stream.gaussian() : 0.2 + stream.uniform()));
    const residual = kktResidual(model, data.y, data.x, theta);
    assert.ok(residual?.complete);
    const size = norm2(theta);
    const u = theta.map((value) => value / size);
    const [outputs, jacobian] = [new Float64Array(6), new Float64Array(6 * theta.length)];
    model.outputs(u, outputs);
    model.jacobian(u, jacobian);
    const least = Math.min(...outputs);
    const columns = [...outputs.keys()]
      .filter((k) => outputs[k] <= 1.5 * least)
      .map((k) => {
        const column = new Float64Array(theta.length + 6);
        column.set(jacobian.subarray(k * theta.length, (k + 1) * theta.length).map((value) => value / (3 * least)));
        column[theta.length + k] = outputs[k] / least - 1;
        return column;
      });
    const flat = new Float64Array(columns.length * columns[0].length);
    columns.forEach((column, c) => flat.set(column, c * column.length));
    const target = new Float64Array(columns[0].length);
    target.set(u);
    const { residualNorm } = nnlsOfColumns(flat, columns.length, target.length, target);
    assert.ok(Math.abs(Math.hypot(residual.stationarity, residual.slackness) - residualNorm) < 1e-12);
  });

  it('cut short it is an upper bound, and says so', () => {
    const xor = [
      [1, 1],
      [-1, -1],
      [1, -1],
      [-1, 1],
    ];
    const { model, data } = networkOf(xor, [1, 1, -1, -1], { widths: [4] });
    const theta = Float64Array.of(1, 1.001, -1.001, -1, 1, -0.999, -1, 1.001, 1.4, 1.4, -1.4, -1.4);
    const whole = kktResidual(model, data.y, data.x, theta);
    const short = kktResidual(model, data.y, data.x, theta, 0);
    assert.ok(whole !== null && short !== null);
    assert.deepEqual([whole.complete, short.complete], [true, false]);
    assert.ok(short.stationarity > 1.5 * whole.stationarity, `${short.stationarity} and ${whole.stationarity}`);
  });

  it('of a wide network can be computed, of a huge one not', () => {
    assert.equal(isKktComputable(networkOf(points, [1, 1], { widths: [500_000] }).model, Float64Array.of(1, 1)), true);
    assert.equal(isKktComputable(networkOf(points, [1, 1], { widths: [1_000_000] }).model, Float64Array.of(1, 1)), false);
  });

  it('is recorded for small networks alone, and has no value for a model that is not homogeneous', () => {
    const { model, data } = networkOf(points, [1, 1]);
    assert.equal(hasKktResidual(model, data.y), true);
    const large = networkOf(points, [1, 1], { widths: [1000] });
    assert.equal(hasKktResidual(large.model, large.data.y), false);
    const tanh = networkOf(points, [1, 1], { activation: { kind: 'tanh' } });
    assert.equal(kktResidual(tanh.model, tanh.data.y, tanh.data.x, new Float64Array(6).fill(1)), null);
  });
});

/** The same network with its output weight frozen at 1. */
function createFrozen(model: Model, data: Dataset): Model {
  const shape: FeedForwardShape = {
    kind: model.kind,
    widths: [1],
    outputs: 1,
    activation: { kind: 'identity' },
    bias: 'none',
    residual: false,
    trainable: 'first',
  };
  return createFeedForward(shape, data, Float64Array.of(0, 0, 1));
}
