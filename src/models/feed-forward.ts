/**
 * Feed-forward network: a₀ = x, z_l = W_l a_{l−1} + b_l, a_l = σ(z_l) (+ a_{l−1} with residual connections), f = W_k a_{k−1} + b_k.
 * Parameters W1 [, b1], W2 [, b2], …, each W as units × inputs, row-major. With the identity it is a deep linear network.
 * Derivatives by backpropagation; second derivatives by Pearlmutter's R-operator (Neural Computation 6 (1994) 147–160).
 */
import type { Dataset } from '../data/dataset';
import { createActivation, type Activation, type ActivationSpec } from './activation';
import type { Model, ParameterBlock } from './model';
import { createKernelSweeps, type Derivatives } from './kernel-sweeps';
import { NetworkPoint } from './network-point';
import type { Layer, NetworkSweeps, Sweeps } from './network-sweeps';
import { PlainSweeps } from './plain-sweeps';
import { Residence } from './residence';

export interface FeedForwardShape {
  readonly kind: string;
  /** Units of the hidden layers. */
  readonly widths: readonly number[];
  readonly outputs: number;
  readonly activation: ActivationSpec;
  readonly bias: 'none' | 'first' | 'all';
  /** Adds a layer's input to its output where both have the same width. */
  readonly residual: boolean;
  /** "first": only W1 [, b1] is trained; the other layers keep their start. */
  readonly trainable: 'all' | 'first';
}

/** Degree of homogeneity in all trained parameters, null when there is none. */
function degreeOf(shape: FeedForwardShape, activation: Activation, layers: readonly Layer[]): number | null {
  if (activation.degree === null || layers.some(({ residual }) => residual)) return null;
  // A bias in layer l is of degree 1 where its neighbour W_l a_{l−1} is of degree 1 + deg(a_{l−1}): equal in the first layer only.
  if (shape.bias === 'all' && layers.length > 1) return null;
  if (shape.trainable === 'first') return layers.length === 1 ? 1 : Math.pow(activation.degree, layers.length - 1);
  return layers.slice(0, -1).reduce((degree) => (degree + 1) * (activation.degree ?? 1), 0) + 1;
}

/**
 * @param frozen with `trainable: "first"`, the parameters of all layers at the start; only the first layer's part is then trained
 */
export function createFeedForward(shape: FeedForwardShape, data: Dataset, frozen?: Float64Array): Model {
  const activation = createActivation(shape.activation);
  const sizes = [data.features, ...shape.widths, shape.outputs];
  const layers: Layer[] = [];
  const blocks: ParameterBlock[] = [];
  let total = 0;
  for (let l = 1; l < sizes.length; l++) {
    const inputs = sizes[l - 1];
    const units = sizes[l];
    const last = l === sizes.length - 1;
    const weight = total;
    blocks.push({ name: `W${l}`, rows: units, columns: inputs, offset: total });
    total += units * inputs;
    let bias = -1;
    if (shape.bias === 'all' || (shape.bias === 'first' && l === 1)) {
      bias = total;
      blocks.push({ name: `b${l}`, rows: 1, columns: units, offset: total });
      total += units;
    }
    layers.push({ inputs, units, weight, bias, last, residual: shape.residual && !last && inputs === units });
  }
  const linear = shape.activation.kind === 'identity' && shape.bias === 'none' && !shape.residual;
  const trainedBlocks = shape.trainable === 'first' ? blocks.filter(({ name }) => name.endsWith('1') && name.length === 2) : blocks;
  const trained = trainedBlocks.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const completed = <S extends Sweeps>(sweeps: S): S => {
    if (frozen !== undefined) sweeps.theta.set(frozen.subarray(0, total));
    return sweeps;
  };
  const byKernels = (x: Float64Array, samples: number, derivatives: Derivatives) =>
    createKernelSweeps(layers, shape.activation, samples, x, derivatives);
  const sweepsOn = (x: Float64Array, samples: number, derivatives: 0 | 2): NetworkSweeps =>
    completed<NetworkSweeps>(byKernels(x, samples, derivatives) ?? new PlainSweeps(layers, activation, samples, x, derivatives > 0));
  /** The same test samples are asked for again and again along a run. */
  let elsewhere: { readonly x: Float64Array; readonly rows: number; readonly point: NetworkPoint } | null = null;
  const point = new NetworkPoint(sweepsOn(data.x, data.samples, 2));
  /** All parameters: with the trained part set where that is not all of them. */
  const complete = Float64Array.from({ length: trained === total ? 0 : total }, (_, k) => frozen?.[k] ?? 0);
  const all = (theta: Float64Array): Float64Array => {
    if (trained === total) return theta;
    complete.set(theta);
    return complete;
  };

  return {
    kind: shape.kind,
    parameterCount: trained,
    samples: data.samples,
    features: data.features,
    outputsPerSample: shape.outputs,
    blocks: trainedBlocks,
    degree: degreeOf(shape, activation, layers),
    ...(activation.smooth || shape.widths.length === 0
      ? {}
      : { kinks: { slope: 0 - activation.value(-1), hiddenLayers: shape.widths.length } }),
    ...(shape.widths.length === 0 ? {} : { units: { degree: activation.degree, residual: shape.residual } }),
    ...(linear ? { inputs: data.x, predictor: (theta: Float64Array, out: Float64Array): void => endToEnd(layers, all(theta), out) } : {}),
    outputs: (theta, out) => point.outputs(theta, out),
    pullback: (theta, cotangent, out) => point.pullback(theta, cotangent, out),
    pushforward: (theta, tangent, out) => point.pushforward(theta, tangent, out),
    curvature: (theta, cotangent, tangent, out) => point.pullbackTangent(theta, cotangent, null, tangent, out),
    pullbackTangent: (theta, cotangent, cotangentDot, tangent, out) => point.pullbackTangent(theta, cotangent, cotangentDot, tangent, out),
    jacobian: (theta, out) => point.jacobian(theta, shape.outputs, out),
    settle: (start) => {
      const sweeps = byKernels(data.x, data.samples, 1);
      return sweeps === null ? null : new Residence(completed(sweeps), start);
    },
    outputsOn: (theta, x, rows, out) => {
      if (elsewhere?.x !== x || elsewhere.rows !== rows) elsewhere = { x, rows, point: new NetworkPoint(sweepsOn(x, rows, 0)) };
      elsewhere.point.outputs(theta, out);
    },
  };
}

/** out = W_k … W_1, outputs × features. */
function endToEnd(layers: readonly Layer[], theta: Float64Array, out: Float64Array): void {
  let product = theta.slice(layers[0].weight, layers[0].weight + layers[0].units * layers[0].inputs);
  const columns = layers[0].inputs;
  for (const { inputs, units, weight } of layers.slice(1)) {
    const next = new Float64Array(units * columns);
    for (let u = 0; u < units; u++) {
      for (let k = 0; k < inputs; k++) {
        const w = theta[weight + u * inputs + k];
        for (let j = 0; j < columns; j++) next[u * columns + j] += w * product[k * columns + j];
      }
    }
    product = next;
  }
  out.set(product);
}
