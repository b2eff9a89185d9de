/** `loss`: the training loss. */
import * as z from 'zod';
import { positive } from './schema-numbers';

const reduction = z.enum(['mean', 'sum']).default('mean').describe('Mean or sum over the samples. Step sizes refer to it.');
const lossNames = z.enum(['square', 'logistic', 'exponential', 'cross-entropy', 'squared-hinge', 'exponential-power', 'polynomial']);
const words =
  '"square" ½(f − y)², of the margin q = yf "logistic" ln(1 + e^(−q)), "exponential" e^(−q), "squared-hinge" ½ max(0, 1 − q)², ' +
  '"exponential-power" e^(−q^ν), "polynomial" q^(−b), "cross-entropy" of classes 0 … K−1';

export const lossSchema = z.union([
  lossNames.describe(`${words}; mean over the samples.`),
  z
    .strictObject({
      kind: lossNames.describe(`${words}.`),
      reduction,
      power: positive
        .min(0.05)
        .max(20)
        .optional()
        .describe('ν of the tail e^(−q^ν), default 0.5, or b of the tail q^(−b), default 1; of these two losses only.'),
    })
    .describe('Loss with its reduction.'),
]);

export type LossName = z.output<typeof lossNames>;
