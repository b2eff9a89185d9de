import type { LivePoints } from '../protocol/panel';

const EMPTY: LivePoints = { columns: [], rows: 0, values: new Float64Array(0) };

/** The curves of a run while it goes on, row by row, in one growing array. */
export class LiveCurves {
  private columns: readonly string[] = [];
  private values = new Float64Array(0);
  private rows = 0;
  /** Rows that the page has been told of; −1 when all of them have to be told anew. */
  private told = 0;

  /** Adds points, or replaces what came before with `reset` or with other columns. */
  add(points: LivePoints & { readonly reset: boolean }): void {
    const sameColumns =
      points.columns.length === this.columns.length && points.columns.every((name, index) => name === this.columns[index]);
    if (points.reset || !sameColumns) {
      this.columns = points.columns;
      this.rows = 0;
      this.told = -1;
    }
    const width = this.columns.length;
    const needed = (this.rows + points.rows) * width;
    if (needed > this.values.length) {
      const grown = new Float64Array(Math.max(needed, 2 * this.values.length));
      grown.set(this.values.subarray(0, this.rows * width));
      this.values = grown;
    }
    this.values.set(points.values.subarray(0, points.rows * width), this.rows * width);
    this.rows += points.rows;
  }

  /** All points. The array is the receiver's own: a view would carry its whole buffer across the border. */
  all(): LivePoints {
    return this.rows === 0 ? { ...EMPTY, columns: this.columns } : this.from(0);
  }

  /** What came since the last call; null when there is nothing new. */
  news(): { readonly points: LivePoints; readonly reset: boolean } | null {
    if (this.told === this.rows) return null;
    const reset = this.told < 0;
    const points = this.from(Math.max(0, this.told));
    this.told = this.rows;
    return { points, reset };
  }

  /** After a whole snapshot was sent. */
  allTold(): void {
    this.told = this.rows;
  }

  private from(row: number): LivePoints {
    const width = this.columns.length;
    return { columns: this.columns, rows: this.rows - row, values: this.values.slice(row * width, this.rows * width) };
  }
}
