/**
 * Two linear layers and one sample: f = x u·v with x the length of the input, u = W₁x̂ and v = W₂ᵀ. With p = (u + v)/√2 and q = (u − v)/√2,
 * f = x(|p|² − |q|²)/2, and a step of gradient descent with residual r multiplies p by 1 − ηrx and q by 1 + ηrx. So two numbers move by themselves:
 *     f⁺ = f − ηrλ + η²r²x²f,   λ⁺ = λ − 4ηrx²f + η²r²x²λ,   λ = x²(|u|² + |v|²),
 * λ being the tangent kernel at the sample, and at a minimum the sharpness.
 */
import type { Experiment } from '../experiment/schema';
import type { Situation } from './result';

export interface Product {
  /** ‖x‖ > 0. */
  readonly x: number;
  readonly y: number;
  readonly eta: number;
  readonly width: number;
  readonly f: number;
  readonly lambda: number;
}

/** Whether the file is about two linear layers, one sample and gradient descent on the square loss. */
export function isOneSampleProduct({ model, data, loss, optimizer, features }: Experiment): boolean {
  return (
    model.kind === 'linear-network' &&
    model.widths.length === 1 &&
    data.kind === 'inline' &&
    data.y.length === 1 &&
    features === undefined &&
    loss.kind === 'square' &&
    optimizer.kind === 'gradient-descent'
  );
}

/** The two numbers of some parameters, with what they depend on. */
export function productAt({ data, model, stepSize }: Pick<Situation, 'data' | 'model' | 'stepSize'>, theta: Float64Array): Product {
  const { features } = data;
  const [first, second] = model.blocks;
  const x = Math.hypot(...data.x);
  let dot = 0;
  let squares = 0;
  for (let k = 0; k < first.rows; k++) {
    let u = 0;
    for (let j = 0; j < features; j++) u += theta[first.offset + k * features + j] * (data.x[j] / x);
    const v = theta[second.offset + k];
    dot += u * v;
    squares += u * u + v * v;
  }
  return { x, y: data.y[0], eta: stepSize ?? Number.NaN, width: first.rows, f: x * dot, lambda: x * x * squares };
}

/** One step of descent. */
export function afterStep({ f, lambda, ...fixed }: Product): Product {
  const { x, y, eta } = fixed;
  const r = f - y;
  const square = (eta * r * x) ** 2;
  return { ...fixed, f: f - eta * r * lambda + square * f, lambda: lambda - 4 * eta * r * x * x * f + square * lambda };
}
