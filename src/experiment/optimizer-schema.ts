/** `optimizer`: how the model is trained. */
import * as z from 'zod';
import { numberRows } from './number-list';
import { count, finite, positive } from './schema-numbers';

/** Rows and columns of a matrix that is written into a file. */
const MOST_ROWS = 1000;
/** Drops of a step size. */
const MOST_DROPS = 100;
/** Batches whose order is written into a file. */
const MOST_BATCHES = 10_000;

const stepSize = positive.max(1e12).optional().describe('Step size η. Default: 1/λ_max of the Hessian bound at the start.');
const normalize = z
  .enum(['none', 'gradient', 'loss'])
  .default('none')
  .describe('Divide the gradient by nothing, by its norm, or by the loss.');
const descentNormalize = z
  .enum(['none', 'gradient', 'loss', 'sqrt-loss'])
  .default('none')
  .describe('Divide the gradient by nothing, by its norm, by the loss, or by 2√ℒ: gradient descent on √ℒ.');
const namedSchedule = z.enum(['constant', 'inverse-sqrt']).describe('η in every step, or η/√t in step t.');
const schedule = namedSchedule.default('constant');
const droppingSchedule = z
  .union([
    namedSchedule,
    z
      .strictObject({
        kind: z.literal('drops').describe('η times the factor after each of the given numbers of steps.'),
        at: z.array(count.max(1e12)).min(1).max(MOST_DROPS).describe('Numbers of steps after which the step size drops.'),
        factor: positive.lt(1).default(0.1).describe('What the step size is multiplied by at a drop.'),
      })
      .describe('A step size that drops.'),
  ])
  .default('constant')
  .describe('How the step size changes: not at all, as 1/√t, or by drops.');

const norm = z.union([
  z.enum(['l1', 'l2', 'linf']).describe('ℓ1: the largest coordinate moves. ℓ2: gradient descent. ℓ∞: every coordinate moves by as much.'),
  z
    .strictObject({
      kind: z.literal('quadratic').describe('‖v‖² = vᵀPv.'),
      matrix: numberRows({ rows: MOST_ROWS, columns: MOST_ROWS }).describe(
        'P, symmetric and positive definite, one row and column a parameter.',
      ),
    })
    .describe('A quadratic norm.'),
]);

const potential = z.union([
  z.enum(['entropy']).describe('Σ w ln w − w on positive parameters: exponentiated gradient.'),
  z
    .strictObject({
      kind: z.literal('p-norm').describe('Σ|w|^p / p.'),
      p: finite.gt(1).max(100).describe('p > 1; 2 is gradient descent.'),
    })
    .describe('The p-th power of the ℓp norm.'),
  z
    .strictObject({
      kind: z.literal('hypentropy').describe('Σ w asinh(w/β) − √(w² + β²).'),
      beta: positive.max(1e6).default(1).describe('β: small for ℓ1-like, large for ℓ2-like.'),
    })
    .describe('The hyperbolic entropy.'),
]);

export const optimizerSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('gradient-flow').describe('θ′ = −∇ℒ(θ), integrated adaptively.'),
      tolerance: finite.min(1e-13).max(1e-2).default(1e-9).describe('Relative local error tolerance of the integrator.'),
    })
    .describe('Gradient flow.'),
  z
    .strictObject({
      kind: z.literal('gradient-descent').describe('θ ← θ − η∇ℒ(θ), full batch.'),
      stepSize,
      momentum: finite.min(0).lt(1).default(0).describe('Momentum β: v ← βv − η∇ℒ, θ ← θ + v, as momentumKind says.'),
      momentumKind: z
        .enum(['heavy-ball', 'nesterov', 'ema'])
        .default('heavy-ball')
        .describe('Heavy ball; Nesterov: the gradient at θ + βv; EMA: (1 − β)∇ℒ instead of ∇ℒ, the mean of the gradients so far.'),
      normalize: descentNormalize,
      weightDecay: finite
        .min(0)
        .max(1e6)
        .default(0)
        .describe('λ: ½λ‖W‖² of all weights, not of the biases, is added to the loss that is descended.'),
      warmup: z.int().min(0).max(1e9).default(0).describe('Steps in which η grows by equal ratios from a thousandth to its full size.'),
    })
    .describe('Gradient descent.'),
  z
    .strictObject({
      kind: z.literal('sgd').describe('Stochastic gradient descent on mini-batches.'),
      stepSize,
      batchSize: count.default(1).describe('Samples in a batch.'),
      sampling: z
        .union([
          z
            .enum(['with-replacement', 'without-replacement', 'shuffle'])
            .describe(
              'Draw every batch independently, with or without a sample twice in it, or go through a fresh shuffle in every epoch.',
            ),
          z
            .strictObject({
              order: z
                .array(z.int().min(0))
                .min(1)
                .max(MOST_BATCHES)
                .describe('Every batch 0, 1, … once; a batch is a stretch of the samples as the data has them.'),
            })
            .describe('Batches that stay as they are, in a given order in every epoch.'),
        ])
        .default('shuffle')
        .describe('Fresh shuffles, independent draws, or a given order of the batches.'),
      schedule: droppingSchedule,
      labelNoise: finite
        .min(0)
        .max(1e6)
        .default(0)
        .describe('δ: y + δ or y − δ with equal chances stands for every label of a batch, anew in every step; square loss.'),
      gradientNoise: finite
        .min(0)
        .max(1e6)
        .default(0)
        .describe('Standard deviation of normal noise on every entry of the gradient, anew in every step.'),
    })
    .describe('Stochastic gradient descent.'),
  z
    .strictObject({
      kind: z.literal('steepest-descent').describe('θ ← θ − ηv, v the direction of steepest descent in a norm, as long as the gradient.'),
      norm: norm.describe('The norm in which the descent is steepest.'),
      stepSize,
      normalize,
      schedule,
    })
    .describe('Steepest descent in a norm.'),
  z
    .strictObject({
      kind: z.literal('mirror-descent').describe('∇ψ(θ) ← ∇ψ(θ) − η∇ℒ(θ).'),
      potential: potential.describe('The potential ψ.'),
      stepSize,
      normalize,
    })
    .describe('Mirror descent.'),
  z
    .strictObject({
      kind: z.literal('adam').describe('Adam on the full batch.'),
      stepSize: positive.max(1e12).default(0.001).describe('Step size η.'),
      beta1: finite.min(0).lt(1).default(0.9).describe('Decay of the mean of gradients.'),
      beta2: finite.min(0).lt(1).default(0.999).describe('Decay of the mean of squared gradients.'),
      epsilon: finite.min(0).max(1).default(1e-8).describe('ε of m̂/(√v̂ + ε); 0 leaves it out.'),
      schedule,
    })
    .describe('Adam.'),
]);

export type NormSpec = z.output<typeof norm>;
export type PotentialSpec = z.output<typeof potential>;
