/**
 * SGD on the square loss in the linear regime of a minimum that fits every sample. There ∇²ℓ_i = g_i g_iᵀ, H = (1/n) Σ g_i g_iᵀ, and the deviation δ from
 * the minimum follows δ⁺ = (I − η H_B) δ with H_B the mean of g_i g_iᵀ over a batch that is drawn anew in every step. Directions across all g_i never move, so
 * everything here lives in coordinates of their span in which H is diagonal.
 *
 * Second moments S = E δδᵀ follow S⁺ = M(S) = S − η(HS + SH) + η² D(S), D(S) = (1 − p) HSH + (p/n) Σ (g_iᵀSg_i) g_i g_iᵀ, where p = 1/B with
 * replacement in a batch and (n − B)/(B(n − 1)) without. M is symmetric and maps positive semidefinite matrices to such ones, so its spectral radius is its
 * largest eigenvalue ρ, with a positive semidefinite eigenvector Q: then E δ⁺ᵀQδ⁺ = ρ δᵀQδ whatever δ is.
 */
import { largestEigenvalue } from '../numerics/lanczos';
import { randomStream } from '../numerics/random';
import { symmetricEigen } from '../numerics/symmetric-eigen';

export interface FittedMinimum {
  readonly samples: number;
  /** r, the dimension of the span of all g_i. */
  readonly directions: number;
  /** Eigenvalues of H that are not 0, ascending. */
  readonly curvatures: Float64Array;
  /** Rows g_i in the eigenvectors of H: samples × directions. */
  readonly gradients: Float64Array;
  /** g_i is this times ∇f(x_i): 1 for the mean over the samples, √n for their sum. */
  readonly scale: number;
}

export interface Batches {
  readonly size: number;
  /** Whether one sample may be twice in a batch. */
  readonly replacement: boolean;
}

/** Rounding leaves eigenvalues of this share of the largest where there are none. */
const RANK_TOLERANCE = 1e-12;

/**
 * @param jacobian rows ∇f(x_i): samples × parameters
 * @param reduction of the loss
 */
export function fittedMinimum(jacobian: Float64Array, samples: number, parameters: number, reduction: 'mean' | 'sum'): FittedMinimum {
  const scale = reduction === 'mean' ? 1 : Math.sqrt(samples);
  const wide = parameters > samples;
  const size = wide ? samples : parameters;
  const gram = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      if (wide) for (let j = 0; j < parameters; j++) sum += jacobian[a * parameters + j] * jacobian[b * parameters + j];
      else for (let i = 0; i < samples; i++) sum += jacobian[i * parameters + a] * jacobian[i * parameters + b];
      gram[a * size + b] = (sum * scale * scale) / samples;
    }
  }
  const { values, vectors } = symmetricEigen(gram, size);
  const largest = size > 0 ? values[size - 1] : 0;
  const first = values.findIndex((value) => value > RANK_TOLERANCE * largest);
  const directions = first < 0 ? 0 : size - first;
  const gradients = new Float64Array(samples * directions);
  for (let k = 0; k < directions; k++) {
    const vector = vectors.subarray((first + k) * size, (first + k + 1) * size);
    for (let i = 0; i < samples; i++) {
      let value = 0;
      if (wide) value = Math.sqrt(samples * values[first + k]) * vector[i];
      else for (let j = 0; j < parameters; j++) value += scale * jacobian[i * parameters + j] * vector[j];
      gradients[i * directions + k] = value;
    }
  }
  return { samples, directions, curvatures: values.slice(Math.max(first, 0)), gradients, scale };
}

/** The deviation δ, in the coordinates of the minimum, that leaves these residuals e_i = f(x_i) − y_i. */
export function deviationOf(
  { samples, directions, curvatures, gradients, scale }: FittedMinimum,
  residuals: Float64Array,
  out: Float64Array,
): void {
  out.fill(0);
  for (let i = 0; i < samples; i++) {
    for (let k = 0; k < directions; k++) out[k] += gradients[i * directions + k] * residuals[i];
  }
  for (let k = 0; k < directions; k++) out[k] *= scale / (samples * curvatures[k]);
}

/** p: the share of single samples in the second moment of a batch. */
export function singleShare({ size, replacement }: Batches, samples: number): number {
  if (replacement) return 1 / size;
  return samples === 1 ? 0 : (samples - size) / (size * (samples - 1));
}

