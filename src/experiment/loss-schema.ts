/** `loss`: the training loss. */
import * as z from 'zod';

const reduction = z.enum(['mean', 'sum']).default('mean').describe('Mean or sum over the samples. Step sizes refer to it.');
const lossNames = z.enum(['square', 'logistic', 'exponential', 'cross-entropy']);

export const lossSchema = z.union([
  lossNames.describe(
    '"square" ½(f − y)², "logistic" ln(1 + e^(−yf)), "exponential" e^(−yf), "cross-entropy" of classes 0 … K−1; mean over the samples.',
  ),
  z
    .strictObject({
      kind: lossNames.describe(
        '"square" ½(f − y)², "logistic" ln(1 + e^(−yf)), "exponential" e^(−yf), "cross-entropy" of classes 0 … K−1.',
      ),
      reduction,
    })
    .describe('Loss with its reduction.'),
]);
