/** The kernels against the TypeScript path, over random shapes, models, losses and options. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GradientDescentOptions } from '../../../src/dynamics/descent-options';
import { createGradientDescent } from '../../../src/dynamics/gradient-descent';
import type { Objective } from '../../../src/dynamics/objective';
import type { ModelSpec } from '../../../src/experiment/schema';
import { randomStream } from '../../../src/numerics/random';
import { createFusedDescent } from '../../../src/dynamics/fused-descent';
import { difference, LINEAR, LOGISTIC, objectiveOf, randomDataset, SQUARE, tied, untied, VARIANTS, withKernels } from './problems';

const FUSED = VARIANTS.filter((variant) => variant !== 'typescript');

const problems = fc.record({
  seed: fc.nat(1e6),
  samples: fc.integer({ min: 1, max: 21 }),
  features: fc.integer({ min: 1, max: 37 }),
  model: fc.oneof(
    fc.boolean().map((bias): ModelSpec => ({ kind: 'linear', bias })),
    fc.integer({ min: 2, max: 5 }).map((depth) => tied(depth)),
  ),
  loss: fc.record({
    kind: fc.constantFrom('square' as const, 'logistic' as const, 'exponential' as const),
    reduction: fc.constantFrom('mean' as const, 'sum' as const),
  }),
  momentum: fc.constantFrom(0, 0.5, 0.9),
  normalize: fc.constantFrom('none', 'gradient', 'loss'),
  steps: fc.integer({ min: 1, max: 25 }),
});

/** A step that is small for the problem: rounding is not amplified. */
function calmStep(objective: Objective, start: Float64Array, normalize: GradientDescentOptions['normalize']): number {
  const gradient = new Float64Array(start.length);
  const loss = objective.gradient(start, gradient);
  const size = Math.hypot(...gradient);
  const scale = normalize === 'none' ? 1 : normalize === 'gradient' ? size : loss;
  return (0.01 * scale) / Math.max(size, 1e-3);
}

describe('fused gradient descent', () => {
  for (const variant of FUSED) {
    it(`${variant} agrees with TypeScript to rounding`, () => {
      fc.assert(
        fc.property(problems, ({ seed, samples, features, model, loss, momentum, normalize, steps }) => {
          const objective = objectiveOf(randomDataset(seed, samples, features, loss.kind !== 'square'), model, loss);
          const stream = randomStream(seed, 'start');
          const start = Float64Array.from({ length: objective.size }, () => 0.7 * stream.gaussian());
          const options = { stepSize: calmStep(objective, start, normalize), momentum, normalize };
          const run = (kernels: typeof variant | 'typescript') =>
            withKernels(kernels, () => {
              const descent = createGradientDescent(objective, start, options);
              return { state: descent.advance(steps), descent };
            });
          const fused = run(variant);
          const plain = run('typescript');
          assert.equal(fused.state, plain.state);
          assert.equal(fused.descent.steps, plain.descent.steps);
          // 25 steps of about 100 roundings each, 25 · 100 · 2^−53 = 3e−13, and a factor for cancellation in the residuals.
          assert.ok(difference(fused.descent.parameters, plain.descent.parameters) < 1e-11);
          assert.ok(Math.abs(fused.descent.logTime - plain.descent.logTime) < 1e-11);
        }),
        { numRuns: 400, seed: 1 },
      );
    });

    it(`${variant} follows a normalized descent where the loss underflows`, () => {
      for (const kind of ['logistic', 'exponential'] as const) {
        for (const normalize of ['gradient', 'loss'] as const) {
          // Inputs close to one direction are separable with all labels +1.
          const data = randomDataset(3, 9, 5);
          data.y.fill(1);
          for (let i = 0; i < 9; i++) data.x[i * 5] += 6;
          const objective = objectiveOf(data, LINEAR, { kind, reduction: 'mean' });
          const descents = [variant, 'typescript' as const].map((kernels) =>
            withKernels(kernels, () => createGradientDescent(objective, new Float64Array(5), { stepSize: 0.1, momentum: 0, normalize })),
          );
          for (const descent of descents) assert.equal(descent.advance(8000), 'running');
          const [fused, plain] = descents;
          assert.ok(objective.logValue(plain.parameters) < -2000, `${kind} ${normalize} ${objective.logValue(plain.parameters)}`);
          // The direction contracts, so errors do not build up; a relative 2^−53 of |θ| ≈ 1000 a step, 8000 steps.
          assert.ok(difference(fused.parameters, plain.parameters) < 1e-12);
          assert.ok(Math.abs(fused.logTime / plain.logTime - 1) < 1e-12);
        }
      }
    });

    it(`${variant} is not used where there is no fused loop`, () => {
      const options = { stepSize: 0.1, momentum: 0, normalize: 'none' } as const;
      const fusedFor = (model: ModelSpec): boolean =>
        withKernels(variant, () => {
          const objective = objectiveOf(randomDataset(1, 4, 3), model, SQUARE);
          return createFusedDescent(objective, new Float64Array(objective.size).fill(0.5), options) !== null;
        });
      assert.deepEqual([LINEAR, tied(3), untied(3)].map(fusedFor), [true, true, false]);
    });
  }

  it('a matrix of many panels and many groups', () => {
    for (const [samples, features] of [
      [40, 1000],
      [300, 70],
      [1, 4],
      [2, 13],
    ]) {
      for (const [model, loss] of [
        [tied(2), SQUARE],
        [LINEAR, LOGISTIC],
      ] as const) {
        const objective = objectiveOf(randomDataset(5, samples, features, loss === LOGISTIC), model, loss);
        const start = new Float64Array(objective.size).fill(0.1);
        const [reference, ...others] = ['typescript' as const, ...FUSED].map((variant) =>
          withKernels(variant, () => {
            const descent = createGradientDescent(objective, start, { stepSize: 0.002, momentum: 0, normalize: 'none' });
            descent.advance(50);
            return descent.parameters;
          }),
        );
        // 50 steps, sums of 1000 terms: 50 · 1000 · 2^−53 = 6e−12 at the very worst.
        for (const parameters of others) assert.ok(difference(parameters, reference) < 6e-12);
      }
    }
  });

  it('reaches the fallback without kernels', () => {
    withKernels('typescript', () => {
      const objective = objectiveOf(randomDataset(1, 4, 3), LINEAR, SQUARE);
      assert.equal(createFusedDescent(objective, new Float64Array(3), { stepSize: 0.1, momentum: 0, normalize: 'none' }), null);
    });
  });
});
