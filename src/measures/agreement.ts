/** Distances of a predictor to a reference. */
import { dot, norm2 } from '../numerics/vectors';

/** ‖w − w*‖₂ / ‖w*‖₂; absolute where w* = 0. */
export function relativeDistance(w: Float64Array, reference: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += (w[i] - reference[i]) ** 2;
  return Math.sqrt(sum) / (norm2(reference) || 1);
}

/** ‖w/‖w‖₂ − r/‖r‖₂‖₂, in [0, 2]; NaN where a vector vanishes. */
export function directionDistance(w: Float64Array, reference: Float64Array): number {
  const a = norm2(w);
  const b = norm2(reference);
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += (w[i] / a - reference[i] / b) ** 2;
  return Math.sqrt(sum);
}

/** Angle between two vectors in radians, exact for small ones: 2 arcsin(½ direction distance). */
export function angleBetween(w: Float64Array, reference: Float64Array): number {
  return 2 * Math.asin(Math.min(1, directionDistance(w, reference) / 2));
}

/** min_i y_i w·x_i / ‖w‖₂ from the outputs w·x_i; NaN at w = 0. */
export function normalizedMargin(outputs: Float64Array, targets: Float64Array, predictor: Float64Array): number {
  let smallest = Infinity;
  for (let i = 0; i < targets.length; i++) smallest = Math.min(smallest, targets[i] * outputs[i]);
  return smallest / norm2(predictor);
}

/** Cosine of the angle between two vectors. */
export function cosine(a: Float64Array, b: Float64Array): number {
  return dot(a, b) / (norm2(a) * norm2(b));
}
