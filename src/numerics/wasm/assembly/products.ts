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
  return min(k, DEPTH) * (8 + ((n + 3) & ~3));
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
    let p: usize = 0;
    if (depthStride == 1) {
      for (; p + 1 < depth; p += 2, a += 16, b += 16, c += 16, d += 16, to += 64) {
        const a01 = v128.load(a);
        const b01 = v128.load(b);
        const c01 = v128.load(c);
        const d01 = v128.load(d);
        v128.store(to, v128.shuffle<f64>(a01, b01, 0, 2), 0);
        v128.store(to, v128.shuffle<f64>(c01, d01, 0, 2), 16);
        v128.store(to, v128.shuffle<f64>(a01, b01, 1, 3), 32);
        v128.store(to, v128.shuffle<f64>(c01, d01, 1, 3), 48);
      }
    }
    for (; p < depth; p++, to += 32) {
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

/** At most four vectors side by side, every entry twice, so that a tile reads its broadcasts as they are. */
function packTwice(from: usize, count: usize, countStride: usize, depth: usize, depthStride: usize, to: usize): void {
  const across = countStride << 3;
  const along = depthStride << 3;
  const end = to + (depth << 6);
  let a = from;
  if (count < 4) {
    memory.fill(to, 0, depth << 6);
    for (let i: usize = 0; i < count; i++, from += across) {
      a = from;
      for (let at = to + (i << 4); at < end; at += 64, a += along) v128.store(at, v128.load64_splat(a));
    }
    return;
  }
  let b = a + across;
  let c = b + across;
  let d = c + across;
  for (; to < end; to += 64) {
    v128.store(to, v128.load64_splat(a), 0);
    v128.store(to, v128.load64_splat(b), 16);
    v128.store(to, v128.load64_splat(c), 32);
    v128.store(to, v128.load64_splat(d), 48);
    a += along;
    b += along;
    c += along;
    d += along;
  }
}

/**
 * `rows` × `columns` (at most 4 × 4) entries of c from two panels.
 * The loop takes four products a turn and may end after each: between two ends the compiler of the engine moves loads to the front,
 * and those of two products would not fit the registers beside the sums.
 */
function multiplyTile(
  a: usize,
  b: usize,
  depth: usize,
  c: usize,
  stride: usize,
  rows: usize,
  columns: usize,
  base: usize,
  baseStride: usize,
): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  const end = a + (depth << 6);
  const end1 = end - 64;
  const end2 = end - 128;
  const end3 = end - 192;
  let a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128;
  while (a != end) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    a0 = v128.load(a, 0);
    a1 = v128.load(a, 16);
    a2 = v128.load(a, 32);
    a3 = v128.load(a, 48);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    if (a == end1) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    a0 = v128.load(a, 64);
    a1 = v128.load(a, 80);
    a2 = v128.load(a, 96);
    a3 = v128.load(a, 112);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    if (a == end2) break;
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    a0 = v128.load(a, 128);
    a1 = v128.load(a, 144);
    a2 = v128.load(a, 160);
    a3 = v128.load(a, 176);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    if (a == end3) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    a0 = v128.load(a, 192);
    a1 = v128.load(a, 208);
    a2 = v128.load(a, 224);
    a3 = v128.load(a, 240);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    a += 256;
    b += 128;
  }
  if (rows == 4 && columns == 4) {
    const step = stride << 3;
    const c1 = c + step;
    const c2 = c1 + step;
    const c3 = c2 + step;
    if (base != 0) {
      const baseStep = baseStride << 3;
      c00 = f64x2.add(v128.load(base), c00);
      c01 = f64x2.add(v128.load(base, 16), c01);
      base += baseStep;
      c10 = f64x2.add(v128.load(base), c10);
      c11 = f64x2.add(v128.load(base, 16), c11);
      base += baseStep;
      c20 = f64x2.add(v128.load(base), c20);
      c21 = f64x2.add(v128.load(base, 16), c21);
      base += baseStep;
      c30 = f64x2.add(v128.load(base), c30);
      c31 = f64x2.add(v128.load(base, 16), c31);
    }
    v128.store(c, c00);
    v128.store(c, c01, 16);
    v128.store(c1, c10);
    v128.store(c1, c11, 16);
    v128.store(c2, c20);
    v128.store(c2, c21, 16);
    v128.store(c3, c30);
    v128.store(c3, c31, 16);
    return;
  }
  v128.store(edge, c00, 0);
  v128.store(edge, c01, 16);
  v128.store(edge, c10, 32);
  v128.store(edge, c11, 48);
  v128.store(edge, c20, 64);
  v128.store(edge, c21, 80);
  v128.store(edge, c30, 96);
  v128.store(edge, c31, 112);
  copyEdge(4, c, stride, 1, rows, columns, base, baseStride, 1);
}

