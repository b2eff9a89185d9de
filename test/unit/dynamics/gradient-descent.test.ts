/** Gradient descent against closed forms, on every kernel variant that can run here. */
import assert from 'node:assert/strict';
import type { Dynamics } from '../../../src/dynamics/dynamics';
import type { GradientDescentOptions } from '../../../src/dynamics/descent-options';
import { createGradientDescent } from '../../../src/dynamics/gradient-descent';
import type { LossSpec, ModelSpec } from '../../../src/experiment/schema';
import { stabilityThreshold } from '../../../src/experiment/stability-threshold';
import {
  datasetOf,
  difference,
  EXPONENTIAL,
  LINEAR,
  LOGISTIC,
  objectiveOf,
  randomDataset,
  SQUARE,
  tied,
  VARIANTS,
  withKernels,
} from './problems';

const PLAIN: GradientDescentOptions = { stepSize: 0.1, momentum: 0, normalize: 'none' };

interface Setup {
  readonly x?: readonly (readonly number[])[];
  readonly y?: readonly number[];
  readonly model?: ModelSpec;
  readonly loss?: LossSpec;
  readonly start?: readonly number[];
}

function descentOn(
  { x = [[1]], y = [1], model = LINEAR, loss = SQUARE, start = [0] }: Setup,
  options: Partial<GradientDescentOptions>,
): Dynamics {
  return createGradientDescent(objectiveOf(datasetOf(x, y), model, loss), Float64Array.from(start), { ...PLAIN, ...options });
}

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `expected ${expected}, got ${actual}`);

