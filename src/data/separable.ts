/** Linearly separable classification data with a known margin. */
import type { DataSpec } from '../experiment/schema';
import { randomStream } from '../numerics/random';
import { checkSize } from './checked-size';
import type { Dataset } from './dataset';

type SeparableSpec = Extract<DataSpec, { kind: 'separable' }>;

/**
 * Gaussian inputs g_i, a uniformly random unit direction u, labels y_i = sign(u·g_i), and x_i = g_i + margin·y_i·u:
 * then y_i u·x_i ≥ margin for every sample. `symmetric` adds (−x_i, −y_i) after all of them.
 * @throws DataError "data.too-large"
 */
export function separableData(spec: SeparableSpec, seed: number): Dataset {
  const { features } = spec;
  const drawn = spec.samples;
  const samples = spec.symmetric ? 2 * drawn : drawn;
  checkSize(samples, features);
  const random = randomStream(seed, 'data');
  const truth = new Float64Array(features);
  let square = 0;
  while (square === 0) {
    for (let j = 0; j < features; j++) truth[j] = random.gaussian();
    square = truth.reduce((sum, value) => sum + value * value, 0);
  }
  const length = Math.sqrt(square);
  for (let j = 0; j < features; j++) truth[j] /= length;

  const x = new Float64Array(samples * features);
  const y = new Float64Array(samples);
  for (let i = 0; i < drawn; i++) {
    const row = i * features;
    let inner = 0;
    for (let j = 0; j < features; j++) {
      x[row + j] = random.gaussian();
      inner += x[row + j] * truth[j];
    }
    y[i] = inner < 0 ? -1 : 1;
    for (let j = 0; j < features; j++) x[row + j] += spec.margin * y[i] * truth[j];
  }
  for (let i = drawn; i < samples; i++) {
    y[i] = -y[i - drawn];
    for (let j = 0; j < features; j++) x[i * features + j] = -x[(i - drawn) * features + j];
  }
  return { x, y, samples, features, featureNames: null, truth, test: null };
}
