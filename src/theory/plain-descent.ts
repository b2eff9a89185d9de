/** A condition of results whose recursion is that of plain gradient descent. */
import type { OptimizerSpec } from '../experiment/schema';
import type { Condition } from '../protocol/report';
import { condition } from './wording';

export function plainDescentCondition({ momentum, normalize }: Extract<OptimizerSpec, { kind: 'gradient-descent' }>): Condition {
  return condition(
    'plain gradient descent',
    momentum === 0 && normalize === 'none',
    normalize !== 'none'
      ? `steps divided by the ${normalize}`
      : momentum > 0
        ? `momentum ${momentum}`
        : 'neither momentum nor normalisation',
  );
}
