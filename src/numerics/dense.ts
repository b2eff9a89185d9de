/**
 * Products with dense matrices, flat and row-major: entry (i, j) of a rows × cols matrix is a[i·cols + j].
 * Sizes are not checked; nothing allocates; `out` may not be one of the factors.
 */

/** out = Ax (rows entries). */
export function matVec(a: Float64Array, rows: number, cols: number, x: Float64Array, out: Float64Array): void {
  for (let i = 0, k = 0; i < rows; i++) {
    // Four sums: the additions of one chain wait for each other.
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let j = 0;
    for (; j + 3 < cols; j += 4, k += 4) {
      s0 += a[k] * x[j];
      s1 += a[k + 1] * x[j + 1];
      s2 += a[k + 2] * x[j + 2];
      s3 += a[k + 3] * x[j + 3];
    }
    for (; j < cols; j++, k++) s0 += a[k] * x[j];
    out[i] = s0 + s1 + (s2 + s3);
  }
}

/** out = Aᵀy (cols entries). */
export function matTVec(a: Float64Array, rows: number, cols: number, y: Float64Array, out: Float64Array): void {
  for (let j = 0; j < cols; j++) out[j] = 0;
  for (let i = 0, k = 0; i < rows; i++) {
    const c = y[i];
    for (let j = 0; j < cols; j++, k++) out[j] += c * a[k];
  }
}

/** out = AAᵀ (rows × rows). */
export function gramOfRows(a: Float64Array, rows: number, cols: number, out: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let s0 = 0;
      let s1 = 0;
      let p = i * cols;
      let q = j * cols;
      const end = p + cols;
      for (; p + 1 < end; p += 2, q += 2) {
        s0 += a[p] * a[q];
        s1 += a[p + 1] * a[q + 1];
      }
      if (p < end) s0 += a[p] * a[q];
      out[i * rows + j] = s0 + s1;
      out[j * rows + i] = s0 + s1;
    }
  }
}

/** out = AᵀA (cols × cols). */
export function gramOfColumns(a: Float64Array, rows: number, cols: number, out: Float64Array): void {
  for (let k = 0; k < cols * cols; k++) out[k] = 0;
  for (let r = 0; r < rows; r++) {
    const row = r * cols;
    for (let i = 0; i < cols; i++) {
      const c = a[row + i];
      if (c === 0) continue;
      const o = i * cols;
      for (let j = 0; j <= i; j++) out[o + j] += c * a[row + j];
    }
  }
  for (let i = 0; i < cols; i++) for (let j = 0; j < i; j++) out[j * cols + i] = out[i * cols + j];
}

/** out = AB (m × n) for A m × k and B k × n. */
export function multiply(a: Float64Array, m: number, k: number, b: Float64Array, n: number, out: Float64Array): void {
  for (let t = 0; t < m * n; t++) out[t] = 0;
  for (let i = 0; i < m; i++) {
    const o = i * n;
    for (let p = 0; p < k; p++) {
      const c = a[i * k + p];
      const q = p * n;
      for (let j = 0; j < n; j++) out[o + j] += c * b[q + j];
    }
  }
}

/** out = Aᵀ (cols × rows). */
export function transpose(a: Float64Array, rows: number, cols: number, out: Float64Array): void {
  for (let i = 0, k = 0; i < rows; i++) for (let j = 0; j < cols; j++, k++) out[j * rows + i] = a[k];
}