for (const variant of VARIANTS) {
  describe(`gradient descent, ${variant}`, () => {
    const test = (name: string, work: () => void): void => void it(name, () => withKernels(variant, work));

    test('on ½(w − 1)²: w_k = 1 − (1 − η)^k', () => {
      const descent = descentOn({}, { stepSize: 0.1 });
      assert.equal(descent.logTime, -Infinity);
      assert.equal(descent.advance(20), 'running');
      near(descent.parameters[0], 1 - 0.9 ** 20, 1e-15);
      near(descent.logTime, Math.log(2), 1e-15);
    });

    test('heavy ball on ½w² solves w_{k+1} = (1 + β − η)w_k − βw_{k−1}', () => {
      const [eta, beta] = [0.3, 0.8];
      const descent = descentOn({ y: [0], start: [1] }, { stepSize: eta, momentum: beta });
      descent.advance(30);
      // Complex roots ρe^{±iφ}; w_0 = 1, w_1 = 1 − η.
      const rho = Math.sqrt(beta);
      const phi = Math.acos((1 + beta - eta) / (2 * rho));
      const b = (1 - eta - rho * Math.cos(phi)) / (rho * Math.sin(phi));
      near(descent.parameters[0], rho ** 30 * (Math.cos(30 * phi) + b * Math.sin(30 * phi)), 1e-14);
    });

    test('Nesterov on ½w² solves w_{k+1} = (1 + β)(1 − η)w_k − β(1 − η)w_{k−1}', () => {
      // v ← βv − η(w + βv), w ← w + v: w + βv = (1 + β)w_k − βw_{k−1}.
      const [eta, beta] = [0.3, 0.8];
      const descent = descentOn({ y: [0], start: [1] }, { stepSize: eta, momentum: beta, momentumKind: 'nesterov' });
      descent.advance(30);
      let [before, w] = [1, 1 - eta];
      for (let k = 1; k < 30; k++) [before, w] = [w, (1 - eta) * ((1 + beta) * w - beta * before)];
      near(descent.parameters[0], w, 1e-14);
    });

    test('the exponential mean: m ← βm + (1 − β)g, w ← w − ηm, in every normalization', () => {
      for (const [normalize, scale] of [
        ['none', () => 1],
        ['gradient', (w: number) => Math.exp(-w)],
        ['loss', (w: number) => Math.exp(-w)],
      ] as const) {
        // ℒ = e^(−w): g = −e^(−w).
        const descent = descentOn({ loss: EXPONENTIAL }, { stepSize: 0.5, momentum: 0.75, momentumKind: 'ema', normalize });
        descent.advance(25);
        let [w, m, time] = [0, 0, 0];
        for (let k = 0; k < 25; k++) {
          m = 0.75 * m - (0.25 * Math.exp(-w)) / scale(w);
          time += 0.5 / scale(w);
          w -= 0.5 * m;
        }
        near(descent.parameters[0], w, 1e-13);
        near(descent.logTime, Math.log(time), 1e-13);
      }
    });

    test('of a kind without momentum is plain descent', () => {
      for (const momentumKind of ['nesterov', 'ema'] as const) {
        const kind = descentOn({ x: [[2]], y: [3], model: tied(2), start: [0.5, 0.25] }, { stepSize: 0.01, momentumKind });
        const plain = descentOn({ x: [[2]], y: [3], model: tied(2), start: [0.5, 0.25] }, { stepSize: 0.01 });
        kind.advance(50);
        plain.advance(50);
        assert.deepEqual(kind.parameters, plain.parameters);
      }
    });

    test('every kind of momentum is stable up to its threshold, and not beyond', () => {
      for (const momentumKind of ['heavy-ball', 'nesterov', 'ema'] as const) {
        for (const momentum of [0, 0.5, 0.9]) {
          const spec = { kind: 'gradient-descent' as const, momentum, momentumKind, normalize: 'none' as const, weightDecay: 0, warmup: 0 };
          const factor = stabilityThreshold(spec)?.factor ?? Number.NaN;
          // On ½λw² with λ = 1. A root passes −1 there, at a speed of at least 1 in the share of the threshold.
          for (const [share, state] of [
            [0.99, 'at-rest'],
            [1.01, 'diverged'],
          ] as const) {
            const descent = descentOn({ y: [0], start: [1] }, { stepSize: share * factor, momentum, momentumKind });
            descent.advance(40_000);
            if (state === 'diverged') assert.equal(descent.advance(1), 'diverged', `${momentumKind} ${momentum}`);
            else near(descent.parameters[0], 0, 1e-12);
          }
        }
      }
    });

    test('tied networks follow their recurrence', () => {
      for (const depth of [2, 3, 4]) {
        const descent = descentOn({ x: [[2]], y: [3], model: tied(depth), start: [0.5, 0.25] }, { stepSize: 0.01 });
        descent.advance(12);
        let [u, v] = [0.5, 0.25];
        for (let k = 0; k < 12; k++) {
          const slope = 2 * (2 * (u ** depth - v ** depth) - 3);
          [u, v] = [u - 0.01 * slope * depth * u ** (depth - 1), v + 0.01 * slope * depth * v ** (depth - 1)];
        }
        near(descent.parameters[0], u, 1e-14);
        near(descent.parameters[1], v, 1e-14);
      }
    });

    test('the sum is n times the mean', () => {
      const at = (loss: LossSpec, stepSize: number): Float64Array => {
        const objective = objectiveOf(randomDataset(2, 4, 3, loss.kind !== 'square'), LINEAR, loss);
        const descent = createGradientDescent(objective, new Float64Array(3), { ...PLAIN, stepSize });
        descent.advance(10);
        return descent.parameters;
      };
      for (const kind of ['square', 'logistic', 'exponential'] as const) {
        assert.ok(difference(at({ kind, reduction: 'sum' }, 0.02), at({ kind, reduction: 'mean' }, 0.08)) < 1e-14);
      }
    });

    test('linear regression ends at the solution nearest to the start', () => {
      // w∞ = w0 + x (y − x·w0)/‖x‖², here w0 + (3, 4)(10 − 11)/25.
      const descent = descentOn({ x: [[3, 4]], y: [10], start: [1, 2] }, { stepSize: 0.03 });
      descent.advance(1000);
      near(descent.parameters[0], 1 - 3 / 25, 1e-15);
      near(descent.parameters[1], 2 - 4 / 25, 1e-15);
    });

    test('one sample, normalized: every step has length η, and the time is a geometric sum', () => {
      // ℒ = e^(−w), so ∇ℒ/ℒ = −1 and ‖∇ℒ‖ = ℒ: w_k = kη, Σ η e^(w_j) = η (e^(kη) − 1)/(e^η − 1).
      for (const normalize of ['gradient', 'loss'] as const) {
        const descent = descentOn({ loss: EXPONENTIAL }, { stepSize: 0.5, normalize });
        assert.equal(descent.advance(40000), 'running');
        near(descent.parameters[0], 20000, 1e-12);
        near(descent.logTime, Math.log(0.5) + 20000 - Math.log(Math.expm1(0.5)), 1e-12);
      }
      for (const loss of [LOGISTIC, SQUARE]) {
        const descent = descentOn({ loss, y: [1], start: [-40] }, { stepSize: 0.25, normalize: 'gradient' });
        descent.advance(100);
        near(descent.parameters[0], -15, 1e-13);
      }
    });

    test('the logistic loss, normalized by itself: w ← w + η σ(−w)/ln(1 + e^(−w))', () => {
      const descent = descentOn({ loss: LOGISTIC, start: [-3] }, { stepSize: 0.5, normalize: 'loss' });
      descent.advance(30);
      let w = -3;
      for (let k = 0; k < 30; k++) w += 0.5 / (1 + Math.exp(w)) / Math.log1p(Math.exp(-w));
      near(descent.parameters[0], w, 1e-14);
    });

    test('down √ℒ: on ½(w − 1)² every step has the length η/√2 and the time is Σ η/(2√ℒ)', () => {
      // ∇√(½r²) = sign(r)/√2.
      const descent = descentOn({ start: [40] }, { stepSize: 0.25, normalize: 'sqrt-loss' });
      descent.advance(100);
      near(descent.parameters[0], 40 - (100 * 0.25) / Math.SQRT2, 1e-13);
      let time = 0;
      for (let k = 0; k < 100; k++) time += 0.25 / Math.SQRT2 / (39 - (k * 0.25) / Math.SQRT2);
      near(descent.logTime, Math.log(time), 1e-13);
    });

    test('down √ℒ of the exponential loss, also where ℒ underflows: w ← w + (η/2)e^(−w/2)', () => {
      const descent = descentOn({ loss: EXPONENTIAL }, { stepSize: 0.5, normalize: 'sqrt-loss' });
      descent.advance(50);
      let w = 0;
      for (let k = 0; k < 50; k++) w += 0.25 * Math.exp(-w / 2);
      near(descent.parameters[0], w, 1e-14);
      const far = descentOn({ loss: EXPONENTIAL, start: [-1000] }, { stepSize: 0.5, normalize: 'sqrt-loss' });
      far.advance(1);
      near(far.parameters[0], 0.25 * Math.exp(500) - 1000, 1e-14);
    });

    test('stretches of steps are the same as one call', () => {
      for (const momentum of [0, 0.9]) {
        const objective = objectiveOf(randomDataset(4, 5, 11), tied(2), SQUARE);
        const start = new Float64Array(22).fill(0.3);
        const whole = createGradientDescent(objective, start, { ...PLAIN, stepSize: 0.02, momentum });
        const parts = createGradientDescent(objective, start, { ...PLAIN, stepSize: 0.02, momentum });
        whole.advance(300);
        for (const count of [0, 1, 1, 127, 171]) parts.advance(count);
        assert.deepEqual(parts.parameters, whole.parameters);
        assert.equal(parts.steps, 300);
        assert.deepEqual(start, new Float64Array(22).fill(0.3));
      }
    });

    test('comes to rest when a step changes nothing, and stays', () => {
      const descent = descentOn({ x: [[1, 0]], y: [1], start: [0, 3] }, { stepSize: 1 });
      assert.equal(descent.advance(10), 'at-rest');
      assert.equal(descent.steps, 1);
      assert.equal(descent.advance(10), 'at-rest');
      assert.equal(descent.steps, 1);
      assert.deepEqual([...descent.parameters], [1, 3]);
    });

    test('is not at rest while momentum still gathers what a single step rounds away', () => {
      // η∇ℒ = 5e−17 is below half an ulp of 1 (1.1e−16), η∇ℒ/(1 − β) = 5e−15 is not.
      const setup = { x: [[1e-4]], y: [1e-4 - 5e-13], start: [1] };
      assert.equal(descentOn(setup, { stepSize: 1 }).advance(1000), 'at-rest');
      const heavy = descentOn(setup, { stepSize: 1, momentum: 0.99 });
      assert.equal(heavy.advance(1000), 'running');
      assert.ok(heavy.parameters[0] < 1 - 1e-12);
    });

    test('an exact fit is at rest under every normalization', () => {
      for (const normalize of ['none', 'gradient', 'loss', 'sqrt-loss'] as const) {
        const descent = descentOn({ x: [[2], [1]], y: [4, 2], start: [2] }, { normalize });
        assert.equal(descent.advance(5), 'at-rest');
        assert.equal(descent.logTime, -Infinity);
      }
    });

    test('sees divergence beyond the stable step, and stops there', () => {
      // The error doubles in every step; 2^499 > 1e150. It is looked for once in 128 steps.
      const descent = descentOn({}, { stepSize: 3 });
      assert.equal(descent.advance(1_000_000), 'diverged');
      assert.ok(descent.steps >= 495 && descent.steps <= 499 + 128, String(descent.steps));
      const { steps } = descent;
      assert.equal(descent.advance(10), 'diverged');
      assert.equal(descent.steps, steps);
    });

    test('sees an overflow within one step', () => {
      assert.equal(descentOn({ x: [[1e200]], y: [-1], start: [1] }, { stepSize: 1e12 }).advance(4), 'diverged');
      assert.equal(descentOn({ loss: EXPONENTIAL, start: [-800] }, {}).advance(4), 'diverged');
    });

    test('an odd number of samples: the padding changes nothing', () => {
      // Three copies of a sample have the mean loss of one.
      for (const normalize of ['none', 'gradient', 'loss'] as const) {
        for (const loss of [SQUARE, LOGISTIC, EXPONENTIAL]) {
          const one = descentOn({ x: [[1, 2]], y: [1], loss, start: [0.5, 0] }, { normalize });
          const three = descentOn(
            {
              x: [
                [1, 2],
                [1, 2],
                [1, 2],
              ],
              y: [1, 1, 1],
              loss,
              start: [0.5, 0],
            },
            { normalize },
          );
          one.advance(3);
          three.advance(3);
          assert.ok(difference(three.parameters, one.parameters) < 1e-14);
          near(three.logTime, one.logTime, 1e-14);
        }
      }
    });
  });
}

describe('weight decay', () => {
  it('with weight decay goes to the ridge solution, and leaves the bias alone', () => {
    // min ½(w + b − 3)² + ½(−w + b + 1)² over both, plus ½λw²: b = 1, and 2(w − 2) + λw = 0, so w = 4/(2 + λ).
    const data = datasetOf([[1], [-1]], [3, -1]);
    const objective = objectiveOf(data, { kind: 'linear', bias: true }, { kind: 'square', reduction: 'sum' });
    const options = { stepSize: 0.2, momentum: 0, normalize: 'none', weightDecay: 0.5 } as const;
    const descent = createGradientDescent(objective, new Float64Array(2), options);
    descent.advance(2000);
    assert.ok(difference(descent.parameters, Float64Array.of(1.6, 1)) < 1e-14);
  });
});
