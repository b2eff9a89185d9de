/**
 * Solves with σI + H, where H is the Hessian of ℒ (or of ln ℒ) in the parameters:
 * H = AᵀMA + C with A the Jacobian of the outputs (m × P), M = ∂²ℒ/∂f² (for ln ℒ: ∂²ℒ/∂f²/ℒ − ggᵀ), C = Σ_i g_i ∇²f_i.
 * Where C is diagonal and m < P, by the Woodbury identity in m × m; else densely in P × P.
 */
import { luInPlace, luSolve } from '../numerics/lu';
import type { Objective } from './objective';

export interface Linearization {
  linearize(theta: Float64Array): void;
  factor(shift: number): boolean;
  solve(b: Float64Array): void;
}

/** Largest matrix that is factored in every step. */
const LARGEST_LOW_RANK = 1200;
const LARGEST_DENSE = 400;
/** Entries of the Jacobian that are kept. */
const LARGEST_JACOBIAN = 2e7;

/** Null when both forms are too large: then only an explicit method is affordable. */
export function createLinearization(objective: Objective, logarithmic: boolean): Linearization | null {
  const { model } = objective;
  const outputs = model.samples * model.outputsPerSample;
  if (outputs * model.parameterCount > LARGEST_JACOBIAN) return null;
  if (model.curvatureDiagonal !== undefined && outputs < model.parameterCount && outputs <= LARGEST_LOW_RANK) {
    return new LowRankLinearization(objective, logarithmic);
  }
  return model.parameterCount <= LARGEST_DENSE ? new DenseLinearization(objective, logarithmic) : null;
}

/** A, M and g at one θ. M is block-diagonal: one K × K block a sample. */
class Derivatives {
  /** Entries of the vector of all outputs. */
  readonly outputs: number;
  readonly jacobian: Float64Array;
  readonly slope: Float64Array;
  private readonly values: Float64Array;
  /** Column c of every sample's block of ∂²ℒ/∂f², one after the other: K vectors over the outputs. */
  private readonly blocks: readonly Float64Array[];
  private readonly pattern: Float64Array;

  constructor(
    private readonly objective: Objective,
    private readonly logarithmic: boolean,
  ) {
    const { samples, outputsPerSample, parameterCount } = objective.model;
    this.outputs = samples * outputsPerSample;
    this.jacobian = new Float64Array(this.outputs * parameterCount);
    this.slope = new Float64Array(this.outputs);
    this.values = new Float64Array(this.outputs);
    this.blocks = Array.from({ length: outputsPerSample }, () => new Float64Array(this.outputs));
    this.pattern = new Float64Array(this.outputs);
  }

  refresh(theta: Float64Array): void {
    const { model, loss, targets } = this.objective;
    const { values, slope, pattern, blocks, logarithmic } = this;
    model.outputs(theta, values);
    if (logarithmic) loss.logDerivative(values, targets, slope);
    else loss.derivative(values, targets, slope);
    model.jacobian(theta, this.jacobian);
    for (let c = 0; c < blocks.length; c++) {
      for (let i = 0; i < pattern.length; i++) pattern[i] = i % blocks.length === c ? 1 : 0;
      if (logarithmic) loss.logSecondTimes(values, targets, pattern, blocks[c]);
      else loss.secondTimes(values, targets, pattern, blocks[c]);
    }
  }

  /** out (m × k) = M b. */
  applyWeights(b: Float64Array, k: number, out: Float64Array): void {
    const { slope, blocks, outputs, logarithmic } = this;
    const classes = blocks.length;
    out.fill(0);
    for (let i = 0; i < outputs; i++) {
      const first = i - (i % classes);
      for (let c = 0; c < classes; c++) {
        const weight = blocks[c][i];
        if (weight === 0) continue;
        for (let j = 0, to = i * k, from = (first + c) * k; j < k; j++) out[to + j] += weight * b[from + j];
      }
    }
    if (!logarithmic) return;
    // − g (gᵀb), one column at a time.
    for (let j = 0; j < k; j++) {
      let projection = 0;
      for (let i = 0; i < outputs; i++) projection += slope[i] * b[i * k + j];
      for (let i = 0; i < outputs; i++) out[i * k + j] -= slope[i] * projection;
    }
  }
}

class LowRankLinearization implements Linearization {
  private readonly at: Derivatives;
  private readonly diagonal: Float64Array;
  private readonly inverse: Float64Array;
  private readonly kernel: Float64Array;
  private readonly factors: Float64Array;
  private readonly product: Float64Array;
  private readonly pivots: Int32Array;
  private readonly small: Float64Array;
  private readonly scaled: Float64Array;

