export interface DistinctRows {
  /** Rows that differ in a bit, in the order of their first appearance. */
  readonly rows: Float64Array;
  readonly count: number;
  /** Which of them row i is. */
  readonly of: Int32Array;
  /** Where each appears first. */
  readonly first: Int32Array;
}

/** The rows of a matrix without repetitions. Null where there are none. */
export function distinctRows(x: Float64Array, rows: number, columns: number): DistinctRows | null {
  // Places are found by a hash of the bits, with open addressing.
  const words = new Uint32Array(Float64Array.from(x.subarray(0, rows * columns)).buffer);
  let room = 16;
  while (room < 2 * rows) room *= 2;
  const table = new Int32Array(room).fill(-1);
  const of = new Int32Array(rows);
  const first = new Int32Array(rows);
  const width = 2 * columns;
  let count = 0;
  for (let i = 0; i < rows; i++) {
    let hash = 0x811c9dc5;
    for (let k = i * width; k < (i + 1) * width; k++) hash = Math.imul(hash ^ words[k], 0x01000193) ^ (hash >>> 15);
    let at = (hash >>> 0) % room;
    while (table[at] >= 0 && !same(words, first[table[at]] * width, i * width, width)) at = (at + 1) % room;
    if (table[at] < 0) {
      table[at] = count;
      first[count++] = i;
    }
    of[i] = table[at];
  }
  if (count === rows) return null;
  const kept = new Float64Array(count * columns);
  for (let k = 0; k < count; k++) kept.set(x.subarray(first[k] * columns, (first[k] + 1) * columns), k * columns);
  return { rows: kept, count, of, first: first.slice(0, count) };
}

function same(words: Uint32Array, a: number, b: number, width: number): boolean {
  for (let k = 0; k < width; k++) if (words[a + k] !== words[b + k]) return false;
  return true;
}
