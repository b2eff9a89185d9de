/** `data`: where the samples come from. */
import * as z from 'zod';
import { LIMITS } from '../protocol/limits';
import { initSchema } from './init-schema';
import { modelSchema } from './model-schema';
import { numberList, numberRows } from './number-list';
import { count, finite, positive, text } from './schema-numbers';

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

const testSamples = z
  .int()
  .nonnegative()
  .max(LIMITS.samples)
  .default(0)
  .describe('Number of samples that are not trained on, drawn after the others.');

const sparseRegressionData = z
  .strictObject({
    kind: z.literal('sparse-regression').describe('Gaussian inputs, targets of a sparse linear predictor.'),
    samples: samplesCount.default(20).describe('Number of samples n.'),
    features: featuresCount.default(100).describe('Number of features d.'),
    sparsity: count.default(3).describe('Number of non-zero coefficients, each ±1/√sparsity.'),
    signs: z.enum(['random', 'positive']).default('random').describe('Signs of the coefficients.'),
    noise: finite.min(0).max(1e6).default(0).describe('Standard deviation of Gaussian noise on the targets.'),
    shift: finite.min(-1e6).max(1e6).default(0).describe('Mean of every input feature.'),
    testSamples,
  })
  .describe('Regression with a sparse true predictor.');

const inputNoise = finite.min(0).max(1e6).describe('Standard deviation of Gaussian noise on the inputs.');

const moonsData = z
  .strictObject({
    kind: z.literal('moons').describe('Two interleaving half circles in the plane.'),
    samples: samplesCount.default(100).describe('Number of samples n; the labels alternate.'),
    noise: inputNoise.default(0.1),
    testSamples,
  })
  .describe('Two half moons.');

const circlesData = z
  .strictObject({
    kind: z.literal('circles').describe('A circle (label +1) inside the unit circle (label −1).'),
    samples: samplesCount.default(100).describe('Number of samples n; the labels alternate.'),
    factor: positive.lt(1).default(0.5).describe('Radius of the inner circle.'),
    noise: inputNoise.default(0.05),
    testSamples,
  })
  .describe('Two circles around the origin.');

const xorData = z
  .strictObject({
    kind: z.literal('xor').describe('The corners (±1, ±1), label +1 where both coordinates have one sign.'),
    samples: samplesCount.default(4).describe('Number of samples n; they go around the corners.'),
    noise: inputNoise.default(0),
    testSamples,
  })
  .describe('Exclusive or.');

const sphereData = z
  .strictObject({
    kind: z.literal('sphere').describe('Inputs uniform on the unit sphere.'),
    samples: samplesCount.default(100).describe('Number of samples n.'),
    features: featuresCount.default(10).describe('Number of features d.'),
    labels: z.enum(['hyperplane', 'random']).default('hyperplane').describe('What the labels are.'),
    testSamples,
  })
  .describe('Classification data on the sphere.');

const teacherData = z
  .strictObject({
    kind: z.literal('teacher').describe('Targets of a model of its own, which is not trained.'),
    samples: samplesCount.default(100).describe('Number of samples n.'),
    features: featuresCount.default(10).describe('Number of features d.'),
    inputs: z.enum(['gaussian', 'sphere', 'uniform']).default('gaussian').describe('Distribution of the inputs.'),
    model: modelSchema.describe('The teacher.'),
    init: initSchema.prefault({ kind: 'gaussian', scale: 1 }).describe('Parameters of the teacher. Default: gaussian, scale 1.'),
    targets: z.enum(['real', 'sign']).default('real').describe('What the targets are.'),
    noise: finite.min(0).max(1e6).default(0).describe('Standard deviation of Gaussian noise on the outputs of the teacher.'),
    testSamples,
  })
  .describe('Data of a teacher.');

const polynomialDataSchema = z
  .strictObject({
    kind: z.literal('polynomial').describe('One feature, targets of a polynomial with standard normal coefficients.'),
    degree: z.int().nonnegative().max(50).default(3).describe('Degree of the polynomial.'),
    samples: samplesCount.default(12).describe('Number of samples n, evenly spaced.'),
    noise: finite.min(0).max(1e6).default(0.2).describe('Standard deviation of Gaussian noise on the targets.'),
    range: positive.max(100).default(1).describe('The inputs lie between −range and range.'),
    testSamples,
  })
  .describe('Noisy values of a random polynomial.');

const matrixRows = count.max(1000).describe('Rows of the matrix.');
const matrixColumns = count.max(1000).describe('Columns of the matrix.');
const rank = count.max(1000).describe('Rank of the matrix.');
const symmetric = z.boolean().default(false).describe('The matrix is symmetric and positive semidefinite.');

const entriesData = z
  .strictObject({
    kind: z.literal('entries').describe('Matrix completion: some entries of a matrix, written in this file.'),
    rows: matrixRows,
    columns: matrixColumns,
    entries: numberRows({ rows: LIMITS.samples, columns: 3 }).describe('Observed entries: [row, column, value], 0-based.'),
  })
  .describe('Observed entries of a matrix.');

const measurementsData = z
  .strictObject({
    kind: z.literal('measurements').describe('Matrix sensing: linear measurements of a matrix, written in this file.'),
    rows: matrixRows,
    columns: matrixColumns,
    measurements: z
      .array(
        z
          .strictObject({
            a: numberRows({ rows: 1000, columns: 1000 }).describe('The matrix A of the measurement: rows × columns.'),
            y: finite.describe('Its value ⟨A, W⟩ = Σ A_ij W_ij.'),
          })
          .describe('One measurement.'),
      )
      .min(1)
      .max(LIMITS.entries)
      .describe('The measurements.'),
  })
  .describe('Linear measurements of a matrix.');

const completionData = z
  .strictObject({
    kind: z.literal('completion').describe('Some entries of a random matrix of low rank.'),
    rows: matrixRows.default(10),
    columns: matrixColumns.default(10),
    rank: rank.default(2),
    observed: samplesCount.default(45).describe('Number of observed entries.'),
    symmetric,
  })
  .describe('Completion of a random matrix.');

const sensingData = z
  .strictObject({
    kind: z.literal('sensing').describe('Random linear measurements of a random matrix of low rank.'),
    rows: matrixRows.default(10),
    columns: matrixColumns.default(10),
    rank: rank.default(1),
    measurements: samplesCount.default(60).describe('Number of measurements.'),
    ensemble: z.enum(['gaussian', 'commuting']).default('gaussian').describe('The measurement matrices.'),
    symmetric,
  })
  .describe('Sensing of a random matrix.');

export const dataSchema = z.discriminatedUnion('kind', [
  inlineData,
  csvData,
  separableData,
  sparseRegressionData,
  polynomialDataSchema,
  moonsData,
  circlesData,
  xorData,
  sphereData,
  teacherData,
  entriesData,
  measurementsData,
  completionData,
  sensingData,
]);
