/**
 * A layered model at a point: what has been computed there is kept, and a sweep is done only when its arguments have changed.
 * So outputs and gradient at the same θ go forward once, and a product with the Hessian repeats neither that nor the adjoints:
 * whoever asks may ask for each by itself. Arguments are compared entry by entry, which costs little beside a sweep.
 */
import type { NetworkSweeps, Sweeps } from './network-sweeps';

export class LinearizationPoint {
  private forward = false;
  private tangents = false;
  protected adjoints = false;

  constructor(private readonly sweeps: Sweeps) {}

  outputs(theta: Float64Array, out: Float64Array): void {
    this.moveTo(theta);
    out.set(this.sweeps.outputs);
  }

  pushforward(theta: Float64Array, tangent: Float64Array, out: Float64Array): void {
    this.moveTo(theta);
    this.turnTo(tangent);
    out.set(this.sweeps.outputsDot);
  }

  pullback(theta: Float64Array, cotangent: Float64Array, out: Float64Array): void {
    this.moveTo(theta);
    this.weighBy(cotangent);
    this.sweeps.collect(out);
  }

  /** @param cotangentDot null for 0 */
  pullbackTangent(
    theta: Float64Array,
    cotangent: Float64Array,
    cotangentDot: Float64Array | null,
    tangent: Float64Array,
    out: Float64Array,
  ): void {
    this.moveTo(theta);
    this.turnTo(tangent);
    this.weighBy(cotangent);
    if (cotangentDot === null) this.sweeps.cotangentDot.fill(0);
    else this.sweeps.cotangentDot.set(cotangentDot);
    this.sweeps.collectTangent(out);
  }

  protected moveTo(theta: Float64Array): void {
    if (this.forward && !differs(this.sweeps.theta, theta)) return;
    this.sweeps.theta.set(theta);
    this.sweeps.forward();
    this.forward = true;
    this.tangents = false;
    this.adjoints = false;
  }

  private turnTo(tangent: Float64Array): void {
    if (this.tangents && !differs(this.sweeps.direction, tangent)) return;
    this.sweeps.direction.set(tangent);
    this.sweeps.forwardTangent();
    this.tangents = true;
  }

  private weighBy(cotangent: Float64Array): void {
    if (this.adjoints && !differs(this.sweeps.cotangent, cotangent)) return;
    this.sweeps.cotangent.set(cotangent);
    this.sweeps.backward();
    this.adjoints = true;
  }
}

/** A network at a point. */
export class NetworkPoint extends LinearizationPoint {
  constructor(private readonly network: NetworkSweeps) {
    super(network);
  }

  /** All samples go backwards together, once for each output. */
  jacobian(theta: Float64Array, outputsPerSample: number, out: Float64Array): void {
    const { cotangent } = this.network;
    const rows = cotangent.length;
    const trained = out.length / rows;
    this.moveTo(theta);
    this.adjoints = false;
    for (let k = 0; k < outputsPerSample; k++) {
      for (let i = 0; i < rows; i++) cotangent[i] = i % outputsPerSample === k ? 1 : 0;
      this.network.backward();
      for (let i = k; i < rows; i += outputsPerSample) {
        this.network.collectSample((i - k) / outputsPerSample, out.subarray(i * trained, (i + 1) * trained));
      }
    }
  }
}

/** Whether the first entries of `held` are not those of `given`; NaN differs from itself. */
function differs(held: Float64Array, given: Float64Array): boolean {
  for (let k = 0; k < given.length; k++) if (held[k] !== given[k]) return true;
  return false;
}
