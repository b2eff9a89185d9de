import { REPORT_FORMAT, type Report } from '../protocol/report';

/** The report that a text is, null where it is something else. Numbers that JSON does not have stay strings: `Number` reads them. */
export function reportIn(text: string): Report | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (value === null || typeof value !== 'object') return null;
  const { format, trajectory, verdict, predictions, experiment } = value as Partial<Report>;
  const isReport =
    format === REPORT_FORMAT && isObject(trajectory) && isObject(verdict) && Array.isArray(predictions) && isObject(experiment);
  return isReport && Object.values(trajectory).every((column) => Array.isArray(column)) ? (value as Report) : null;
}

const isObject = (value: unknown): value is object => value !== null && typeof value === 'object' && !Array.isArray(value);