/** out = D(S) for a symmetric S, both directions × directions. */
function noisySquare(
  { samples, directions: r, curvatures: h, gradients }: FittedMinimum,
  p: number,
  s: Float64Array,
  out: Float64Array,
): void {
  for (let a = 0; a < r; a++) for (let b = 0; b < r; b++) out[a * r + b] = (1 - p) * h[a] * s[a * r + b] * h[b];
  if (p === 0) return;
  for (let i = 0; i < samples; i++) {
    const at = i * r;
    let form = 0;
    for (let a = 0; a < r; a++) {
      let row = 0;
      for (let b = 0; b < r; b++) row += s[a * r + b] * gradients[at + b];
      form += row * gradients[at + a];
    }
    const weight = (p / samples) * form;
    for (let a = 0; a < r; a++) {
      const part = weight * gradients[at + a];
      for (let b = 0; b < r; b++) out[a * r + b] += part * gradients[at + b];
    }
  }
}

const SEARCH = { residual: 1e-10, products: 300 };

/** The largest step at which second moments do not grow: 2/λ_max(C⁻¹D), C(S) = (HS + SH)/2. */
export function meanSquareThreshold(minimum: FittedMinimum, p: number): number {
  const { directions: r, curvatures: h } = minimum;
  const root = new Float64Array(r * r);
  for (let a = 0; a < r; a++) for (let b = 0; b < r; b++) root[a * r + b] = 1 / Math.sqrt((h[a] + h[b]) / 2);
  const scaled = new Float64Array(r * r);
  const apply = (s: Float64Array, out: Float64Array): void => {
    for (let k = 0; k < s.length; k++) scaled[k] = root[k] * s[k];
    noisySquare(minimum, p, scaled, out);
    for (let k = 0; k < s.length; k++) out[k] *= root[k];
  };
  return 2 / largestEigenvalue(r * r, apply, SEARCH).value;
}

export interface SecondMomentGrowth {
  /** ρ: second moments grow by this factor a step. */
  readonly factor: number;
  /** Q, positive semidefinite with trace 1, directions × directions. */
  readonly form: Float64Array;
  /** ‖M(Q) − ρQ‖ against ρ‖Q‖. */
  readonly residual: number;
}

/** out = M(S), what one step of size η makes of the second moments S, both directions × directions. */
export function secondMomentStep(minimum: FittedMinimum, p: number, stepSize: number): (s: Float64Array, out: Float64Array) => void {
  const { directions: r, curvatures: h } = minimum;
  return (s, out) => {
    noisySquare(minimum, p, s, out);
    for (let a = 0; a < r; a++) {
      for (let b = 0; b < r; b++) out[a * r + b] = s[a * r + b] * (1 - stepSize * (h[a] + h[b])) + stepSize ** 2 * out[a * r + b];
    }
  };
}

/** ρ and Q of the second moments at step size η. */
export function secondMomentGrowth(minimum: FittedMinimum, p: number, stepSize: number): SecondMomentGrowth {
  const { directions: r } = minimum;
  const apply = secondMomentStep(minimum, p, stepSize);
  // From the identity: what M makes of it is positive semidefinite, also where ρ is a multiple eigenvalue.
  const identity = new Float64Array(r * r);
  for (let a = 0; a < r; a++) identity[a * r + a] = 1;
  const { value, vector, residual } = largestEigenvalue(r * r, apply, { ...SEARCH, start: identity });
  let trace = 0;
  for (let a = 0; a < r; a++) trace += vector[a * r + a];
  return { factor: value, form: vector.map((entry) => entry / trace), residual };
}

/** Bounds on the step that are simpler than the exact threshold. Infinity where there is none. */
export interface StepBounds {
  /** 2/λ_max(H): gradient descent. */
  readonly gradientDescent: number;
  /** λ_max{(I − ηH)² + η²pΣ} ≤ 1, Σ = (1/n) Σ (g_i g_iᵀ)² − H²: E‖δ⁺‖² ≤ ‖δ‖² for every δ. Sufficient. */
  readonly contraction: number;
  /** min(2/λ_max(H), 1/(√p s)), s² = λ_max(Σ): necessary for the contraction, not for stability. */
  readonly nonUniformity: number;
  /** s. */
  readonly uniformity: number;
  /** ⟨I, C(I)⟩ ≥ (η/2)⟨I, D(I)⟩. Necessary. */
  readonly isotropic: number;
  /** 2/tr H. */
  readonly trace: number;
  /** κ, the least of tr(HΣ_g)/(2ℒ) over all δ, Σ_g the centred covariance of the gradients of single samples: E ℒ⁺ ≥ η²p κ ℒ. */
  readonly alignment: number;
  /** 1/√(pκ). Necessary. */
  readonly frobenius: number;
}

