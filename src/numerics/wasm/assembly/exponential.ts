/**
 * e^x on pairs. Range reduction x = k ln 2 + r with ln 2 split in two (Cody and Waite), then the rational form of Cephes' exp.c:
 * e^r = (Q(r²) + r P(r²)) / (Q(r²) − r P(r²)). Numerator and denominator are kept apart, so that 1/(1 + e^x) takes one division.
 */
import { exponentBias, largest, ln2High, ln2Low, one, p0, p1, p2, perLn2, q0, q1, q2, q3, rounder, smallest } from './constants';
import { multiplyAdd, subtractProduct } from './lanes';

/** NaN stays NaN: pmin and pmax give their first operand when the comparison is false. */
export function clamp(x: v128): v128 {
  return f64x2.pmax(f64x2.pmin(x, largest()), smallest());
}

/** x/ln 2 plus `rounder`: its low bits are the nearest integer k. */
export function shifted(x: v128): v128 {
  return multiplyAdd(x, perLn2(), rounder());
}

/** 2^k from the shifted sum. */
export function scale(sum: v128): v128 {
  return i64x2.shl(i64x2.add(sum, exponentBias()), 52);
}

export function remainder(x: v128, sum: v128): v128 {
  const k = f64x2.sub(sum, rounder());
  return subtractProduct(subtractProduct(x, k, ln2High()), k, ln2Low());
}

export function oddPart(r: v128, square: v128): v128 {
  return f64x2.mul(r, multiplyAdd(multiplyAdd(p0(), square, p1()), square, p2()));
}

export function evenPart(square: v128): v128 {
  return multiplyAdd(multiplyAdd(multiplyAdd(q0(), square, q1()), square, q2()), square, q3());
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
  const value = f64x2.add(one(), f64x2.add(quotient, quotient));
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
