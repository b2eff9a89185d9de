/** Rank of a rows × columns matrix by its singular values. */
import { svd } from '../numerics/svd';

export function rowRank(a: Float64Array, rows: number, columns: number): number {
  return rows === 0 ? 0 : svd(a, rows, columns).rank();
}
