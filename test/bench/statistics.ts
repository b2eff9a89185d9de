/** Median, smallest value and spread of repeated measurements. */
export interface Summary {
  readonly median: number;
  readonly minimum: number;
  /** Distance of the quartiles. */
  readonly spread: number;
  readonly repetitions: number;
}

export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: rounded(quantile(sorted, 0.5)),
    minimum: rounded(sorted[0]),
    spread: rounded(quantile(sorted, 0.75) - quantile(sorted, 0.25)),
    repetitions: values.length,
  };
}

function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}

/** Four digits: more would be noise. */
const rounded = (value: number): number => Number(value.toPrecision(4));
