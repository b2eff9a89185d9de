/** The sweeps by the WebAssembly kernels: parameters, inputs and everything between lie in the memory of one instance. */
import { allocate, onDenseKernels, type DenseKernels } from '../numerics/wasm/kernels';
import type { ActivationSpec } from './activation';
import type { Layer, NetworkSweeps } from './network-sweeps';
import type { ResidentSweeps } from './residence';

/** The numbers by which `assembly/activations.ts` knows them. */
const ACTIVATIONS: Readonly<Record<ActivationSpec['kind'], number>> = {
  identity: 0,
  relu: 1,
  'leaky-relu': 2,
  tanh: 3,
  sigmoid: 4,
  softplus: 5,
  quadratic: 6,
};

/**
 * Multiplications of one forward sweep from which the kernels are used. At 200 they were three times as fast, at 2000 eight times;
 * below it a network is over in two microseconds either way.
 */
const WORTHWHILE = 256;

/** Up to which order derivatives will be asked for. */
export type Derivatives = 0 | 1 | 2;

/** Null where the network is small, or there are no kernels or no memory for them. */
export function createKernelSweeps(
  layers: readonly Layer[],
  activation: ActivationSpec,
  samples: number,
  x: Float64Array,
  derivatives: Derivatives,
): KernelSweeps | null {
  const products = layers.reduce((sum, { inputs, units }) => sum + samples * inputs * units, 0);
  if (products < WORTHWHILE) return null;
  return onDenseKernels((kernels) => new KernelSweeps(kernels, layers, activation, samples, x, derivatives));
}

class KernelSweeps implements NetworkSweeps, ResidentSweeps {
  readonly theta: Float64Array;
  readonly direction: Float64Array;
  readonly cotangent: Float64Array;
  readonly cotangentDot: Float64Array;
  readonly outputs: Float64Array;
  readonly outputsDot: Float64Array;
  private readonly kind: number;
  private readonly leak: number;
  /** Places of σ′(z_l) and σ″(z_l); the other letters as in `plain-sweeps.ts`. */
  private readonly slope: readonly number[];
  private readonly bent: readonly number[];
  private readonly a: readonly number[];
  private readonly aDot: readonly number[];
  private readonly aBar: readonly number[];
  private readonly aBarDot: readonly number[];
  private readonly z: readonly number[];
  private readonly zDot: readonly number[];
  private readonly zBar: readonly number[];
  private readonly zBarDot: readonly number[];
  readonly gradient: Float64Array;
  private readonly row: { readonly a: Float64Array; readonly zBar: Float64Array }[];
  private readonly work: number;
  private hasBent = false;

  constructor(
    private readonly kernels: DenseKernels,
    private readonly layers: readonly Layer[],
    activation: ActivationSpec,
    private readonly samples: number,
    x: Float64Array,
    derivatives: Derivatives,
  ) {
    this.kind = ACTIVATIONS[activation.kind];
    this.leak = activation.kind === 'leaky-relu' ? activation.slope : 0;
    const count = layers.length;
    const last = layers[count - 1];
    const parameters = last.bias < 0 ? last.weight + last.units * last.inputs : last.bias + last.units;
    const inputs = layers.map((layer) => samples * layer.inputs);
    const units = layers.map((layer) => samples * layer.units);
    const from = (order: Derivatives, lengths: number[]): number[] => lengths.map((length) => (derivatives >= order ? length : 0));
    const work = Math.max(
      ...layers.flatMap((layer) => [
        kernels.workSize(layer.units, layer.inputs),
        kernels.workSize(layer.inputs, layer.units),
        kernels.workSize(layer.inputs, samples),
      ]),
    );
    const groups = [
      inputs,
      units,
      units,
      from(1, inputs),
      from(1, units),
      [parameters, ...from(1, [parameters, parameters]), work],
      ...[inputs, inputs, units, units, units].map((lengths) => from(2, lengths)),
    ];
    const views = allocate(kernels, groups.flat());
    const placed = groups.map((group) => views.splice(0, group.length));
    const places = placed.map((group) => group.map(({ byteOffset }) => byteOffset));
    [this.a, this.z, this.slope, this.aBar, this.zBar] = places;
    [this.aDot, this.aBarDot, this.zDot, this.zBarDot, this.bent] = places.slice(6);
    this.row = layers.map((_, l) => ({ a: placed[0][l], zBar: placed[4][l] }));
    this.outputs = placed[1][count - 1];
    this.cotangent = placed[4][count - 1];
    this.outputsDot = placed[8][count - 1];
    this.cotangentDot = placed[9][count - 1];
    const others = placed[5];
    [this.theta, this.direction, this.gradient] = others;
    this.work = others[3].byteOffset;
    this.row[0].a.set(x.subarray(0, inputs[0]));
  }

  forward(): void {
    const { kernels, layers, samples, a, z, slope, theta } = this;
    for (let l = 0; l < layers.length; l++) {
      const layer = layers[l];
      this.affine(theta, layer, a[l], z[l], true, false);
      if (layer.last) break;
      kernels.activate(this.kind, this.leak, samples * layer.units, z[l], a[l + 1], slope[l]);
      if (layer.residual) kernels.addInto(samples * layer.units, a[l], a[l + 1]);
    }
    this.hasBent = false;
  }

