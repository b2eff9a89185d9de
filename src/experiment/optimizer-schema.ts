/** `optimizer`: how the model is trained. */
import * as z from 'zod';
import { count, finite, positive } from './schema-numbers';

const stepSize = positive.max(1e12).optional().describe('Step size η. Default: 1/λ_max of the Hessian bound at the start.');

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
      momentum: finite.min(0).lt(1).default(0).describe('Heavy-ball momentum β: v ← βv − η∇ℒ, θ ← θ + v.'),
      normalize: z
        .enum(['none', 'gradient', 'loss'])
        .default('none')
        .describe('Divide the gradient by nothing, by its norm, or by the loss.'),
    })
    .describe('Gradient descent.'),
  z
    .strictObject({
      kind: z.literal('sgd').describe('Stochastic gradient descent on mini-batches.'),
      stepSize,
      batchSize: count.default(1).describe('Samples in a batch.'),
      sampling: z
        .enum(['with-replacement', 'shuffle'])
        .default('shuffle')
        .describe('Draw every batch independently, or go through a fresh shuffle in every epoch.'),
    })
    .describe('Stochastic gradient descent.'),
]);
