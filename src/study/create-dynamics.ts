/** The dynamics that a file asks for. */
import type { Dynamics } from '../dynamics/dynamics';
import { createGradientDescent } from '../dynamics/gradient-descent';
import { createGradientFlow } from '../dynamics/gradient-flow';
import { createHomogeneousFlow, followsHomogeneously } from '../dynamics/homogeneous-flow';
import type { Objective } from '../dynamics/objective';
import { createSgd } from '../dynamics/sgd';
import { randomStream } from '../numerics/random';
import type { Situation } from '../theory/result';

export function createDynamics({ experiment, start, stepSize }: Situation, objective: Objective): Dynamics {
  const { optimizer, seed } = experiment;
  switch (optimizer.kind) {
    case 'gradient-flow':
      return followsHomogeneously(objective)
        ? createHomogeneousFlow(objective, start)
        : createGradientFlow(objective, start, { tolerance: optimizer.tolerance });
    case 'gradient-descent':
      return createGradientDescent(objective, start, { ...optimizer, stepSize: stepSize ?? 1 });
    case 'sgd':
      return createSgd(objective, start, { ...optimizer, stepSize: stepSize ?? 1 }, randomStream(seed, 'batches'));
    default:
      return optimizer satisfies never;
  }
}
