/**
 * PA = LU with partial pivoting of an n × n matrix, row-major, in place: unit lower L below the diagonal, U on and above it.
 * @param pivots n entries; row k was exchanged with row pivots[k] ≥ k in step k
 * @returns false when a pivot is zero or not finite: A is singular, and `a` is spoilt
 */
export function luInPlace(a: Float64Array, n: number, pivots: Int32Array): boolean {
  for (let k = 0; k < n; k++) {
    let p = k;
    let best = Math.abs(a[k * n + k]);
    for (let i = k + 1; i < n; i++) {
      const x = Math.abs(a[i * n + k]);
      if (x > best) {
        best = x;
        p = i;
      }
    }
    pivots[k] = p;
    if (!(best > 0) || best === Infinity) return false;
    if (p !== k) {
      for (let j = 0; j < n; j++) {
        const t = a[k * n + j];
        a[k * n + j] = a[p * n + j];
        a[p * n + j] = t;
      }
    }
    const pivot = a[k * n + k];
    for (let i = k + 1; i < n; i++) {
      const f = a[i * n + k] / pivot;
      a[i * n + k] = f;
      if (f === 0) continue;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= f * a[k * n + j];
    }
  }
  return true;
}

/** b ← A⁻¹b with the factors of {@link luInPlace}. */
export function luSolve(lu: Float64Array, n: number, pivots: Int32Array, b: Float64Array): void {
  for (let k = 0; k < n; k++) {
    const p = pivots[k];
    const t = b[k];
    b[k] = b[p];
    b[p] = t;
  }
  for (let i = 0; i < n; i++) {
    let s = b[i];
    for (let j = 0; j < i; j++) s -= lu[i * n + j] * b[j];
    b[i] = s;
  }
  for (let i = n - 1; i >= 0; i--) {
    let s = b[i];
    for (let j = i + 1; j < n; j++) s -= lu[i * n + j] * b[j];
    b[i] = s / lu[i * n + i];
  }
}
