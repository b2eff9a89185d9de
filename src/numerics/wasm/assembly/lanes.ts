/** Arithmetic on pairs of f64 that both builds share. */

/** a·b + c; one rounding instead of two in the relaxed build, which therefore differs in last bits. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** c − a·b, likewise. */
export function subtractProduct(c: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_nmadd(a, b, c);
  return f64x2.sub(c, f64x2.mul(a, b));
}

/** x·x − (2x − 1) = (x − 1)², of which two roundings leave nothing where x − 1 is small. */
export function fuses(x: f64): f64 {
  return f64x2.extract_lane(multiplyAdd(f64x2.splat(x), f64x2.splat(x), f64x2.splat(1 - 2 * x)), 0);
}

/** Sum of the two lanes. */
export function laneSum(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** (sum of a's lanes, sum of b's lanes). */
export function laneSums(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
}
