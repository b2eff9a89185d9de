/** `features`: what the model sees of the data's inputs. */
import * as z from 'zod';
import { LIMITS } from '../protocol/limits';
import { activationSchema } from './model-schema';
import { count } from './schema-numbers';

export const featuresSchema = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('polynomial').describe('1 and the powers xⱼ, xⱼ², …, xⱼᵖ of every input feature, without products.'),
        degree: count.max(50).default(3).describe('Largest power p.'),
      })
      .describe('Powers of the inputs.'),
    z
      .strictObject({
        kind: z.literal('random').describe('σ(gₖ·x/√d)/√count with independent standard normal gₖ, which are not trained.'),
        count: count.max(LIMITS.features).default(100).describe('Number of random features.'),
        activation: activationSchema.default('relu'),
      })
      .describe('Random features.'),
    z
      .strictObject({
        kind: z.literal('coordinates').describe('The first features of the data alone.'),
        count: count.max(LIMITS.features).default(10).describe('Number of features that are kept.'),
      })
      .describe('The first features.'),
  ])
  .describe('Maps x before the model sees it. Default: x itself.');
