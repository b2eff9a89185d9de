import { dot } from './vectors';

/** What is left of a unit column below this, times √length, is rounding: it lies in the span of those before. */
const DEPENDENT = 4 * Number.EPSILON;

/**
 * A thin QR factorisation of long columns that come one after another: A = QR with orthonormal Q. ‖Ax − b‖² is then ‖Rx − Qᵀb‖² and a
 * part that no x changes, so that what has a million rows and a hundred columns is solved as a problem of a hundred rows, without the
 * squared condition number of AᵀA. A column costs 4 · length · rank.
 */
export class GrowingQr {
  private readonly basis: Float64Array[] = [];
  private readonly coefficients: Float64Array[] = [];

  constructor(private readonly length: number) {}

  /** Columns so far. */
  get count(): number {
    return this.coefficients.length;
  }

  /** Dimension of their span. */
  get rank(): number {
    return this.basis.length;
  }

  /** @param column `length` entries, copied */
  add(column: Float64Array): void {
    const { basis, length } = this;
    const rest = Float64Array.from(column);
    const coefficients = new Float64Array(basis.length + 1);
    const size = Math.sqrt(dot(rest, rest));
    // Twice is enough (Kahan, Parlett).
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < basis.length; k++) {
        const q = basis[k];
        const c = dot(q, rest);
        coefficients[k] += c;
        for (let i = 0; i < length; i++) rest[i] -= c * q[i];
      }
    }
    const left = Math.sqrt(dot(rest, rest));
    if (left > DEPENDENT * Math.sqrt(length) * size) {
      for (let i = 0; i < length; i++) rest[i] /= left;
      basis.push(rest);
      coefficients[basis.length - 1] = left;
    }
    this.coefficients.push(coefficients);
  }

  /** The columns of R one after another: count × rank. */
  reduced(): Float64Array {
    const { rank } = this;
    const out = new Float64Array(this.count * rank);
    this.coefficients.forEach((column, j) => out.set(column.subarray(0, rank), j * rank));
    return out;
  }

  /** Qᵀb. */
  project(b: Float64Array): Float64Array {
    return Float64Array.from(this.basis, (q) => dot(q, b));
  }
}
