import assert from 'node:assert/strict';
import type { Dataset } from '../../../src/data/dataset';
import type { Dynamics } from '../../../src/dynamics/dynamics';
import { createGradientFlow } from '../../../src/dynamics/gradient-flow';
import { Objective } from '../../../src/dynamics/objective';
import type { LossSpec, ModelSpec } from '../../../src/experiment/schema';
import { createLoss } from '../../../src/losses/create-loss';
import { tiedDiagonalDrift } from '../../../src/measures/invariants';
import { createModel } from '../../../src/models/create-model';
import { distance2, norm2 } from '../../../src/numerics/vectors';

function flowOn(
  rows: number[][],
  y: number[],
  model: ModelSpec,
  loss: LossSpec,
  start: number[],
  tolerance = 1e-9,
  endTime = Infinity,
): { flow: Dynamics; objective: Objective } {
  const data: Dataset = {
    x: Float64Array.from(rows.flat()),
    y: Float64Array.from(y),
    samples: rows.length,
    features: rows[0].length,
    featureNames: null,
    truth: null,
    test: null,
  };
  const objective = new Objective(createModel(model, data), createLoss(loss), data.y);
  return { flow: createGradientFlow(objective, Float64Array.from(start), { tolerance, endTime }), objective };
}

const linear: ModelSpec = { kind: 'linear', bias: false };
/** Four points with max-margin predictor (3/4, 1/2), multipliers (0, 3/8, 0, 7/16) and offset w̃ (solves z₂·w̃ = −ln 3/8, z₄·w̃ = −ln 7/16). */
const POINTS = [
  [1, 2],
  [2, -1],
  [4, 1],
  [0, 2],
];
const OFFSET_2 = -Math.log(7 / 16) / 2;
const OFFSET_1 = (-Math.log(3 / 8) + OFFSET_2) / 2;

describe('gradient flow on separable data', () => {
  for (const kind of ['exponential', 'logistic'] as const) {
    it(`follows the whole law w = ŵ ln t + w̃ of Soudry et al. 2018, Theorem 4 (${kind})`, () => {
      const { flow } = flowOn(POINTS, [1, 1, 1, 1], linear, { kind, reduction: 'sum' }, [0, 0]);
      while (flow.logTime < 100) flow.advance(1);
      const [w1, w2] = flow.parameters;
      // The law's remainder falls exponentially in ln t for the exponential loss, like e^(−q) for the logistic one.
      assert.ok(Math.abs(w1 - 0.75 * flow.logTime - OFFSET_1) < 1e-8, String(w1 - 0.75 * flow.logTime));
      assert.ok(Math.abs(w2 - 0.5 * flow.logTime - OFFSET_2) < 1e-8, String(w2 - 0.5 * flow.logTime));
    });
  }

  it('has ℒ·t → ‖ŵ‖² = 13/16', () => {
    const { flow, objective } = flowOn(POINTS, [1, 1, 1, 1], linear, { kind: 'exponential', reduction: 'sum' }, [0, 0]);
    while (flow.logTime < 100) flow.advance(1);
    assert.ok(Math.abs(objective.logValue(flow.parameters) + flow.logTime - Math.log(13 / 16)) < 1e-8);
  });

  it('goes below ln ℒ = −10⁸ in some hundred steps', () => {
    const { flow, objective } = flowOn(POINTS, [1, 1, 1, 1], linear, { kind: 'exponential', reduction: 'sum' }, [0, 0]);
    flow.advance(2000);
    assert.ok(objective.logValue(flow.parameters) < -1e8);
    const [w1, w2] = flow.parameters;
    assert.ok(Math.abs(w1 / w2 - 1.5) < 1e-6);
  });

  it('keeps the exact invariant e^(w₂) + w₂ = w₁ + 1 where a support vector has multiplier 0', () => {
    // z = (1,0), (1,1): w₁′ = e^(−w₁)(1 + e^(−w₂)), w₂′ = e^(−w₁−w₂), so dw₁/dw₂ = e^(w₂) + 1. Degenerate: w₂ grows like ln ln t.
    const { flow } = flowOn(
      [
        [1, 0],
        [1, 1],
      ],
      [1, 1],
      linear,
      { kind: 'exponential', reduction: 'sum' },
      [0, 0],
    );
    while (flow.parameters[0] < 1000) flow.advance(1);
    const [w1, w2] = flow.parameters;
    assert.ok(Math.abs((Math.exp(w2) + w2) / (w1 + 1) - 1) < 1e-6, `${Math.exp(w2) + w2} against ${w1 + 1}`);
  });
});

