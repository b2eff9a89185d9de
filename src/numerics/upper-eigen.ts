/**
 * The eigenpairs of a symmetric matrix above a bound, where these are few: Householder tridiagonalisation whose orthogonal factor is not
 * formed, all eigenvalues by QL, the wanted vectors by inverse iteration (Golub and Van Loan, Matrix Computations, sections 8.2 and 8.3;
 * Ipsen, SIAM Review 39 (1997) 254–291), each orthogonal to those before. A third of the work of all pairs where none is wanted,
 * and a few products of length n² for each that is. Where a vector's residual is more than rounding, and where half of all are wanted,
 * all pairs are computed instead.
 */
import { symmetricEigen, tridiagonalEigenvalues, unitOf } from './symmetric-eigen';
import { axpy, dot } from './vectors';

/** Inverse iterations: from a start that is not almost orthogonal to the vector, one brings it to rounding. */
const TURNS = 3;

export class UpperEigen {
  /** How many were found. */
  count = 0;
  /** The first `count` entries, descending. */
  readonly values: Float64Array;
  /** Row k is the unit eigenvector of values[k]. */
  readonly vectors: Float64Array;
  private readonly matrix: Float64Array;
  /** Row k: the vector u of the reflection I − βuuᵀ that clears column k below its subdiagonal. */
  private readonly reflectors: Float64Array;
  private readonly betas: Float64Array;
  private readonly image: Float64Array;
  private readonly diagonal: Float64Array;
  /** beside[i] stands between i − 1 and i. */
  private readonly beside: Float64Array;
  private readonly spectrum: Float64Array;
  private readonly solver: ShiftedTridiagonal;

  constructor(private readonly n: number) {
    const vector = (): Float64Array => new Float64Array(n);
    const square = (): Float64Array => new Float64Array(n * n);
    [this.vectors, this.matrix, this.reflectors] = [square(), square(), square()];
    [this.values, this.betas, this.image, this.diagonal, this.beside, this.spectrum] = Array.from({ length: 6 }, vector);
    this.solver = new ShiftedTridiagonal(n);
  }

  /**
   * Finds the pairs with eigenvalue > bound.
   * @param a n × n, of which the lower triangle is read
   * @throws RangeError when an entry is not finite
   */
  find(a: Float64Array, bound: number): void {
    const { n, diagonal, beside, spectrum, values } = this;
    const unit = this.take(a);
    this.tridiagonalise();
    spectrum.set(diagonal);
    this.image.set(beside);
    if (!tridiagonalEigenvalues(spectrum, this.image, n)) throw new RangeError('UpperEigen: expected finite entries');
    spectrum.sort();
    let count = 0;
    while (count < n && spectrum[n - 1 - count] * unit > bound) count++;
    if (2 * count >= n) {
      this.findAll(a, bound);
      return;
    }
    let size = 0;
    for (let i = 0; i < n; i++)
      size = Math.max(size, Math.abs(diagonal[i]) + Math.abs(beside[i]) + (i + 1 < n ? Math.abs(beside[i + 1]) : 0));
    for (let k = 0; k < count; k++) {
      values[k] = spectrum[n - 1 - k];
      if (!this.invert(k, size)) {
        this.findAll(a, bound);
        return;
      }
    }
    for (let k = 0; k < count; k++) {
      values[k] *= unit;
      this.reflect(this.vectors.subarray(k * n, (k + 1) * n));
    }
    this.count = count;
  }

  /** The lower triangle in a unit of its size, which is returned. */
  private take(a: Float64Array): number {
    const { n, matrix } = this;
    const unit = unitOf(a, n);
    for (let i = 0; i < n; i++) for (let j = 0, at = i * n; j <= i; j++, at++) matrix[at] = a[at] / unit;
    return unit;
  }

  private findAll(a: Float64Array, bound: number): void {
    const { n } = this;
    const all = symmetricEigen(a, n);
    let count = 0;
    for (; count < n && all.values[n - 1 - count] > bound; count++) {
      const from = n - 1 - count;
      this.values[count] = all.values[from];
      this.vectors.set(all.vectors.subarray(from * n, (from + 1) * n), count * n);
    }
    this.count = count;
  }

  /** The matrix becomes tridiagonal, column by column; its lower triangle is worked on. */
  private tridiagonalise(): void {
    const { n, matrix, reflectors, betas, image, diagonal, beside } = this;
    beside[0] = 0;
    for (let k = 0; k < n; k++) {
      diagonal[k] = matrix[k * n + k];
      if (k + 1 >= n) return;
      const u = reflectors.subarray(k * n, (k + 1) * n);
      let largest = 0;
      for (let i = k + 1; i < n; i++) {
        u[i] = matrix[i * n + k];
        largest = Math.max(largest, Math.abs(u[i]));
      }
      let below = 0;
      for (let i = k + 2; i < n; i++) {
        const ratio = largest > 0 ? u[i] / largest : 0;
        below += ratio * ratio;
      }
      betas[k] = 0;
      beside[k + 1] = u[k + 1];
      if (below === 0) continue;
      const head = u[k + 1] / largest;
      const length = largest * Math.sqrt(below + head * head);
      const alpha = head > 0 ? -length : length;
      beside[k + 1] = alpha;
      u[k + 1] -= alpha;
      // uᵀu = 2 alpha(alpha − head), and β = 2/uᵀu.
      const beta = -1 / (alpha * u[k + 1]);
      betas[k] = beta;
      this.update(k + 1, u, beta, image);
    }
  }