/** What stands in `edge`, rows `length` apart, added to the base and written into rows and columns of any stride. */
function copyEdge(
  length: usize,
  c: usize,
  rowStride: usize,
  columnStride: usize,
  rows: usize,
  columns: usize,
  base: usize,
  baseRow: usize,
  baseColumn: usize,
): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const value = load<f64>(edge + ((i * length + j) << 3));
      const before = base == 0 ? 0 : load<f64>(base + ((i * baseRow + j * baseColumn) << 3));
      store<f64>(c + ((i * rowStride + j * columnStride) << 3), before + value);
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

/** y = αx. */
function setScaled(alpha: f64, x: usize, y: usize, count: usize): void {
  const a = f64x2.splat(alpha);
  let k: usize = 0;
  for (; k + 1 < count; k += 2, x += 16, y += 16) v128.store(y, f64x2.mul(a, v128.load(x)));
  if (k < count) store<f64>(y, alpha * load<f64>(x));
}

/** z = αx + βy. */
function setScaledSum(alpha: f64, x: usize, beta: f64, y: usize, z: usize, count: usize): void {
  const a = f64x2.splat(alpha);
  const b = f64x2.splat(beta);
  let k: usize = 0;
  for (; k + 1 < count; k += 2, x += 16, y += 16, z += 16) v128.store(z, multiplyAdd(b, v128.load(y), f64x2.mul(a, v128.load(x))));
  if (k < count) store<f64>(z, alpha * load<f64>(x) + beta * load<f64>(y));
}

/** z += αx + βy. */
function addScaledSum(alpha: f64, x: usize, beta: f64, y: usize, z: usize, count: usize): void {
  const a = f64x2.splat(alpha);
  const b = f64x2.splat(beta);
  let k: usize = 0;
  for (; k + 1 < count; k += 2, x += 16, y += 16, z += 16) {
    v128.store(z, f64x2.add(v128.load(z), multiplyAdd(b, v128.load(y), f64x2.mul(a, v128.load(x)))));
  }
  if (k < count) store<f64>(z, load<f64>(z) + (alpha * load<f64>(x) + beta * load<f64>(y)));
}

/** Sums of at most two products: a row of C is a combination of the rows of B, which lie without gaps, `bRow` apart. */
function multiplyThin(
  m: usize,
  n: usize,
  k: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c: usize,
  stride: usize,
  base: usize,
  baseStride: usize,
): void {
  const second = b + (bRow << 3);
  for (let i: usize = 0; i < m; i++) {
    const x = load<f64>(a);
    if (base != 0 && base != c) memory.copy(c, base, n << 3);
    if (k == 1) {
      if (base == 0) setScaled(x, b, c, n);
      else addScaled(x, b, c, n);
    } else {
      const y = load<f64>(a + (aColumn << 3));
      if (base == 0) setScaledSum(x, b, y, second, c, n);
      else addScaledSum(x, b, y, second, c, n);
    }
    a += aRow << 3;
    c += stride << 3;
    if (base != 0) base += baseStride << 3;
  }
}

/**
 * One or two rows of sums over k rows of B (without gaps, `bRow` apart), eight columns at a time: nothing is packed, nothing padded.
 * The result may lie by rows or by columns.
 */
