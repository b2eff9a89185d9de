import { gramOfColumns, gramOfRows, matTVec, matVec } from './dense';
import { largestEigenvalue } from './lanczos';

export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** n × n: row k is the unit eigenvector of values[k]. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric n × n matrix (only the lower triangle is read) by Householder
 * tridiagonalisation and the implicit QL method (Bowdler, Martin, Reinsch and Wilkinson 1968: tred2, tql2).
 * @throws RangeError when an entry is not finite
 */
export function symmetricEigen(a: Float64Array, n: number): SymmetricEigen {
  const v = new Float64Array(n * n);
  const unit = unitOf(a, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const x = a[i * n + j] / unit;
      if (!Number.isFinite(x)) throw new RangeError('symmetricEigen: expected finite entries');
      v[i * n + j] = x;
      v[j * n + i] = x;
    }
  }
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  if (n > 0) {
    tridiagonalise(v, d, e, n);
    implicitQl(v, d, e, n);
  }
  const order = Array.from(d.keys()).sort((i, j) => d[i] - d[j] || i - j);
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  order.forEach((from, k) => {
    values[k] = d[from] * unit;
    for (let i = 0; i < n; i++) vectors[k * n + i] = v[i * n + from];
  });
  return { values, vectors };
}

/** A power of two: a lower triangle that is divided by it has its largest entry near 1, so that no square overflows or vanishes, and no bit is lost. */
export function unitOf(a: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) for (let j = 0, at = i * n; j <= i; j++, at++) largest = Math.max(largest, Math.abs(a[at]));
  return largest > 0 && largest < Infinity ? 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest)))) : 1;
}

/** Below this size the whole spectrum is cheap; above it Lanczos is. */
const SMALL = 128;

/**
 * λ_max of XᵀX (equally of XXᵀ) for X rows × cols.
 * Small: from the smaller Gram matrix. Large: Lanczos, until the value stands still to 1e-15.
 */
export function largestGramEigenvalue(x: Float64Array, rows: number, cols: number): number {
  const n = Math.min(rows, cols);
  if (n === 0) return 0;
  if (n > SMALL) {
    const image = new Float64Array(rows);
    const apply = (v: Float64Array, out: Float64Array): void => {
      matVec(x, rows, cols, v, image);
      matTVec(x, rows, cols, image, out);
    };
    return largestEigenvalue(cols, apply, { residual: 1e-10, products: n }).value;
  }
  const gram = new Float64Array(n * n);
  if (rows <= cols) gramOfRows(x, rows, cols, gram);
  else gramOfColumns(x, rows, cols, gram);
  return Math.max(0, symmetricEigen(gram, n).values[n - 1]);
}

/** Overwrites the symmetric v by the orthogonal Q with QᵀAQ tridiagonal: diagonal d, subdiagonal e[1 …]. */
function tridiagonalise(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) d[j] = v[(n - 1) * n + j];
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    let h = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]);
    if (scale === 0) {
      e[i] = d[i - 1];
      for (let j = 0; j < i; j++) {
        d[j] = v[(i - 1) * n + j];
        v[i * n + j] = 0;
        v[j * n + i] = 0;
      }
    } else {
      for (let k = 0; k < i; k++) {
        d[k] /= scale;
        h += d[k] * d[k];
      }
      let f = d[i - 1];
      let g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      d[i - 1] = f - g;
      for (let j = 0; j < i; j++) e[j] = 0;
      for (let j = 0; j < i; j++) {
        f = d[j];
        v[j * n + i] = f;
        g = e[j] + v[j * n + j] * f;
        for (let k = j + 1; k <= i - 1; k++) {
          g += v[k * n + j] * d[k];
          e[k] += v[k * n + j] * f;
        }
        e[j] = g;
      }
      f = 0;
      for (let j = 0; j < i; j++) {
        e[j] /= h;
        f += e[j] * d[j];
      }
      const hh = f / (h + h);
      for (let j = 0; j < i; j++) e[j] -= hh * d[j];
      for (let j = 0; j < i; j++) {
        f = d[j];
        g = e[j];
        for (let k = j; k <= i - 1; k++) v[k * n + j] -= f * e[k] + g * d[k];
        d[j] = v[(i - 1) * n + j];
        v[i * n + j] = 0;
      }
    }
    d[i] = h;
  }
  for (let i = 0; i < n - 1; i++) {
    v[(n - 1) * n + i] = v[i * n + i];
    v[i * n + i] = 1;
    const h = d[i + 1];
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[k * n + i + 1] / h;
      for (let j = 0; j <= i; j++) {
        let g = 0;
        for (let k = 0; k <= i; k++) g += v[k * n + i + 1] * v[k * n + j];
        for (let k = 0; k <= i; k++) v[k * n + j] -= g * d[k];
      }
    }
    for (let k = 0; k <= i; k++) v[k * n + i + 1] = 0;
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[(n - 1) * n + j];
    v[(n - 1) * n + j] = 0;
  }
  v[n * n - 1] = 1;
  e[0] = 0;
}

/** Three are usual; none needs more than about ten. */
const MAX_TURNS = 60;

/**
 * d becomes the eigenvalues, in no order, of the symmetric tridiagonal matrix with diagonal d; e[i] stands between i − 1 and i and is overwritten.
 * False where an entry is not finite.
 */
export function tridiagonalEigenvalues(d: Float64Array, e: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) if (!Number.isFinite(d[i] + e[i])) return false;
  if (n > 0) implicitQl(null, d, e, n);
  return true;
}

/** Diagonalises the tridiagonal (d, e) and turns the columns of v along, where there are any. */
function implicitQl(v: Float64Array | null, d: Float64Array, e: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) e[i - 1] = e[i];
  e[n - 1] = 0;
  let f = 0;
  let largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]) + Math.abs(e[l]));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * largest) m++;
    for (let turn = 0; m > l && Math.abs(e[l]) > Number.EPSILON * largest; turn++) {
      if (turn === MAX_TURNS) throw new RangeError('symmetricEigen: the QL iteration does not converge');
      let g = d[l];
      let p = (d[l + 1] - g) / (2 * e[l]);
      let r = Math.hypot(p, 1);
      if (p < 0) r = -r;
      d[l] = e[l] / (p + r);
      d[l + 1] = e[l] * (p + r);
      const dl1 = d[l + 1];
      let h = g - d[l];
      for (let i = l + 2; i < n; i++) d[i] -= h;
      f += h;
      p = d[m];
      let c = 1;
      let c2 = 1;
      let c3 = 1;
      const el1 = e[l + 1];
      let s = 0;
      let s2 = 0;
      for (let i = m - 1; i >= l; i--) {
        c3 = c2;
        c2 = c;
        s2 = s;
        g = c * e[i];
        h = c * p;
        r = Math.hypot(p, e[i]);
        e[i + 1] = s * r;
        s = e[i] / r;
        c = p / r;
        p = c * d[i] - s * g;
        d[i + 1] = h + s * (c * g + s * d[i]);
        for (let k = 0; v !== null && k < n; k++) {
          const at = k * n + i;
          const x = v[at + 1];
          const y = v[at];
          v[at + 1] = s * y + c * x;
          v[at] = c * y - s * x;
        }
      }
      p = (-s * s2 * c3 * el1 * e[l]) / dl1;
      e[l] = s * p;
      d[l] = c * p;
    }
    d[l] += f;
    e[l] = 0;
  }
}
