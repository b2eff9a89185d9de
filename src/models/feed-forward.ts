/**
 * Feed-forward network: a₀ = x, z_l = W_l a_{l−1} + b_l, a_l = σ(z_l) (+ a_{l−1} with residual connections), f = W_k a_{k−1} + b_k.
 * Parameters W1 [, b1], W2 [, b2], …, each W as units × inputs, row-major. With the identity it is a deep linear network.
 * Derivatives by backpropagation; second derivatives by Pearlmutter's R-operator (Neural Computation 6 (1994) 147–160).
 */
import type { Dataset } from '../data/dataset';
import { createActivation, type Activation, type ActivationSpec } from './activation';
import type { Model, ParameterBlock } from './model';

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

interface Layer {
  readonly inputs: number;
  readonly units: number;
  /** Offset of W (units × inputs) and of b (units; −1 without) in the full parameter vector. */
  readonly weight: number;
  readonly bias: number;
  readonly last: boolean;
  readonly residual: boolean;
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
  const pass = new Pass(layers, activation, data.samples, data.x);
  const complete = Float64Array.from({ length: total }, (_, k) => frozen?.[k] ?? 0);
  const direction = new Float64Array(total);
  const full = new Float64Array(total);
  /** All parameters, with the trained part set. */
  const all = (theta: Float64Array): Float64Array => {
    if (trained === total) return theta;
    complete.set(theta);
    return complete;
  };
  const allDirection = (v: Float64Array): Float64Array => {
    if (trained === total) return v;
    direction.set(v);
    return direction;
  };
  const into = (out: Float64Array, compute: (target: Float64Array) => void): void => {
    if (trained === total) return compute(out);
    compute(full);
    out.set(full.subarray(0, trained));
  };
  const row = new Float64Array(trained);
  const unit = new Float64Array(data.samples * shape.outputs);

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
    ...(linear ? { inputs: data.x, predictor: (theta: Float64Array, out: Float64Array): void => endToEnd(layers, all(theta), out) } : {}),
    outputs: (theta, out) => pass.forward(all(theta), out),
    pullback: (theta, cotangent, out) =>
      into(out, (target) => {
        pass.forward(all(theta), null);
        pass.backward(all(theta), cotangent, target);
      }),
    pushforward: (theta, tangent, out) => {
      pass.forward(all(theta), null);
      pass.forwardTangent(all(theta), allDirection(tangent), out);
    },
    curvature: (theta, cotangent, tangent, out) =>
      into(out, (target) => {
        pass.forward(all(theta), null);
        pass.forwardTangent(all(theta), allDirection(tangent), null);
        pass.backwardTangent(all(theta), allDirection(tangent), cotangent, target);
      }),
    jacobian: (theta, out) => {
      pass.forward(all(theta), null);
      for (let i = 0; i < unit.length; i++) {
        unit[i] = 1;
        into(row, (target) => pass.backward(all(theta), unit, target));
        unit[i] = 0;
        out.set(row, i * trained);
      }
    },
    outputsOn: (theta, x, rows, out) => new Pass(layers, activation, rows, x).forward(all(theta), out),
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

/** Buffers of one batch and the four sweeps over them. */
class Pass {
  /** a_l (inputs of layer l), z_l, their tangents (…Dot), and the adjoints of both (…Bar), each samples × size. */
  private readonly a: Float64Array[];
  private readonly aDot: Float64Array[];
  private readonly aBar: Float64Array[];
  private readonly aBarDot: Float64Array[];
  private readonly z: Float64Array[];
  private readonly zDot: Float64Array[];
  private readonly zBar: Float64Array[];
  private readonly zBarDot: Float64Array[];

  constructor(
    private readonly layers: readonly Layer[],
    private readonly activation: Activation,
    private readonly samples: number,
    x: Float64Array,
  ) {
    const over = (size: (layer: Layer) => number): Float64Array[] => layers.map((layer) => new Float64Array(samples * size(layer)));
    const inputs = (layer: Layer): number => layer.inputs;
    const units = (layer: Layer): number => layer.units;
    [this.a, this.aDot, this.aBar, this.aBarDot] = [over(inputs), over(inputs), over(inputs), over(inputs)];
    [this.z, this.zDot, this.zBar, this.zBarDot] = [over(units), over(units), over(units), over(units)];
    this.a[0] = x;
  }

  /** out (+)= a Wᵀ (+ b); samples × units. */
  private affine(theta: Float64Array, layer: Layer, a: Float64Array, out: Float64Array, bias: boolean, add: boolean): void {
    const { inputs, units, weight } = layer;
    for (let i = 0; i < this.samples; i++) {
      for (let u = 0; u < units; u++) {
        let sum = bias && layer.bias >= 0 ? theta[layer.bias + u] : 0;
        for (let k = 0, at = weight + u * inputs, from = i * inputs; k < inputs; k++) sum += theta[at + k] * a[from + k];
        out[i * units + u] = add ? out[i * units + u] + sum : sum;
      }
    }
  }

