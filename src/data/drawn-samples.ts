/** Independent samples from one distribution, training samples first. */
import { checkSize } from './checked-size';
import type { Dataset } from './dataset';

/**
 * @param draw fills x[at … at + features) and returns the target of sample `index`; test samples count on from the training samples,
 *   so asking for more of them leaves the training samples as they are
 * @throws DataError "data.too-large"
 */
export function drawnSamples(
  size: { readonly samples: number; readonly testSamples: number; readonly features: number },
  draw: (index: number, x: Float64Array, at: number) => number,
): Dataset {
  const { samples, testSamples, features } = size;
  checkSize(samples, features);
  checkSize(testSamples, features);
  const part = (first: number, count: number): { x: Float64Array; y: Float64Array; samples: number } => {
    const x = new Float64Array(count * features);
    const y = new Float64Array(count);
    for (let i = 0; i < count; i++) y[i] = draw(first + i, x, i * features);
    return { x, y, samples: count };
  };
  const training = part(0, samples);
  return { ...training, features, featureNames: null, truth: null, test: testSamples > 0 ? part(samples, testSamples) : null };
}
