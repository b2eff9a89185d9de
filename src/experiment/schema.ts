/**
 * The shape of `*.bias.json`, defined once: the shipped JSON Schema, the static types and the run-time check
 * are derived from it. Descriptions are what completion and hover show. Each part of the file is a module of its own.
 */
import * as z from 'zod';
import { dataSchema } from './data-schema';
import { featuresSchema } from './features-schema';
import { initSchema } from './init-schema';
import { lossSchema, type LossName } from './loss-schema';
import type { DEFAULT_POWER } from './loss-tails';
import { modelSchema } from './model-schema';
import { optimizerSchema } from './optimizer-schema';
import { expectSchema, recordSchema, stopSchema } from './run-schema';
import { text } from './schema-numbers';
import { sweepSchema } from './sweep-schema';

export const COMPARE_IDS = ['l1', 'l2', 'max-margin', 'nuclear'] as const;

export const experimentSchema = z
  .strictObject({
    $schema: text.optional().describe('Where the schema is; editors read it, the lab does not.'),
    format: z.literal(1).default(1).describe('Version of this file format.'),
    title: text.max(500).default('').describe('One line that names the experiment.'),
    notes: z
      .union([text, z.array(text)])
      .optional()
      .describe('What should happen and why. A list is a list of paragraphs.'),
    seed: z.int().min(0).default(0).describe('Seed of every random stream: data, init, batches.'),
    data: dataSchema.describe('The samples: written here, from a csv file, or generated.'),
    features: featuresSchema.optional(),
    model: modelSchema.describe('The function that is trained.'),
    init: initSchema
      .optional()
      .describe(
        'Where the parameters start. Default: linear zero; diagonal constant 0.1; matrix factorization identity 0.01; scaled antisymmetric 1; others gaussian 0.1.',
      ),
    loss: lossSchema.describe('The training loss: its name, or an object with its reduction.'),
    optimizer: optimizerSchema.describe('How it is trained.'),
    stop: stopSchema.default({}),
    record: recordSchema.prefault({}),
    compare: z
      .array(z.enum(COMPARE_IDS))
      .max(COMPARE_IDS.length)
      .default([])
      .describe('Other reference solutions to draw beside the predicted one.'),
    expect: expectSchema.optional(),
    sweep: sweepSchema.optional(),
  })
  .describe('An Implicit Bias Lab experiment.');

/** What a user writes. */
export type ExperimentInput = z.input<typeof experimentSchema>;
/** The same with the defaults of every key. */
export type ParsedFile = z.output<typeof experimentSchema>;
export type DataSpec = z.output<typeof dataSchema>;
export type ModelSpec = z.output<typeof modelSchema>;
export type InitSpec = z.output<typeof initSchema>;
export type OptimizerSpec = z.output<typeof optimizerSchema>;
export type StopSpec = z.output<typeof stopSchema>;
export type RecordSpec = z.output<typeof recordSchema>;
type TailName = keyof typeof DEFAULT_POWER;
export type LossSpec =
  | { readonly kind: Exclude<LossName, TailName>; readonly reduction: 'mean' | 'sum' }
  | { readonly kind: TailName; readonly reduction: 'mean' | 'sum'; readonly power: number };

/** The file with every default filled in that does not need the data. */
export type Experiment = Omit<ParsedFile, 'loss' | 'init'> & { readonly loss: LossSpec; readonly init: InitSpec };
