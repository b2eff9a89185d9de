/** A circle inside another. */
import type { DataSpec } from '../experiment/schema';
import { randomStream } from '../numerics/random';
import type { Dataset } from './dataset';
import { drawnSamples } from './drawn-samples';

type CirclesSpec = Extract<DataSpec, { kind: 'circles' }>;

/**
 * Samples alternate between the inner circle of radius `factor` with label +1 and the unit circle with label −1, at uniform
 * angles, plus noise times standard normal. The noise has a stream of its own: its level changes nothing else.
 * @throws DataError "data.too-large"
 */
export function circlesData(spec: CirclesSpec, seed: number): Dataset {
  const random = randomStream(seed, 'data');
  const noise = randomStream(seed, 'data-noise');
  return drawnSamples({ ...spec, features: 2 }, (i, x, at) => {
    const angle = 2 * Math.PI * random.uniform();
    const inner = i % 2 === 0;
    const radius = inner ? spec.factor : 1;
    x[at] = radius * Math.cos(angle) + spec.noise * noise.gaussian();
    x[at + 1] = radius * Math.sin(angle) + spec.noise * noise.gaussian();
    return inner ? 1 : -1;
  });
}
