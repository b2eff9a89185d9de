/** A loss from its description. */
import type { LossSpec } from '../experiment/schema';
import type { Loss } from './loss';
import { createExponential, createLogistic } from './margin-losses';
import { createSquare } from './square';

export function createLoss(spec: LossSpec): Loss {
  switch (spec.kind) {
    case 'square':
      return createSquare(spec.reduction);
    case 'logistic':
      return createLogistic(spec.reduction);
    case 'exponential':
      return createExponential(spec.reduction);
    default:
      return spec.kind satisfies never;
  }
}
