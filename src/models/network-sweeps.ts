/**
 * The four sweeps through a layered model on its data: values and tangents upwards, adjoints and their tangents downwards.
 * Each works on what lies in the arrays of the point and leaves what it computed for the next.
 */
export interface Layer {
  readonly inputs: number;
  readonly units: number;
  /** Offset of W (units × inputs) and of b (units; −1 without) in the full parameter vector. */
  readonly weight: number;
  readonly bias: number;
  readonly last: boolean;
  readonly residual: boolean;
}

export interface Sweeps {
  /** All parameters, trained or not; whoever changes them calls `forward` next. */
  readonly theta: Float64Array;
  /** Direction in the space of all parameters. */
  readonly direction: Float64Array;
  /** Weights of the outputs, samples × K. */
  readonly cotangent: Float64Array;
  /** Their tangents, for `collectTangent`. */
  readonly cotangentDot: Float64Array;
  /** f, samples × K, after `forward`. */
  readonly outputs: Float64Array;
  /** ⟨∇f, direction⟩ after `forwardTangent`. */
  readonly outputsDot: Float64Array;
  forward(): void;
  forwardTangent(): void;
  /** Adjoints of all layers for the cotangent; after `forward`. */
  backward(): void;
  /** out = Σ c ∇f of the first `out.length` parameters, after `backward`. */
  collect(out: Float64Array): void;
  /** out = Σ c_i ∇²f_i direction + Σ ċ_i ∇f_i, after `forwardTangent` and `backward`. */
  collectTangent(out: Float64Array): void;
}

/** Of a network, whose samples go through it side by side. */
export interface NetworkSweeps extends Sweeps {
  /** The part of `collect` that comes from sample i alone. */
  collectSample(i: number, out: Float64Array): void;
}
