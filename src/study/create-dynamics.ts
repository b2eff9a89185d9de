/** The dynamics that a file asks for. */
import { createAdam } from '../dynamics/adam';
import { createNorm } from '../numerics/create-norm';
import type { Dynamics } from '../dynamics/dynamics';
import { createGradientDescent } from '../dynamics/gradient-descent';
import { createGradientFlow } from '../dynamics/gradient-flow';
import { createHomogeneousFlow, followsHomogeneously } from '../dynamics/homogeneous-flow';
import { createMirrorDescent } from '../dynamics/mirror-descent';
import { mirrorMap } from '../dynamics/mirror-map';
import type { Objective } from '../dynamics/objective';
import { createSgd } from '../dynamics/sgd';
import { createSteepestDescent } from '../dynamics/steepest-descent';
import { randomStream } from '../numerics/random';
import type { Situation } from '../theory/result';

export function createDynamics({ experiment, start, stepSize }: Situation, objective: Objective): Dynamics {
  const { optimizer, seed, stop } = experiment;
  switch (optimizer.kind) {
    case 'gradient-flow':
      return followsHomogeneously(objective)
        ? createHomogeneousFlow(objective, start)
        : createGradientFlow(objective, start, { tolerance: optimizer.tolerance, endTime: stop.time });
    case 'gradient-descent':
      return createGradientDescent(objective, start, { ...optimizer, stepSize: stepSize ?? 1 });
    case 'sgd':
      return createSgd(
        objective,
        start,
        { ...optimizer, stepSize: stepSize ?? 1 },
        randomStream(seed, 'batches'),
        randomStream(seed, 'step-noise'),
      );
    case 'steepest-descent':
      return createSteepestDescent(objective, start, { ...optimizer, norm: createNorm(optimizer.norm), stepSize: stepSize ?? 1 });
    case 'mirror-descent': {
      const potential = optimizer.potential === 'entropy' ? ({ kind: 'entropy' } as const) : optimizer.potential;
      return createMirrorDescent(objective, start, { ...optimizer, map: mirrorMap(potential), stepSize: stepSize ?? 1 });
    }
    case 'adam':
      return createAdam(objective, start, { ...optimizer, stepSize: stepSize ?? 1 });
    default:
      return optimizer satisfies never;
  }
}
