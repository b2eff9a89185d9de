/** Measurements of a random matrix of low rank. */
import type { DataSpec } from '../experiment/schema';
import { multiply, transpose } from '../numerics/dense';
import { pivotedLq } from '../numerics/pivoted-lq';
import { randomStream, type RandomStream } from '../numerics/random';
import { checkSize } from './checked-size';
import type { Dataset } from './dataset';
import { observedDataset } from './matrix-data';

type CompletionSpec = Extract<DataSpec, { kind: 'completion' }>;
type SensingSpec = Extract<DataSpec, { kind: 'sensing' }>;

/**
 * `observed` places without repetition of W = BCᵀ/√rank, B and C standard normal, so that an entry has variance 1;
 * symmetric: W = BBᵀ/√rank.
 * @throws DataError "data.too-large"
 */
export function completionData(spec: CompletionSpec, seed: number): Dataset {
  const { rows, columns, rank, observed, symmetric } = spec;
  checkSize(1, rows * columns);
  const truth = lowRank(rows, columns, rank, symmetric, randomStream(seed, 'data'));
  const places = Int32Array.from({ length: rows * columns }, (_, k) => k);
  randomStream(seed, 'data-places').shuffle(places);
  const chosen = places.slice(0, observed).sort();
  return observedDataset(
    rows,
    columns,
    chosen,
    Float64Array.from(chosen, (k) => truth[k]),
    truth,
  );
}

/**
 * y_i = ⟨A_i, W⟩ with W as in `completionData`, scaled to ‖W‖_F = √rank.
 * gaussian: A_i standard normal. commuting: A_i = V diag(a_i) Vᵀ with one random orthogonal V, a_i standard normal; W is then V diag(x) Vᵀ
 * with `rank` entries x = 1.
 * @throws DataError "data.too-large"
 */
export function sensingData(spec: SensingSpec, seed: number): Dataset {
  const { rows, columns, rank, measurements, ensemble, symmetric } = spec;
  const features = rows * columns;
  checkSize(measurements, features);
  const random = randomStream(seed, 'data');
  const x = new Float64Array(measurements * features);
  let truth: Float64Array;
  const stream = randomStream(seed, 'data-measurements');
  if (ensemble === 'gaussian') {
    truth = lowRank(rows, columns, rank, symmetric, random);
    const size = Math.sqrt(truth.reduce((sum, value) => sum + value * value, 0) / rank);
    truth = truth.map((value) => value / size);
    for (let k = 0; k < x.length; k++) x[k] = stream.gaussian();
  } else {
    const basis = orthogonal(rows, random);
    truth = inBasis(
      basis,
      Float64Array.from({ length: rows }, (_, k) => (k < rank ? 1 : 0)),
    );
    for (let i = 0; i < measurements; i++) {
      const weights = Float64Array.from({ length: rows }, () => stream.gaussian());
      x.set(inBasis(basis, weights), i * features);
    }
  }
  const y = new Float64Array(measurements);
  for (let i = 0; i < measurements; i++) for (let k = 0; k < features; k++) y[i] += x[i * features + k] * truth[k];
  return { x, y, samples: measurements, features, featureNames: null, truth, test: null, matrix: { rows, columns, observed: null } };
}

function lowRank(rows: number, columns: number, rank: number, symmetric: boolean, random: RandomStream): Float64Array {
  const gaussian = (length: number): Float64Array => Float64Array.from({ length }, () => random.gaussian());
  const left = gaussian(rows * rank);
  const right = new Float64Array(rank * columns);
  if (symmetric) transpose(left, rows, rank, right);
  else right.set(gaussian(rank * columns));
  const out = new Float64Array(rows * columns);
  multiply(left, rows, rank, right, columns, out);
  return out.map((value) => value / Math.sqrt(rank));
}

/** Random orthogonal n × n matrix, rows orthonormal: the factor of a Gaussian matrix. */
function orthogonal(n: number, random: RandomStream): Float64Array {
  return pivotedLq(
    Float64Array.from({ length: n * n }, () => random.gaussian()),
    n,
    n,
  ).q;
}

/** Σ_k d_k v_k v_kᵀ over the rows v_k of the basis, symmetric to the last bit. */
function inBasis(basis: Float64Array, d: Float64Array): Float64Array {
  const n = d.length;
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) out[i * n + j] += d[k] * (basis[k * n + i] * basis[k * n + j]);
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j];
  return out;
}
