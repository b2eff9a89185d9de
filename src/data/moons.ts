/** Two interleaving half circles. */
import type { DataSpec } from '../experiment/schema';
import { randomStream } from '../numerics/random';
import type { Dataset } from './dataset';
import { drawnSamples } from './drawn-samples';

type MoonsSpec = Extract<DataSpec, { kind: 'moons' }>;

/**
 * Samples alternate between the upper half circle (cos t, sin t) with label +1 and the lower one (1 − cos t, ½ − sin t) with
 * label −1, t uniform in [0, π], plus noise times standard normal: the shape of scikit-learn's make_moons.
 * The noise has a stream of its own: its level changes nothing else.
 * @throws DataError "data.too-large"
 */
export function moonsData(spec: MoonsSpec, seed: number): Dataset {
  const random = randomStream(seed, 'data');
  const noise = randomStream(seed, 'data-noise');
  return drawnSamples({ ...spec, features: 2 }, (i, x, at) => {
    const t = Math.PI * random.uniform();
    const upper = i % 2 === 0;
    x[at] = (upper ? Math.cos(t) : 1 - Math.cos(t)) + spec.noise * noise.gaussian();
    x[at + 1] = (upper ? Math.sin(t) : 0.5 - Math.sin(t)) + spec.noise * noise.gaussian();
    return upper ? 1 : -1;
  });
}
