/** A descent that lives where its model computes: parameters, gradient and velocity in the memory of the kernels, copied nowhere. */
import type { Sweeps } from './network-sweeps';

/** Sweeps whose memory also holds a descent. */
export interface ResidentSweeps extends Sweeps {
  /** Where `collect` works; given to it, nothing is copied. */
  readonly gradient: Float64Array;
  /** v ← βv − rate·g, θ ← θ + v with v in `direction`, for the first `count` parameters; without momentum θ ← θ − rate·g. */
  step(count: number, rate: number, momentum: number): number;
}

export class Residence {
  readonly parameters: Float64Array;
  readonly gradient: Float64Array;
  readonly velocity: Float64Array;

  /**
   * @param sweeps of its own: nobody else moves its parameters
   * @param start copied; the parameters that are trained, the first of all
   */
  constructor(
    private readonly sweeps: ResidentSweeps,
    start: Float64Array,
  ) {
    this.parameters = sweeps.theta.subarray(0, start.length);
    this.gradient = sweeps.gradient.subarray(0, start.length);
    this.velocity = sweeps.direction.subarray(0, start.length);
    this.parameters.set(start);
    this.velocity.fill(0);
  }

  /** out = f at `parameters`. */
  outputs(out: Float64Array): void {
    this.sweeps.forward();
    out.set(this.sweeps.outputs);
  }

  /** `gradient` = Σ c ∇f at `parameters`; after `outputs`. */
  pullback(cotangent: Float64Array): void {
    this.sweeps.cotangent.set(cotangent);
    this.sweeps.backward();
    this.sweeps.collect(this.gradient);
  }

  /** v ← βv − rate·g, θ ← θ + v. Returns ‖θ‖₂², or −1 where neither parameter nor velocity has changed. */
  step(rate: number, momentum: number): number {
    return this.sweeps.step(this.parameters.length, rate, momentum);
  }
}
