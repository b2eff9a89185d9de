import { randomStream } from '../numerics/random';
import { DataError, type Samples } from './dataset';

/**
 * Sets a random fraction of the samples apart (rounded, one at least); both parts keep the order of the file.
 * @throws DataError "data.test-fraction" when nothing is left to train on
 */
export function holdOut(
  all: Samples,
  features: number,
  fraction: number,
  seed: number,
): { readonly training: Samples; readonly test: Samples | null } {
  if (fraction === 0) return { training: all, test: null };
  const held = Math.max(1, Math.round(fraction * all.samples));
  if (held >= all.samples) {
    throw new DataError(
      'data.test-fraction',
      '/data/testFraction',
      `A test fraction of ${fraction} holds out all of the ${all.samples} samples: expected one at least to train on.`,
    );
  }
  const order = Int32Array.from({ length: all.samples }, (_, i) => i);
  randomStream(seed, 'split').shuffle(order);
  return { training: take(all, features, order.subarray(held).toSorted()), test: take(all, features, order.subarray(0, held).toSorted()) };
}

function take(all: Samples, features: number, indices: Int32Array): Samples {
  const x = new Float64Array(indices.length * features);
  indices.forEach((index, i) => x.set(all.x.subarray(index * features, (index + 1) * features), i * features));
  return { x, y: Float64Array.from(indices, (index) => all.y[index]), samples: indices.length };
}
