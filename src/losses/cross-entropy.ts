/**
 * Cross-entropy of K classes: ℓ = ln Σ_k e^(f_k − f_y), targets 0 … K−1, outputs samples × K.
 * Everything is formed from the differences f_k − f_y, so nothing underflows while ℒ goes to e^(−10⁸).
 */
import { log1pExp } from '../numerics/log-sum-exp';
import type { Loss } from './loss';

export function createCrossEntropy(reduction: 'mean' | 'sum', classes: number): Loss {
  const logWeight = (targets: Float64Array): number => (reduction === 'mean' ? -Math.log(targets.length) : 0);
  /** a = ln Σ_{k≠y} e^(f_k − f_y): ℓ = ln(1 + e^a). */
  const competition = (outputs: Float64Array, targets: Float64Array, i: number): number => {
    const at = i * classes;
    const own = outputs[at + targets[i]];
    let largest = -Infinity;
    for (let k = 0; k < classes; k++) if (k !== targets[i] && !(outputs[at + k] - own <= largest)) largest = outputs[at + k] - own;
    if (!Number.isFinite(largest)) return largest;
    let sum = 0;
    for (let k = 0; k < classes; k++) if (k !== targets[i]) sum += Math.exp(outputs[at + k] - own - largest);
    return largest + Math.log(sum);
  };
  /**
   * What everything is divided by: e^shift with the largest difference f_k − f_y of the batch once all are below −36, where
   * ℓ = Σ e^(f_k − f_y) and p_k = e^(f_k − f_y) to the last bit; else 1, for then nothing underflows that matters.
   * Differences are shifted before they are added up: at f = 10⁷ a logarithm of their sum would lose nine digits.
   */
  const shiftOf = (outputs: Float64Array, targets: Float64Array): number => {
    let largest = -Infinity;
    for (let i = 0; i < targets.length; i++) {
      const at = i * classes;
      for (let k = 0; k < classes; k++) {
        if (k !== targets[i] && !(outputs[at + k] - outputs[at + targets[i]] <= largest))
          largest = outputs[at + k] - outputs[at + targets[i]];
      }
    }
    return largest < -36 ? largest : 0;
  };
  /** ℓ_i / e^shift. */
  const lossOf = (outputs: Float64Array, targets: Float64Array, i: number, shift: number): number => {
    if (shift === 0) return log1pExp(competition(outputs, targets, i));
    let sum = 0;
    for (let k = 0, at = i * classes; k < classes; k++)
      if (k !== targets[i]) sum += Math.exp(outputs[at + k] - outputs[at + targets[i]] - shift);
    return sum;
  };
  const sumOf = (outputs: Float64Array, targets: Float64Array, shift: number): number => {
    let sum = 0;
    for (let i = 0; i < targets.length; i++) sum += lossOf(outputs, targets, i, shift);
    return sum;
  };
  const logValue = (outputs: Float64Array, targets: Float64Array): number => {
    const shift = shiftOf(outputs, targets);
    return shift + Math.log(sumOf(outputs, targets, shift)) + logWeight(targets);
  };
  /** What is added to f_k − f_y so that e^… is p_k / e^shift. */
  const exponentOf = (outputs: Float64Array, targets: Float64Array, i: number, shift: number): number =>
    shift === 0 ? -log1pExp(competition(outputs, targets, i)) : -shift;
  /** out = factor e^(−shift) ∂Σℓ/∂f: p_k for k ≠ y, and −Σ_{k≠y} p_k for y. */
  const slopes = (outputs: Float64Array, targets: Float64Array, shift: number, factor: number, out: Float64Array): void => {
    for (let i = 0; i < targets.length; i++) {
      const at = i * classes;
      const y = at + targets[i];
      const exponent = exponentOf(outputs, targets, i, shift);
      let total = 0;
      for (let k = at; k < at + classes; k++) {
        if (k === y) continue;
        out[k] = factor * Math.exp(outputs[k] - outputs[y] + exponent);
        total += out[k];
      }
      out[y] = -total;
    }
  };
  /** out = factor e^(−shift) (∂²Σℓ/∂f²) v = p ∘ (v − p·v), with p·v − v_y = Σ_{k≠y} p_k (v_k − v_y). */
  const secondTimes = (
    outputs: Float64Array,
    targets: Float64Array,
    shift: number,
    factor: number,
    v: Float64Array,
    out: Float64Array,
  ): void => {
    const unshift = Math.exp(shift);
    for (let i = 0; i < targets.length; i++) {
      const at = i * classes;
      const y = at + targets[i];
      const exponent = exponentOf(outputs, targets, i, shift);
      let mean = 0;
      for (let k = at; k < at + classes; k++) if (k !== y) mean += unshift * Math.exp(outputs[k] - outputs[y] + exponent) * (v[k] - v[y]);
      let total = 0;
      for (let k = at; k < at + classes; k++) {
        if (k === y) continue;
        out[k] = factor * Math.exp(outputs[k] - outputs[y] + exponent) * (v[k] - v[y] - mean);
        total += out[k];
      }
      // Rows of the Hessian add up to zero.
      out[y] = -total;
    }
  };
  return {
    kind: 'cross-entropy',
    reduction,
    onMargins: false,
    exponentialTail: true,
    logarithmic: true,
    // λ_max of diag(p) − ppᵀ is at most ½ (Böhning 1992).
    smoothness: 0.5,
    value: (outputs, targets) => Math.exp(logValue(outputs, targets)),
    logValue,
    derivative: (outputs, targets, out) => slopes(outputs, targets, 0, Math.exp(logWeight(targets)), out),
    secondTimes: (outputs, targets, v, out) => secondTimes(outputs, targets, 0, Math.exp(logWeight(targets)), v, out),
    logDerivative: (outputs, targets, out) => {
      const shift = shiftOf(outputs, targets);
      const sum = sumOf(outputs, targets, shift);
      slopes(outputs, targets, shift, 1 / sum, out);
      return shift + Math.log(sum) + logWeight(targets);
    },
    logSecondTimes: (outputs, targets, v, out) => {
      const shift = shiftOf(outputs, targets);
      secondTimes(outputs, targets, shift, 1 / sumOf(outputs, targets, shift), v, out);
    },
  };
}
