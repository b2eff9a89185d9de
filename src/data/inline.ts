/** Data written in the experiment file. */
import type { DataSpec } from '../experiment/schema';
import { checkSize } from './checked-size';
import { DataError, type Dataset, type Samples } from './dataset';

type InlineSpec = Extract<DataSpec, { kind: 'inline' }>;

/** @throws DataError "data.inline.ragged", "data.inline.length", "data.inline.test-features", "data.too-large" */
export function inlineData(spec: InlineSpec): Dataset {
  const features = spec.x[0].length;
  const training = flatten(spec.x, spec.y, features, '/data');
  const test = spec.test ? flatten(spec.test.x, spec.test.y, features, '/data/test') : null;
  return { ...training, features, featureNames: null, truth: null, test };
}

function flatten(x: readonly (readonly number[])[], y: readonly number[], features: number, pointer: string): Samples {
  checkSize(x.length, features);
  if (y.length !== x.length) {
    throw new DataError(
      'data.inline.length',
      `${pointer}/y`,
      `x has ${x.length} rows and y has ${y.length} entries: expected one entry a row.`,
    );
  }
  const flat = new Float64Array(x.length * features);
  for (let i = 0; i < x.length; i++) {
    if (x[i].length !== features) {
      throw new DataError(
        'data.inline.ragged',
        `${pointer}/x/${i}`,
        `Row ${i} has ${x[i].length} entries, row 0 of the training data has ${features}.`,
      );
    }
    flat.set(x[i], i * features);
  }
  return { x: flat, y: Float64Array.from(y), samples: x.length };
}
