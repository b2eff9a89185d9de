/** Targets of a model that is not trained. */
import type { DataSpec } from '../experiment/schema';
import { randomStream } from '../numerics/random';
import type { Dataset, Samples, Teach } from './dataset';
import { drawnSamples } from './drawn-samples';
import { onSphere } from './sphere';

export type TeacherSpec = Extract<DataSpec, { kind: 'teacher' }>;

/**
 * Inputs standard normal, uniform on the unit sphere or uniform in [−1, 1]^d; targets the teacher's outputs, or their signs
 * (+1 at 0), plus noise times standard normal; with signs the noise is added before the sign is taken.
 * Inputs and noise have streams of their own.
 * @throws DataError "data.too-large", and what `teach` throws
 */
export function teacherData(spec: TeacherSpec, seed: number, teach: Teach): Dataset {
  const { features, inputs } = spec;
  const random = randomStream(seed, 'data');
  const noise = randomStream(seed, 'data-noise');
  const drawn = drawnSamples(spec, (_, x, at) => {
    if (inputs === 'sphere') onSphere(random, x, at, features);
    else for (let j = 0; j < features; j++) x[at + j] = inputs === 'gaussian' ? random.gaussian() : 2 * random.uniform() - 1;
    return 0;
  });
  const taught = <S extends Samples>(samples: S): S => {
    const outputs = teach({ ...drawn, ...samples, test: null });
    const y = outputs.map((output) => {
      const target = output + (spec.noise > 0 ? spec.noise * noise.gaussian() : 0);
      return spec.targets === 'real' ? target : target < 0 ? -1 : 1;
    });
    return { ...samples, y };
  };
  const training = taught(drawn);
  return drawn.test === null ? training : { ...training, test: taught(drawn.test) };
}
