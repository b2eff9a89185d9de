/** The curves of a report as comma-separated values: one column a measure. */
import { csvOfColumns } from '../protocol/csv';
import type { Report } from '../protocol/report';

/** @param report live, or read from a file, in which numbers that JSON does not have stand by their names */
export function trajectoryCsv({ trajectory }: Pick<Report, 'trajectory'>): string {
  return csvOfColumns(Object.entries(trajectory).map(([name, values]) => [name, values.map(Number)]));
}
