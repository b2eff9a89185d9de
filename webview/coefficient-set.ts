/** Trained and reference coefficients, made comparable. */
import type { Reference } from '../src/protocol/report';
import type { CoefficientNames } from './coefficient-names';

export interface CoefficientSeries {
  readonly title: string;
  readonly role: 'trained' | 'predicted' | 'compared';
  readonly values: readonly number[];
}

export interface CoefficientSet extends CoefficientNames {
  /** Trained first (when known), then predicted, then compared. */
  readonly series: readonly CoefficientSeries[];
  /** Every vector is divided by its Euclidean norm. */
  readonly normalised: boolean;
}

/** √Σv², safe from overflow and underflow. */
export function euclideanNorm(values: readonly number[]): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  return largest * Math.sqrt(values.reduce((sum, value) => sum + (value / largest) ** 2, 0));
}

/** The vectors that can be compared; null when there is none. References of another length are left out. */
export function coefficientSet(
  trained: readonly number[] | null,
  references: readonly Reference[],
  namesOf: (length: number) => CoefficientNames,
  normalised: boolean,
): CoefficientSet | null {
  const series: CoefficientSeries[] = trained === null ? [] : [{ title: 'Trained', role: 'trained', values: trained }];
  for (const role of ['predicted', 'compared'] as const) {
    for (const { predictor, title, role: own } of references) {
      if (own === role && predictor !== null)
        series.push({ title: role === 'predicted' ? `Predicted: ${title}` : title, role, values: predictor });
    }
  }
  const length = series[0]?.values.length ?? 0;
  if (length === 0) return null;
  return {
    series: series.filter(({ values }) => values.length === length).map((one) => (normalised ? { ...one, values: unit(one.values) } : one)),
    ...namesOf(length),
    normalised,
  };
}

function unit(values: readonly number[]): readonly number[] {
  const norm = euclideanNorm(values);
  return norm > 0 ? values.map((value) => value / norm) : values;
}

/** Feature indices by falling |trained − predicted|; NaN differences first, because they are the worst. */
export function largestDifferences(trained: readonly number[], predicted: readonly number[], limit: number): readonly number[] {
  const difference = (index: number): number => {
    const size = Math.abs(trained[index] - predicted[index]);
    return Number.isNaN(size) ? Infinity : size;
  };
  return Array.from(trained.keys())
    .sort((left, right) => difference(right) - difference(left) || left - right)
    .slice(0, limit);
}
