/**
 * e^x on pairs. Range reduction x = k ln 2 + r with ln 2 split in two (Cody and Waite), then the rational form of Cephes' exp.c:
 * e^r = (Q(r²) + r P(r²)) / (Q(r²) − r P(r²)). Numerator and denominator are kept apart, so that 1/(1 + e^x) takes one division.
 */
import { multiplyAdd } from './lanes';

/** Beyond these e^x is 0 or infinite in double precision; the clamped values are 3e−308 and 1.6e308. */
const SMALLEST: f64 = -708.0;
const LARGEST: f64 = 709.7;
/** Adding 1.5·2^52 leaves the nearest integer in the low bits of the sum. */
const ROUND: f64 = 6755399441055744.0;

/** NaN stays NaN: pmin and pmax give their first operand when the comparison is false. */
export function clamp(x: v128): v128 {
  return f64x2.pmax(f64x2.pmin(x, f64x2.splat(LARGEST)), f64x2.splat(SMALLEST));
}

export function shifted(x: v128): v128 {
  return multiplyAdd(x, f64x2.splat(1.4426950408889634), f64x2.splat(ROUND));
}

/** 2^k from the shifted sum. */
export function scale(sum: v128): v128 {
  return i64x2.shl(i64x2.add(sum, i64x2.splat(1023)), 52);
}

export function remainder(x: v128, sum: v128): v128 {
  const k = f64x2.sub(sum, f64x2.splat(ROUND));
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(6.93145751953125e-1)));
  return f64x2.sub(high, f64x2.mul(k, f64x2.splat(1.42860682030941723212e-6)));
}

export function oddPart(r: v128, square: v128): v128 {
  const p = multiplyAdd(f64x2.splat(1.26177193074810590878e-4), square, f64x2.splat(3.029944077074419613e-2));
  return f64x2.mul(r, multiplyAdd(p, square, f64x2.splat(9.9999999999999999991e-1)));
}

export function evenPart(square: v128): v128 {
  let q = multiplyAdd(f64x2.splat(3.00198505138664455042e-6), square, f64x2.splat(2.52448340349684104192e-3));
  q = multiplyAdd(q, square, f64x2.splat(2.27265548208155028766e-1));
  return multiplyAdd(q, square, f64x2.splat(2.0));
}

/** e^x. */
export function exponential(x: v128): v128 {
  const inside = clamp(x);
  const sum = shifted(inside);
  const r = remainder(inside, sum);
  const square = f64x2.mul(r, r);
  const odd = oddPart(r, square);
  // 1 + 2 odd/(even − odd) keeps the error of the quotient away from the leading 1.
  const quotient = f64x2.div(odd, f64x2.sub(evenPart(square), odd));
  const value = f64x2.add(f64x2.splat(1.0), f64x2.add(quotient, quotient));
  return f64x2.mul(value, scale(sum));
}

/** 1/(1 + e^x). */
export function inverseOnePlusExponential(x: v128): v128 {
  const inside = clamp(x);
  const sum = shifted(inside);
  const r = remainder(inside, sum);
  const square = f64x2.mul(r, r);
  const odd = oddPart(r, square);
  const even = evenPart(square);
  const denominator = f64x2.sub(even, odd);
  const numerator = f64x2.mul(f64x2.add(even, odd), scale(sum));
  return f64x2.div(denominator, f64x2.add(denominator, numerator));
}
