/**
 * Activations of whole layers with their derivatives, the same functions as `models/activation.ts`.
 * Arrays have room for an even number of entries; what lies behind an odd end is overwritten and never read.
 */
import { one } from './constants';
import { exponential } from './exponential';
import { hyperbolicTangents } from './hyperbolic';

const IDENTITY: i32 = 0;
const RELU: i32 = 1;
const LEAKY_RELU: i32 = 2;
const TANH: i32 = 3;
const SIGMOID: i32 = 4;
const SOFTPLUS: i32 = 5;

/** e^{−|z|} and 1/(1 + e^{−|z|}) give both σ(z) and σ(−z) without cancellation. */
function decay(z: v128): v128 {
  return exponential(f64x2.neg(f64x2.abs(z)));
}

/** σ(z) of the logistic function from e^{−|z|}. */
function logistic(z: v128, small: v128): v128 {
  const inverse = f64x2.div(one(), f64x2.add(one(), small));
  return v128.bitselect(f64x2.mul(small, inverse), inverse, f64x2.lt(z, f64x2.splat(0)));
}

/** σ(z)σ(−z). */
function logisticSlope(small: v128): v128 {
  const inverse = f64x2.div(one(), f64x2.add(one(), small));
  return f64x2.mul(f64x2.mul(small, inverse), inverse);
}

function softplus(z: f64, small: f64): f64 {
  return Math.max(z, 0) + Math.log1p(small);
}

/** a = σ(z), slope = σ′(z). */
export function activate(kind: i32, leak: f64, count: usize, z: usize, a: usize, slope: usize): void {
  const end = count << 3;
  if (kind == IDENTITY) {
    for (let k: usize = 0; k < end; k += 16) {
      v128.store(a + k, v128.load(z + k));
      v128.store(slope + k, one());
    }
  } else if (kind == RELU || kind == LEAKY_RELU) {
    const below = f64x2.splat(kind == RELU ? 0 : leak);
    for (let k: usize = 0; k < end; k += 16) {
      const at = v128.load(z + k);
      const factor = v128.bitselect(one(), below, f64x2.gt(at, f64x2.splat(0)));
      v128.store(slope + k, factor);
      // 0 · ∞ is no number: a ReLU is chosen, not multiplied.
      v128.store(a + k, kind == RELU ? v128.and(at, f64x2.gt(at, f64x2.splat(0))) : f64x2.mul(factor, at));
    }
  } else if (kind == TANH) {
    hyperbolicTangents(end, z, a, slope);
  } else if (kind == SIGMOID || kind == SOFTPLUS) {
    for (let k: usize = 0; k < end; k += 16) {
      const at = v128.load(z + k);
      const small = decay(at);
      const value = logistic(at, small);
      if (kind == SIGMOID) {
        v128.store(a + k, value);
        v128.store(slope + k, logisticSlope(small));
      } else {
        store<f64>(a + k, softplus(f64x2.extract_lane(at, 0), f64x2.extract_lane(small, 0)));
        store<f64>(a + k, softplus(f64x2.extract_lane(at, 1), f64x2.extract_lane(small, 1)), 8);
        v128.store(slope + k, value);
      }
    }
  } else {
    for (let k: usize = 0; k < end; k += 16) {
      const at = v128.load(z + k);
      v128.store(a + k, f64x2.mul(at, at));
      v128.store(slope + k, f64x2.add(at, at));
    }
  }
}

/** out = σ″(z). */
export function bend(kind: i32, count: usize, z: usize, out: usize): void {
  const end = count << 3;
  if (kind <= LEAKY_RELU) {
    memory.fill(out, 0, end);
    return;
  }
  if (kind == TANH) {
    hyperbolicTangents(end, z, out, 0);
    return;
  }
  for (let k: usize = 0; k < end; k += 16) {
    const at = v128.load(z + k);
    let value = f64x2.splat(2);
    if (kind == SIGMOID || kind == SOFTPLUS) {
      const small = decay(at);
      value = logisticSlope(small);
      if (kind == SIGMOID) value = f64x2.mul(value, f64x2.sub(logistic(f64x2.neg(at), small), logistic(at, small)));
    }
    v128.store(out + k, value);
  }
}
