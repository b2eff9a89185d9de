/**
 * tanh on pairs. With x = ½k ln 2 + r, s = 2^k and e^{2r} = (q + p)/(q − p) as in `exponential.ts`,
 * tanh x = (e^{2x} − 1)/(e^{2x} + 1) = ((s − 1)q + (s + 1)p)/((s + 1)q + (s − 1)p): one division, and near 0, where s = 1, nothing cancels.
 * The loop is bound by the length of this chain of operations, so it is kept short: p and q are halved and written in r²
 * (powers of two, which round nothing), and ½ ln 2 is one number. What that leaves out, k·10⁻¹⁷ of x, is less than the rounding of
 * tanh, whose slope falls faster than k grows.
 */
import { exponentBias, one, rounder } from './constants';
import { multiplyAdd, subtractProduct } from './lanes';

const TABLE = memory.data<f64>([
  22.0, 22.0, -22.0, -22.0, 2.8853900817779268, 2.8853900817779268, 0.34657359027997264, 0.34657359027997264, 0.0020188350891969693,
  0.0020188350891969693, 0.12119776308297678, 0.12119776308297678, 9.9999999999999999991e-1, 9.9999999999999999991e-1, 9.606352164437263e-5,
  9.606352164437263e-5, 0.02019586722797473, 0.02019586722797473, 0.45453109641631007, 0.45453109641631007,
]);

/** From here on tanh is 1 in double precision. */
function saturated(): v128 {
  return v128.load(TABLE, 0);
}

function saturatedBelow(): v128 {
  return v128.load(TABLE, 16);
}

/** 2/ln 2. */
function perHalfLn2(): v128 {
  return v128.load(TABLE, 32);
}

function halfLn2(): v128 {
  return v128.load(TABLE, 48);
}

/** 16, 4 and 1 times those of `constants.ts`. */
function p0(): v128 {
  return v128.load(TABLE, 64);
}

function p1(): v128 {
  return v128.load(TABLE, 80);
}

function p2(): v128 {
  return v128.load(TABLE, 96);
}

/** 32, 8 and 2 times those of `constants.ts`; half of the last is 1. */
function q0(): v128 {
  return v128.load(TABLE, 112);
}

function q1(): v128 {
  return v128.load(TABLE, 128);
}

function q2(): v128 {
  return v128.load(TABLE, 144);
}

/** NaN stays NaN, as in `exponential.ts`. */
function hyperbolicTangent(x: v128): v128 {
  const inside = f64x2.pmax(f64x2.pmin(x, saturated()), saturatedBelow());
  const sum = multiplyAdd(inside, perHalfLn2(), rounder());
  const r = subtractProduct(inside, f64x2.sub(sum, rounder()), halfLn2());
  const square = f64x2.mul(r, r);
  const odd = f64x2.mul(r, multiplyAdd(multiplyAdd(p0(), square, p1()), square, p2()));
  const even = multiplyAdd(multiplyAdd(multiplyAdd(q0(), square, q1()), square, q2()), square, one());
  const s = i64x2.shl(i64x2.add(sum, exponentBias()), 52);
  const less = f64x2.sub(s, one());
  const more = f64x2.add(s, one());
  return f64x2.div(multiplyAdd(less, even, f64x2.mul(more, odd)), multiplyAdd(more, even, f64x2.mul(less, odd)));
}

/**
 * value = tanh z and slope = 1 − tanh² z, or without a slope (0) value = the second derivative −2 tanh z (1 − tanh² z).
 * One loop for both: the function above is written into its only caller, and a call would cost as much as half of it.
 */
export function hyperbolicTangents(bytes: usize, z: usize, value: usize, slope: usize): void {
  for (let k: usize = 0; k < bytes; k += 16) {
    const t = hyperbolicTangent(v128.load(z + k));
    const first = subtractProduct(one(), t, t);
    if (slope != 0) {
      v128.store(value + k, t);
      v128.store(slope + k, first);
    } else {
      v128.store(value + k, f64x2.mul(f64x2.neg(f64x2.add(t, t)), first));
    }
  }
}
