import { countInWords } from '../numerics/in-words';
import { LIMITS } from '../protocol/limits';
import { DataError } from './dataset';

/**
 * Refuses sizes that would fill the memory, before anything is allocated.
 * @throws DataError "data.too-large"
 */
export function checkSize(samples: number, features: number): void {
  if (samples > LIMITS.samples) {
    throw new DataError(
      'data.too-large',
      '/data',
      `The data has ${countInWords(samples)} samples: expected at most ${countInWords(LIMITS.samples)}.`,
    );
  }
  if (features > LIMITS.features) {
    throw new DataError(
      'data.too-large',
      '/data',
      `The data has ${countInWords(features)} features: expected at most ${countInWords(LIMITS.features)}.`,
    );
  }
  if (samples * features > LIMITS.numbers) {
    throw new DataError(
      'data.too-large',
      '/data',
      `The data has ${countInWords(samples)} samples × ${countInWords(features)} features = ${countInWords(samples * features)} numbers: expected at most ${countInWords(LIMITS.numbers)}.`,
    );
  }
}
