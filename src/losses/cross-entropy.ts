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
  /** ln ℓ; for a < −36, ln(1 + e^a) = e^a to the last bit. */
  const logLoss = (a: number): number => (a < -36 ? a : Math.log(log1pExp(a)));
  const largestLog = (outputs: Float64Array, targets: Float64Array): number => {
    let largest = -Infinity;
    for (let i = 0; i < targets.length; i++) {
      const value = logLoss(competition(outputs, targets, i));
      if (!(value <= largest)) largest = value;
    }
    return largest;
  };
  const relativeSum = (outputs: Float64Array, targets: Float64Array, largest: number): number => {
    let sum = 0;
    for (let i = 0; i < targets.length; i++) sum += Math.exp(logLoss(competition(outputs, targets, i)) - largest);
    return sum;
  };
  const logValue = (outputs: Float64Array, targets: Float64Array): number => {
    const largest = largestLog(outputs, targets);
    return Number.isFinite(largest) ? largest + Math.log(relativeSum(outputs, targets, largest)) + logWeight(targets) : largest;
  };
  /** out = factor e^(−shift) ∂Σℓ/∂f: p_k for k ≠ y, and −Σ_{k≠y} p_k for y. */
  const slopes = (outputs: Float64Array, targets: Float64Array, shift: number, factor: number, out: Float64Array): void => {
    for (let i = 0; i < targets.length; i++) {
      const at = i * classes;
      const own = outputs[at + targets[i]];
      const loss = log1pExp(competition(outputs, targets, i));
      let total = 0;
      for (let k = 0; k < classes; k++) {
        if (k === targets[i]) continue;
        // ln p_k = f_k − f_y − ℓ.
        const p = factor * Math.exp(outputs[at + k] - own - loss - shift);
        out[at + k] = p;
        total += p;
      }
      out[at + targets[i]] = -total;
    }
  };
  /** out = factor e^(−shift) (∂²Σℓ/∂f²) v = p ∘ (v − p·v), with p·v − v_y = Σ_{k≠y} p_k (v_k − v_y). */
  const secondTimes = (outputs: Float64Array, targets: Float64Array, shift: number, factor: number, v: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < targets.length; i++) {
      const at = i * classes;
      const y = at + targets[i];
      const loss = log1pExp(competition(outputs, targets, i));
      let mean = 0;
      for (let k = at; k < at + classes; k++) if (k !== y) mean += Math.exp(outputs[k] - outputs[y] - loss) * (v[k] - v[y]);
      let total = 0;
      for (let k = at; k < at + classes; k++) {
        if (k === y) continue;
        out[k] = factor * Math.exp(outputs[k] - outputs[y] - loss - shift) * (v[k] - v[y] - mean);
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
    // λ_max of diag(p) − ppᵀ is at most ½ (Böhning 1992).
    smoothness: 0.5,
    value: (outputs, targets) => Math.exp(logValue(outputs, targets)),
    logValue,
    derivative: (outputs, targets, out) => slopes(outputs, targets, 0, Math.exp(logWeight(targets)), out),
    secondTimes: (outputs, targets, v, out) => secondTimes(outputs, targets, 0, Math.exp(logWeight(targets)), v, out),
    logDerivative: (outputs, targets, out) => {
      const largest = largestLog(outputs, targets);
      const sum = relativeSum(outputs, targets, largest);
      slopes(outputs, targets, largest, 1 / sum, out);
      return largest + Math.log(sum) + logWeight(targets);
    },
    logSecondTimes: (outputs, targets, v, out) => {
      const largest = largestLog(outputs, targets);
      secondTimes(outputs, targets, largest, 1 / relativeSum(outputs, targets, largest), v, out);
    },
  };
}