function multiplyFlat(
  rows: usize,
  n: usize,
  k: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  cColumn: usize,
  base: usize,
  baseRow: usize,
  baseColumn: usize,
): void {
  const below = rows == 2 ? aRow << 3 : 0;
  const along = aColumn << 3;
  const step = bRow << 3;
  const end = a + k * along;
  for (let j: usize = 0; j < n;) {
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let t0 = f64x2.splat(0);
    let t1 = f64x2.splat(0);
    let t2 = f64x2.splat(0);
    let t3 = f64x2.splat(0);
    let at = b + (j << 3);
    const columns: usize = n - j >= 8 ? 8 : n - j >= 2 ? 2 : 1;
    if (columns == 8) {
      for (let x = a; x != end; x += along, at += step) {
        const x0 = v128.load64_splat(x);
        const x1 = v128.load64_splat(x + below);
        const b0 = v128.load(at, 0);
        const b1 = v128.load(at, 16);
        const b2 = v128.load(at, 32);
        const b3 = v128.load(at, 48);
        s0 = multiplyAdd(x0, b0, s0);
        s1 = multiplyAdd(x0, b1, s1);
        s2 = multiplyAdd(x0, b2, s2);
        s3 = multiplyAdd(x0, b3, s3);
        t0 = multiplyAdd(x1, b0, t0);
        t1 = multiplyAdd(x1, b1, t1);
        t2 = multiplyAdd(x1, b2, t2);
        t3 = multiplyAdd(x1, b3, t3);
      }
    } else {
      for (let x = a; x != end; x += along, at += step) {
        const b0 = columns == 2 ? v128.load(at) : v128.load64_zero(at);
        s0 = multiplyAdd(v128.load64_splat(x), b0, s0);
        t0 = multiplyAdd(v128.load64_splat(x + below), b0, t0);
      }
    }
    v128.store(edge, s0, 0);
    v128.store(edge, s1, 16);
    v128.store(edge, s2, 32);
    v128.store(edge, s3, 48);
    v128.store(edge, t0, 64);
    v128.store(edge, t1, 80);
    v128.store(edge, t2, 96);
    v128.store(edge, t3, 112);
    copyEdge(8, c, cRow, cColumn, rows, columns, base, baseRow, baseColumn);
    c += (columns * cColumn) << 3;
    if (base != 0) base += (columns * baseColumn) << 3;
    j += columns;
  }
}

/**
 * C (m × n, rows `stride` apart) = AB for A m × k and B k × n; with a base C = base + AB, rows of the base `baseStride` apart:
 * C itself to add to it, or with stride 0 one row for all of them. Base 0 is none.
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
  base: usize,
  baseStride: usize,
  work: usize,
): void {
  // Where most of every tile would be padding, vectors are multiplied as they lie.
  if (n == 1 && aColumn == 1 && bRow == 1) {
    for (let i: usize = 0; i < m; i++) {
      const before = base == 0 ? 0 : load<f64>(base + ((i * baseStride) << 3));
      store<f64>(c + ((i * stride) << 3), before + dot(a + ((i * aRow) << 3), b, k));
    }
    return;
  }
  if (k <= 2) {
    if (bColumn != 1) {
      for (let p: usize = 0; p < k; p++) {
        for (let j: usize = 0; j < n; j++) store<f64>(work + ((p * n + j) << 3), load<f64>(b + ((p * bRow + j * bColumn) << 3)));
      }
      b = work;
      bRow = n;
    }
    multiplyThin(m, n, k, a, aRow, aColumn, b, bRow, c, stride, base, baseStride);
    return;
  }
  if (m <= 2 && bColumn == 1) {
    multiplyFlat(m, n, k, a, aRow, aColumn, b, bRow, c, stride, 1, base, baseStride, 1);
    return;
  }
  if (n <= 2 && aRow == 1) {
    multiplyFlat(n, m, k, b, bColumn, bRow, a, aColumn, c, 1, stride, base, 1, baseStride);
    return;
  }
  const panel = work;
  const panels = work + (min(k, DEPTH) << 6);
  for (let p: usize = 0; p < k; p += DEPTH) {
    const depth = min(DEPTH, k - p);
    pack(b + ((p * bRow) << 3), n, bColumn, depth, bRow, panels);
    for (let i: usize = 0; i < m; i += 4) {
      const rows = min<usize>(4, m - i);
      packTwice(a + ((i * aRow + p * aColumn) << 3), rows, aRow, depth, aColumn, panel);
      let at = panels;
      let below = base == 0 ? 0 : base + ((i * baseStride) << 3);
      let to = c + ((i * stride) << 3);
      for (let j: usize = 0; j < n; j += 4, at += depth << 5, to += 32) {
        multiplyTile(panel, at, depth, to, stride, rows, min<usize>(4, n - j), below, baseStride);
        if (below != 0) below += 32;
      }
    }
    base = c;
    baseStride = stride;
  }
}
