/**
 * The shape of `*.bias.json`, defined once: the shipped JSON Schema, the static types and the run-time check
 * are derived from it. Descriptions are what completion and hover show.
 */
import * as z from 'zod';
import { LIMITS } from '../protocol/limits';
import { numberList, numberRows } from './number-list';

const finite = z.number();
const positive = finite.positive();
const count = z.int().positive();
const text = z.string();

// ---------------------------------------------------------------- data
const rows = numberRows({ rows: LIMITS.samples, columns: LIMITS.features });
const targets = numberList({ min: 1, max: LIMITS.samples });
const samplesCount = count.max(LIMITS.samples);
const featuresCount = count.max(LIMITS.features);

const inlineData = z
  .strictObject({
    kind: z.literal('inline').describe('The samples are written in this file.'),
    x: rows.describe('Inputs, one row a sample: n × d.'),
    y: targets.describe('Targets, one a sample: −1 or +1 for a margin loss, reals for the square loss.'),
    test: z
      .strictObject({ x: rows.describe('Test inputs, m × d.'), y: targets.describe('Test targets, m.') })
      .optional()
      .describe('Samples that are not trained on.'),
  })
  .describe('Samples written in the file.');

const csvData = z
  .strictObject({
    kind: z.literal('csv').describe('The samples are read from a comma-separated file with a header line.'),
    path: text.min(1).max(1024).describe('Path relative to this file; may not leave the workspace folder.'),
    target: z.union([text.min(1), z.int().nonnegative()]).describe('Column of the target: its name or its 0-based index.'),
    features: z
      .array(z.union([text.min(1), z.int().nonnegative()]))
      .min(1)
      .optional()
      .describe('Columns of the inputs. Default: all others.'),
    labels: z
      .record(text, finite)
      .optional()
      .describe('Map from the text of the target column to a number, for instance {"yes": 1, "no": -1}.'),
    standardize: z.boolean().default(false).describe('Shift and scale every feature to mean 0 and variance 1 (training samples).'),
    bias: z.boolean().default(false).describe('Append a constant feature 1.'),
    testFraction: finite.min(0).lt(1).default(0).describe('Fraction of the samples, drawn at random, that is held out for testing.'),
  })
  .describe('Samples from a csv file.');

const separableData = z
  .strictObject({
    kind: z.literal('separable').describe('Gaussian inputs, labels of a random hyperplane, pushed apart to a given margin.'),
    samples: samplesCount.default(100).describe('Number of samples n.'),
    features: featuresCount.default(64).describe('Number of features d.'),
    margin: positive.max(1e6).default(0.5).describe('Distance of every sample from the hyperplane is at least this.'),
    symmetric: z.boolean().default(false).describe('Add −x with label −y for every sample.'),
  })
  .describe('Linearly separable classification data.');

const sparseRegressionData = z
  .strictObject({
    kind: z.literal('sparse-regression').describe('Gaussian inputs, targets of a sparse linear predictor.'),
    samples: samplesCount.default(20).describe('Number of samples n.'),
    features: featuresCount.default(100).describe('Number of features d.'),
    sparsity: count.default(3).describe('Number of non-zero coefficients, each ±1/√sparsity.'),
    noise: finite.min(0).max(1e6).default(0).describe('Standard deviation of Gaussian noise on the targets.'),
    shift: finite.min(-1e6).max(1e6).default(0).describe('Mean of every input feature.'),
  })
  .describe('Regression with a sparse true predictor.');

export const dataSchema = z.discriminatedUnion('kind', [inlineData, csvData, separableData, sparseRegressionData]);

// ---------------------------------------------------------------- model
const linearModel = z
  .strictObject({
    kind: z.literal('linear').describe('x ↦ w·x (+ b). Parameters: w [, b].'),
    bias: z
      .boolean()
      .default(false)
      .describe('Add a trained constant b. It is regularized like a weight: the same as a constant feature 1.'),
  })
  .describe('Linear predictor.');

