/**
 * (1/n) Σ ‖∇_x f(x_i)‖² of a feed-forward network, from its gradient in the first layer: f(x) = F(W1x + b1) has ∇_W1 f = p xᵀ, ∇_b1 f = p and ∇_x f = W1ᵀp
 * with one and the same p = ∂F/∂z.
 */
import type { Model } from '../models/model';

/** Whether the input enters through W1 alone. The model does not say whether it has residual connections: they join hidden layers, not the input. */
export function hasInputGradient({ kind, blocks, outputsPerSample }: Model): boolean {
  return kind === 'network' && outputsPerSample === 1 && blocks[0].name === 'W1';
}

/**
 * @param jacobian rows ∇f(x_i): samples × parameters
 * @param x inputs, samples × features
 */
export function meanSquaredInputGradient(
  { samples, features, blocks, parameterCount }: Model,
  theta: Float64Array,
  jacobian: Float64Array,
  x: Float64Array,
): number {
  const { rows: units, offset } = blocks[0];
  const bias = blocks.find(({ name }) => name === 'b1');
  const p = new Float64Array(units);
  let total = 0;
  for (let i = 0; i < samples; i++) {
    const row = i * parameterCount;
    let square = 0;
    for (let k = 0; k < features; k++) square += x[i * features + k] ** 2;
    for (let j = 0; j < units; j++) {
      if (bias !== undefined) {
        p[j] = jacobian[row + bias.offset + j];
        continue;
      }
      let along = 0;
      for (let k = 0; k < features; k++) along += jacobian[row + offset + j * features + k] * x[i * features + k];
      // At the input 0 the gradient in W1 vanishes and does not tell p.
      p[j] = square > 0 ? along / square : Number.NaN;
    }
    for (let k = 0; k < features; k++) {
      let slope = 0;
      for (let j = 0; j < units; j++) slope += theta[offset + j * features + k] * p[j];
      total += slope * slope;
    }
  }
  return total / samples;
}
