/** The curves of a report as comma-separated values (RFC 4180 with line feeds): one column a measure, all digits. */
import type { Report } from '../protocol/report';

export function trajectoryCsv({ trajectory }: Pick<Report, 'trajectory'>): string {
  const names = Object.keys(trajectory);
  const columns = names.map((name) => trajectory[name]);
  const rows = columns.at(0)?.length ?? 0;
  const lines = [names.map(cell).join(',')];
  for (let row = 0; row < rows; row++) lines.push(columns.map((column) => numberText(Number(column[row]))).join(','));
  return `${lines.join('\n')}\n`;
}

function cell(value: string): string {
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** As Python, R and spreadsheets with a statistics package read it. */
function numberText(value: number): string {
  return Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? String(value) : value > 0 ? 'Infinity' : '-Infinity';
}
