/**
 * Products of dense matrices in any layout: entry (i, j) lies i·rowStride + j·columnStride entries from the first.
 * Both factors are packed in panels of four vectors, entry by entry, and multiplied in tiles of 4 × 4: eight sums, two loads and
 * four broadcasts for sixteen multiplications, which fits the 16 registers. Every sum runs from the first product to the last.
 */
import { laneSum, multiplyAdd } from './lanes';

/** Length of what is multiplied in one go: panels of this depth (8 KB) stay in the first-level cache. */
const DEPTH: usize = 256;
/** Where the tiles of the edges are kept before their inner part is copied out. */
const edge = memory.data(128, 16);

/** Entries of `work` that `multiply` needs for n columns and depth k. */
export function workSize(n: usize, k: usize): usize {
  return min(k, DEPTH) * (4 + ((n + 3) & ~3));
}

/** Four vectors of length `depth` side by side, then the next four; what is missing of the last four is zero. */
function pack(from: usize, count: usize, countStride: usize, depth: usize, depthStride: usize, to: usize): void {
  const across = countStride << 3;
  const along = depthStride << 3;
  let i: usize = 0;
  for (; i + 3 < count; i += 4) {
    let a = from + i * across;
    if (countStride == 1) {
      for (let p: usize = 0; p < depth; p++, a += along, to += 32) {
        v128.store(to, v128.load(a), 0);
        v128.store(to, v128.load(a, 16), 16);
      }
      continue;
    }
    let b = a + across;
    let c = b + across;
    let d = c + across;
    for (let p: usize = 0; p < depth; p++, to += 32) {
      store<f64>(to, load<f64>(a), 0);
      store<f64>(to, load<f64>(b), 8);
      store<f64>(to, load<f64>(c), 16);
      store<f64>(to, load<f64>(d), 24);
      a += along;
      b += along;
      c += along;
      d += along;
    }
  }
  if (i == count) return;
  for (let p: usize = 0; p < depth; p++, to += 32) {
    for (let k: usize = 0; k < 4; k++) {
      store<f64>(to + (k << 3), i + k < count ? load<f64>(from + (i + k) * across + p * along) : 0);
    }
  }
}

/** `rows` × `columns` (at most 4 × 4) entries of c from two panels. */
function multiplyTile(a: usize, b: usize, depth: usize, c: usize, stride: usize, rows: usize, columns: usize, add: bool): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  const end = a + (depth << 5);
  for (; a < end; a += 32, b += 32) {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const a0 = v128.load64_splat(a, 0);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    const a1 = v128.load64_splat(a, 8);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    const a2 = v128.load64_splat(a, 16);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    const a3 = v128.load64_splat(a, 24);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
  }
  const whole = rows == 4 && columns == 4;
  const step = whole ? stride << 3 : 32;
  const c0 = whole ? c : edge;
  const c1 = c0 + step;
  const c2 = c1 + step;
  const c3 = c2 + step;
  if (whole && add) {
    c00 = f64x2.add(v128.load(c0), c00);
    c01 = f64x2.add(v128.load(c0, 16), c01);
    c10 = f64x2.add(v128.load(c1), c10);
    c11 = f64x2.add(v128.load(c1, 16), c11);
    c20 = f64x2.add(v128.load(c2), c20);
    c21 = f64x2.add(v128.load(c2, 16), c21);
    c30 = f64x2.add(v128.load(c3), c30);
    c31 = f64x2.add(v128.load(c3, 16), c31);
  }
  v128.store(c0, c00);
  v128.store(c0, c01, 16);
  v128.store(c1, c10);
  v128.store(c1, c11, 16);
  v128.store(c2, c20);
  v128.store(c2, c21, 16);
  v128.store(c3, c30);
  v128.store(c3, c31, 16);
  if (whole) return;
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const at = c + ((i * stride + j) << 3);
      const value = load<f64>(edge + ((i * 4 + j) << 3));
      store<f64>(at, add ? load<f64>(at) + value : value);
    }
  }
}

/** Σ x_k y_k of vectors without gaps. */
export function dot(x: usize, y: usize, count: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let k: usize = 0;
  for (; k + 7 < count; k += 8, x += 64, y += 64) {
    s0 = multiplyAdd(v128.load(x), v128.load(y), s0);
    s1 = multiplyAdd(v128.load(x, 16), v128.load(y, 16), s1);
    s2 = multiplyAdd(v128.load(x, 32), v128.load(y, 32), s2);
    s3 = multiplyAdd(v128.load(x, 48), v128.load(y, 48), s3);
  }
  let sum = laneSum(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  for (; k < count; k++, x += 8, y += 8) sum += load<f64>(x) * load<f64>(y);
  return sum;
}

/** y += αx. */
export function addScaled(alpha: f64, x: usize, y: usize, count: usize): void {
  const a = f64x2.splat(alpha);
  let k: usize = 0;
  for (; k + 3 < count; k += 4, x += 32, y += 32) {
    v128.store(y, multiplyAdd(a, v128.load(x), v128.load(y)));
    v128.store(y, multiplyAdd(a, v128.load(x, 16), v128.load(y, 16)), 16);
  }
  for (; k + 1 < count; k += 2, x += 16, y += 16) v128.store(y, multiplyAdd(a, v128.load(x), v128.load(y)));
  if (k < count) store<f64>(y, load<f64>(y) + alpha * load<f64>(x));
}

/**
 * C (m × n, rows `stride` apart) = AB, or C += AB with `add`, for A m × k and B k × n.
 * @param work `workSize(n, k)` entries
 */
export function multiply(
  m: usize,
  n: usize,
  k: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  c: usize,
  stride: usize,
  add: bool,
  work: usize,
): void {
  // Where three quarters of every tile would be padding, vectors are multiplied as they lie.
  if (n == 1 && aColumn == 1 && bRow == 1) {
    for (let i: usize = 0; i < m; i++) {
      const at = c + ((i * stride) << 3);
      store<f64>(at, dot(a + ((i * aRow) << 3), b, k) + (add ? load<f64>(at) : 0));
    }
    return;
  }
  if (m == 1 && bColumn == 1) {
    if (!add) memory.fill(c, 0, n << 3);
    for (let p: usize = 0; p < k; p++) addScaled(load<f64>(a + ((p * aColumn) << 3)), b + ((p * bRow) << 3), c, n);
    return;
  }
  const panel = work;
  const panels = work + (min(k, DEPTH) << 5);
  for (let p: usize = 0; p < k; p += DEPTH) {
    const depth = min(DEPTH, k - p);
    pack(b + ((p * bRow) << 3), n, bColumn, depth, bRow, panels);
    for (let i: usize = 0; i < m; i += 4) {
      const rows = min<usize>(4, m - i);
      pack(a + ((i * aRow + p * aColumn) << 3), rows, aRow, depth, aColumn, panel);
      let at = panels;
      for (let j: usize = 0; j < n; j += 4, at += depth << 5) {
        multiplyTile(panel, at, depth, c + ((i * stride + j) << 3), stride, rows, min<usize>(4, n - j), add || p > 0);
      }
    }
  }
}
