/** `sweep`: the same experiment over a grid of settings, and over seeds. */
import * as z from 'zod';
import { LIMITS } from '../protocol/limits';
import { count, finite, text } from './schema-numbers';

const axisValues = z.array(z.unknown()).min(1).max(LIMITS.sweepPoints);
const range = z.array(finite).length(3);

export const sweepAxisSchema = z
  .strictObject({
    path: text.max(1000).describe('What varies, as a JSON Pointer into this file: "/init/scale", "/optimizer/stepSize".'),
    values: axisValues.optional().describe('The values one by one: numbers, texts or whole objects.'),
    log: range.optional().describe('[from, to, count]: equal ratios from the first value to the last.'),
    linear: range.optional().describe('[from, to, count]: equal differences from the first value to the last.'),
  })
  .describe('One axis of the grid: "path" and one of "values", "log" and "linear".');

export const sweepSchema = z
  .strictObject({
    axes: z.array(sweepAxisSchema).min(1).max(4).describe('The axes of the grid; every combination of their values is run.'),
    repeat: count
      .max(1000)
      .default(1)
      .describe('Every point of the grid is run with so many seeds: the seed of the file and those that follow it.'),
    measure: z
      .union([text, z.array(text).min(1).max(8)])
      .optional()
      .describe('Measure that the picture shows, or several. Default: the distances to what is compared, else what the verdict measures.'),
  })
  .describe('The same experiment at every point of a grid, for `bias-lab sweep`. Running the file runs the experiment as it stands.');
