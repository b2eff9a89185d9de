/** `init`: where the parameters start. */
import * as z from 'zod';
import { LIMITS } from '../protocol/limits';
import { numberRows } from './number-list';
import { finite } from './schema-numbers';

const scale = finite.min(0).max(1e6);
const parameterBlocks = numberRows({ rows: 2 * LIMITS.depth, columns: LIMITS.numbers });

export const initSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('zero').describe('All parameters 0.') }).describe('All parameters 0.'),
  z
    .strictObject({
      kind: z.literal('constant').describe('All parameters equal to the scale; on a tied diagonal network u = v = α·1, so that w(0) = 0.'),
      scale: scale.default(0.1).describe('The scale α.'),
    })
    .describe('All parameters α.'),
  z
    .strictObject({
      kind: z.literal('gaussian').describe('Independent normal parameters with standard deviation α.'),
      scale: scale.default(0.1).describe('The scale α.'),
    })
    .describe('Gaussian parameters.'),
  z
    .strictObject({
      kind: z
        .literal('ntk')
        .describe(
          'Independent normal weights with standard deviation α/√(inputs of the layer), biases 0: what every unit sums up is of order α.',
        ),
      scale: scale.default(1).describe('The scale α.'),
    })
    .describe('Gaussian weights scaled by the inputs of their layer: wide networks train as kernels.'),
  z
    .strictObject({
      kind: z
        .literal('mean-field')
        .describe(
          'As ntk, but outer weights with standard deviation α/(inputs of the layer): the output is a mean over the units of the last hidden layer.',
        ),
      scale: scale.default(1).describe('The scale α.'),
    })
    .describe('Gaussian weights, the outer ones scaled by the width: wide networks learn features.'),
  z
    .strictObject({
      kind: z.literal('uniform').describe('Independent parameters, uniform in [−α, α].'),
      scale: scale.default(0.1).describe('The scale α.'),
    })
    .describe('Uniform parameters.'),
  z
    .strictObject({
      kind: z.literal('identity').describe('Every layer is α times the identity, with zeros beyond the square part.'),
      scale: scale.default(0.01).describe('The scale α.'),
    })
    .describe('Layers α·I.'),
  z
    .strictObject({
      kind: z
        .literal('balanced')
        .describe('Layers with Wₗ₊₁ᵀWₗ₊₁ = WₗWₗᵀ whose product is α^k G, G random with normal entries of variance 1/max(rows, columns).'),
      scale: scale.default(0.1).describe('The scale α of a layer.'),
    })
    .describe('Balanced random layers.'),
  z
    .strictObject({
      kind: z
        .literal('antisymmetric')
        .describe(
          'Normal parameters with standard deviation α; the units of the last hidden layer come in pairs with equal inputs and opposite outer weights, so that a network starts at f = 0.',
        ),
      scale: scale.default(1).describe('The scale α.'),
    })
    .describe('Pairs of units that cancel.'),
  z
    .strictObject({
      kind: z
        .literal('scale-shape')
        .describe(
          'Untied diagonal networks of depth 2, u∘v: |uv| = α and (v − u)/(v + u) = s in every coordinate; in a sum of them every second v is negative.',
        ),
      scale: scale.default(0.01).describe('The scale α = |uv|.'),
      shape: finite.gt(-1).lt(1).default(0).describe('The shape s = (v − u)/(v + u): 0 for equal layers.'),
    })
    .describe('Scale and shape of Azulay et al. 2021.'),
  z
    .strictObject({
      kind: z.literal('explicit').describe('Every parameter written out.'),
      parameters: parameterBlocks.describe(
        'Parameter blocks in the order of the model, each row-major. Linear: [w] or [w, [b]]; tied diagonal: [u, v]; untied: [w1, …, wD].',
      ),
    })
    .describe('Explicit parameters.'),
]);
