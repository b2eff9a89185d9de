/**
 * Anderson acceleration of a fixed-point iteration x ← F(x) (Anderson 1965; Walker and Ni 2011):
 * of the last points the combination is taken whose residuals F(x) − x cancel best, and the next point is the same combination of their images.
 */
import { choleskyInPlace, choleskySolve } from './cholesky';
import { axpy, dot } from './vectors';

/** Differences of points that are remembered. */
const MEMORY = 8;
/** Relative to the trace of the normal equations: differences of late residuals are nearly dependent. */
const REGULARIZATION = 1e-10;
/** A residual that has grown to this many times the smallest so far ends the memory: the map is not linear enough there. */
const SAFEGUARD = 2;

export class Anderson {
  private readonly residual: Float64Array;
  private readonly lastResidual: Float64Array;
  private readonly lastImage: Float64Array;
  private readonly residuals: readonly Float64Array[];
  private readonly images: readonly Float64Array[];
  private readonly gram = new Float64Array(MEMORY * MEMORY);
  private readonly gamma = new Float64Array(MEMORY);
  private count = 0;
  private hasLast = false;
  private smallest = Infinity;

  constructor(size: number) {
    const vector = (): Float64Array => new Float64Array(size);
    [this.residual, this.lastResidual, this.lastImage] = [vector(), vector(), vector()];
    this.residuals = Array.from({ length: MEMORY }, vector);
    this.images = Array.from({ length: MEMORY }, vector);
  }

  /** Forgets all points: the map has changed. */
  forget(): void {
    this.count = 0;
    this.hasLast = false;
    this.smallest = Infinity;
  }

  /**
   * Overwrites x by the next point.
   * @param image F(x)
   */
  advance(x: Float64Array, image: Float64Array): void {
    const { residual, lastResidual, lastImage, residuals, images } = this;
    for (let i = 0; i < x.length; i++) residual[i] = image[i] - x[i];
    const length = Math.sqrt(dot(residual, residual));
    if (length > SAFEGUARD * this.smallest) this.forget();
    this.smallest = Math.min(this.smallest, length);
    if (this.hasLast) {
      const slot = this.count % MEMORY;
      for (let i = 0; i < x.length; i++) {
        residuals[slot][i] = residual[i] - lastResidual[i];
        images[slot][i] = image[i] - lastImage[i];
      }
      this.count++;
    }
    lastResidual.set(residual);
    lastImage.set(image);
    this.hasLast = true;
    x.set(image);
    this.combine(x, Math.min(this.count, MEMORY));
  }

  /** Subtracts from x the combination of differences that explains the residual best. */
  private combine(x: Float64Array, m: number): void {
    if (m === 0) return;
    const { residual, residuals, images, gram, gamma } = this;
    let trace = 0;
    for (let p = 0; p < m; p++) {
      for (let q = 0; q <= p; q++) gram[p * m + q] = dot(residuals[p], residuals[q]);
      trace += gram[p * m + p];
      gamma[p] = dot(residuals[p], residual);
    }
    for (let p = 0; p < m; p++) gram[p * m + p] += REGULARIZATION * trace;
    if (!choleskyInPlace(gram, m)) return;
    choleskySolve(gram, m, gamma);
    for (let p = 0; p < m; p++) axpy(-gamma[p], images[p], x);
  }
}
