/**
 * ∫|f″| g for f(x) = Σ_j v_j σ(w_j x + b_j) + c of one variable, σ the ReLU, and the weight of Mulayoff, Michaeli and Soudry 2021: g = min(g⁻, g⁺),
 * g⁺(t) = P(X > t)² E[X − t | X > t] √(1 + E[X | X > t]²), g⁻ alike for X < t, X uniform on the training inputs. g vanishes outside of them.
 */
import type { Model } from '../models/model';
import { distinctKinks, kinksOf, type Kink } from './linear-regions';

/** Whether a model is a two-layer ReLU network of one variable with biases in both layers. */
export function isUnivariateRelu({ kinks, features, outputsPerSample, blocks }: Model): boolean {
  return (
    kinks?.slope === 0 &&
    features === 1 &&
    outputsPerSample === 1 &&
    blocks.length === 4 &&
    ['W1', 'b1', 'W2', 'b2'].every((name, k) => blocks[k].name === name)
  );
}

/** Kinks in order with the change of slope; those at one place are one. */
export function kinksAt(theta: Float64Array): readonly Kink[] {
  return distinctKinks(kinksOf(theta.subarray(0, theta.length - 1), 0), 1, 0);
}

/** g(t) for the inputs x. */
export function kinkWeight(x: Float64Array, t: number): number {
  return Math.min(side(x, t, 1), side(x, t, -1));
}

function side(x: Float64Array, t: number, sign: 1 | -1): number {
  let count = 0;
  let sum = 0;
  for (const value of x) {
    if (sign * (value - t) <= 0) continue;
    count++;
    sum += value;
  }
  if (count === 0) return 0;
  const mean = sum / count;
  return (count / x.length) ** 2 * sign * (mean - t) * Math.sqrt(1 + mean * mean);
}

/** @param theta W1 (units), b1 (units), W2 (units), b2 */
export function weightedRoughness(theta: Float64Array, x: Float64Array): number {
  return kinksAt(theta).reduce((sum, { position, change }) => sum + Math.abs(change) * kinkWeight(x, position), 0);
}
