/** A condition of results about interpolators: that there is one. */
import type { Condition } from '../protocol/report';
import type { Facts } from './facts';
import { condition, inWords } from './wording';

/** @param unknown symbol of the linear predictor, whose equations are X·unknown = y */
export function interpolationCondition(facts: Facts, unknown: 'w' | 'β'): Condition {
  return condition(
    'data can be interpolated',
    facts.consistent,
    facts.consistent
      ? `rank ${facts.spectrum().rank} of ${facts.data.samples} × ${facts.width}`
      : `the least-squares residual is ${inWords(facts.relativeResidual())} of ‖y‖, so X${unknown} = y has no solution`,
  );
}
