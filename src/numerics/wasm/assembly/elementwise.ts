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

/** All rows of out are x. */
export function repeatRow(rows: usize, columns: usize, x: usize, out: usize): void {
  for (let i: usize = 0; i < rows; i++) memory.copy(out + ((i * columns) << 3), x, columns << 3);
}

/** out = Σ of the rows of x. */
export function sumRows(rows: usize, columns: usize, x: usize, out: usize): void {
  memory.fill(out, 0, columns << 3);
  for (let i: usize = 0; i < rows; i++) {
    const row = x + ((i * columns) << 3);
    let j: usize = 0;
    for (; j + 1 < columns; j += 2) v128.store(out + (j << 3), f64x2.add(v128.load(out + (j << 3)), v128.load(row + (j << 3))));
    if (j < columns) store<f64>(out + (j << 3), load<f64>(out + (j << 3)) + load<f64>(row + (j << 3)));
  }
}

/** All entries become 0. */
export function clear(count: usize, out: usize): void {
  memory.fill(out, 0, count << 3);
}

/** out (columns × rows) = xᵀ, four rows at a time. */
export function transpose(rows: usize, columns: usize, x: usize, out: usize): void {
  for (let i: usize = 0; i < rows; i += 4) {
    const below = min(i + 4, rows);
    for (let j: usize = 0; j < columns; j++) {
      for (let k = i; k < below; k++) store<f64>(out + ((j * rows + k) << 3), load<f64>(x + ((k * columns + j) << 3)));
    }
  }
}
