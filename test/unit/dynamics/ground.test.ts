/** Descents that live in the kernels' memory against those in TypeScript. */
import assert from 'node:assert/strict';
import { completionData } from '../../../src/data/random-matrix';
import type { GradientDescentOptions } from '../../../src/dynamics/descent-options';
import type { Dynamics } from '../../../src/dynamics/dynamics';
import { createGradientDescent } from '../../../src/dynamics/gradient-descent';
import { Objective } from '../../../src/dynamics/objective';
import type { LossSpec } from '../../../src/experiment/schema';
import { createLoss } from '../../../src/losses/create-loss';
import { createFeedForward } from '../../../src/models/feed-forward';
import { createMatrixFactorization } from '../../../src/models/matrix-factorization';
import type { Model } from '../../../src/models/model';
import { randomStream } from '../../../src/numerics/random';
import { difference, LOGISTIC, randomDataset, SQUARE, VARIANTS, withKernels } from './problems';

const KERNELS = VARIANTS.filter((variant) => variant !== 'typescript');
const PLAIN: GradientDescentOptions = { stepSize: 0.05, momentum: 0, normalize: 'none' };
const OPTIONS: Readonly<Record<string, GradientDescentOptions>> = {
  plain: PLAIN,
  'heavy ball': { ...PLAIN, momentum: 0.9 },
  'Nesterov (in arrays)': { ...PLAIN, momentum: 0.9, momentumKind: 'nesterov' },
  'exponential mean': { ...PLAIN, momentum: 0.5, momentumKind: 'ema' },
  'weight decay': { ...PLAIN, weightDecay: 0.1 },
  'warm-up': { ...PLAIN, warmup: 10 },
  normalized: { ...PLAIN, stepSize: 0.01, normalize: 'gradient' },
  'down ln ℒ': { ...PLAIN, stepSize: 0.01, normalize: 'loss' },
};

const start = (size: number): Float64Array => {
  const stream = randomStream(2, 'ground');
  return Float64Array.from({ length: size }, () => 0.3 * stream.gaussian());
};

/** 17 samples and 9, 7 units: an odd number of parameters, 153 = 5 · 9 + 9 + 9 · 7 + 7 + 7 + 1 with a part of 54 in the first layer. */
function network(trainable: 'all' | 'first', signs: boolean): { model: Model; y: Float64Array } {
  const data = randomDataset(1, 17, 5, signs);
  const shape = { kind: 'network', widths: [9, 7], outputs: 1, bias: 'all', residual: false } as const;
  return { model: createFeedForward({ ...shape, activation: { kind: 'tanh' }, trainable }, data, start(132)), y: data.y };
}

function factorization(): { model: Model; y: Float64Array } {
  const data = completionData({ kind: 'completion', rows: 15, columns: 17, rank: 2, observed: 90, symmetric: false }, 1);
  return { model: createMatrixFactorization({ depth: 3, width: 13, symmetric: false }, data), y: data.y };
}

function descend(build: () => { model: Model; y: Float64Array }, loss: LossSpec, options: GradientDescentOptions, steps: number): Dynamics {
  const { model, y } = build();
  const descent = createGradientDescent(new Objective(model, createLoss(loss), y), start(model.parameterCount), options);
  assert.equal(descent.advance(steps), 'running');
  return descent;
}

describe('descents in the memory of the kernels', () => {
  for (const variant of KERNELS) {
    for (const [name, options] of Object.entries(OPTIONS)) {
      it(`${variant}, ${name}: the same path as in arrays`, () => {
        const problems: readonly [() => { model: Model; y: Float64Array }, LossSpec][] = [
          [() => network('all', false), SQUARE],
          [() => network('first', false), SQUARE],
          [() => network('all', true), LOGISTIC],
          [factorization, SQUARE],
        ];
        for (const [build, loss] of problems) {
          const [kernel, plain] = [variant, 'typescript' as const].map((kernels) =>
            withKernels(kernels, () => descend(build, loss, options, 30)),
          );
          assert.equal(kernel.steps, 30);
          // Gradients agree to 10⁻¹³ of their largest entry (kernel-sweeps.test.ts): 30 steps of a calm descent, and its momentum.
          assert.ok(difference(kernel.parameters, plain.parameters) < 1e-11, String(difference(kernel.parameters, plain.parameters)));
          assert.ok(Math.abs(kernel.logTime - plain.logTime) < 1e-11);
        }
      });
    }

    it(`${variant}: there is a residence of its own, which other places asked of the model do not move`, () => {
      withKernels(variant, () => {
        for (const { model, y } of [network('all', false), network('first', false), factorization()]) {
          const objective = new Objective(model, createLoss(SQUARE), y);
          assert.ok(model.settle?.(start(model.parameterCount)));
          const [watched, alone] = [0, 1].map(() => createGradientDescent(objective, start(model.parameterCount), PLAIN));
          const elsewhere = start(model.parameterCount).map((value) => 2 * value);
          for (let k = 0; k < 5; k++) {
            watched.advance(2);
            objective.gradient(elsewhere, new Float64Array(elsewhere.length));
          }
          alone.advance(10);
          assert.deepEqual(watched.parameters, alone.parameters);
        }
      });
    });

    it(`${variant}: a descent at rest and one that diverges are told as such`, () => {
      withKernels(variant, () => {
        const { model } = network('all', false);
        const zero = new Float64Array(model.parameterCount);
        const still = new Objective(model, createLoss(SQUARE), new Float64Array(17));
        const resting = createGradientDescent(still, zero, PLAIN);
        assert.equal(resting.advance(5), 'at-rest');
        assert.equal(resting.steps, 0);
        const { model: product, y } = factorization();
        const wild = new Objective(product, createLoss({ kind: 'square', reduction: 'sum' }), y);
        assert.equal(createGradientDescent(wild, start(product.parameterCount), { ...PLAIN, stepSize: 100 }).advance(100), 'diverged');
      });
    });
  }
});
