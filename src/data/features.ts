/** Features of the inputs: what a model sees in place of x. */
import type { Experiment } from '../experiment/schema';
import { randomStream } from '../numerics/random';
import { checkSize } from './checked-size';
import { DataError, type Dataset, type Samples } from './dataset';

type FeaturesSpec = NonNullable<Experiment['features']>;

/** Maps rows × d numbers to rows × count. */
interface FeatureMap {
  readonly count: number;
  readonly names: readonly string[] | null;
  map(x: Float64Array, rows: number): Float64Array;
}

/**
 * The dataset with mapped inputs; the one before lies under `before`. The weights of random features have a stream of their own.
 * @param activate the activation of random features
 * @throws DataError "data.features", "data.too-large"
 */
export function mapFeatures(data: Dataset, spec: FeaturesSpec, seed: number, activate: (z: number) => number): Dataset {
  const { count, names, map } = createMap(data, spec, seed, activate);
  checkSize(Math.max(data.samples, data.test?.samples ?? 0), count);
  const part = <S extends Samples>(samples: S): Samples => ({ x: map(samples.x, samples.samples), y: samples.y, samples: samples.samples });
  return {
    ...part(data),
    features: count,
    featureNames: names,
    truth: truthOf(data, spec, count),
    test: data.test === null ? null : part(data.test),
    before: { data, map },
  };
}

function createMap(data: Dataset, spec: FeaturesSpec, seed: number, activate: (z: number) => number): FeatureMap {
  const d = data.features;
  const names = data.featureNames ?? (d === 1 ? ['x'] : null);
  switch (spec.kind) {
    case 'polynomial':
      return powers(d, spec.degree, names);
    case 'random': {
      checkSize(spec.count, d);
      const random = randomStream(seed, 'features');
      const weights = Float64Array.from({ length: spec.count * d }, () => random.gaussian());
      return randomMap(weights, d, spec.count, activate);
    }
    case 'coordinates':
      if (spec.count > d)
        throw new DataError('data.features', '/features/count', `${spec.count} features cannot be kept: the data has ${d}.`);
      return first(d, spec.count, data.featureNames);
    default:
      return spec satisfies never;
  }
}

/** 1, x₁, x₁², …, x₁ᵖ, x₂, … */
function powers(d: number, degree: number, names: readonly string[] | null): FeatureMap {
  const count = 1 + d * degree;
  return {
    count,
    names:
      names === null
        ? null
        : ['1', ...names.flatMap((name) => Array.from({ length: degree }, (_, k) => (k === 0 ? name : `${name}^${k + 1}`)))],
    map(x, rows) {
      const out = new Float64Array(rows * count);
      for (let i = 0, at = 0; i < rows; i++) {
        out[at++] = 1;
        for (let j = 0; j < d; j++) {
          let power = 1;
          for (let k = 0; k < degree; k++) out[at++] = power *= x[i * d + j];
        }
      }
      return out;
    },
  };
}

/** σ(g_k·x/√d)/√count: of order 1/√count each, so that their kernel Σ_k φ_k(x)φ_k(x′) has a limit. */
function randomMap(weights: Float64Array, d: number, count: number, activate: (z: number) => number): FeatureMap {
  const inner = 1 / Math.sqrt(d);
  const outer = 1 / Math.sqrt(count);
  return {
    count,
    names: null,
    map(x, rows) {
      const out = new Float64Array(rows * count);
      for (let i = 0; i < rows; i++) {
        for (let k = 0; k < count; k++) {
          let sum = 0;
          for (let j = 0; j < d; j++) sum += weights[k * d + j] * x[i * d + j];
          out[i * count + k] = activate(sum * inner) * outer;
        }
      }
      return out;
    },
  };
}

function first(d: number, count: number, names: readonly string[] | null): FeatureMap {
  return {
    count,
    names: names?.slice(0, count) ?? null,
    map(x, rows) {
      const out = new Float64Array(rows * count);
      for (let i = 0; i < rows; i++) out.set(x.subarray(i * d, i * d + count), i * count);
      return out;
    },
  };
}

/** The predictor of the targets in the mapped features, where they can express it. */
function truthOf({ truth, polynomial, features }: Dataset, spec: FeaturesSpec, count: number): Float64Array | null {
  if (spec.kind === 'polynomial' && polynomial !== undefined && features === 1 && polynomial.length <= count) {
    const padded = new Float64Array(count);
    padded.set(polynomial);
    return padded;
  }
  return spec.kind === 'coordinates' && truth !== null && spec.count === truth.length ? truth : null;
}
