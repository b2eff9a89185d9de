/** Curves of a run as typed columns: filled from a report at once or from live messages bit by bit. */
import { numberOf } from '../src/protocol/report-json';
import type { LivePoints } from '../src/protocol/panel';

/** Columns of one length; an array may be longer than `rows`, what is behind is not meant. */
export interface Curves {
  readonly rows: number;
  readonly names: readonly string[];
  column(name: string): Float64Array | null;
}

const FIRST_CAPACITY = 256;

/** Columns that grow geometrically, so that appending n rows one by one costs O(n). */
export class LiveBuffer implements Curves {
  private columns = new Map<string, Float64Array>();
  private capacity = 0;
  private filled = 0;

  get rows(): number {
    return this.filled;
  }

  get names(): readonly string[] {
    return [...this.columns.keys()];
  }

  column(name: string): Float64Array | null {
    return this.columns.get(name) ?? null;
  }

  /** Appends row-major points; `reset`, or other columns than before, replace what was there. */
  append(points: LivePoints, reset: boolean): void {
    const { columns, values } = points;
    if (columns.length === 0) {
      if (reset) this.clear(columns);
      return;
    }
    const sameColumns = columns.length === this.columns.size && columns.every((name) => this.columns.has(name));
    if (reset || !sameColumns) this.clear(columns);
    const rows = Math.min(points.rows, Math.floor(values.length / columns.length));
    this.reserve(this.filled + rows);
    columns.forEach((name, index) => {
      const target = this.columns.get(name);
      if (target === undefined) return;
      for (let row = 0; row < rows; row += 1) target[this.filled + row] = values[row * columns.length + index];
    });
    this.filled += rows;
  }

  private clear(names: readonly string[]): void {
    this.filled = 0;
    this.columns = new Map(names.map((name) => [name, new Float64Array(this.capacity)]));
  }

  private reserve(rows: number): void {
    if (rows <= this.capacity) return;
    this.capacity = Math.max(FIRST_CAPACITY, rows, this.capacity * 2);
    for (const [name, old] of this.columns) {
      const grown = new Float64Array(this.capacity);
      grown.set(old.subarray(0, this.filled));
      this.columns.set(name, grown);
    }
  }
}

/** The curves of a report. Columns shorter than the longest are filled up with NaN, so that nothing is invented. */
export function curvesOf(trajectory: Readonly<Record<string, readonly number[]>>): Curves {
  const names = Object.keys(trajectory);
  const rows = names.reduce((longest, name) => Math.max(longest, trajectory[name].length), 0);
  const columns = new Map<string, Float64Array>();
  for (const name of names) {
    const column = new Float64Array(rows).fill(Number.NaN);
    trajectory[name].forEach((value, row) => {
      column[row] = numberOf(value);
    });
    columns.set(name, column);
  }
  return { rows, names, column: (name) => columns.get(name) ?? null };
}