  constructor(
    private readonly objective: Objective,
    logarithmic: boolean,
  ) {
    const size = objective.model.parameterCount;
    this.at = new Derivatives(objective, logarithmic);
    const n = this.at.outputs;
    this.diagonal = new Float64Array(size);
    this.inverse = new Float64Array(size);
    this.kernel = new Float64Array(n * n);
    this.factors = new Float64Array(n * n);
    this.product = new Float64Array(n);
    this.pivots = new Int32Array(n);
    this.small = new Float64Array(n);
    this.scaled = new Float64Array(size);
  }

  linearize(theta: Float64Array): void {
    this.at.refresh(theta);
    this.objective.model.curvatureDiagonal?.(theta, this.at.slope, this.diagonal);
  }

  /** With D = σI + C: (D + AᵀMA)⁻¹ = D⁻¹ − D⁻¹Aᵀ (I + M A D⁻¹Aᵀ)⁻¹ M A D⁻¹. */
  factor(shift: number): boolean {
    const n = this.at.outputs;
    const size = this.objective.model.parameterCount;
    const { inverse, diagonal, kernel, scaled } = this;
    const a = this.at.jacobian;
    for (let j = 0; j < size; j++) {
      const d = shift + diagonal[j];
      if (!(Math.abs(d) > 1e-300)) return false;
      inverse[j] = 1 / d;
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0, row = i * size; j < size; j++) scaled[j] = a[row + j] * inverse[j];
      for (let k = 0; k <= i; k++) {
        let sum = 0;
        for (let j = 0, row = k * size; j < size; j++) sum += scaled[j] * a[row + j];
        kernel[i * n + k] = sum;
        kernel[k * n + i] = sum;
      }
    }
    this.at.applyWeights(kernel, n, this.factors);
    for (let i = 0; i < n; i++) this.factors[i * n + i] += 1;
    return luInPlace(this.factors, n, this.pivots);
  }

  solve(b: Float64Array): void {
    const n = this.at.outputs;
    const size = this.objective.model.parameterCount;
    const { inverse, small, product } = this;
    const a = this.at.jacobian;
    for (let j = 0; j < size; j++) b[j] *= inverse[j];
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0, row = i * size; j < size; j++) sum += a[row + j] * b[j];
      product[i] = sum;
    }
    this.at.applyWeights(product, 1, small);
    luSolve(this.factors, n, this.pivots, small);
    for (let i = 0; i < n; i++) {
      const weight = small[i];
      for (let j = 0, row = i * size; j < size; j++) b[j] -= inverse[j] * a[row + j] * weight;
    }
  }
}

class DenseLinearization implements Linearization {
  private readonly at: Derivatives;
  private readonly hessian: Float64Array;
  private readonly factors: Float64Array;
  private readonly pivots: Int32Array;
  private readonly weighted: Float64Array;
  private readonly unit: Float64Array;
  private readonly column: Float64Array;

  constructor(
    private readonly objective: Objective,
    logarithmic: boolean,
  ) {
    const size = objective.model.parameterCount;
    this.at = new Derivatives(objective, logarithmic);
    const n = this.at.outputs;
    this.hessian = new Float64Array(size * size);
    this.factors = new Float64Array(size * size);
    this.pivots = new Int32Array(size);
    this.weighted = new Float64Array(n * size);
    this.unit = new Float64Array(size);
    this.column = new Float64Array(size);
  }

  linearize(theta: Float64Array): void {
    const { at, hessian, weighted, unit, column } = this;
    const { model } = this.objective;
    const n = at.outputs;
    const size = model.parameterCount;
    at.refresh(theta);
    at.applyWeights(at.jacobian, size, weighted);
    hessian.fill(0);
    for (let i = 0; i < n; i++) {
      const row = i * size;
      for (let p = 0; p < size; p++) {
        const value = at.jacobian[row + p];
        if (value === 0) continue;
        // AᵀMA is symmetric: its lower half is enough.
        for (let q = 0, to = p * size; q <= p; q++) hessian[to + q] += value * weighted[row + q];
      }
    }
    for (let p = 0; p < size; p++) for (let q = 0; q < p; q++) hessian[q * size + p] = hessian[p * size + q];
    if (model.curvatureDiagonal !== undefined) {
      model.curvatureDiagonal(theta, at.slope, column);
      for (let p = 0; p < size; p++) hessian[p * size + p] += column[p];
      return;
    }
    for (let p = 0; p < size; p++) {
      unit[p] = 1;
      model.curvature(theta, at.slope, unit, column);
      unit[p] = 0;
      for (let q = 0; q < size; q++) hessian[q * size + p] += column[q];
    }
  }

  factor(shift: number): boolean {
    const size = this.objective.model.parameterCount;
    this.factors.set(this.hessian);
    for (let p = 0; p < size; p++) this.factors[p * size + p] += shift;
    return luInPlace(this.factors, size, this.pivots);
  }

  solve(b: Float64Array): void {
    luSolve(this.factors, this.objective.model.parameterCount, this.pivots, b);
  }
}
