/** Logarithms of sums of exponentials that neither overflow nor underflow. */

/** ln Σ e^{a_i}; −∞ for no entries. */
export function logSumExp(a: Float64Array): number {
  let m = -Infinity;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== a[i]) return NaN;
    if (a[i] > m) m = a[i];
  }
  if (!Number.isFinite(m)) return m;
  let s = 0;
  let maxima = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === m) maxima++;
    else s += Math.exp(a[i] - m);
  }
  // The largest terms are kept out of the sum: a single one leaves log1p its full precision.
  return m + (maxima === 1 ? Math.log1p(s) : Math.log(maxima + s));
}

/** ln(1 + eˣ). */
export function log1pExp(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** ln(eᵃ + eᵇ). */
export function logAddExp(a: number, b: number): number {
  if (a === b) return a + Math.LN2;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** ln(1 − eˣ) for x < 0, accurate at both ends (Mächler 2012). */
export function log1mExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** 1/(1 + e^{−x}). */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** out_i = e^{a_i} / Σ e^{a_j}. Returns ln Σ e^{a_j}. `out` may be `a`. */
export function softmaxInto(a: Float64Array, out: Float64Array): number {
  const total = logSumExp(a);
  let m = -Infinity;
  for (let i = 0; i < a.length; i++) if (a[i] > m) m = a[i];
  let s = 0;
  for (let i = 0; i < a.length; i++) {
    const e = Math.exp(a[i] - m);
    out[i] = e;
    s += e;
  }
  for (let i = 0; i < a.length; i++) out[i] /= s;
  return total;
}
