/** What the coefficients of a predictor are called: features by their names, entries of a matrix by row and column. */
import type { RunSubject } from '../src/protocol/report';
import { fields } from './plain';

export interface CoefficientNames {
  readonly what: 'feature' | 'entry';
  readonly names: readonly string[];
}

/** @param length of the predictor: a row for each class where there are several, a bias at the end of each row where there is one */
export function coefficientNames(subject: RunSubject | null, length: number): CoefficientNames {
  const { data, loss } = fields(subject?.experiment);
  const { rows, columns } = fields(data);
  if (typeof columns === 'number' && typeof rows === 'number' && rows * columns === length) return entries(length, columns);
  const features = subject?.data.features ?? length;
  const classes =
    fields(loss).kind === 'cross-entropy' ? [features, features + 1].find((width) => length > width && length % width === 0) : undefined;
  if (classes !== undefined) return entries(length, classes);
  const named = subject?.data.featureNames ?? [];
  const nameOf = (index: number): string => named[index] || (index === features ? 'b' : `x${subscript(index + 1)}`);
  return { what: 'feature', names: Array.from({ length }, (_, index) => nameOf(index)) };
}

/** "W₁₂"; with a comma where a number has two digits. */
function entries(length: number, columns: number): CoefficientNames {
  const comma = columns > 9 || length / columns > 9 ? ',' : '';
  const nameOf = (index: number): string => `W${subscript(Math.floor(index / columns) + 1)}${comma}${subscript((index % columns) + 1)}`;
  return { what: 'entry', names: Array.from({ length }, (_, index) => nameOf(index)) };
}

function subscript(index: number): string {
  return Array.from(String(index), (digit) => String.fromCharCode(0x2080 + Number(digit))).join('');
}
