import type { Paint } from './paint';
import type { Output } from './terminal';
import { displayWidth, printable, wrap } from './terminal-text';

const LABEL_COLUMNS = 12;
const WIDEST = 100;
const NARROWEST = 40;
const GAP = '  ';

/** Lines under labels in a left column, wrapped to the width of an output. */
export class Page {
  private readonly lines: string[] = [];
  private readonly columns: number;

  constructor(
    output: Output,
    readonly paint: Paint,
  ) {
    this.columns = Math.max(NARROWEST, Math.min(WIDEST, output.columns() - 1));
  }

  heading(text: string, aside: string): void {
    const shown = printable(text);
    const beside = printable(aside);
    this.lines.push(
      beside === '' || beside === shown ? this.paint.strong(shown) : `${this.paint.strong(shown)}  ${this.paint.faint(beside)}`,
    );
  }

  /**
   * @param label shown in the left column; "" continues what is above
   * @param mark one coloured character before the text, under which the text does not run
   */
  entry(label: string, text: string, { mark = '', colour = (line: string): string => line } = {}): void {
    const indent = LABEL_COLUMNS + (mark === '' ? 0 : displayWidth(mark) + 1);
    wrap(printable(text), this.columns - indent).forEach((line, index) => {
      const left = index === 0 ? this.paint.faint(label.padEnd(LABEL_COLUMNS)) + (mark === '' ? '' : `${mark} `) : ' '.repeat(indent);
      this.lines.push(left + colour(line));
    });
  }

  /**
   * Rows under headers that are wrapped to their columns, or false and nothing where the page is too narrow for that.
   * @param header one text a column
   * @param rows as many texts each
   */
  table(header: readonly string[], rows: readonly (readonly string[])[]): boolean {
    const texts = rows.map((row) => row.map(printable));
    const widths = header.map((title, column) =>
      Math.max(...printable(title).split(' ').map(displayWidth), ...texts.map((row) => displayWidth(row[column]))),
    );
    if (widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) > this.columns - LABEL_COLUMNS) return false;
    const line = (cells: readonly string[]): string =>
      cells.map((cell, column) => cell + ' '.repeat(widths[column] - displayWidth(cell))).join(GAP);
    const titles = header.map((title, column) => wrap(printable(title), widths[column]));
    const indent = ' '.repeat(LABEL_COLUMNS);
    for (let row = 0; row < Math.max(...titles.map(({ length }) => length)); row++)
      this.lines.push(indent + this.paint.faint(line(titles.map((lines) => lines.at(row) ?? '')).trimEnd()));
    for (const row of texts) this.lines.push(indent + line(row));
    return true;
  }

  blank(): void {
    this.lines.push('');
  }

  toString(): string {
    return this.lines.map((line) => `${line.trimEnd()}\n`).join('');
  }
}
