/** Steepest descent, mirror descent and Adam against their definitions, written out here a second time. */
import assert from 'node:assert/strict';
import { createAdam } from '../../../src/dynamics/adam';
import type { Dynamics } from '../../../src/dynamics/dynamics';
import { createGradientDescent } from '../../../src/dynamics/gradient-descent';
import { createMirrorDescent } from '../../../src/dynamics/mirror-descent';
import { mirrorMap, type Potential } from '../../../src/dynamics/mirror-map';
import { Objective } from '../../../src/dynamics/objective';
import { createSteepestDescent } from '../../../src/dynamics/steepest-descent';
import { createLoss } from '../../../src/losses/create-loss';
import { createModel } from '../../../src/models/create-model';
import { NORMS, normP, quadraticNorm } from '../../../src/numerics/norms';

const X = [1, -1, 0.5, 0.5, 1, -2];
const Y = [1, -1];
const START = Float64Array.of(0.3, -0.2, 0.1);

function objective(kind: 'logistic' | 'exponential' | 'square', reduction: 'mean' | 'sum' = 'sum'): Objective {
  const data = { x: Float64Array.from(X), y: Float64Array.from(Y), samples: 2, features: 3, featureNames: null, truth: null, test: null };
  return new Objective(createModel({ kind: 'linear', bias: false }, data, 1), createLoss({ kind, reduction }), data.y);
}

/** ∇ Σ e^(−y x·w). */
function gradient(w: readonly number[]): number[] {
  const g = [0, 0, 0];
  for (let i = 0; i < 2; i++) {
    const q = Y[i] * [0, 1, 2].reduce((sum, j) => sum + X[3 * i + j] * w[j], 0);
    for (let j = 0; j < 3; j++) g[j] -= Y[i] * X[3 * i + j] * Math.exp(-q);
  }
  return g;
}
const lossOf = (w: readonly number[]): number =>
  [0, 1].reduce((sum, i) => sum + Math.exp(-Y[i] * [0, 1, 2].reduce((s, j) => s + X[3 * i + j] * w[j], 0)), 0);

function agree(dynamics: Dynamics, expected: readonly number[], tolerance = 1e-12): void {
  expected.forEach((value, j) =>
    assert.ok(Math.abs(dynamics.parameters[j] - value) < tolerance, `${Array.from(dynamics.parameters).join()} against ${expected.join()}`),
  );
}

describe('norms', () => {
  const v = Float64Array.of(3, -4, 1);
  const quadratic = quadraticNorm(Float64Array.of(2, 1, 0, 1, 3, 0, 0, 0, 5), 3);

  it('have their values and their duals', () => {
    assert.equal(NORMS.l1.of(v), 8);
    assert.equal(NORMS.l1.dual(v), 4);
    assert.equal(NORMS.linf.of(v), 4);
    assert.equal(NORMS.linf.dual(v), 8);
    // vᵀPv = 2·9 + 2·(−12) + 3·16 + 5 = 47.
    assert.ok(Math.abs((quadratic?.of(v) ?? 0) - Math.sqrt(47)) < 1e-14);
    assert.ok(Math.abs(normP(v, 3) - Math.cbrt(27 + 64 + 1)) < 1e-14);
    assert.ok(Math.abs(normP(Float64Array.of(1e200, 1e200), 2) / (Math.SQRT2 * 1e200) - 1) < 1e-15);
  });

  it('their steepest direction is as long as the gradient, and attains the dual norm', () => {
    const out = new Float64Array(3);
    for (const norm of [NORMS.l1, NORMS.l2, NORMS.linf, quadratic]) {
      assert.ok(norm);
      const size = norm.steepest(v, out);
      const product = v.reduce((sum, value, j) => sum + value * out[j], 0);
      assert.ok(Math.abs(size - norm.dual(v)) < 1e-13 * size);
      assert.ok(Math.abs(norm.of(out) - size) < 1e-13 * size);
      assert.ok(Math.abs(product - size * size) < 1e-13 * size * size);
    }
  });

  it('no norm of a matrix that is not positive definite', () => {
    assert.equal(quadraticNorm(Float64Array.of(1, 2, 2, 1), 2), null);
  });
});

