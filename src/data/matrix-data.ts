/** Measurements of a matrix, written in the file. */
import type { DataSpec } from '../experiment/schema';
import { checkSize } from './checked-size';
import type { Dataset } from './dataset';

type EntriesSpec = Extract<DataSpec, { kind: 'entries' }>;
type MeasurementsSpec = Extract<DataSpec, { kind: 'measurements' }>;

/** @throws DataError "data.too-large" */
export function entriesData({ rows, columns, entries }: EntriesSpec): Dataset {
  const observed = Int32Array.from(entries, ([i, j]) => i * columns + j);
  const y = Float64Array.from(entries, ([, , value]) => value);
  return observedDataset(rows, columns, observed, y, null);
}

/** @throws DataError "data.too-large" */
export function measurementsData({ rows, columns, measurements }: MeasurementsSpec): Dataset {
  const features = rows * columns;
  checkSize(measurements.length, features);
  const x = new Float64Array(measurements.length * features);
  measurements.forEach(({ a }, i) => a.forEach((row, r) => x.set(row, i * features + r * columns)));
  return {
    x,
    y: Float64Array.from(measurements, ({ y }) => y),
    samples: measurements.length,
    features,
    featureNames: null,
    truth: null,
    test: null,
    matrix: { rows, columns, observed: null },
  };
}

/**
 * Observed entries: samples of a single 1 each. x is dense and made when something asks for it.
 * @throws DataError "data.too-large", also at the first use of x
 */
export function observedDataset(rows: number, columns: number, observed: Int32Array, y: Float64Array, truth: Float64Array | null): Dataset {
  const features = rows * columns;
  const samples = observed.length;
  checkSize(samples, 1);
  checkSize(1, features);
  let dense: Float64Array | null = null;
  return {
    get x(): Float64Array {
      if (dense === null) {
        checkSize(samples, features);
        dense = new Float64Array(samples * features);
        for (let i = 0; i < samples; i++) dense[i * features + observed[i]] = 1;
      }
      return dense;
    },
    y,
    samples,
    features,
    featureNames: null,
    truth,
    test: null,
    matrix: { rows, columns, observed },
  };
}