  forwardTangent(): void {
    const { kernels, layers, samples, a, aDot, zDot, slope, theta, direction } = this;
    for (let l = 0; l < layers.length; l++) {
      const layer = layers[l];
      this.affine(direction, layer, a[l], zDot[l], true, false);
      if (l > 0) this.affine(theta, layer, aDot[l], zDot[l], false, true);
      if (layer.last) return;
      kernels.timesInto(samples * layer.units, slope[l], zDot[l], aDot[l + 1]);
      // The inputs of the network have no tangent, so a residual first layer adds none.
      if (layer.residual && l > 0) kernels.addInto(samples * layer.units, aDot[l], aDot[l + 1]);
    }
  }

  backward(): void {
    const { kernels, layers, samples, aBar, zBar, slope, theta } = this;
    for (let l = layers.length - 1; l > 0; l--) {
      const count = samples * layers[l].inputs;
      this.down(theta, layers[l], zBar[l], aBar[l], false);
      if (layers[l].residual) kernels.addInto(count, aBar[l + 1], aBar[l]);
      kernels.timesInto(count, aBar[l], slope[l - 1], zBar[l - 1]);
    }
  }

  collect(out: Float64Array): void {
    for (let l = 0; l < this.layers.length && this.layers[l].weight < out.length; l++) {
      this.accumulate(this.layers[l], this.zBar[l], this.a[l], true, false);
    }
    this.give(out);
  }

  collectTangent(out: Float64Array): void {
    const { kernels, layers, samples, a, aDot, aBar, aBarDot, zDot, zBar, zBarDot, slope, bent, theta, direction } = this;
    this.bend();
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l];
      if (layer.weight < out.length) {
        this.accumulate(layer, zBarDot[l], a[l], true, false);
        if (l > 0) this.accumulate(layer, zBar[l], aDot[l], false, true);
      }
      if (l === 0) break;
      const count = samples * layer.inputs;
      this.down(theta, layer, zBarDot[l], aBarDot[l], false);
      this.down(direction, layer, zBar[l], aBarDot[l], true);
      if (layer.residual) kernels.addInto(count, aBarDot[l + 1], aBarDot[l]);
      kernels.timesInto(count, aBarDot[l], slope[l - 1], zBarDot[l - 1]);
      kernels.addTimes(count, aBar[l], bent[l - 1], zDot[l - 1], zBarDot[l - 1]);
    }
    this.give(out);
  }

  collectSample(i: number, out: Float64Array): void {
    for (let l = 0; l < this.layers.length && this.layers[l].weight < out.length; l++) {
      const { inputs, units, weight, bias } = this.layers[l];
      const { a, zBar } = this.row[l];
      for (let u = 0; u < units; u++) {
        const d = zBar[i * units + u];
        for (let k = 0, to = weight + u * inputs, from = i * inputs; k < inputs; k++) out[to + k] = d * a[from + k];
        if (bias >= 0) out[bias + u] = d;
      }
    }
  }

  step(count: number, rate: number, momentum: number): number {
    const { kernels, theta, gradient, direction } = this;
    return kernels.step(count, rate, momentum, gradient.byteOffset, direction.byteOffset, theta.byteOffset);
  }

  /** Second derivatives are wanted for products with the Hessian alone, and stay while θ does. */
  private bend(): void {
    if (this.hasBent) return;
    for (let l = 0; l < this.layers.length - 1; l++) {
      this.kernels.bend(this.kind, this.samples * this.layers[l].units, this.z[l], this.bent[l]);
    }
    this.hasBent = true;
  }

  private give(out: Float64Array): void {
    if (out.buffer === this.gradient.buffer) return;
    out.set(out.length === this.gradient.length ? this.gradient : this.gradient.subarray(0, out.length));
  }

  /** out (+)= a Wᵀ (+ b); samples × units. */
  private affine(
    theta: Float64Array,
    { inputs, units, weight, bias }: Layer,
    a: number,
    out: number,
    hasBias: boolean,
    add: boolean,
  ): void {
    const { kernels, samples, work } = this;
    const w = theta.byteOffset + 8 * weight;
    // The one row of biases is the base of all rows.
    const base = add ? out : hasBias && bias >= 0 ? theta.byteOffset + 8 * bias : 0;
    kernels.multiply(samples, units, inputs, a, inputs, 1, w, 1, inputs, out, units, base, add ? units : 0, work);
  }

  /** gradient (+)= δᵀ a for the weights and Σ δ for the biases. */
  private accumulate({ inputs, units, weight, bias }: Layer, delta: number, a: number, hasBias: boolean, add: boolean): void {
    const { kernels, samples, work, gradient } = this;
    const out = gradient.byteOffset + 8 * weight;
    kernels.multiply(units, inputs, samples, delta, 1, units, a, inputs, 1, out, inputs, add ? out : 0, inputs, work);
    if (hasBias && bias >= 0) kernels.sumRows(samples, units, delta, gradient.byteOffset + 8 * bias);
  }

  /** below (+)= δ W; samples × inputs. */
  private down(theta: Float64Array, { inputs, units, weight }: Layer, delta: number, below: number, add: boolean): void {
    const w = theta.byteOffset + 8 * weight;
    this.kernels.multiply(this.samples, inputs, units, delta, units, 1, w, inputs, 1, below, inputs, add ? below : 0, inputs, this.work);
  }
}
