/** A loss from its description. */
import type { LossSpec } from '../experiment/schema';
import { createCrossEntropy } from './cross-entropy';
import type { Loss } from './loss';
import { createExponential, createLogistic } from './margin-losses';
import { createSquare } from './square';
import { createExponentialPower, createPolynomial, createSquaredHinge } from './tails';

/** @param classes K of a cross-entropy loss */
export function createLoss(spec: LossSpec, classes = 2): Loss {
  switch (spec.kind) {
    case 'square':
      return createSquare(spec.reduction);
    case 'logistic':
      return createLogistic(spec.reduction);
    case 'exponential':
      return createExponential(spec.reduction);
    case 'cross-entropy':
      return createCrossEntropy(spec.reduction, classes);
    case 'exponential-power':
      return createExponentialPower(spec.reduction, spec.power);
    case 'polynomial':
      return createPolynomial(spec.reduction, spec.power);
    case 'squared-hinge':
      return createSquaredHinge(spec.reduction);
    default:
      return spec satisfies never;
  }
}
