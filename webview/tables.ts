/** Tables: the readable side of every chart. Long ones show their beginning and say so. */
import { el, type Child } from './dom';
import { formatNumber } from './format-number';

export interface Column {
  readonly title: string;
  /** Right-aligned with figures of one width. */
  readonly numeric: boolean;
  /** The first such column names the row. */
  readonly heading?: boolean;
}

export interface TableOptions {
  /** Also in the name of the scrollable region. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly cell: (row: number, column: number) => Child;
  /** The caption is seen, not only heard. */
  readonly visibleCaption?: boolean;
  /** Shown at full height instead of scrolling; for tables of a known, small size. */
  readonly whole?: boolean;
  /** Where the rows beyond the limit are found. */
  readonly rest?: string;
}

/** Rows shown of a long table. */
export const ROW_LIMIT = 500;

export function table({
  caption,
  columns,
  rows,
  cell,
  visibleCaption = false,
  whole = false,
  rest = 'Export the trajectory as CSV for all of them.',
}: TableOptions): HTMLElement {
  const shown = Math.min(rows, ROW_LIMIT);
  const head = el(
    'tr',
    {},
    ...columns.map(({ title, numeric }) => el('th', { scope: 'col', class: numeric ? 'number' : undefined }, title)),
  );
  const body = el('tbody');
  for (let row = 0; row < shown; row += 1) {
    const line = el('tr');
    columns.forEach(({ numeric, heading }, column) => {
      const className = numeric ? 'number' : undefined;
      const content = cell(row, column);
      line.append(heading === true ? el('th', { scope: 'row', class: className }, content) : el('td', { class: className }, content));
    });
    body.append(line);
  }
  const grid = el(
    'table',
    {},
    el('caption', { class: visibleCaption ? undefined : 'visually-hidden' }, caption),
    el('thead', {}, head),
    body,
  );
  const scroller = el(
    'div',
    { class: whole ? 'table-scroller table-whole' : 'table-scroller', role: 'region', 'aria-label': `${caption}, table`, tabindex: '0' },
    grid,
  );
  const note = rows > shown && el('p', { class: 'note' }, `The first ${ROW_LIMIT} of ${formatNumber(rows)} rows. ${rest}`);
  return el('div', { class: 'table-holder' }, scroller, note);
}
