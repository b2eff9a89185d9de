/**
 * The central flow of gradient descent with one critical direction u (J. Cohen, A. Damian, A. Talwalkar, J. Kolter, J. Lee, Understanding
 * optimization in deep learning with central flows, ICLR 2025): the time average of a descent that oscillates along u with variance σ² moves by
 *
 *     ẇ = −∇ℒ(w) − ½σ²∇S(w),    S = λ_max(∇²ℒ) held at 2/η,    σ² = max(0, 2⟨−∇ℒ, ∇S⟩/‖∇S‖²),
 *
 * and its time-averaged loss is ℒ(w) + ½σ²·2/η. ∇S = ∇³ℒ[u, u] by a second difference of the gradient along u.
 */
import type { Situation } from './result';

export interface CentralFlow {
  readonly steps: readonly number[];
  /** Predicted time average of the loss of the descent. */
  readonly losses: readonly number[];
  readonly sharpness: readonly number[];
  readonly parameters: Float64Array;
}

/** Of the second difference: its error ε²/12 · ∂⁵ℒ and the rounding 4·10⁻¹⁶/ε² are both near 10⁻⁷ for parameters of order 1. */
const DIFFERENCE = 1e-3;
/** Steps of the descent in which a sharpness off 2/η is led back to it: steps of finite length would else drift. */
const RELAXATION = 5;
/** Midpoint steps in one step of the descent: h·S = 1 is well inside their stability. */
const SUBSTEPS = 2;

/** @param from the parameters of the flow at the step `first` */
export function centralFlow(
  { objective, curvature }: Pick<Situation, 'objective' | 'curvature'>,
  stepSize: number,
  from: Float64Array,
  first: number,
  last: number,
): CentralFlow {
  const size = from.length;
  const w = from.slice();
  const [place, ahead, behind, middle, velocity, gradient] = Array.from({ length: 6 }, () => new Float64Array(size));
  const edge = 2 / stepSize;
  let variance = 0;
  let sharpness = 0;
  /** out = ẇ at a place; returns ℒ there. */
  const velocityAt = (at: Float64Array, out: Float64Array): number => {
    const loss = objective.gradient(at, gradient);
    const { value, vector } = curvature.at(at).top();
    sharpness = value;
    for (let j = 0; j < size; j++) place[j] = at[j] + DIFFERENCE * vector[j];
    objective.gradient(place, ahead);
    for (let j = 0; j < size; j++) place[j] = at[j] - DIFFERENCE * vector[j];
    objective.gradient(place, behind);
    let along = 0;
    let squares = 0;
    for (let j = 0; j < size; j++) {
      ahead[j] = (ahead[j] - 2 * gradient[j] + behind[j]) / DIFFERENCE ** 2;
      along -= gradient[j] * ahead[j];
      squares += ahead[j] * ahead[j];
    }
    // dS/dt = ⟨−∇ℒ, ∇S⟩ − ½σ²‖∇S‖² is to be (2/η − S)/(relaxation time).
    variance = Math.max(0, (2 * (along + (value - edge) / (RELAXATION * stepSize))) / squares);
    for (let j = 0; j < size; j++) out[j] = -gradient[j] - 0.5 * variance * ahead[j];
    return loss;
  };
  const steps: number[] = [];
  const losses: number[] = [];
  const sharpnesses: number[] = [];
  const h = stepSize / SUBSTEPS;
  for (let step = first; step <= last; step++) {
    for (let part = 0; part < SUBSTEPS; part++) {
      const loss = velocityAt(w, velocity);
      if (part === 0) {
        steps.push(step);
        losses.push(loss + 0.5 * variance * edge);
        sharpnesses.push(sharpness);
      }
      if (step === last) break;
      for (let j = 0; j < size; j++) middle[j] = w[j] + 0.5 * h * velocity[j];
      velocityAt(middle, velocity);
      for (let j = 0; j < size; j++) w[j] += h * velocity[j];
    }
  }
  return { steps, losses, sharpness: sharpnesses, parameters: w };
}