const diagonalModel = z
  .strictObject({
    kind: z.literal('diagonal').describe('Diagonal linear network. Tied: x ↦ (u^D − v^D)·x; untied: x ↦ (w1∘…∘wD)·x.'),
    depth: z.int().min(2).max(LIMITS.depth).default(2).describe('Number of layers D.'),
    tied: z.boolean().default(true).describe('Tied: all layers share u (positive part) and v (negative part). Untied: D separate layers.'),
  })
  .describe('Diagonal linear network.');

export const modelSchema = z.discriminatedUnion('kind', [linearModel, diagonalModel]);

// ---------------------------------------------------------------- init
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
      kind: z.literal('uniform').describe('Independent parameters, uniform in [−α, α].'),
      scale: scale.default(0.1).describe('The scale α.'),
    })
    .describe('Uniform parameters.'),
  z
    .strictObject({
      kind: z.literal('explicit').describe('Every parameter written out.'),
      parameters: parameterBlocks.describe(
        'Parameter blocks in the order of the model, each row-major. Linear: [w] or [w, [b]]; tied diagonal: [u, v]; untied: [w1, …, wD].',
      ),
    })
    .describe('Explicit parameters.'),
]);

// ---------------------------------------------------------------- loss
const reduction = z.enum(['mean', 'sum']).default('mean').describe('Mean or sum over the samples. Step sizes refer to it.');
const lossNames = z.enum(['square', 'logistic', 'exponential']);

export const lossSchema = z.union([
  lossNames.describe('"square" ½(f − y)², "logistic" ln(1 + e^(−yf)), "exponential" e^(−yf); mean over the samples.'),
  z
    .strictObject({
      kind: lossNames.describe('"square" ½(f − y)², "logistic" ln(1 + e^(−yf)), "exponential" e^(−yf).'),
      reduction,
    })
    .describe('Loss with its reduction.'),
]);

// ---------------------------------------------------------------- optimizer
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

// ---------------------------------------------------------------- the rest
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
    result: text.optional().describe('Id of the published result that the verdict must be about.'),
    tolerance: positive.optional().describe('Use this tolerance for the verdict instead of the one of the result.'),
  })
  .describe('What the run should show. A run whose verdict differs exits 1.');

export const COMPARE_IDS = ['l1', 'l2', 'max-margin'] as const;

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
    model: modelSchema.describe('The function that is trained.'),
    init: initSchema.optional().describe('Where the parameters start. Default: linear zero; diagonal constant 0.1.'),
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
  })
  .describe('An Implicit Bias Lab experiment.');

/** What a user writes. */
export type ExperimentInput = z.input<typeof experimentSchema>;
type Parsed = z.output<typeof experimentSchema>;
export type DataSpec = z.output<typeof dataSchema>;
export type ModelSpec = z.output<typeof modelSchema>;
export type InitSpec = z.output<typeof initSchema>;
export type OptimizerSpec = z.output<typeof optimizerSchema>;
export type StopSpec = z.output<typeof stopSchema>;
export type RecordSpec = z.output<typeof recordSchema>;
export interface LossSpec {
  readonly kind: 'square' | 'logistic' | 'exponential';
  readonly reduction: 'mean' | 'sum';
}

/** The file with every default filled in that does not need the data. */
export type Experiment = Omit<Parsed, 'loss' | 'init'> & { readonly loss: LossSpec; readonly init: InitSpec };

/** The init of a model for which the file gives none. */
export function defaultInit(model: ModelSpec): InitSpec {
  switch (model.kind) {
    case 'linear':
      return { kind: 'zero' };
    case 'diagonal':
      return { kind: 'constant', scale: 0.1 };
    default:
      return model satisfies never;
  }
}

/** Fills in what zod cannot: the loss as an object and the model's own init. */
export function resolveExperiment(parsed: Parsed): Experiment {
  const loss: LossSpec = typeof parsed.loss === 'string' ? { kind: parsed.loss, reduction: 'mean' } : parsed.loss;
  return { ...parsed, loss, init: parsed.init ?? defaultInit(parsed.model) };
}
