/** The four corners of a square, opposite ones alike. */
import type { DataSpec } from '../experiment/schema';
import { randomStream } from '../numerics/random';
import type { Dataset } from './dataset';
import { drawnSamples } from './drawn-samples';

type XorSpec = Extract<DataSpec, { kind: 'xor' }>;

/** In the order in which samples go around. */
const CORNERS = [
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
] as const;

/**
 * Samples go around the corners (1, 1), (−1, 1), (−1, −1), (1, −1) with label +1 where both coordinates have one sign, else −1,
 * plus noise times standard normal.
 * @throws DataError "data.too-large"
 */
export function xorData(spec: XorSpec, seed: number): Dataset {
  const noise = randomStream(seed, 'data-noise');
  return drawnSamples({ ...spec, features: 2 }, (i, x, at) => {
    const [first, second] = CORNERS[i % 4];
    x[at] = first + spec.noise * noise.gaussian();
    x[at + 1] = second + spec.noise * noise.gaussian();
    return first * second;
  });
}
