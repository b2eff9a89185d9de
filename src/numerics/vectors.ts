/** Operations on dense vectors. Lengths are not checked; nothing allocates. */

/** a·b. */
export function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}

/** ‖a‖₁. */
export function norm1(a: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += Math.abs(a[i]);
  return s;
}

/** ‖a‖∞; NaN when an entry is NaN. */
export function normInf(a: Float64Array): number {
  let m = 0;
  for (let i = 0; i < a.length; i++) {
    const x = Math.abs(a[i]);
    if (x > m || x !== x) m = x;
    if (m !== m) return m;
  }
  return m;
}

/** ‖a‖₂, free of overflow and underflow in between. */
export function norm2(a: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * a[i];
  if (s > 1e-280 && s < 1e280) return Math.sqrt(s);
  const m = normInf(a);
  if (m === 0 || !Number.isFinite(m)) return m;
  s = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] / m;
    s += x * x;
  }
  return m * Math.sqrt(s);
}

/** ‖a − b‖₂, free of overflow and underflow in between. */
export function distance2(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] - b[i];
    s += x * x;
  }
  if (s > 1e-280 && s < 1e280) return Math.sqrt(s);
  let m = 0;
  for (let i = 0; i < a.length; i++) {
    const x = Math.abs(a[i] - b[i]);
    if (x !== x) return x;
    if (x > m) m = x;
  }
  if (m === 0 || !Number.isFinite(m)) return m;
  s = 0;
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] - b[i]) / m;
    s += x * x;
  }
  return m * Math.sqrt(s);
}

/** y ← y + αx. */
export function axpy(alpha: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) y[i] += alpha * x[i];
}

/** a ← s·a. */
export function scale(a: Float64Array, s: number): void {
  for (let i = 0; i < a.length; i++) a[i] *= s;
}

/** True when no entry is NaN or infinite. */
export function allFinite(a: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (!Number.isFinite(a[i])) return false;
  return true;
}
