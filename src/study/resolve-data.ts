/** The data that a file resolves to, as plain rows. */
import type { Diagnostic, ResolvedData, Source } from '../protocol/compute';
import type { Dataset } from '../data/dataset';
import type { Environment } from './environment';
import { prepare } from './prepare';

export async function resolveData(
  source: Source,
  environment: Environment,
): Promise<ResolvedData | { readonly diagnostics: readonly Diagnostic[] }> {
  const { diagnostics, ready } = await prepare(source, environment);
  if (ready === null) return { diagnostics };
  return resolvedData(ready.situation.data);
}

export function resolvedData(data: Dataset): ResolvedData {
  const rows = (x: Float64Array, count: number): number[][] =>
    Array.from({ length: count }, (_, i) => Array.from(x.subarray(i * data.features, (i + 1) * data.features)));
  return {
    x: rows(data.x, data.samples),
    y: Array.from(data.y),
    featureNames: data.featureNames,
    truth: data.truth === null ? null : Array.from(data.truth),
    test: data.test === null ? null : { x: rows(data.test.x, data.test.samples), y: Array.from(data.test.y) },
  };
}
