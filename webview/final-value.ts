/** A measure at the end of a run, in words. */
import type { Report } from '../src/protocol/report';
import { formatFromLog10, formatNumber } from './format-number';

/** A measure's final value; the loss by its logarithm where it underflows. */
export function finalValue(report: Report, name: string): string {
  const value = Object.hasOwn(report.measures, name) ? report.measures[name] : Number.NaN;
  const logarithm =
    name === 'loss' ? (report.measures.logLoss ?? report.solution.logLoss) : name === 'time' ? report.measures.logTime : undefined;
  if ((value === 0 || value === Infinity) && logarithm !== undefined && Number.isFinite(logarithm))
    return formatFromLog10(logarithm / Math.LN10);
  return Object.hasOwn(report.measures, name) ? formatNumber(value, 6) : '';
}
