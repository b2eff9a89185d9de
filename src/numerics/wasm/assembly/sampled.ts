/** Products of which few entries are wanted or given: entry p stands in row rows_p and column columns_p (32-bit integers). */
import { addScaled, dot } from './products';

/** out_p = ⟨row rows_p of a, row columns_p of b⟩, or += with `add`; rows of `length` entries without gaps. */
export function sampledProducts(count: usize, rows: usize, columns: usize, a: usize, b: usize, length: usize, out: usize, add: bool): void {
  for (let p: usize = 0; p < count; p++) {
    const x = a + ((<usize>load<i32>(rows + (p << 2)) * length) << 3);
    const y = b + ((<usize>load<i32>(columns + (p << 2)) * length) << 3);
    const at = out + (p << 3);
    const value = dot(x, y, length);
    store<f64>(at, add ? load<f64>(at) + value : value);
  }
}

/** Row to_p of out += c_p · row from_p of x, for all p one after another. */
export function scatter(count: usize, to: usize, from: usize, c: usize, x: usize, length: usize, out: usize): void {
  for (let p: usize = 0; p < count; p++) {
    const value = load<f64>(c + (p << 3));
    if (value == 0) continue;
    const source = x + ((<usize>load<i32>(from + (p << 2)) * length) << 3);
    addScaled(value, source, out + ((<usize>load<i32>(to + (p << 2)) * length) << 3), length);
  }
}