export function stepBounds({ samples: n, directions: r, curvatures: h, gradients: g }: FittedMinimum, p: number): StepBounds {
  const fourth = new Float64Array(r * r);
  const aligned = new Float64Array(r * r);
  let meanFourth = 0;
  for (let i = 0; i < n; i++) {
    let square = 0;
    let curved = 0;
    for (let a = 0; a < r; a++) {
      square += g[i * r + a] ** 2;
      curved += h[a] * g[i * r + a] ** 2;
    }
    meanFourth += square ** 2 / n;
    for (let a = 0; a < r; a++) {
      for (let b = 0; b < r; b++) {
        const product = (g[i * r + a] * g[i * r + b]) / n;
        fourth[a * r + b] += square * product;
        aligned[a * r + b] += curved * product;
      }
    }
  }
  const noise = fourth.slice();
  for (let a = 0; a < r; a++) {
    noise[a * r + a] -= h[a] ** 2;
    aligned[a * r + a] -= h[a] ** 3;
  }
  const whitened = (matrix: Float64Array): Float64Array => matrix.map((value, k) => value / Math.sqrt(h[Math.floor(k / r)] * h[k % r]));
  const contracted = noise.map((value, k) => p * value + (k % (r + 1) === 0 ? h[k % r] ** 2 : 0));
  const largest = (matrix: Float64Array): number => symmetricEigen(matrix, r).values[r - 1];
  const uniformity = Math.sqrt(Math.max(0, largest(noise)));
  const alignment = Math.max(0, symmetricEigen(whitened(aligned), r).values[0]);
  const trace = h.reduce((sum, value) => sum + value, 0);
  const squares = h.reduce((sum, value) => sum + value ** 2, 0);
  const gradientDescent = 2 / h[r - 1];
  return {
    gradientDescent,
    contraction: 2 / largest(whitened(contracted)),
    nonUniformity: Math.min(gradientDescent, 1 / (Math.sqrt(p) * uniformity)),
    uniformity,
    isotropic: (2 * trace) / ((1 - p) * squares + p * meanFourth),
    trace: 2 / trace,
    alignment,
    frobenius: 1 / Math.sqrt(p * alignment),
  };
}

export interface LyapunovExponent {
  /** λ: the almost sure limit of ln‖δ_t‖/t. */
  readonly exponent: number;
  /** Standard error of it. */
  readonly error: number;
  /** σ: ln‖δ_T‖/T of a run of T steps has a standard deviation of about σ/√T. */
  readonly spread: number;
}

/** Steps that are thrown away, until the direction has forgotten the start. */
const WARM_UP = 1000;
const BLOCKS = 40;
/** Products with g_i in one estimate: some tens of milliseconds. */
const WORK = 1e6;

/** By simulation of the linear regime, with a random stream of its own; the error is from means over blocks. */
export function lyapunovExponent(minimum: FittedMinimum, batches: Batches, stepSize: number): LyapunovExponent {
  const { samples, directions: r, gradients: g } = minimum;
  const stream = randomStream(0, 'lyapunov');
  const size = Math.min(batches.size, samples);
  const order = Int32Array.from({ length: samples }, (_, i) => i);
  const delta = Float64Array.from({ length: r }, () => stream.gaussian());
  const change = new Float64Array(r);
  /** One step; returns ln of the growth of ‖δ‖, which is set back to 1. */
  const step = (): number => {
    change.fill(0);
    for (let k = 0; k < size; k++) {
      let i = stream.integer(samples - (batches.replacement ? 0 : k));
      if (!batches.replacement) {
        // A partial shuffle: the first k places hold what is drawn already.
        const at = k + i;
        i = order[at];
        order[at] = order[k];
        order[k] = i;
      }
      let slope = 0;
      for (let a = 0; a < r; a++) slope += g[i * r + a] * delta[a];
      for (let a = 0; a < r; a++) change[a] += slope * g[i * r + a];
    }
    let square = 0;
    for (let a = 0; a < r; a++) {
      delta[a] -= (stepSize / size) * change[a];
      square += delta[a] ** 2;
    }
    const length = Math.sqrt(square);
    for (let a = 0; a < r; a++) delta[a] /= length;
    return Math.log(length);
  };
  for (let t = 0; t < WARM_UP; t++) step();
  const block = Math.max(50, Math.round(WORK / (BLOCKS * size * r)));
  const means = Array.from({ length: BLOCKS }, () => {
    let sum = 0;
    for (let t = 0; t < block; t++) sum += step();
    return sum / block;
  });
  const exponent = means.reduce((sum, mean) => sum + mean, 0) / BLOCKS;
  const variance = means.reduce((sum, mean) => sum + (mean - exponent) ** 2, 0) / (BLOCKS - 1);
  return { exponent, error: Math.sqrt(variance / BLOCKS), spread: Math.sqrt(variance * block) };
}
