/** Square loss ½(f − y)². */
import type { Loss } from './loss';

export function createSquare(reduction: 'mean' | 'sum'): Loss {
  const weightOf = (targets: Float64Array): number => (reduction === 'mean' ? 1 / targets.length : 1);
  const value = (outputs: Float64Array, targets: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < targets.length; i++) {
      const residual = outputs[i] - targets[i];
      sum += residual * residual;
    }
    return (reduction === 'mean' ? 0.5 / targets.length : 0.5) * sum;
  };
  const refuse = (): never => {
    throw new Error('The square loss has no log-domain derivative.');
  };
  return {
    kind: 'square',
    reduction,
    onMargins: false,
    exponentialTail: false,
    logarithmic: false,
    smoothness: 1,
    value,
    logValue: (outputs, targets) => Math.log(value(outputs, targets)),
    derivative: (outputs, targets, out) => {
      const weight = weightOf(targets);
      for (let i = 0; i < targets.length; i++) out[i] = weight * (outputs[i] - targets[i]);
    },
    secondTimes: (_outputs, targets, v, out) => {
      const weight = weightOf(targets);
      for (let i = 0; i < v.length; i++) out[i] = weight * v[i];
    },
    logDerivative: refuse,
    logSecondTimes: refuse,
  };
}
