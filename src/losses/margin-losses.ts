/**
 * Losses of the margin q = y f with an exponential tail: logistic ln(1 + e^(−q)), exponential e^(−q).
 * The log-domain half follows Lyu & Li 2020, App. J: every weight is computed relative to ℒ, so nothing underflows.
 */
import { log1pExp } from '../numerics/log-sum-exp';
import type { Loss } from './loss';

/** ln ℓ(q), ln(−ℓ′(q)), ln ℓ″(q) of one loss; finite for every finite q, the last may be −∞ where ℓ is straight. */
export interface MarginLoss {
  readonly kind: 'logistic' | 'exponential' | 'exponential-power' | 'polynomial';
  readonly exponentialTail: boolean;
  readonly smoothness: number;
  logLoss(q: number): number;
  logSlope(q: number): number;
  logCurvature(q: number): number;
}

const exponential: MarginLoss = {
  kind: 'exponential',
  exponentialTail: true,
  smoothness: Infinity,
  logLoss: (q) => -q,
  logSlope: (q) => -q,
  logCurvature: (q) => -q,
};

const logistic: MarginLoss = {
  kind: 'logistic',
  exponentialTail: true,
  smoothness: 0.25,
  // For q > 36, ln(1 + e^(−q)) = e^(−q) to the last bit.
  logLoss: (q) => (q > 36 ? -q : Math.log(log1pExp(-q))),
  // −ℓ′ = 1/(1 + e^q), ℓ″ = 1/((1 + e^q)(1 + e^(−q))).
  logSlope: (q) => -log1pExp(q),
  logCurvature: (q) => -log1pExp(q) - log1pExp(-q),
};

/** A loss over all samples from the logarithms of one. */
export function createMarginLoss(loss: MarginLoss, reduction: 'mean' | 'sum'): Loss {
  const logWeight = (targets: Float64Array): number => (reduction === 'mean' ? -Math.log(targets.length) : 0);
  const largestLog = (outputs: Float64Array, targets: Float64Array): number => {
    let largest = -Infinity;
    for (let i = 0; i < targets.length; i++) {
      const value = loss.logLoss(targets[i] * outputs[i]);
      // Written so that NaN stays.
      if (!(value <= largest)) largest = value;
    }
    return largest;
  };
  /** Σ ℓ_i / e^largest, in [1, n]. */
  const relativeSum = (outputs: Float64Array, targets: Float64Array, largest: number): number => {
    let sum = 0;
    for (let i = 0; i < targets.length; i++) sum += Math.exp(loss.logLoss(targets[i] * outputs[i]) - largest);
    return sum;
  };
  const logValue = (outputs: Float64Array, targets: Float64Array): number => {
    const largest = largestLog(outputs, targets);
    return Number.isFinite(largest) ? largest + Math.log(relativeSum(outputs, targets, largest)) + logWeight(targets) : largest;
  };
  /** out_i = −y_i |ℓ′_i| factor / e^shift. */
  const slopes = (outputs: Float64Array, targets: Float64Array, shift: number, factor: number, out: Float64Array): void => {
    for (let i = 0; i < targets.length; i++) out[i] = -targets[i] * factor * Math.exp(loss.logSlope(targets[i] * outputs[i]) - shift);
  };
  const curvatures = (outputs: Float64Array, targets: Float64Array, shift: number, factor: number, out: Float64Array): void => {
    for (let i = 0; i < targets.length; i++) out[i] = factor * Math.exp(loss.logCurvature(targets[i] * outputs[i]) - shift);
  };
  return {
    kind: loss.kind,
    reduction,
    onMargins: true,
    exponentialTail: loss.exponentialTail,
    logarithmic: true,
    smoothness: loss.smoothness,
    value: (outputs, targets) => Math.exp(logValue(outputs, targets)),
    logValue,
    derivative: (outputs, targets, out) => slopes(outputs, targets, 0, Math.exp(logWeight(targets)), out),
    // Relative to the largest loss, not to ln ℒ: at ln ℒ = −10⁸ the sum of the weights would else be off by 10⁻⁸.
    logDerivative: (outputs, targets, out) => {
      const largest = largestLog(outputs, targets);
      const sum = relativeSum(outputs, targets, largest);
      slopes(outputs, targets, largest, 1 / sum, out);
      return largest + Math.log(sum) + logWeight(targets);
    },
    secondTimes: (outputs, targets, v, out) => {
      curvatures(outputs, targets, 0, Math.exp(logWeight(targets)), out);
      for (let i = 0; i < v.length; i++) out[i] *= v[i];
    },
    logSecondTimes: (outputs, targets, v, out) => {
      const largest = largestLog(outputs, targets);
      curvatures(outputs, targets, largest, 1 / relativeSum(outputs, targets, largest), out);
      for (let i = 0; i < v.length; i++) out[i] *= v[i];
    },
  };
}

export function createExponential(reduction: 'mean' | 'sum'): Loss {
  return createMarginLoss(exponential, reduction);
}

export function createLogistic(reduction: 'mean' | 'sum'): Loss {
  return createMarginLoss(logistic, reduction);
}
