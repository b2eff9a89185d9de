/**
 * The margins that a classifier must make positive, as combinations of its outputs: q_i = y_i f(x_i) with labels ±1, and
 * q_(i,k) = f_y(x_i) − f_k(x_i) for every other class k with K outputs (Lyu & Li 2020, appendix F).
 */
export class MarginConstraints {
  /** Number of margins: n, or n(K − 1). */
  readonly count: number;

  /** @param targets one a sample: ±1 with one output, classes 0 … K−1 with K */
  constructor(
    readonly outputsPerSample: number,
    readonly targets: Float64Array,
  ) {
    this.count = targets.length * Math.max(1, outputsPerSample - 1);
  }

  sampleOf(k: number): number {
    return this.outputsPerSample === 1 ? k : Math.floor(k / (this.outputsPerSample - 1));
  }

  /** The class that competes in margin k; −1 with one output. */
  private rivalOf(k: number): number {
    if (this.outputsPerSample === 1) return -1;
    const rival = k % (this.outputsPerSample - 1);
    return rival < this.targets[this.sampleOf(k)] ? rival : rival + 1;
  }

  /** Coefficient of the sample's output c in margin k. */
  coefficient(k: number, c: number): number {
    const target = this.targets[this.sampleOf(k)];
    if (this.outputsPerSample === 1) return target;
    return c === target ? 1 : c === this.rivalOf(k) ? -1 : 0;
  }

  /** out_k = q_k. */
  values(outputs: Float64Array, out: Float64Array): void {
    this.rows(outputs, 1, out);
  }

  /** out (count × width) from one row of `width` numbers an output, for instance Jacobian rows: ∇q_k from ∇f. */
  rows(perOutput: Float64Array, width: number, out: Float64Array): void {
    const classes = this.outputsPerSample;
    for (let k = 0; k < this.count; k++) {
      const first = this.sampleOf(k) * classes;
      const to = k * width;
      const plus = (classes === 1 ? first : first + this.targets[this.sampleOf(k)]) * width;
      const sign = classes === 1 ? this.targets[k] : 1;
      for (let j = 0; j < width; j++) out[to + j] = sign * perOutput[plus + j];
      if (classes === 1) continue;
      const minus = (first + this.rivalOf(k)) * width;
      for (let j = 0; j < width; j++) out[to + j] -= perOutput[minus + j];
    }
  }
}

/** min_k q_k / ‖θ‖^L, the normalized margin of a homogeneous model. */
export function parameterMargin(constraints: MarginConstraints, outputs: Float64Array, parameterNorm: number, degree: number): number {
  const { outputsPerSample: classes, targets } = constraints;
  let smallest = Infinity;
  for (let i = 0; i < targets.length; i++) {
    if (classes === 1) {
      smallest = Math.min(smallest, targets[i] * outputs[i]);
      continue;
    }
    for (let c = 0; c < classes; c++) {
      if (c !== targets[i]) smallest = Math.min(smallest, outputs[i * classes + targets[i]] - outputs[i * classes + c]);
    }
  }
  return smallest / Math.pow(parameterNorm, degree);
}

/**
 * Smoothed normalized margin ℓ⁻¹(ℒ)/‖θ‖^L of the summed loss ℒ (Lyu & Li 2020, definition (3) and appendix F): −ln ℒ for the
 * exponential loss, −ln(e^ℒ − 1) for the logistic loss and cross-entropy. NaN until ℒ < ℓ(0), before which it says nothing.
 * @param logTotal ln ℒ of the summed loss
 */
export function smoothedMargin(exponential: boolean, logTotal: number, parameterNorm: number, degree: number): number {
  if (!(logTotal < logThreshold(exponential))) return Number.NaN;
  const total = Math.exp(logTotal);
  // ln(e^ℒ − 1) = ln ℒ + ln((e^ℒ − 1)/ℒ).
  const inverse = exponential || total === 0 ? -logTotal : -logTotal - Math.log(Math.expm1(total) / total);
  return inverse / Math.pow(parameterNorm, degree);
}

/** ln ℓ(0): the summed loss must fall below ℓ(0) before anything is known of the margin. */
export function logThreshold(exponential: boolean): number {
  return exponential ? 0 : Math.log(Math.LN2);
}
