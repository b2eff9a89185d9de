/** Regression data of a sparse linear predictor. */
import type { DataSpec } from '../experiment/schema';
import { randomStream } from '../numerics/random';
import { DataError, type Dataset } from './dataset';
import { drawnSamples } from './drawn-samples';

type SparseRegressionSpec = Extract<DataSpec, { kind: 'sparse-regression' }>;

/**
 * x_ij = shift + g_ij and y_i = w·x_i + noise·e_i with g, e standard normal;
 * w has `sparsity` entries ±1/√sparsity on random places, so ‖w‖₂ = 1; with positive signs the same places and inputs.
 * The noise has a stream of its own: changing its level leaves x and w as they are.
 * @throws DataError "data.sparse-regression.sparsity", "data.too-large"
 */
export function sparseRegressionData(spec: SparseRegressionSpec, seed: number): Dataset {
  const { features, sparsity, signs, noise, shift } = spec;
  if (sparsity > features) {
    throw new DataError(
      'data.sparse-regression.sparsity',
      '/data/sparsity',
      `${sparsity} non-zero coefficients do not fit into ${features} features.`,
    );
  }
  const random = randomStream(seed, 'data');
  const places = Int32Array.from({ length: features }, (_, j) => j);
  random.shuffle(places);
  const truth = new Float64Array(features);
  for (let k = 0; k < sparsity; k++) {
    const sign = random.sign();
    truth[places[k]] = (signs === 'positive' ? 1 : sign) / Math.sqrt(sparsity);
  }

  const noiseStream = randomStream(seed, 'data-noise');
  const drawn = drawnSamples(spec, (_, x, at) => {
    let target = 0;
    for (let j = 0; j < features; j++) {
      const value = shift + random.gaussian();
      x[at + j] = value;
      target += truth[j] * value;
    }
    return target + noise * noiseStream.gaussian();
  });
  return { ...drawn, truth };
}
