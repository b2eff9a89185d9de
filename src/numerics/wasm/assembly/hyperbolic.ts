/**
 * tanh on pairs. With e^{2x} = s(q + p)/(q − p), s a power of two and p, q the odd and even part of `exponential.ts`,
 * tanh x = (e^{2x} − 1)/(e^{2x} + 1) = ((s − 1)q + (s + 1)p)/((s + 1)q + (s − 1)p): one division, and near 0, where s = 1, nothing cancels.
 */
import { one, saturated, saturatedBelow } from './constants';
import { evenPart, oddPart, remainder, scale, shifted } from './exponential';
import { multiplyAdd, subtractProduct } from './lanes';

/** NaN stays NaN, as in `exponential.ts`. */
function hyperbolicTangent(x: v128): v128 {
  const twice = f64x2.add(x, x);
  const inside = f64x2.pmax(f64x2.pmin(twice, saturated()), saturatedBelow());
  const sum = shifted(inside);
  const r = remainder(inside, sum);
  const square = f64x2.mul(r, r);
  const odd = oddPart(r, square);
  const even = evenPart(square);
  const s = scale(sum);
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
