/**
 * Losses of the margin q = yf with other tails.
 *
 * `exponential-power`: e^(−q^ν), ν > 0; `polynomial`: q^(−b), b > 0; both for q ≥ 1. Below 1 each is continued by its tangent at 1,
 *     ℓ(q) = ℓ(1) + ℓ′(1)(q − 1),  q < 1,
 * so it is convex, strictly decreasing, continuously differentiable and of bounded curvature on all of ℝ.
 * `squared-hinge`: ½ max(0, 1 − q)²: convex and smooth, but its infimum is attained.
 */
import { createMarginLoss } from './margin-losses';
import type { Loss } from './loss';

/** ln of the tangent at 1, of a loss with value e^logValue and slope −e^logSlope there. */
const logTangent = (q: number, logValue: number, logSlope: number): number =>
  logValue + Math.log1p((1 - q) * Math.exp(logSlope - logValue));

/** e^(−q^ν) for q ≥ 1, its tangent below. @param power ν > 0 */
export function createExponentialPower(reduction: 'mean' | 'sum', power: number): Loss {
  const logPower = Math.log(power);
  return createMarginLoss(
    {
      kind: 'exponential-power',
      exponentialTail: power === 1,
      smoothness: largestCurvature(power),
      logLoss: (q) => (q >= 1 ? -Math.pow(q, power) : logTangent(q, -1, logPower - 1)),
      logSlope: (q) => (q >= 1 ? logPower + (power - 1) * Math.log(q) - Math.pow(q, power) : logPower - 1),
      logCurvature: (q) => {
        if (q < 1) return -Infinity;
        const s = Math.pow(q, power);
        return logPower + (power - 2) * Math.log(q) - s + Math.log(power * s - power + 1);
      },
    },
    reduction,
  );
}

/**
 * sup ℓ″ over q ≥ 1 of ν s^(1−2/ν) e^(−s)(νs − ν + 1), s = q^ν ≥ 1. Its derivative vanishes at the roots of
 * νs² − 3(ν − 1)s + (ν − 1)(ν − 2)/ν; the larger one is the maximum, where it is at least 1.
 */
function largestCurvature(power: number): number {
  const radicand = (power - 1) * (5 * power - 1);
  const root = radicand >= 0 ? (3 * (power - 1) + Math.sqrt(radicand)) / (2 * power) : 0;
  const s = Math.max(1, root);
  return power * Math.pow(s, 1 - 2 / power) * Math.exp(-s) * (power * s - power + 1);
}

/** q^(−b) for q ≥ 1, its tangent below. @param power b > 0 */
export function createPolynomial(reduction: 'mean' | 'sum', power: number): Loss {
  const logSlopeAtOne = Math.log(power);
  const logCurvatureAtOne = Math.log(power * (power + 1));
  return createMarginLoss(
    {
      kind: 'polynomial',
      exponentialTail: false,
      smoothness: power * (power + 1),
      logLoss: (q) => (q >= 1 ? -power * Math.log(q) : logTangent(q, 0, logSlopeAtOne)),
      logSlope: (q) => (q >= 1 ? logSlopeAtOne - (power + 1) * Math.log(q) : logSlopeAtOne),
      logCurvature: (q) => (q >= 1 ? logCurvatureAtOne - (power + 2) * Math.log(q) : -Infinity),
    },
    reduction,
  );
}

/** ½ max(0, 1 − q)². */
export function createSquaredHinge(reduction: 'mean' | 'sum'): Loss {
  const weightOf = (targets: Float64Array): number => (reduction === 'mean' ? 1 / targets.length : 1);
  const value = (outputs: Float64Array, targets: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < targets.length; i++) {
      const short = Math.max(0, 1 - targets[i] * outputs[i]);
      // Written so that NaN stays.
      sum += Number.isNaN(outputs[i]) ? Number.NaN : short * short;
    }
    return 0.5 * weightOf(targets) * sum;
  };
  const refuse = (): never => {
    throw new Error('The squared hinge loss has no log-domain derivative: it can be 0.');
  };
  return {
    kind: 'squared-hinge',
    reduction,
    onMargins: true,
    exponentialTail: false,
    logarithmic: false,
    smoothness: 1,
    value,
    logValue: (outputs, targets) => Math.log(value(outputs, targets)),
    derivative: (outputs, targets, out) => {
      const weight = weightOf(targets);
      for (let i = 0; i < targets.length; i++) out[i] = -weight * targets[i] * Math.max(0, 1 - targets[i] * outputs[i]);
    },
    secondTimes: (outputs, targets, v, out) => {
      const weight = weightOf(targets);
      for (let i = 0; i < v.length; i++) out[i] = targets[i] * outputs[i] < 1 ? weight * v[i] : 0;
    },
    logDerivative: refuse,
    logSecondTimes: refuse,
  };
}
