/**
 * Rows in order of decreasing distance from the span of those before: A[order] = L·Q.
 * Q has orthonormal rows that span the row space of A, L is lower trapezoidal.
 */
export interface PivotedLq {
  /** Number of rows that stand out of the span of the others by more than the tolerance. */
  readonly rank: number;
  /** order[i] is the row of A that stands i-th; the first `rank` of them are independent. */
  readonly order: Int32Array;
  /** rows × rank: row i belongs to row order[i] of A; entries right of the diagonal are 0. */
  readonly l: Float64Array;
  /** rank × cols, orthonormal rows. */
  readonly q: Float64Array;
  /** Greatest distance of a dropped row from the span, 0 when there is none. */
  readonly dropped: number;
}

/**
 * Modified Gram–Schmidt with row pivoting, every pivot orthogonalised twice more (Giraud, Langou and Rozložník 2005:
 * twice is enough for orthogonality to rounding). Backward stable row by row, also where rows of A differ much in scale.
 * @param tolerance a row belongs to the span of others when its distance is at most this; default max(rows, cols)·ε·(longest row)
 */
export function pivotedLq(a: Float64Array, rows: number, cols: number, tolerance?: number): PivotedLq {
  const rest = Float64Array.from(a);
  const order = new Int32Array(rows);
  const squares = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    order[i] = i;
    squares[i] = squareOf(rest, i * cols, cols);
  }
  let longest = 0;
  for (let i = 0; i < rows; i++) longest = Math.max(longest, squares[i]);
  const limit = tolerance ?? Math.max(rows, cols) * Number.EPSILON * Math.sqrt(longest);
  const most = Math.min(rows, cols);
  const l = new Float64Array(rows * most);
  const q = new Float64Array(most * cols);
  let rank = 0;
  let dropped = 0;
  while (rank < rows) {
    let pivot = rank;
    for (let i = rank + 1; i < rows; i++) if (squares[order[i]] > squares[order[pivot]]) pivot = i;
    const chosen = order[pivot];
    order[pivot] = order[rank];
    order[rank] = chosen;
    swapRows(l, most, pivot, rank);
    const from = chosen * cols;
    const to = rank * cols;
    const before = Math.sqrt(squareOf(rest, from, cols));
    if (!(before > limit) || rank === most) {
      dropped = before;
      break;
    }
    for (let j = 0; j < cols; j++) q[to + j] = rest[from + j];
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < rank; k++) {
        const c = product(q, k * cols, q, to, cols);
        l[rank * most + k] += c;
        subtract(q, to, c, q, k * cols, cols);
      }
    }
    const length = Math.sqrt(squareOf(q, to, cols));
    if (!(length > limit)) {
      dropped = length;
      break;
    }
    l[rank * most + rank] = length;
    for (let j = 0; j < cols; j++) q[to + j] /= length;
    for (let i = rank + 1; i < rows; i++) {
      const row = order[i] * cols;
      const c = product(q, to, rest, row, cols);
      l[i * most + rank] = c;
      subtract(rest, row, c, q, to, cols);
      squares[order[i]] = squareOf(rest, row, cols);
    }
    rank++;
  }
  return { rank, order, l: narrow(l, rows, most, rank), q: q.slice(0, rank * cols), dropped };
}

function squareOf(a: Float64Array, at: number, length: number): number {
  let s = 0;
  for (let k = at; k < at + length; k++) s += a[k] * a[k];
  return s;
}

function product(a: Float64Array, at: number, b: Float64Array, bt: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let k = 0;
  for (; k + 1 < length; k += 2) {
    s0 += a[at + k] * b[bt + k];
    s1 += a[at + k + 1] * b[bt + k + 1];
  }
  if (k < length) s0 += a[at + k] * b[bt + k];
  return s0 + s1;
}

function subtract(a: Float64Array, at: number, c: number, b: Float64Array, bt: number, length: number): void {
  for (let k = 0; k < length; k++) a[at + k] -= c * b[bt + k];
}

function swapRows(a: Float64Array, cols: number, i: number, j: number): void {
  if (i === j) return;
  for (let k = 0; k < cols; k++) {
    const t = a[i * cols + k];
    a[i * cols + k] = a[j * cols + k];
    a[j * cols + k] = t;
  }
}

function narrow(a: Float64Array, rows: number, from: number, to: number): Float64Array {
  if (from === to) return a;
  const out = new Float64Array(rows * to);
  for (let i = 0; i < rows; i++) for (let j = 0; j < to; j++) out[i * to + j] = a[i * from + j];
  return out;
}

/** b ← L⁻¹b with the leading n × n triangle of a matrix of `stride` columns. */
export function solveLower(l: Float64Array, stride: number, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let s = b[i];
    for (let k = 0; k < i; k++) s -= l[i * stride + k] * b[k];
    b[i] = s / l[i * stride + i];
  }
}

/** b ← L⁻ᵀb with the leading n × n triangle of a matrix of `stride` columns. */
export function solveLowerTransposed(l: Float64Array, stride: number, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i] / l[i * stride + i];
    b[i] = x;
    for (let k = 0; k < i; k++) b[k] -= l[i * stride + k] * x;
  }
}
