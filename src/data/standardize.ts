import { DataError, type Samples } from './dataset';

/** A feature whose spread is below this fraction of its size is rounding noise: dividing by it would make data of it. */
const LEAST_SPREAD = 1e-12;

/**
 * In place: every feature to mean 0 and variance 1 (divisor n) on the training samples; the test samples are moved along.
 * @throws DataError "data.csv.constant-feature"
 */
export function standardize(training: Samples, test: Samples | null, features: number, names: readonly string[]): void {
  const { x, samples } = training;
  for (let j = 0; j < features; j++) {
    let sum = 0;
    let size = 0;
    for (let i = 0; i < samples; i++) {
      sum += x[i * features + j];
      size = Math.max(size, Math.abs(x[i * features + j]));
    }
    const mean = sum / samples;
    let square = 0;
    for (let i = 0; i < samples; i++) square += (x[i * features + j] - mean) ** 2;
    const deviation = Math.sqrt(square / samples);
    if (!(deviation > LEAST_SPREAD * size) || !Number.isFinite(deviation)) {
      const why = Number.isFinite(deviation) ? 'has the same value in all training samples' : 'has values too large to square';
      throw new DataError(
        'data.csv.constant-feature',
        '/data/standardize',
        `The feature ${JSON.stringify(names[j])} ${why}: it cannot be scaled to variance 1. Leave it out by "features", or use "bias" for a constant.`,
      );
    }
    for (let i = 0; i < samples; i++) x[i * features + j] = (x[i * features + j] - mean) / deviation;
    if (test) for (let i = 0; i < test.samples; i++) test.x[i * features + j] = (test.x[i * features + j] - mean) / deviation;
  }
}