describe('steepest descent', () => {
  it('ℓ1 moves the coordinate of the largest derivative, ℓ∞ all by as much', () => {
    const g = gradient(Array.from(START));
    const l1 = createSteepestDescent(objective('exponential'), START, {
      stepSize: 0.1,
      norm: NORMS.l1,
      normalize: 'none',
      schedule: 'constant',
    });
    l1.advance(1);
    const at = g.map(Math.abs).indexOf(Math.max(...g.map(Math.abs)));
    agree(
      l1,
      Array.from(START, (value, j) => (j === at ? value - 0.1 * g[j] : value)),
    );
    const linf = createSteepestDescent(objective('exponential'), START, {
      stepSize: 0.1,
      norm: NORMS.linf,
      normalize: 'none',
      schedule: 'constant',
    });
    linf.advance(1);
    const size = g.reduce((sum, value) => sum + Math.abs(value), 0);
    agree(
      linf,
      Array.from(START, (value, j) => value - 0.1 * size * Math.sign(g[j])),
    );
  });

  it('divided by the gradient, steps have the length η/√t in the norm', () => {
    const run = createSteepestDescent(objective('exponential'), START, {
      stepSize: 0.5,
      norm: NORMS.linf,
      normalize: 'gradient',
      schedule: 'inverse-sqrt',
    });
    let before = Float64Array.from(run.parameters);
    for (let t = 1; t <= 20; t++) {
      run.advance(1);
      const length = Math.max(...Array.from(run.parameters, (value, j) => Math.abs(value - before[j])));
      assert.ok(Math.abs(length - 0.5 / Math.sqrt(t)) < 1e-13);
      before = Float64Array.from(run.parameters);
    }
  });

  for (const normalize of ['none', 'gradient', 'loss'] as const) {
    for (const kind of ['exponential', 'logistic', 'square'] as const) {
      it(`ℓ2 is gradient descent: ${kind}, divided by ${normalize}, with the same time`, () => {
        const a = createSteepestDescent(objective(kind, 'mean'), START, {
          stepSize: 0.05,
          norm: NORMS.l2,
          normalize,
          schedule: 'constant',
        });
        const b = createGradientDescent(objective(kind, 'mean'), START, { stepSize: 0.05, momentum: 0, normalize });
        a.advance(10);
        b.advance(10);
        agree(a, Array.from(b.parameters), 1e-11);
        assert.ok(Math.abs(a.logTime - b.logTime) < 1e-10, `${a.logTime} against ${b.logTime}`);
      });
    }
  }
});

describe('mirror descent', () => {
  const potentials: readonly (readonly [Potential, (w: number) => number, Float64Array])[] = [
    [{ kind: 'p-norm', p: 3 }, (w) => Math.sign(w) * w * w, START],
    [{ kind: 'entropy' }, Math.log, Float64Array.of(0.3, 0.2, 0.1)],
    [{ kind: 'hypentropy', beta: 0.5 }, (w) => Math.asinh(w / 0.5), START],
  ];
  for (const [potential, map, start] of potentials) {
    it(`${potential.kind}: ∇ψ(θ) moves by −η∇ℒ`, () => {
      const run = createMirrorDescent(objective('exponential'), start, { stepSize: 0.1, map: mirrorMap(potential), normalize: 'none' });
      let w = Array.from(start);
      for (let t = 0; t < 5; t++) {
        const g = gradient(w);
        run.advance(1);
        const next = Array.from(run.parameters);
        for (let j = 0; j < 3; j++) assert.ok(Math.abs(map(next[j]) - (map(w[j]) - 0.1 * g[j])) < 1e-12);
        w = next;
      }
    });
  }

  it('the map and its inverse are inverse', () => {
    for (const [potential] of potentials) {
      const { forward, backward } = mirrorMap(potential);
      for (const w of [1e-8, 0.3, 1, 50]) assert.ok(Math.abs(backward(forward(w)) / w - 1) < 1e-12);
    }
  });

  it('entropy keeps parameters positive and is w ← w e^(−ηg), divided by the loss too', () => {
    const start = Float64Array.of(0.3, 0.2, 0.1);
    const run = createMirrorDescent(objective('exponential'), start, {
      stepSize: 0.1,
      map: mirrorMap({ kind: 'entropy' }),
      normalize: 'loss',
    });
    run.advance(1);
    const g = gradient(Array.from(start));
    const loss = lossOf(Array.from(start));
    agree(
      run,
      Array.from(start, (w, j) => w * Math.exp((-0.1 * g[j]) / loss)),
    );
  });

  it('p = 2 is gradient descent', () => {
    const a = createMirrorDescent(objective('square'), START, {
      stepSize: 0.05,
      map: mirrorMap({ kind: 'p-norm', p: 2 }),
      normalize: 'none',
    });
    const b = createGradientDescent(objective('square'), START, { stepSize: 0.05, momentum: 0, normalize: 'none' });
    a.advance(50);
    b.advance(50);
    agree(a, Array.from(b.parameters), 1e-11);
  });
});

describe('Adam', () => {
  for (const epsilon of [0, 1e-3]) {
    for (const schedule of ['constant', 'inverse-sqrt'] as const) {
      it(`is Algorithm 1 of Kingma and Ba, ε = ${epsilon}, ${schedule}`, () => {
        const run = createAdam(objective('exponential'), START, { stepSize: 0.1, beta1: 0.9, beta2: 0.99, epsilon, schedule });
        const w = Array.from(START);
        const m = [0, 0, 0];
        const v = [0, 0, 0];
        for (let t = 1; t <= 30; t++) {
          const g = gradient(w);
          const eta = schedule === 'constant' ? 0.1 : 0.1 / Math.sqrt(t);
          for (let j = 0; j < 3; j++) {
            m[j] = 0.9 * m[j] + 0.1 * g[j];
            v[j] = 0.99 * v[j] + 0.01 * g[j] * g[j];
            w[j] -= (eta * (m[j] / (1 - 0.9 ** t))) / (Math.sqrt(v[j] / (1 - 0.99 ** t)) + epsilon);
          }
          run.advance(1);
        }
        agree(run, w, 1e-11);
      });
    }
  }

  it('without ε it goes on where the loss has underflowed', () => {
    const run = createAdam(objective('exponential'), Float64Array.of(1000, -1000, 500), {
      stepSize: 1,
      beta1: 0.9,
      beta2: 0.9,
      epsilon: 0,
      schedule: 'constant',
    });
    const before = Float64Array.from(run.parameters);
    assert.equal(run.advance(10), 'running');
    assert.ok(run.parameters.some((value, j) => Math.abs(value - before[j]) > 1));
  });
});
