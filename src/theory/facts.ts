/** Facts about the data that several results ask for; each is computed once, when first asked. */
import type { Dataset } from '../data/dataset';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { gramOfColumns, gramOfRows } from '../numerics/dense';
import { norm2 } from '../numerics/vectors';
import type { Model } from '../models/model';
import { maxMargin, type MaxMargin } from '../solvers/max-margin';
import { minimumNorm } from '../solvers/minimum-norm';
import { SolverError } from '../solvers/reference-problem';

export interface Spectrum {
  /** Largest eigenvalue of X̃ᵀX̃. */
  readonly largest: number;
  /** Smallest non-zero eigenvalue of X̃ᵀX̃. */
  readonly smallestPositive: number;
  readonly rank: number;
}

/** Neither a separating direction nor a vanishing combination exists to rounding: the data is too badly scaled to tell. */
export interface Undecided {
  readonly separable: null;
  readonly because: string;
}

export class Facts {
  private separabilityOnce: MaxMargin | Undecided | undefined;
  private spectrumOnce: Spectrum | undefined;
  private residualOnce: number | undefined;

  constructor(
    readonly model: Model,
    readonly data: Dataset,
  ) {}

  /** Rows x̃_i the model is linear in; throws for models that are not linear in x. */
  get inputs(): Float64Array {
    if (this.model.inputs === undefined) throw new Error(`The model ${this.model.kind} is not linear in x.`);
    return this.model.inputs;
  }

  /** Length of a row x̃_i. */
  get width(): number {
    return this.inputs.length / this.data.samples;
  }

  /** Rows z_i = y_i x̃_i. */
  signedInputs(): Float64Array {
    const z = Float64Array.from(this.inputs);
    const { y, samples } = this.data;
    for (let i = 0; i < samples; i++) for (let j = 0; j < this.width; j++) z[i * this.width + j] *= y[i];
    return z;
  }

  /** Hard-margin separation through the origin, or a combination that forbids it. */
  separability(): MaxMargin | Undecided {
    this.separabilityOnce ??= decideSeparability(this.signedInputs(), this.data.samples, this.width);
    return this.separabilityOnce;
  }

  spectrum(): Spectrum {
    this.spectrumOnce ??= computeSpectrum(this.inputs, this.data.samples, this.width);
    return this.spectrumOnce;
  }

  /** ‖Xw − y‖₂ / ‖y‖₂ of the least-squares solution: 0 where the data can be interpolated. */
  relativeResidual(): number {
    this.residualOnce ??= relativeResidual(this.inputs, this.data, this.width);
    return this.residualOnce;
  }

  /** Whether X̃w = y has a solution, up to rounding. */
  get consistent(): boolean {
    return this.relativeResidual() <= CONSISTENT;
  }
}

/** Residual that rounding alone can leave on a system of condition up to 10⁶. */
export const CONSISTENT = 1e-9;

function decideSeparability(z: Float64Array, samples: number, width: number): MaxMargin | Undecided {
  try {
    return maxMargin(z, samples, width);
  } catch (error) {
    if (error instanceof SolverError) return { separable: null, because: error.message };
    throw error;
  }
}

function computeSpectrum(x: Float64Array, rows: number, columns: number): Spectrum {
  const n = Math.min(rows, columns);
  const gram = new Float64Array(n * n);
  if (rows <= columns) gramOfRows(x, rows, columns, gram);
  else gramOfColumns(x, rows, columns, gram);
  const { values } = symmetricEigen(gram, n);
  const largest = Math.max(values[n - 1], 0);
  // An eigenvalue of the Gram matrix carries an absolute rounding error of n ε λ_max.
  const positive = values.filter((value) => value > n * Number.EPSILON * largest * 4);
  return { largest, smallestPositive: positive.length > 0 ? positive[0] : 0, rank: positive.length };
}

/** ‖Xw − y‖₂ / ‖y‖₂ of the least-squares solution, X of `width` columns. */
export function relativeResidual(x: Float64Array, data: Dataset, width: number): number {
  const { point } = minimumNorm(x, data.y, data.samples, width, new Float64Array(width));
  const residual = Float64Array.from(data.y, (y) => -y);
  for (let i = 0; i < data.samples; i++) for (let j = 0; j < width; j++) residual[i] += x[i * width + j] * point[j];
  return norm2(residual) / (norm2(data.y) || 1);
}
