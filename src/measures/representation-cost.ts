/** What a two-layer ReLU network of one variable costs as a function: max(∫|f″|, |f′(−∞) + f′(+∞)|) (Savarese et al. 2019). */
import type { Model } from '../models/model';
import { distinctKinks, kinksOf, radiusOf } from './linear-regions';

/** Whether a model is a two-layer ReLU network of one variable with biases in the first layer, all of it trained. */
export function hasRepresentationCost({ kinks, features, outputsPerSample, blocks }: Model): boolean {
  return (
    kinks?.slope === 0 &&
    features === 1 &&
    outputsPerSample === 1 &&
    blocks.length >= 3 &&
    blocks.length <= 4 &&
    ['W1', 'b1', 'W2', 'b2'].every((name, k) => k >= blocks.length || blocks[k].name === name)
  );
}

/** Least ½Σ(w² + v²), over all networks that are the same function, of any width, with free biases. */
export function representationCost(theta: Float64Array, x: Float64Array): number {
  const units = Math.floor(theta.length / 3);
  let ends = 0;
  // (w x + b)₊ has the slope w on the side to which w points, 0 on the other: both ends together have Σ v w.
  for (let j = 0; j < units; j++) ends += theta[j] * theta[2 * units + j];
  const kinks = distinctKinks(kinksOf(theta, 0), radiusOf(x), 0);
  return Math.max(
    kinks.reduce((sum, { change }) => sum + Math.abs(change), 0),
    Math.abs(ends),
  );
}
