/** Uniform samples on the sphere. */
import type { DataSpec } from '../experiment/schema';
import { randomStream, type RandomStream } from '../numerics/random';
import type { Dataset } from './dataset';
import { drawnSamples } from './drawn-samples';

type SphereSpec = Extract<DataSpec, { kind: 'sphere' }>;

/**
 * Inputs uniform on the unit sphere; labels are the side of a random hyperplane through the origin (its unit normal is the truth),
 * or ±1 by the toss of a coin.
 * @throws DataError "data.too-large"
 */
export function sphereData(spec: SphereSpec, seed: number): Dataset {
  const { features } = spec;
  const random = randomStream(seed, 'data');
  const labels = randomStream(seed, 'data-labels');
  const normal = new Float64Array(features);
  onSphere(randomStream(seed, 'data-truth'), normal, 0, features);
  const data = drawnSamples(spec, (_, x, at) => {
    onSphere(random, x, at, features);
    if (spec.labels === 'random') return labels.sign();
    let side = 0;
    for (let j = 0; j < features; j++) side += normal[j] * x[at + j];
    return side < 0 ? -1 : 1;
  });
  return spec.labels === 'random' ? data : { ...data, truth: normal };
}

/** Fills x[at … at + features) with a uniformly random unit vector. */
export function onSphere(random: RandomStream, x: Float64Array, at: number, features: number): void {
  let square = 0;
  while (square === 0) {
    for (let j = 0; j < features; j++) {
      const value = random.gaussian();
      x[at + j] = value;
      square += value * value;
    }
  }
  const length = Math.sqrt(square);
  for (let j = 0; j < features; j++) x[at + j] /= length;
}
