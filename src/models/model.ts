/**
 * A model bound to the inputs of a dataset: f_θ(x_i) for all samples i at once.
 * One flat parameter vector θ; no method allocates; inputs are not checked here.
 */
import type { Residence } from './residence';

export interface ParameterBlock {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly offset: number;
}

/** Hidden units σ(z) = z for z > 0 and slope · z else. */
export interface Kinks {
  readonly slope: number;
  /** Layers of such units between input and output. */
  readonly hiddenLayers: number;
}

export interface Model {
  readonly kind: string;
  readonly parameterCount: number;
  readonly samples: number;
  readonly features: number;
  /** Outputs K of one sample; every vector over outputs has samples × K entries, row-major. */
  readonly outputsPerSample: number;
  /** In the order of the contract; they partition θ. */
  readonly blocks: readonly ParameterBlock[];
  /** Degree of homogeneity in θ, null when it is not homogeneous. */
  readonly degree: number | null;
  /** Present where the outputs have kinks in θ: units that are linear on both sides of 0. */
  readonly kinks?: Kinks;
  /** Hidden units of a feed-forward network: the p of σ(cz) = c^pσ(z), null when there is none, and whether layers are skipped. */
  readonly units?: { readonly degree: number | null; readonly residual: boolean };
  /** The models that a sum adds up, each with where its parameters begin. */
  readonly terms?: readonly { readonly model: Model; readonly offset: number }[];
  /** out_i = f_θ(x_i); out has samples × K entries. */
  outputs(theta: Float64Array, out: Float64Array): void;
  /** out = Σ_i c_i ∇_θ f_θ(x_i); out has `parameterCount` entries. */
  pullback(theta: Float64Array, cotangent: Float64Array, out: Float64Array): void;
  /** out_i = ⟨∇_θ f_θ(x_i), v⟩. */
  pushforward(theta: Float64Array, tangent: Float64Array, out: Float64Array): void;
  /** out = Σ_i c_i ∇²_θ f_θ(x_i) v. */
  curvature(theta: Float64Array, cotangent: Float64Array, tangent: Float64Array, out: Float64Array): void;
  /**
   * Both halves of a product with the Hessian of a loss at once: out = Σ_i c_i ∇²_θ f_θ(x_i) v + Σ_i ċ_i ∇_θ f_θ(x_i),
   * the derivative of `pullback` along v in θ and ċ in c. Present where that is cheaper than `curvature` and `pullback`.
   */
  pullbackTangent?(
    theta: Float64Array,
    cotangent: Float64Array,
    cotangentDot: Float64Array,
    tangent: Float64Array,
    out: Float64Array,
  ): void;
  /** Diagonal of Σ_i c_i ∇²_θ f_θ(x_i) where that matrix is diagonal; absent where it is not. */
  curvatureDiagonal?(theta: Float64Array, cotangent: Float64Array, out: Float64Array): void;
  /** Rows ∇_θ f_θ(x_i): (samples × K) × parameterCount, row-major. */
  jacobian(theta: Float64Array, out: Float64Array): void;
  /**
   * For a model that is linear in x: the rows x̃_i with f_θ(x_i) = β(θ)·x̃_i;
   * x̃ = x, or (x, 1) with a bias.
   */
  readonly inputs?: Float64Array;
  /** β(θ) of a model that is linear in x (K × `inputs.length / samples` entries, row-major), else absent. */
  predictor?(theta: Float64Array, out: Float64Array): void;
  /** The other half of the chain rule, present with `predictor`: out = (∂β/∂θ)ᵀ z, so that Σ_i c_i ∇f_i = it at z = Σ_i c_i x̃_i. */
  pullbackPredictor?(theta: Float64Array, z: Float64Array, out: Float64Array): void;
  /** Outputs on other inputs (rows × features, row-major), for instance test samples. They are known by the array: its entries may not change later. */
  outputsOn(theta: Float64Array, x: Float64Array, rows: number, out: Float64Array): void;
  /** A place in the kernels' memory for a descent from θ(0) = start; absent where outputs and gradients are not computed there, null where it has no room. */
  settle?(start: Float64Array): Residence | null;
}
