/**
 * The Gauss–Newton part JᵀWJ of the Hessian of the training loss, W = ∂²ℒ/∂f²: all of it where the slopes of the loss vanish (an exact fit
 * of the square loss). Its trace and its Frobenius norm are those of the samples' n × n matrix WJJᵀ, exact and without iteration.
 */
import { gramOfRows } from '../numerics/dense';
import { dot } from '../numerics/vectors';
import type { Objective } from './objective';

/** Entries of J, and rows of it: JJᵀ is formed. */
const MOST_ENTRIES = 4e6;
const MOST_ROWS = 1024;

export class GaussNewton {
  readonly fits: boolean;
  private theta: Float64Array | null = null;
  private traceOnce: number | undefined;
  private frobeniusOnce: number | undefined;
  private jacobian: Float64Array | undefined;
  private readonly outputs: Float64Array;
  private moved = true;

  constructor(private readonly objective: Objective) {
    const { samples, outputsPerSample, parameterCount } = objective.model;
    const rows = samples * outputsPerSample;
    this.outputs = new Float64Array(rows);
    this.fits = rows <= MOST_ROWS && rows * parameterCount <= MOST_ENTRIES;
  }

  /** Moves to θ, which is kept: it must not change until the next move. */
  at(theta: Float64Array): void {
    this.theta = theta;
    this.moved = true;
    this.traceOnce = undefined;
    this.frobeniusOnce = undefined;
  }

  /** tr JᵀWJ = Σ_rs W_rs ⟨J_r, J_s⟩; NaN unless it fits. */
  trace(): number {
    return (this.traceOnce ??= this.fits ? this.computeTrace() : Number.NaN);
  }

  /** ‖JᵀWJ‖_F = √tr(WJJᵀ)²; NaN unless it fits. */
  frobenius(): number {
    return (this.frobeniusOnce ??= this.fits ? this.computeFrobenius() : Number.NaN);
  }

  private rows(): Float64Array {
    const { objective, outputs, theta } = this;
    const { model } = objective;
    this.jacobian ??= new Float64Array(outputs.length * model.parameterCount);
    if (this.moved && theta !== null) {
      model.jacobian(theta, this.jacobian);
      model.outputs(theta, outputs);
      this.moved = false;
    }
    return this.jacobian;
  }

  /** Row r of W has entries in the K outputs of its sample alone: column k of every sample's block at once. */
  private blockColumns(): Float64Array[] {
    const { outputs } = this;
    const { model, loss, targets } = this.objective;
    const width = model.outputsPerSample;
    return Array.from({ length: width }, (_, k) => {
      const unit = Float64Array.from(outputs, (_output, r) => (r % width === k ? 1 : 0));
      const column = new Float64Array(outputs.length);
      loss.secondTimes(outputs, targets, unit, column);
      return column;
    });
  }

  private computeTrace(): number {
    const jacobian = this.rows();
    const columns = this.blockColumns();
    const { parameterCount, outputsPerSample: width, samples } = this.objective.model;
    const row = (r: number): Float64Array => jacobian.subarray(r * parameterCount, (r + 1) * parameterCount);
    let sum = 0;
    for (let i = 0; i < samples; i++) {
      for (let k = 0; k < width; k++) {
        for (let l = 0; l < width; l++) {
          const weight = columns[l][i * width + k];
          if (weight !== 0) sum += weight * dot(row(i * width + k), row(i * width + l));
        }
      }
    }
    return sum;
  }

  private computeFrobenius(): number {
    const jacobian = this.rows();
    const columns = this.blockColumns();
    const { parameterCount, outputsPerSample: width } = this.objective.model;
    const rows = jacobian.length / parameterCount;
    const gram = new Float64Array(rows * rows);
    gramOfRows(jacobian, rows, parameterCount, gram);
    // M = W JJᵀ, and tr M².
    const product = new Float64Array(rows * rows);
    for (let r = 0; r < rows; r++) {
      const first = r - (r % width);
      for (let l = 0; l < width; l++) {
        const weight = columns[l][r];
        if (weight === 0) continue;
        for (let s = 0; s < rows; s++) product[r * rows + s] += weight * gram[(first + l) * rows + s];
      }
    }
    let sum = 0;
    for (let r = 0; r < rows; r++) for (let s = 0; s < rows; s++) sum += product[r * rows + s] * product[s * rows + r];
    return Math.sqrt(Math.max(0, sum));
  }
}
