/**
 * tanh on pairs. With e^{2x} = s(q + p)/(q − p), s a power of two and p, q the odd and even part of `exponential.ts`,
 * tanh x = (e^{2x} − 1)/(e^{2x} + 1) = ((s − 1)q + (s + 1)p)/((s + 1)q + (s − 1)p): one division, and near 0, where s = 1, nothing cancels.
 */
import { evenPart, oddPart, remainder, scale, shifted } from './exponential';
import { multiplyAdd } from './lanes';

/** From here on tanh is 1 in double precision. NaN stays NaN, as in `exponential.ts`. */
const SATURATED: f64 = 44.0;

export function hyperbolicTangent(x: v128): v128 {
  const twice = f64x2.add(x, x);
  const inside = f64x2.pmax(f64x2.pmin(twice, f64x2.splat(SATURATED)), f64x2.splat(-SATURATED));
  const sum = shifted(inside);
  const r = remainder(inside, sum);
  const square = f64x2.mul(r, r);
  const odd = oddPart(r, square);
  const even = evenPart(square);
  const s = scale(sum);
  const less = f64x2.sub(s, f64x2.splat(1));
  const more = f64x2.add(s, f64x2.splat(1));
  return f64x2.div(multiplyAdd(less, even, f64x2.mul(more, odd)), multiplyAdd(more, even, f64x2.mul(less, odd)));
}