  /** B ← (I − βuuᵀ)B(I − βuuᵀ) for the block from `from` on: B − uwᵀ − wuᵀ with w = βBu − ½β²(uᵀBu)u. */
  private update(from: number, u: Float64Array, beta: number, w: Float64Array): void {
    const { n, matrix } = this;
    w.fill(0, from);
    for (let i = from; i < n; i++) {
      const row = i * n;
      const ui = u[i];
      let sum = 0;
      for (let j = from; j < i; j++) {
        const value = matrix[row + j];
        sum += value * u[j];
        w[j] += value * ui;
      }
      w[i] += sum + matrix[row + i] * ui;
    }
    let product = 0;
    for (let i = from; i < n; i++) {
      w[i] *= beta;
      product += w[i] * u[i];
    }
    const half = 0.5 * beta * product;
    for (let i = from; i < n; i++) w[i] -= half * u[i];
    for (let i = from; i < n; i++) {
      const row = i * n;
      const ui = u[i];
      const wi = w[i];
      for (let j = from; j <= i; j++) matrix[row + j] -= ui * w[j] + wi * u[j];
    }
  }

  /** The vector of the tridiagonal matrix to values[k]; false where it does not come out. */
  private invert(k: number, size: number): boolean {
    const { n, values, vectors, diagonal, beside, solver, image } = this;
    const v = vectors.subarray(k * n, (k + 1) * n);
    solver.factorize(diagonal, beside, values[k], size);
    // Entries between ½ and 3/2 that have nothing to do with the matrix, others for every k.
    for (let i = 0; i < n; i++) v[i] = 0.5 + (((i + 1) * 0.6180339887498949 + (k + 1) * (i + 1) * 0.7548776662466927) % 1);
    for (let turn = 0; turn < TURNS; turn++) {
      if (turn > 0) solver.solve(v);
      for (let pass = 0; pass < 2; pass++) {
        for (let other = 0; other < k; other++) {
          const before = vectors.subarray(other * n, (other + 1) * n);
          axpy(-dot(before, v), before, v);
        }
      }
      const length = Math.sqrt(dot(v, v));
      if (!(length > 0 && length < Infinity)) return false;
      for (let i = 0; i < n; i++) v[i] /= length;
    }
    for (let i = 0; i < n; i++) {
      image[i] = (diagonal[i] - values[k]) * v[i] + (i > 0 ? beside[i] * v[i - 1] : 0) + (i + 1 < n ? beside[i + 1] * v[i + 1] : 0);
    }
    return Math.sqrt(dot(image, image)) <= 4 * n * Number.EPSILON * size;
  }

  /** From the coordinates of the tridiagonal matrix back to those of the matrix. */
  private reflect(v: Float64Array): void {
    const { n, reflectors, betas } = this;
    for (let k = n - 2; k >= 0; k--) {
      if (betas[k] === 0) continue;
      const row = k * n;
      let sum = 0;
      for (let i = k + 1; i < n; i++) sum += reflectors[row + i] * v[i];
      sum *= betas[k];
      for (let i = k + 1; i < n; i++) v[i] -= sum * reflectors[row + i];
    }
  }
}

/** (T − λI)x = b by Gaussian elimination with row exchanges; pivots that vanish become rounding. */
class ShiftedTridiagonal {
  private readonly lower: Float64Array;
  private readonly pivot: Float64Array;
  private readonly upper: Float64Array;
  /** The second superdiagonal, which exchanges fill. */
  private readonly farther: Float64Array;
  private readonly exchanged: Uint8Array;

  constructor(private readonly n: number) {
    const vector = (): Float64Array => new Float64Array(n);
    [this.lower, this.pivot, this.upper, this.farther] = [vector(), vector(), vector(), vector()];
    this.exchanged = new Uint8Array(n);
  }

  factorize(diagonal: Float64Array, beside: Float64Array, lambda: number, size: number): void {
    const { n, lower, pivot, upper, farther, exchanged } = this;
    const tiny = Number.EPSILON * size;
    for (let i = 0; i < n; i++) {
      pivot[i] = diagonal[i] - lambda;
      upper[i] = i + 1 < n ? beside[i + 1] : 0;
    }
    for (let i = 0; i + 1 < n; i++) {
      const below = beside[i + 1];
      if (Math.abs(pivot[i]) >= Math.abs(below)) {
        exchanged[i] = 0;
        farther[i] = 0;
        if (Math.abs(pivot[i]) < tiny) pivot[i] = tiny;
        lower[i] = below / pivot[i];
        pivot[i + 1] -= lower[i] * upper[i];
      } else {
        exchanged[i] = 1;
        lower[i] = pivot[i] / below;
        const next = pivot[i + 1];
        pivot[i + 1] = upper[i] - lower[i] * next;
        pivot[i] = below;
        upper[i] = next;
        farther[i] = upper[i + 1];
        upper[i + 1] = -lower[i] * farther[i];
      }
    }
    if (Math.abs(pivot[n - 1]) < tiny) pivot[n - 1] = tiny;
  }

  solve(x: Float64Array): void {
    const { n, lower, pivot, upper, farther, exchanged } = this;
    for (let i = 0; i + 1 < n; i++) {
      if (exchanged[i] === 1) {
        const here = x[i];
        x[i] = x[i + 1];
        x[i + 1] = here - lower[i] * x[i];
      } else {
        x[i + 1] -= lower[i] * x[i];
      }
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i];
      if (i + 1 < n) sum -= upper[i] * x[i + 1];
      if (i + 2 < n) sum -= farther[i] * x[i + 2];
      x[i] = sum / pivot[i];
    }
  }
}
