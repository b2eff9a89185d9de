/** Sums and products entry by entry. Arrays have room for an even number of entries; what lies behind an odd end may be overwritten. */
import { multiplyAdd } from './lanes';

/** out = x∘y. */
export function timesInto(count: usize, x: usize, y: usize, out: usize): void {
  for (let k: usize = 0; k < count << 3; k += 16) v128.store(out + k, f64x2.mul(v128.load(x + k), v128.load(y + k)));
}

/** out += x∘y∘z. */
export function addTimes(count: usize, x: usize, y: usize, z: usize, out: usize): void {
  for (let k: usize = 0; k < count << 3; k += 16) {
    v128.store(out + k, multiplyAdd(f64x2.mul(v128.load(x + k), v128.load(y + k)), v128.load(z + k), v128.load(out + k)));
  }
}

/** out += x. */
export function addInto(count: usize, x: usize, out: usize): void {
  for (let k: usize = 0; k < count << 3; k += 16) v128.store(out + k, f64x2.add(v128.load(out + k), v128.load(x + k)));
}

/** out = Σ of the rows of x, eight columns at a time. */
export function sumRows(rows: usize, columns: usize, x: usize, out: usize): void {
  const step = columns << 3;
  const end = x + rows * step;
  let j: usize = 0;
  for (; j + 7 < columns; j += 8, x += 64, out += 64) {
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    for (let at = x; at < end; at += step) {
      s0 = f64x2.add(s0, v128.load(at, 0));
      s1 = f64x2.add(s1, v128.load(at, 16));
      s2 = f64x2.add(s2, v128.load(at, 32));
      s3 = f64x2.add(s3, v128.load(at, 48));
    }
    v128.store(out, s0, 0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
  }
  for (; j < columns; j++, x += 8, out += 8) {
    let sum: f64 = 0;
    for (let at = x; at < end; at += step) sum += load<f64>(at);
    store<f64>(out, sum);
  }
}

/** All entries become 0. */
export function clear(count: usize, out: usize): void {
  memory.fill(out, 0, count << 3);
}

/** out (columns × rows) = xᵀ, four rows at a time. */
export function transpose(rows: usize, columns: usize, x: usize, out: usize): void {
  const along = rows << 3;
  let i: usize = 0;
  for (; i + 3 < rows; i += 4) {
    let a = x + ((i * columns) << 3);
    let b = a + (columns << 3);
    let c = b + (columns << 3);
    let d = c + (columns << 3);
    let to = out + (i << 3);
    let j: usize = 0;
    for (; j + 1 < columns; j += 2, a += 16, b += 16, c += 16, d += 16) {
      const a01 = v128.load(a);
      const b01 = v128.load(b);
      const c01 = v128.load(c);
      const d01 = v128.load(d);
      v128.store(to, v128.shuffle<f64>(a01, b01, 0, 2));
      v128.store(to, v128.shuffle<f64>(c01, d01, 0, 2), 16);
      to += along;
      v128.store(to, v128.shuffle<f64>(a01, b01, 1, 3));
      v128.store(to, v128.shuffle<f64>(c01, d01, 1, 3), 16);
      to += along;
    }
    if (j < columns) {
      store<f64>(to, load<f64>(a), 0);
      store<f64>(to, load<f64>(b), 8);
      store<f64>(to, load<f64>(c), 16);
      store<f64>(to, load<f64>(d), 24);
    }
  }
  for (; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) store<f64>(out + ((j * rows + i) << 3), load<f64>(x + ((i * columns + j) << 3)));
  }
}
