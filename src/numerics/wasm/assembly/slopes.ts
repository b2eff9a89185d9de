/**
 * Losses on outputs. A margin loss sees margins q_i, because the matrix then holds y_i x_i; the square loss sees f_i.
 * `slopes` writes e^shift ∂ℓ/∂(output)_i without the reduction's factor; the shift keeps weights of tiny losses in range.
 */
import { exponential, inverseOnePlusExponential } from './exponential';
import { laneSum } from './lanes';

export const SQUARE: i32 = 0;
export const LOGISTIC: i32 = 1;
export const EXPONENTIAL: i32 = 2;

/** Returns Σ_i |weights_i|: not finite, or enormous, once the descent has diverged. `rows` includes padding. */
export function slopes(loss: i32, rows: usize, outputs: usize, targets: usize, shift: f64, weights: usize): f64 {
  const bytes = rows << 3;
  let sum = f64x2.splat(0);
  if (loss == SQUARE) {
    for (let i: usize = 0; i < bytes; i += 16) {
      const residual = f64x2.sub(v128.load(outputs + i), v128.load(targets + i));
      v128.store(weights + i, residual);
      sum = f64x2.add(sum, f64x2.abs(residual));
    }
  } else if (loss == EXPONENTIAL) {
    const s = f64x2.splat(shift);
    for (let i: usize = 0; i < bytes; i += 16) {
      const weight = exponential(f64x2.sub(s, v128.load(outputs + i)));
      v128.store(weights + i, f64x2.neg(weight));
      sum = f64x2.add(sum, weight);
    }
  } else if (shift > 0) {
    // All margins are at least the shift: e^(s − q) / (1 + e^(−q)).
    const s = f64x2.splat(shift);
    for (let i: usize = 0; i < bytes; i += 16) {
      const q = v128.load(outputs + i);
      const weight = f64x2.mul(exponential(f64x2.sub(s, q)), inverseOnePlusExponential(f64x2.neg(q)));
      v128.store(weights + i, f64x2.neg(weight));
      sum = f64x2.add(sum, weight);
    }
  } else {
    for (let i: usize = 0; i < bytes; i += 16) {
      const weight = inverseOnePlusExponential(v128.load(outputs + i));
      v128.store(weights + i, f64x2.neg(weight));
      sum = f64x2.add(sum, weight);
    }
  }
  return laneSum(sum);
}

/** The shift that brings the largest weight near 1. `samples` without padding. */
export function suitableShift(loss: i32, samples: usize, outputs: usize): f64 {
  if (loss == SQUARE) return 0;
  let smallest = Infinity;
  for (let i: usize = 0; i < samples; i++) smallest = Math.min(smallest, load<f64>(outputs + (i << 3)));
  return loss == LOGISTIC ? Math.max(0, smallest) : smallest;
}

/** e^shift Σ_i ℓ_i. */
export function shiftedLoss(loss: i32, samples: usize, outputs: usize, targets: usize, shift: f64): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0; i < samples; i++) {
    const output = load<f64>(outputs + (i << 3));
    if (loss == SQUARE) {
      const residual = output - load<f64>(targets + (i << 3));
      sum += 0.5 * residual * residual;
    } else if (loss == EXPONENTIAL || output > 36) {
      // Beyond 36, ln(1 + e^(−q)) is e^(−q) to the last bit.
      sum += Math.exp(shift - output);
    } else if (output >= 0) {
      sum += Math.log1p(Math.exp(-output)) * Math.exp(shift);
    } else {
      sum += Math.log1p(Math.exp(output)) - output;
    }
  }
  return sum;
}