  forward(theta: Float64Array, out: Float64Array | null): void {
    const { layers, activation, a, z } = this;
    for (let l = 0; l < layers.length; l++) {
      const layer = layers[l];
      this.affine(theta, layer, a[l], z[l], true, false);
      if (layer.last) {
        out?.set(z[l]);
        return;
      }
      const next = a[l + 1];
      for (let k = 0; k < next.length; k++) next[k] = activation.value(z[l][k]) + (layer.residual ? a[l][k] : 0);
    }
  }

  /** out = ⟨∇f, v⟩ after `forward`. */
  forwardTangent(theta: Float64Array, v: Float64Array, out: Float64Array | null): void {
    const { layers, activation, a, z, aDot, zDot } = this;
    aDot[0].fill(0);
    for (let l = 0; l < layers.length; l++) {
      const layer = layers[l];
      this.affine(v, layer, a[l], zDot[l], true, false);
      if (l > 0) this.affine(theta, layer, aDot[l], zDot[l], false, true);
      if (layer.last) {
        out?.set(zDot[l]);
        return;
      }
      const next = aDot[l + 1];
      for (let k = 0; k < next.length; k++) next[k] = activation.first(z[l][k]) * zDot[l][k] + (layer.residual ? aDot[l][k] : 0);
    }
  }

  /** out += δᵀ a for the weights and Σ δ for the biases. */
  private accumulate(layer: Layer, delta: Float64Array, a: Float64Array, out: Float64Array, bias: boolean): void {
    const { inputs, units, weight } = layer;
    for (let i = 0; i < this.samples; i++) {
      for (let u = 0; u < units; u++) {
        const d = delta[i * units + u];
        if (d === 0) continue;
        for (let k = 0, to = weight + u * inputs, from = i * inputs; k < inputs; k++) out[to + k] += d * a[from + k];
        if (bias && layer.bias >= 0) out[layer.bias + u] += d;
      }
    }
  }

  /** below (+)= δ W; samples × inputs. */
  private down(theta: Float64Array, { inputs, units, weight }: Layer, delta: Float64Array, below: Float64Array, add: boolean): void {
    if (!add) below.fill(0);
    for (let i = 0; i < this.samples; i++) {
      for (let u = 0; u < units; u++) {
        const d = delta[i * units + u];
        if (d === 0) continue;
        for (let k = 0, at = weight + u * inputs, to = i * inputs; k < inputs; k++) below[to + k] += d * theta[at + k];
      }
    }
  }

  /** out = Σ c ∇f after `forward`. */
  backward(theta: Float64Array, cotangent: Float64Array, out: Float64Array): void {
    const { layers, activation, a, z, aBar, zBar } = this;
    out.fill(0);
    zBar[layers.length - 1].set(cotangent);
    for (let l = layers.length - 1; l >= 0; l--) {
      this.accumulate(layers[l], zBar[l], a[l], out, true);
      if (l === 0) return;
      this.down(theta, layers[l], zBar[l], aBar[l], false);
      if (layers[l].residual) addTo(aBar[l], aBar[l + 1]);
      for (let k = 0; k < zBar[l - 1].length; k++) zBar[l - 1][k] = aBar[l][k] * activation.first(z[l - 1][k]);
    }
  }

  /** out = Σ c ∇²f v after `forward` and `forwardTangent`. */
  backwardTangent(theta: Float64Array, v: Float64Array, cotangent: Float64Array, out: Float64Array): void {
    const { layers, activation, a, aDot, z, zDot, aBar, aBarDot, zBar, zBarDot } = this;
    out.fill(0);
    zBar[layers.length - 1].set(cotangent);
    zBarDot[layers.length - 1].fill(0);
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l];
      // R{δᵀ a} = (Rδ)ᵀ a + δᵀ (Ra); the bias has no second term.
      this.accumulate(layer, zBarDot[l], a[l], out, true);
      if (l === 0) return;
      this.accumulate(layer, zBar[l], aDot[l], out, false);
      this.down(theta, layer, zBar[l], aBar[l], false);
      this.down(theta, layer, zBarDot[l], aBarDot[l], false);
      this.down(v, layer, zBar[l], aBarDot[l], true);
      if (layer.residual) {
        addTo(aBar[l], aBar[l + 1]);
        addTo(aBarDot[l], aBarDot[l + 1]);
      }
      for (let k = 0; k < zBar[l - 1].length; k++) {
        const first = activation.first(z[l - 1][k]);
        zBar[l - 1][k] = aBar[l][k] * first;
        zBarDot[l - 1][k] = aBarDot[l][k] * first + aBar[l][k] * activation.second(z[l - 1][k]) * zDot[l - 1][k];
      }
    }
  }
}

function addTo(target: Float64Array, source: Float64Array): void {
  for (let k = 0; k < target.length; k++) target[k] += source[k];
}
