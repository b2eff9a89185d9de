/** The sweeps in TypeScript: for small networks, for engines without kernels, and what the kernels are tested against. */
import type { Activation } from './activation';
import type { Layer, NetworkSweeps } from './network-sweeps';

export class PlainSweeps implements NetworkSweeps {
  readonly theta: Float64Array;
  readonly direction: Float64Array;
  readonly cotangent: Float64Array;
  readonly cotangentDot: Float64Array;
  readonly outputs: Float64Array;
  readonly outputsDot: Float64Array;
  /** a_l (inputs of layer l), z_l, their tangents (…Dot), and the adjoints of both (…Bar), each samples × size. */
  private readonly a: Float64Array[];
  private readonly aDot: Float64Array[];
  private readonly aBar: Float64Array[];
  private readonly aBarDot: Float64Array[];
  private readonly z: Float64Array[];
  private readonly zDot: Float64Array[];
  private readonly zBar: Float64Array[];
  private readonly zBarDot: Float64Array[];

  /** @param derivatives false where only `forward` will be called */
  constructor(
    private readonly layers: readonly Layer[],
    private readonly activation: Activation,
    private readonly samples: number,
    x: Float64Array,
    derivatives: boolean,
  ) {
    const over = (size: (layer: Layer) => number, wanted: boolean): Float64Array[] =>
      layers.map((layer) => new Float64Array(wanted ? samples * size(layer) : 0));
    const inputs = (layer: Layer): number => layer.inputs;
    const units = (layer: Layer): number => layer.units;
    [this.a, this.aDot, this.aBar, this.aBarDot] = [true, derivatives, derivatives, derivatives].map((wanted) => over(inputs, wanted));
    [this.z, this.zDot, this.zBar, this.zBarDot] = [true, derivatives, derivatives, derivatives].map((wanted) => over(units, wanted));
    this.a[0] = x;
    const last = layers.length - 1;
    const { weight, bias, inputs: below, units: outputs } = layers[last];
    const parameters = bias < 0 ? weight + outputs * below : bias + outputs;
    this.theta = new Float64Array(parameters);
    this.direction = new Float64Array(derivatives ? parameters : 0);
    this.cotangent = new Float64Array(samples * outputs);
    this.cotangentDot = new Float64Array(samples * outputs);
    this.outputs = this.z[last];
    this.outputsDot = this.zDot[last];
  }

  forward(): void {
    const { layers, activation, a, z, theta } = this;
    for (let l = 0; l < layers.length; l++) {
      const layer = layers[l];
      this.affine(theta, layer, a[l], z[l], true, false);
      if (layer.last) return;
      const next = a[l + 1];
      for (let k = 0; k < next.length; k++) next[k] = activation.value(z[l][k]) + (layer.residual ? a[l][k] : 0);
    }
  }

  forwardTangent(): void {
    const { layers, activation, a, z, aDot, zDot, theta, direction } = this;
    for (let l = 0; l < layers.length; l++) {
      const layer = layers[l];
      this.affine(direction, layer, a[l], zDot[l], true, false);
      if (l > 0) this.affine(theta, layer, aDot[l], zDot[l], false, true);
      if (layer.last) return;
      const next = aDot[l + 1];
      for (let k = 0; k < next.length; k++) next[k] = activation.first(z[l][k]) * zDot[l][k] + (layer.residual ? aDot[l][k] : 0);
    }
  }

  backward(): void {
    const { layers, activation, z, aBar, zBar, theta } = this;
    zBar[layers.length - 1].set(this.cotangent);
    for (let l = layers.length - 1; l > 0; l--) {
      aBar[l].fill(0);
      this.down(theta, layers[l], zBar[l], aBar[l]);
      if (layers[l].residual) addTo(aBar[l], aBar[l + 1]);
      for (let k = 0; k < zBar[l - 1].length; k++) zBar[l - 1][k] = aBar[l][k] * activation.first(z[l - 1][k]);
    }
  }

  collect(out: Float64Array): void {
    out.fill(0);
    for (let l = 0; l < this.layers.length && this.layers[l].weight < out.length; l++) {
      this.accumulate(this.layers[l], this.zBar[l], this.a[l], out, true);
    }
  }

  collectTangent(out: Float64Array): void {
    const { layers, activation, a, aDot, z, zDot, aBar, aBarDot, zBar, zBarDot, theta, direction } = this;
    out.fill(0);
    zBarDot[layers.length - 1].set(this.cotangentDot);
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l];
      if (layer.weight < out.length) {
        // R{δᵀ a} = (Rδ)ᵀ a + δᵀ (Ra); the bias has no second term.
        this.accumulate(layer, zBarDot[l], a[l], out, true);
        if (l > 0) this.accumulate(layer, zBar[l], aDot[l], out, false);
      }
      if (l === 0) return;
      aBarDot[l].fill(0);
      this.down(theta, layer, zBarDot[l], aBarDot[l]);
      this.down(direction, layer, zBar[l], aBarDot[l]);
      if (layer.residual) addTo(aBarDot[l], aBarDot[l + 1]);
      for (let k = 0; k < zBar[l - 1].length; k++) {
        const zk = z[l - 1][k];
        zBarDot[l - 1][k] = aBarDot[l][k] * activation.first(zk) + aBar[l][k] * activation.second(zk) * zDot[l - 1][k];
      }
    }
  }

  collectSample(i: number, out: Float64Array): void {
    for (let l = 0; l < this.layers.length && this.layers[l].weight < out.length; l++) {
      const { inputs, units, weight, bias } = this.layers[l];
      const [a, delta] = [this.a[l], this.zBar[l]];
      for (let u = 0; u < units; u++) {
        const d = delta[i * units + u];
        for (let k = 0, to = weight + u * inputs, from = i * inputs; k < inputs; k++) out[to + k] = d * a[from + k];
        if (bias >= 0) out[bias + u] = d;
      }
    }
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

  /** below += δ W; samples × inputs. */
  private down(theta: Float64Array, { inputs, units, weight }: Layer, delta: Float64Array, below: Float64Array): void {
    for (let i = 0; i < this.samples; i++) {
      for (let u = 0; u < units; u++) {
        const d = delta[i * units + u];
        if (d === 0) continue;
        for (let k = 0, at = weight + u * inputs, to = i * inputs; k < inputs; k++) below[to + k] += d * theta[at + k];
      }
    }
  }
}

function addTo(target: Float64Array, source: Float64Array): void {
  for (let k = 0; k < target.length; k++) target[k] += source[k];
}
