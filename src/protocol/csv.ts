/** Columns of numbers as comma-separated values: RFC 4180 with line feeds, all digits, so that every number comes back the same. */

/** @param columns of one length, by their names in order */
export function csvOfColumns(columns: readonly (readonly [name: string, values: ArrayLike<number>])[]): string {
  const rows = columns.at(0)?.[1].length ?? 0;
  const lines = [columns.map(([name]) => cell(name)).join(',')];
  for (let row = 0; row < rows; row++) lines.push(columns.map(([, values]) => numberText(values[row])).join(','));
  return `${lines.join('\n')}\n`;
}

function cell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** NaN, Infinity and -Infinity by these names, as Python and R read them. */
function numberText(value: number): string {
  return String(Object.is(value, -0) ? 0 : value);
}
