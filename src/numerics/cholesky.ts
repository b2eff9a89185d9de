/**
 * A = LLᵀ of a symmetric positive definite n × n matrix, row-major, in place: L in the lower triangle
 * (only that triangle is read), the strict upper triangle is left alone.
 * @returns false when a pivot is not positive: A is not positive definite to working precision, and `a` is spoilt
 */
export function choleskyInPlace(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const ri = i * n;
    for (let j = 0; j <= i; j++) {
      const rj = j * n;
      let s0 = a[ri + j];
      let s1 = 0;
      let k = 0;
      for (; k + 1 < j; k += 2) {
        s0 -= a[ri + k] * a[rj + k];
        s1 -= a[ri + k + 1] * a[rj + k + 1];
      }
      if (k < j) s0 -= a[ri + k] * a[rj + k];
      const s = s0 + s1;
      if (i === j) {
        if (!(s > 0) || s === Infinity) return false;
        a[ri + i] = Math.sqrt(s);
      } else {
        a[ri + j] = s / a[rj + j];
      }
    }
  }
  return true;
}

/** b ← A⁻¹b with the factor of {@link choleskyInPlace}. */
export function choleskySolve(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let s = b[i];
    const r = i * n;
    for (let k = 0; k < i; k++) s -= l[r + k] * b[k];
    b[i] = s / l[r + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i] / l[i * n + i];
    b[i] = x;
    const r = i * n;
    for (let k = 0; k < i; k++) b[k] -= l[r + k] * x;
  }
}