describe('gradient flow on the square loss', () => {
  it('of a linear model is the matrix exponential', () => {
    // One sample x = (1, 2), y = 5, sum: w(t) = x (5/5)(1 − e^(−5t)).
    const { flow } = flowOn([[1, 2]], [5], linear, { kind: 'square', reduction: 'sum' }, [0, 0]);
    for (let k = 0; k < 60; k++) flow.advance(1);
    const t = Math.exp(flow.logTime);
    const expected = -Math.expm1(-5 * t);
    assert.ok(Math.abs(flow.parameters[0] - expected) < 1e-7 * expected, `${flow.parameters[0]} against ${expected}`);
    assert.equal(Math.abs(flow.parameters[1] - 2 * flow.parameters[0]) < 1e-14, true);
  });

  it('arrives exactly at the time at which it is to end', () => {
    const { flow } = flowOn([[1, 2]], [5], linear, { kind: 'square', reduction: 'sum' }, [0, 0], 1e-9, 0.3);
    assert.equal(flow.advance(100_000), 'arrived');
    assert.equal(flow.logTime, Math.log(0.3));
    // As above: 1 − e^(−1.5).
    assert.ok(Math.abs(flow.parameters[0] + Math.expm1(-1.5)) < 1e-9, String(flow.parameters[0]));
    const { steps } = flow;
    assert.equal(flow.advance(10), 'arrived');
    assert.equal(flow.steps, steps);
  });

  it('comes to rest, and says so', () => {
    const { flow } = flowOn(
      [
        [1, 2, 0, -1],
        [0, 1, 3, 1],
      ],
      [1, 2],
      linear,
      { kind: 'square', reduction: 'mean' },
      [0, 0, 0, 0],
    );
    assert.equal(flow.advance(100_000), 'at-rest');
    // Closed form X⁺y = (9, 29, 33, 2)/65.
    assert.ok(distance2(flow.parameters, Float64Array.of(9 / 65, 29 / 65, 33 / 65, 2 / 65)) < 1e-11);
  });

  it('does not call a plateau rest', () => {
    // Depth 4 from 10⁻³: the loss does not move before t ≈ 10⁶/(8‖Xᵀy‖∞) (Woodworth et al. 2020, Theorem 3 integrated).
    const start = new Array<number>(8).fill(1e-3);
    const { flow, objective } = flowOn(
      [
        [1, 2, 0, -1],
        [0, 1, 3, 1],
      ],
      [1, 2],
      { kind: 'diagonal', depth: 4, tied: true },
      { kind: 'square', reduction: 'sum' },
      start,
    );
    assert.equal(flow.advance(100_000), 'at-rest');
    assert.ok(objective.value(flow.parameters) < 1e-20);
    // Escape time α^(−2)/(8·6) = 20833.3 for ‖Xᵀy‖∞ = 6; the flow ends after it.
    assert.ok(Math.exp(flow.logTime) > 20833);
  });

  it('stays at an exact saddle', () => {
    const { flow } = flowOn([[1, 2]], [1], { kind: 'diagonal', depth: 2, tied: true }, { kind: 'square', reduction: 'sum' }, [0, 0, 0, 0]);
    assert.equal(flow.advance(10), 'at-rest');
    assert.equal(norm2(flow.parameters), 0);
  });

  for (const depth of [2, 3, 4]) {
    it(`of a tied diagonal network of depth ${depth} conserves its invariant to the tolerance`, () => {
      const start = [0.1, 0.2, 0.3, 0.4, 0.2, 0.1, 0.3, 0.5];
      const drift = (tolerance: number): number => {
        const { flow } = flowOn(
          [
            [1, 2, 0, -1],
            [0, 1, 3, 1],
          ],
          [1, 2],
          { kind: 'diagonal', depth, tied: true },
          { kind: 'square', reduction: 'mean' },
          start,
          tolerance,
        );
        flow.advance(100_000);
        return tiedDiagonalDrift(flow.parameters, Float64Array.from(start), depth);
      };
      // Local errors add up over some hundred steps, and fall with the tolerance.
      assert.ok(drift(1e-9) < 1e-6);
      assert.ok(drift(1e-9) < drift(1e-5) / 100);
    });
  }

  it('is stuck at a kink, where nothing diverges, and tells how the gradient jumps', () => {
    // f = σ(w) on x = 1, y = 1, σ leaky of slope ½: −∇ = ½ at w = 0 and 1 − w beyond.
    const { flow } = flowOn(
      [[1]],
      [1],
      { kind: 'neuron', activation: { kind: 'leaky-relu', slope: 0.5 } },
      { kind: 'square', reduction: 'sum' },
      [0],
    );
    assert.equal(flow.advance(10), 'stuck');
    assert.equal(flow.steps, 0);
    assert.equal(flow.obstacle?.gradient, 0.5);
    assert.equal(flow.obstacle.jump, 0.5);
    assert.ok(flow.obstacle.within < 1e-50);
  });

  it('ends where it slides along a kink, and tells at what pace', () => {
    // σ(w·x) = max(0, w·x) with y = −1 at (1, 0) and 2 at (½, 1). Beside w₁ = 0, −∂₁ is ½r on the left and ½r − 1 on the right, r = 2 − w₂ < 2 being what is left
    // of the other sample: both sides lead to it, and w₂′ = r along it.
    const { flow } = flowOn(
      [
        [1, 0],
        [0.5, 1],
      ],
      [-1, 2],
      { kind: 'neuron', activation: 'relu' },
      { kind: 'square', reduction: 'sum' },
      [0.3, 0.5],
    );
    assert.equal(flow.advance(100_000), 'stuck');
    assert.ok(flow.steps <= 5000, `${flow.steps}`);
    const [w1, w2] = flow.parameters;
    assert.ok(Math.abs(w1) < 1e-6 && w2 > 0.5 && w2 < 2, `${w1} ${w2}`);
    assert.ok(flow.obstacle?.pace !== undefined && flow.obstacle.pace.share < 1e-3);
    // The jump is that of the first sample, y₁ = −1.
    assert.ok(Math.abs(flow.obstacle.jump - 1) < 1e-3, `${flow.obstacle.jump}`);
  });

  it('goes on where a kink is only crossed', () => {
    // The same without what pushes back: w₁ falls through 0, where the first sample lets go of it.
    const { flow } = flowOn(
      [
        [1, 0],
        [-0.5, 1],
      ],
      [-1, 2],
      { kind: 'neuron', activation: 'relu' },
      { kind: 'square', reduction: 'sum' },
      [0.3, 0.5],
    );
    assert.equal(flow.advance(100_000), 'at-rest');
    assert.ok(flow.parameters[0] < 0 && Math.abs(flow.parameters[1] - 0.5 * flow.parameters[0] - 2) < 1e-6);
  });

  it('calls a loss that overflows diverged instead of going on', () => {
    const { flow } = flowOn([[1e160]], [1], { kind: 'diagonal', depth: 3, tied: true }, { kind: 'square', reduction: 'sum' }, [1e10, 1]);
    assert.equal(flow.advance(1000), 'diverged');
  });
});

describe('gradient flow of a model too large to factor', () => {
  it('is integrated explicitly to the same end', () => {
    // 300 features untied of depth 2: 600 parameters without a diagonal curvature. One sample x = e₁: w₁ = u₁v₁ → 1 with u₁² − v₁² kept.
    const d = 300;
    const x = [1, ...new Array<number>(d - 1).fill(0)];
    const start = [...new Array<number>(d).fill(0.5), ...new Array<number>(d).fill(0.25)];
    const { flow } = flowOn([x], [1], { kind: 'diagonal', depth: 2, tied: false }, { kind: 'square', reduction: 'sum' }, start);
    flow.advance(5000);
    const u = flow.parameters[0];
    const v = flow.parameters[d];
    assert.ok(Math.abs(u * v - 1) < 1e-8);
    assert.ok(Math.abs(u * u - v * v - 0.1875) < 1e-7);
  });
});
