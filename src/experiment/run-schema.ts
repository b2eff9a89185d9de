/** `stop`, `record`, `expect`: how long, what is recorded, what it should show. */
import * as z from 'zod';
import { LIMITS } from '../protocol/limits';
import { count, finite, positive, text } from './schema-numbers';

export const stopSchema = z
  .strictObject({
    loss: positive.optional().describe('Stop when the loss is at most this.'),
    logLoss: finite
      .optional()
      .describe('Stop when the natural logarithm of the loss is at most this; −10000 is sayable. Default for a margin loss: −1e8.'),
    gradientNorm: positive.optional().describe('Stop when the Euclidean norm of the gradient is at most this.'),
    time: positive.optional().describe('Stop at this time of the flow (steps: sum of the step sizes).'),
    steps: count.max(1e12).optional().describe('Stop after this many steps. Default: 200 000 for a flow, 1 000 000 otherwise.'),
    seconds: positive.max(1e6).optional().describe('Stop after this many seconds of wall-clock time. The report is then not reproducible.'),
  })
  .describe('The run ends at the first of these. Each optimizer has its own defaults.');

export const recordSchema = z
  .strictObject({
    points: z.int().min(2).max(LIMITS.points).default(200).describe('Largest number of points in a curve.'),
    spacing: z.enum(['log', 'linear']).default('log').describe('Spacing of the points over the steps.'),
    measures: z.array(text).optional().describe('Measures to record. Default: those that belong to the prediction.'),
  })
  .describe('What is recorded along the way.');

export const expectSchema = z
  .strictObject({
    verdict: z.enum(['agrees', 'disagrees', 'inconclusive', 'no-prediction']).describe('The verdict that the run must end with.'),
    result: text
      .optional()
      .describe('Id of the published result that the verdict must be about; with no-prediction, of the one that must be withdrawn.'),
    tolerance: positive.optional().describe('Use this tolerance for the verdict instead of the one of the result.'),
  })
  .describe('What the run should show. A run whose verdict differs exits 1.');
