/**
 * The numbers of the exponential, each twice, to be loaded as pairs: the engine makes a pair that is written into the code
 * anew in every turn of a loop, with four or five instructions.
 */
const TABLE = memory.data<f64>([
  1.4426950408889634, 1.4426950408889634, 6755399441055744.0, 6755399441055744.0, 6.93145751953125e-1, 6.93145751953125e-1,
  1.42860682030941723212e-6, 1.42860682030941723212e-6, 1.26177193074810590878e-4, 1.26177193074810590878e-4, 3.029944077074419613e-2,
  3.029944077074419613e-2, 9.9999999999999999991e-1, 9.9999999999999999991e-1, 3.00198505138664455042e-6, 3.00198505138664455042e-6,
  2.52448340349684104192e-3, 2.52448340349684104192e-3, 2.27265548208155028766e-1, 2.27265548208155028766e-1, 2.0, 2.0, 1.0, 1.0, 709.7,
  709.7, -708.0, -708.0,
]);
const BIAS = memory.data<i64>([1023, 1023]);

/** 1/ln 2. */
export function perLn2(): v128 {
  return v128.load(TABLE, 0);
}

/** 1.5·2^52: added, it leaves the nearest integer in the low bits of the sum. */
export function rounder(): v128 {
  return v128.load(TABLE, 16);
}

/** ln 2 = high + low (Cody and Waite); k · high is exact. */
export function ln2High(): v128 {
  return v128.load(TABLE, 32);
}

export function ln2Low(): v128 {
  return v128.load(TABLE, 48);
}

/** P and Q of Cephes' exp.c, highest power first. */
export function p0(): v128 {
  return v128.load(TABLE, 64);
}

export function p1(): v128 {
  return v128.load(TABLE, 80);
}

export function p2(): v128 {
  return v128.load(TABLE, 96);
}

export function q0(): v128 {
  return v128.load(TABLE, 112);
}

export function q1(): v128 {
  return v128.load(TABLE, 128);
}

export function q2(): v128 {
  return v128.load(TABLE, 144);
}

export function q3(): v128 {
  return v128.load(TABLE, 160);
}

export function one(): v128 {
  return v128.load(TABLE, 176);
}

/** Beyond these e^x is 0 or infinite in double precision; at them it is 3e−308 and 1.6e308. */
export function largest(): v128 {
  return v128.load(TABLE, 192);
}

export function smallest(): v128 {
  return v128.load(TABLE, 208);
}

/** Of the exponent of a double. */
export function exponentBias(): v128 {
  return v128.load(BIAS, 0);
}
