/** The regularized incomplete beta function, and with it the tails of the F and the beta distribution. */

/** Lanczos' approximation of ln Γ (g = 7, 9 terms; Godfrey 2001), relative error about 10⁻¹⁵ for z ≥ ½. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** @param z at least ½ */
export function lnGamma(z: number): number {
  const base = z + 6.5;
  let sum = LANCZOS[0];
  for (let k = 1; k < LANCZOS.length; k++) sum += LANCZOS[k] / (z - 1 + k);
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(base) - base + Math.log(sum);
}

const MOST_TERMS = 10_000;

/**
 * I_x(a, b) by its continued fraction (DLMF 8.17.22, evaluated by Lentz' method), on the side where it converges fast.
 * @param x in [0, 1], @param y 1 − x, given by itself so that neither tail loses digits
 * @param a, b at least ½
 */
export function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (!(x > 0)) return 0;
  if (!(y > 0)) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(y, x, b, a);
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log(y)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d, tiny);
    c = guard(1 + even / c, tiny);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d, tiny);
    c = guard(1 + odd / c, tiny);
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return front * fraction;
}

const guard = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);

/** Both tails of a distribution at a value. */
export interface Tails {
  /** P(X ≤ value). */
  readonly lower: number;
  /** P(X ≥ value). */
  readonly upper: number;
}

/** Of the beta distribution with parameters a and b; `value` in [0, 1]. */
export function betaTails(value: number, a: number, b: number): Tails {
  return { lower: incompleteBeta(value, 1 - value, a, b), upper: incompleteBeta(1 - value, value, b, a) };
}

/** Of the F distribution with p and q degrees of freedom; `value` ≥ 0. */
export function fTails(value: number, p: number, q: number): Tails {
  const x = (p * value) / (p * value + q);
  const y = q / (p * value + q);
  return { lower: incompleteBeta(x, y, p / 2, q / 2), upper: incompleteBeta(y, x, q / 2, p / 2) };
}

/** Of the number of heads in `trials` tosses of a fair coin. */
export function fairCoinTails(heads: number, trials: number): Tails {
  // P(X ≥ k) = I_½(k, n − k + 1).
  const atLeast = (k: number): number => (k <= 0 ? 1 : k > trials ? 0 : incompleteBeta(0.5, 0.5, k, trials - k + 1));
  return { lower: atLeast(trials - heads), upper: atLeast(heads) };
}
