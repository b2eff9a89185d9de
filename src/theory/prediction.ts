/** What a report says of a result: its own fields, what the outline says of this experiment, and the conditions as they were evaluated. */
import type { Condition, Prediction } from '../protocol/report';
import type { Outline, PublishedResult } from './result';

/** @param applies whether the verdict may rest on it: that every condition holds, unless one of them is settled by the run itself */
export function predictionOf(
  result: PublishedResult,
  outline: Pick<Outline, 'regularizer' | 'symbol'>,
  conditions: readonly Condition[],
  applies: boolean = conditions.every(({ holds }) => holds === true),
): Prediction {
  const { id, title, statement, formula, status, citation } = result;
  const { regularizer, symbol } = outline;
  return { result: id, title, regularizer, symbol, statement, formula, status, applies, conditions, citation };
}
