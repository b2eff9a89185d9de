/** Which points of a run are kept: at most `points`, spaced over the steps, always with the first and the last. */
import type { RecordSpec } from '../experiment/schema';

export class Recorder {
  /** Rows in order, each `columns.length` numbers. */
  private rows: Float64Array[] = [];
  private stride = 1;
  private upcoming = 0;
  private lastKept = -1;
  private readonly ratio: number;

  /**
   * @param horizon steps that the run may take at most; a flow, whose step count is not foreseeable, gives null and is thinned
   *   evenly as it grows (its accepted steps are spaced by the dynamics itself)
   */
  constructor(
    readonly columns: readonly string[],
    private readonly record: RecordSpec,
    private readonly horizon: number | null,
  ) {
    this.ratio = horizon === null ? 1 : Math.pow(Math.max(horizon, 2), 1 / Math.max(1, record.points - 2));
  }

  /** First step at which a point is due. */
  get next(): number {
    return this.upcoming;
  }

  /** Keeps the row of this step. Returns true when earlier rows were thinned out. */
  add(step: number, row: Float64Array): boolean {
    if (step === this.lastKept) this.rows.pop();
    this.rows.push(Float64Array.from(row));
    this.lastKept = step;
    this.upcoming = this.nextAfter(step);
    return this.horizon === null && this.rows.length >= 2 * this.record.points ? this.thin() : false;
  }

  private nextAfter(step: number): number {
    if (this.horizon === null) return step + this.stride;
    if (this.record.spacing === 'linear') return step + Math.max(1, Math.round(this.horizon / (this.record.points - 1)));
    return Math.max(step + 1, Math.round(step * this.ratio));
  }

  private thin(): boolean {
    this.rows = this.rows.filter((_, k) => k % 2 === 0);
    this.stride *= 2;
    return true;
  }

  /** Rows since index `from`, flattened. */
  since(from: number): { readonly rows: number; readonly values: Float64Array } {
    const width = this.columns.length;
    const fresh = this.rows.slice(from);
    const values = new Float64Array(fresh.length * width);
    fresh.forEach((row, k) => values.set(row, k * width));
    return { rows: fresh.length, values };
  }

  get count(): number {
    return this.rows.length;
  }

  /** At most `points` rows as columns, with the first and the last. */
  trajectory(): Readonly<Record<string, readonly number[]>> {
    const { points } = this.record;
    const all = this.rows.length;
    const kept =
      all <= points ? this.rows : Array.from({ length: points }, (_, k) => this.rows[Math.round((k * (all - 1)) / (points - 1))]);
    return Object.fromEntries(this.columns.map((name, column) => [name, kept.map((row) => row[column])]));
  }
}
