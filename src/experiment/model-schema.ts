/** `model`: the function that is trained. */
import * as z from 'zod';
import { LIMITS } from '../protocol/limits';
import { count, finite, positive } from './schema-numbers';

const linearModel = z
  .strictObject({
    kind: z.literal('linear').describe('x ↦ w·x (+ b). Parameters: w [, b].'),
    bias: z
      .boolean()
      .default(false)
      .describe('Add a trained constant b. It is regularized like a weight: the same as a constant feature 1.'),
  })
  .describe('Linear predictor.');

const diagonalModel = z
  .strictObject({
    kind: z.literal('diagonal').describe('Diagonal linear network. Tied: x ↦ (u^D − v^D)·x; untied: x ↦ (w1∘…∘wD)·x.'),
    depth: z.int().min(2).max(LIMITS.depth).default(2).describe('Number of layers D.'),
    tied: z.boolean().default(true).describe('Tied: all layers share u (positive part) and v (negative part). Untied: D separate layers.'),
  })
  .describe('Diagonal linear network.');

const widths = z.array(count.max(10_000)).max(LIMITS.depth);

const linearNetworkModel = z
  .strictObject({
    kind: z.literal('linear-network').describe('x ↦ W_k … W_1 x. Parameters: W1 … Wk, each units × inputs.'),
    widths: widths.min(1).default([4]).describe('Units of the hidden layers.'),
  })
  .describe('Deep fully-connected linear network.');

const linearConvolutionModel = z
  .strictObject({
    kind: z.literal('linear-convolution').describe('Full-width circular convolutions, the last layer dense. Parameters: w1 … wL.'),
    depth: z.int().min(2).max(LIMITS.depth).default(2).describe('Number of layers L.'),
  })
  .describe('Deep linear convolutional network.');

const activationNames = z.enum(['identity', 'relu', 'leaky-relu', 'tanh', 'sigmoid', 'softplus', 'quadratic']);

export const activationSchema = z
  .union([
    activationNames.describe('Name of the activation; leaky-relu has slope 0.1.'),
    z
      .strictObject({
        kind: z.literal('leaky-relu').describe('z for z > 0, slope · z else.'),
        slope: finite.min(-1).max(1).default(0.1).describe('Slope for z ≤ 0.'),
      })
      .describe('Leaky ReLU with its slope.'),
  ])
  .describe('Activation σ of the hidden units.');

const networkModel = z
  .strictObject({
    kind: z.literal('network').describe('Feed-forward network. Parameters: W1 [, b1], W2 [, b2], …, each W units × inputs.'),
    widths: widths.min(1).default([20]).describe('Units of the hidden layers.'),
    activation: activationSchema.default('relu'),
    bias: z.enum(['none', 'first', 'all']).default('none').describe('Which layers have biases. Beyond the first they break homogeneity.'),
    residual: z.boolean().default(false).describe('Add the input of a hidden layer to its output where the widths agree.'),
    trainable: z.enum(['all', 'first']).default('all').describe('Train all layers, or the first alone.'),
  })
  .describe('Feed-forward network.');

const neuronModel = z
  .strictObject({
    kind: z.literal('neuron').describe('x ↦ σ(w·x): one unit without an outer weight. Parameters: w.'),
    activation: activationSchema.default('tanh'),
  })
  .describe('A single neuron.');

const matrixFactorizationModel = z
  .strictObject({
    kind: z.literal('matrix-factorization').describe('A matrix W = W_k … W_1, or W = UUᵀ, seen through ⟨A, W⟩. Parameters: W1 … Wk, or U.'),
    depth: z.int().min(1).max(LIMITS.depth).default(2).describe('Number of factors k.'),
    width: count.max(1000).optional().describe('Inner dimension of the factors. Default: min(rows, columns).'),
    symmetric: z.boolean().default(false).describe('W = UUᵀ: two factors that are one; the matrix is square.'),
  })
  .describe('Product of matrices.');

const termModel = z.discriminatedUnion('kind', [
  linearModel,
  diagonalModel,
  linearNetworkModel,
  linearConvolutionModel,
  networkModel.omit({ trainable: true }).describe('Feed-forward network.'),
]);

const sumModel = z
  .strictObject({
    kind: z.literal('sum').describe('x ↦ f₁(x) + f₂(x) + …. Parameters: those of the terms in order.'),
    terms: z.array(termModel).min(2).max(8).describe('The models that are added up.'),
  })
  .describe('Sum of models of different orders.');

const scaledModel = z
  .strictObject({
    kind: z.literal('scaled').describe('x ↦ α N(x), a network times a constant. Parameters: those of the network.'),
    factor: positive.max(1e9).default(1).describe('The factor α: the larger, the less the parameters have to move (lazy training).'),
    perRootWidth: z
      .boolean()
      .default(false)
      .describe('Divide by the root of the last hidden width as well: outputs of order 1 from standard normal parameters, at any width.'),
    model: networkModel.omit({ trainable: true }).describe('The network.'),
  })
  .describe('A network times a constant.');

export const modelSchema = z.discriminatedUnion('kind', [
  linearModel,
  diagonalModel,
  linearNetworkModel,
  linearConvolutionModel,
  networkModel,
  neuronModel,
  matrixFactorizationModel,
  sumModel,
  scaledModel,
]);
