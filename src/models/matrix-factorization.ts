/**
 * Matrix factorization W = W_k … W_1 (W_1 of width × columns, W_k of rows × width), or W = UUᵀ, measured by y_i = ⟨A_i, W⟩.
 * Where entries are observed, only those of the products are formed that the measurements see.
 * β(θ) is W, row-major. Derivatives of the product by the chain rule, exact to second order.
 */
import type { Dataset } from '../data/dataset';
import { matTVec, matVec } from '../numerics/dense';
import { createFactorizationSweeps } from './factorization-sweeps';
import type { Model, ParameterBlock } from './model';
import { LinearizationPoint } from './network-point';
import { Residence, type ResidentSweeps } from './residence';

export interface MatrixFactorizationShape {
  readonly depth: number;
  /** Inner dimension; default min(rows, columns). */
  readonly width?: number;
  /** W = UUᵀ with U of rows × width. */
  readonly symmetric: boolean;
}

/** Sizes n_0 = columns, …, n_k = rows: layer l is n_l × n_{l−1}. */
export function layerSizes({ depth, width }: MatrixFactorizationShape, rows: number, columns: number): number[] {
  const inner = width ?? Math.min(rows, columns);
  return [columns, ...Array.from({ length: depth - 1 }, () => inner), rows];
}

/** The measurements W ↦ ⟨A_i, W⟩ and their adjoint c ↦ Σ c_i A_i. */
interface Sensing {
  measure(w: Float64Array, out: Float64Array): void;
  adjoint(c: Float64Array, out: Float64Array): void;
  /** A_i, valid until the next call. */
  matrix(i: number): Float64Array;
}

function sensingOf(data: Dataset): Sensing {
  const { samples, features, matrix } = data;
  const observed = matrix?.observed ?? null;
  const single = new Float64Array(observed === null ? 0 : features);
  let last = 0;
  if (observed === null) {
    return {
      measure: (w, out) => matVec(data.x, samples, features, w, out),
      adjoint: (c, out) => matTVec(data.x, samples, features, c, out),
      matrix: (i) => data.x.subarray(i * features, (i + 1) * features),
    };
  }
  return {
    measure: (w, out) => {
      for (let i = 0; i < samples; i++) out[i] = w[observed[i]];
    },
    adjoint: (c, out) => {
      out.fill(0);
      for (let i = 0; i < samples; i++) out[observed[i]] += c[i];
    },
    matrix: (i) => {
      single[last] = 0;
      last = observed[i];
      single[last] = 1;
      return single;
    },
  };
}

/** @param data with `matrix`; symmetric needs rows = columns */
export function createMatrixFactorization(shape: MatrixFactorizationShape, data: Dataset): Model {
  const { matrix } = data;
  if (matrix === undefined) throw new Error('A matrix factorization needs data that measures a matrix.');
  const sensing = sensingOf(data);
  const core = shape.symmetric
    ? new SymmetricProduct(matrix.rows, shape.width ?? matrix.rows, matrix.observed)
    : new Product(layerSizes(shape, matrix.rows, matrix.columns), matrix.observed);
  const size = matrix.rows * matrix.columns;
  const w = new Float64Array(size);
  const g = new Float64Array(size);
  const createSweeps = (): ResidentSweeps | null =>
    shape.symmetric ? null : createFactorizationSweeps(layerSizes(shape, matrix.rows, matrix.columns), matrix.observed);
  const sweeps = createSweeps();
  const plain: Model = {
    kind: 'matrix-factorization',
    parameterCount: core.parameterCount,
    samples: data.samples,
    features: data.features,
    outputsPerSample: 1,
    blocks: core.blocks,
    degree: shape.symmetric ? 2 : shape.depth,
    outputs: (theta, out) => {
      core.product(theta, w, true);
      sensing.measure(w, out);
    },
    pullback: (theta, cotangent, out) => {
      sensing.adjoint(cotangent, g);
      core.pullback(theta, g, out);
    },
    pushforward: (theta, tangent, out) => {
      core.pushforward(theta, tangent, w);
      sensing.measure(w, out);
    },
    curvature: (theta, cotangent, tangent, out) => {
      sensing.adjoint(cotangent, g);
      core.curvature(theta, g, tangent, out);
    },
    jacobian: (theta, out) => {
      for (let i = 0; i < data.samples; i++) {
        core.pullback(theta, sensing.matrix(i), out.subarray(i * core.parameterCount, (i + 1) * core.parameterCount));
      }
    },
    predictor: (theta, out) => core.product(theta, out, false),
    outputsOn: (theta, x, rows, out) => {
      core.product(theta, w, false);
      matVec(x, rows, size, w, out);
    },
  };
  if (sweeps === null) return plain;
  return {
    ...plain,
    ...byKernels(new LinearizationPoint(sweeps), data.samples, core.parameterCount),
    settle: (start) => {
      const own = createSweeps();
      return own === null ? null : new Residence(own, start);
    },
  };
}

/** What the kernels take over. */
function byKernels(point: LinearizationPoint, samples: number, parameterCount: number): Partial<Model> {
  const unit = new Float64Array(samples);
  return {
    outputs: (theta, out) => point.outputs(theta, out),
    pullback: (theta, cotangent, out) => point.pullback(theta, cotangent, out),
    pushforward: (theta, tangent, out) => point.pushforward(theta, tangent, out),
    curvature: (theta, cotangent, tangent, out) => point.pullbackTangent(theta, cotangent, null, tangent, out),
    pullbackTangent: (theta, cotangent, cotangentDot, tangent, out) => point.pullbackTangent(theta, cotangent, cotangentDot, tangent, out),
    jacobian: (theta, out) => {
      for (let i = 0; i < samples; i++) {
        unit[i] = 1;
        point.pullback(theta, unit, out.subarray(i * parameterCount, (i + 1) * parameterCount));
        unit[i] = 0;
      }
    },
  };
}

/** out (m × n) = a (m × k) · b (k × n); adds with `add`. */
function gemm(a: Float64Array, m: number, k: number, b: Float64Array, n: number, out: Float64Array, add: boolean): void {
  if (!add) out.fill(0);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const value = a[i * k + p];
      if (value === 0) continue;
      for (let j = 0, to = i * n, from = p * n; j < n; j++) out[to + j] += value * b[from + j];
    }
  }
}

/** out (k × n) = aᵀ · b with a (m × k), b (m × n). */
function gemmTransposedLeft(a: Float64Array, m: number, k: number, b: Float64Array, n: number, out: Float64Array, add: boolean): void {
  if (!add) out.fill(0);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const value = a[i * k + p];
      if (value === 0) continue;
      for (let j = 0, to = p * n, from = i * n; j < n; j++) out[to + j] += value * b[from + j];
    }
  }
}

/** out (m × k) = a (m × n) · bᵀ with b (k × n). */
function gemmTransposedRight(a: Float64Array, m: number, n: number, b: Float64Array, k: number, out: Float64Array, add: boolean): void {
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      let sum = add ? out[i * k + p] : 0;
      for (let j = 0, x = i * n, y = p * n; j < n; j++) sum += a[x + j] * b[y + j];
      out[i * k + p] = sum;
    }
  }
}

/** W = W_k … W_1. above[l] = W_k … W_{l+2} (rows × n_{l+1}), below[l] = W_l … W_1 (n_l × columns) of layer l = 0 … k−1. */
class Product {
  readonly blocks: readonly ParameterBlock[];
  readonly parameterCount: number;
  private readonly depth: number;
  private readonly rows: number;
  private readonly columns: number;
  private readonly below: Float64Array[];
  private readonly above: Float64Array[];
  private readonly belowDot: Float64Array[];
  private readonly aboveDot: Float64Array[];
  private readonly work: Float64Array;
  private readonly workDot: Float64Array;
  private readonly uppers: readonly Float64Array[];

  constructor(
    private readonly sizes: readonly number[],
    private readonly observed: Int32Array | null,
  ) {
    this.depth = sizes.length - 1;
    this.columns = sizes[0];
    this.rows = sizes[this.depth];
    let offset = 0;
    this.blocks = sizes.slice(1).map((units, l) => {
      const block = { name: `W${l + 1}`, rows: units, columns: sizes[l], offset };
      offset += units * sizes[l];
      return block;
    });
    this.parameterCount = offset;
    const buffers = (length: (l: number) => number): Float64Array[] =>
      Array.from({ length: this.depth }, (_, l) => new Float64Array(length(l)));
    this.below = buffers((l) => sizes[l] * this.columns);
    this.belowDot = buffers((l) => sizes[l] * this.columns);
    this.above = buffers((l) => this.rows * sizes[l + 1]);
    this.aboveDot = buffers((l) => this.rows * sizes[l + 1]);
    this.uppers = buffers((l) => sizes[l + 1] * this.columns);
    identity(this.below[0], this.columns);
    identity(this.above[this.depth - 1], this.rows);
    const largest = Math.max(...sizes) * Math.max(this.rows, this.columns);
    this.work = new Float64Array(largest);
    this.workDot = new Float64Array(largest);
  }

  private layer(theta: Float64Array, l: number): Float64Array {
    const { offset, rows, columns } = this.blocks[l];
    return theta.subarray(offset, offset + rows * columns);
  }

  private setBelow(theta: Float64Array): void {
    const { sizes, below, columns } = this;
    for (let l = 1; l < this.depth; l++) {
      if (l === 1) below[1].set(this.layer(theta, 0));
      else gemm(this.layer(theta, l - 1), sizes[l], sizes[l - 1], below[l - 1], columns, below[l], false);
    }
  }

  private setAbove(theta: Float64Array): void {
    const { sizes, above, rows, depth } = this;
    for (let l = depth - 2; l >= 0; l--) {
      if (l === depth - 2) above[l].set(this.layer(theta, depth - 1));
      else gemm(above[l + 1], rows, sizes[l + 2], this.layer(theta, l + 1), sizes[l + 1], above[l], false);
    }
  }

  /** out = W; with `seen` only the entries that are observed. */
  product(theta: Float64Array, out: Float64Array, seen: boolean): void {
    const { depth, rows, columns, below, observed, sizes } = this;
    const last = this.layer(theta, depth - 1);
    if (depth === 1) {
      out.set(last);
      return;
    }
    this.setBelow(theta);
    const inner = sizes[depth - 1];
    const right = below[depth - 1];
    if (!seen || observed === null) {
      gemm(last, rows, inner, right, columns, out, false);
      return;
    }
    for (const place of observed) {
      const j = place % columns;
      const i = (place - j) / columns;
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += last[i * inner + k] * right[k * columns + j];
      out[place] = sum;
    }
  }

  /** out = aᵀG (units × columns) for a of rows × units: of a G that is zero elsewhere, the observed entries alone. */
  private timesAbove(a: Float64Array, units: number, g: Float64Array, out: Float64Array): void {
    const { rows, columns, observed } = this;
    if (observed === null) {
      gemmTransposedLeft(a, rows, units, g, columns, out, false);
      return;
    }
    out.fill(0);
    for (const place of observed) {
      const j = place % columns;
      const i = (place - j) / columns;
      const value = g[place];
      if (value !== 0) for (let k = 0; k < units; k++) out[k * columns + j] += value * a[i * units + k];
    }
  }

  /** out = G bᵀ (rows × units) for b of units × columns, likewise. */
  private timesBelow(g: Float64Array, b: Float64Array, units: number, out: Float64Array): void {
    const { rows, columns, observed } = this;
    if (observed === null) {
      gemmTransposedRight(g, rows, columns, b, units, out, false);
      return;
    }
    out.fill(0);
    for (const place of observed) {
      const j = place % columns;
      const i = (place - j) / columns;
      const value = g[place];
      if (value !== 0) for (let k = 0; k < units; k++) out[i * units + k] += value * b[k * columns + j];
    }
  }

  /** out_l = above_lᵀ G below_lᵀ. */
  pullback(theta: Float64Array, g: Float64Array, out: Float64Array): void {
    const { depth, columns, sizes, below, above, uppers } = this;
    if (depth === 1) {
      out.set(g);
      return;
    }
    this.setBelow(theta);
    above[depth - 2].set(this.layer(theta, depth - 1));
    for (let l = depth - 1; l >= 0; l--) {
      const upper = sizes[l + 1];
      const part = uppers[l];
      const target = this.layer(out, l);
      if (l === depth - 1) {
        this.timesBelow(g, below[l], sizes[l], target);
        continue;
      }
      // above_lᵀG = W_{l+1}ᵀ(above_{l+1}ᵀG): from the top down, G itself enters once.
      if (l === depth - 2) this.timesAbove(above[l], upper, g, part);
      else gemmTransposedLeft(this.layer(theta, l + 1), sizes[l + 2], upper, this.uppers[l + 1], columns, part, false);
      if (l === 0) target.set(part);
      else gemmTransposedRight(part, upper, columns, below[l], sizes[l], target, false);
    }
  }

  /** out = Σ_l above_l V_l below_l. */
  pushforward(theta: Float64Array, v: Float64Array, out: Float64Array): void {
    const { depth, rows, columns, sizes, below, above, work } = this;
    this.setBelow(theta);
    this.setAbove(theta);
    out.fill(0);
    for (let l = 0; l < depth; l++) {
      const upper = sizes[l + 1];
      const part = work.subarray(0, upper * columns);
      gemm(this.layer(v, l), upper, sizes[l], below[l], columns, part, false);
      gemm(above[l], rows, upper, part, columns, out, true);
    }
  }

  /** The derivative of `pullback` in θ along v, for fixed G. */
  curvature(theta: Float64Array, g: Float64Array, v: Float64Array, out: Float64Array): void {
    const { depth, rows, columns, sizes, below, above, belowDot, aboveDot, work, workDot } = this;
    out.fill(0);
    if (depth === 1) return;
    this.setBelow(theta);
    this.setAbove(theta);
    for (let l = 1; l < depth; l++) {
      gemm(this.layer(v, l - 1), sizes[l], sizes[l - 1], below[l - 1], columns, belowDot[l], false);
      if (l > 1) gemm(this.layer(theta, l - 1), sizes[l], sizes[l - 1], belowDot[l - 1], columns, belowDot[l], true);
    }
    for (let l = depth - 2; l >= 0; l--) {
      gemm(above[l + 1], rows, sizes[l + 2], this.layer(v, l + 1), sizes[l + 1], aboveDot[l], false);
      if (l < depth - 2) gemm(aboveDot[l + 1], rows, sizes[l + 2], this.layer(theta, l + 1), sizes[l + 1], aboveDot[l], true);
    }
    for (let l = 0; l < depth; l++) {
      const upper = sizes[l + 1];
      const target = this.layer(out, l);
      const part = work.subarray(0, upper * columns);
      const partDot = workDot.subarray(0, upper * columns);
      gemmTransposedLeft(above[l], rows, upper, g, columns, part, false);
      if (l < depth - 1) {
        gemmTransposedLeft(aboveDot[l], rows, upper, g, columns, partDot, false);
        gemmTransposedRight(partDot, upper, columns, below[l], sizes[l], target, true);
      }
      if (l > 0) gemmTransposedRight(part, upper, columns, belowDot[l], sizes[l], target, true);
    }
  }
}

function identity(out: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
}

/** W = UUᵀ. */
class SymmetricProduct {
  readonly blocks: readonly ParameterBlock[];
  readonly parameterCount: number;
  /** G + Gᵀ. */
  private readonly both: Float64Array;

  constructor(
    private readonly n: number,
    private readonly width: number,
    private readonly observed: Int32Array | null,
  ) {
    this.blocks = [{ name: 'U', rows: n, columns: width, offset: 0 }];
    this.parameterCount = n * width;
    this.both = new Float64Array(n * n);
  }

  product(theta: Float64Array, out: Float64Array, seen: boolean): void {
    const { n, width, observed } = this;
    if (!seen || observed === null) {
      gemmTransposedRight(theta, n, width, theta, n, out, false);
      return;
    }
    for (const place of observed) {
      const j = place % n;
      const i = (place - j) / n;
      let sum = 0;
      for (let k = 0; k < width; k++) sum += theta[i * width + k] * theta[j * width + k];
      out[place] = sum;
    }
  }

  private symmetrize(g: Float64Array): Float64Array {
    const { n, both } = this;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) both[i * n + j] = g[i * n + j] + g[j * n + i];
    return both;
  }

  /** out = (G + Gᵀ) U. */
  pullback(theta: Float64Array, g: Float64Array, out: Float64Array): void {
    gemm(this.symmetrize(g), this.n, this.n, theta, this.width, out, false);
  }

  /** out = VUᵀ + UVᵀ. */
  pushforward(theta: Float64Array, v: Float64Array, out: Float64Array): void {
    gemmTransposedRight(v, this.n, this.width, theta, this.n, out, false);
    gemmTransposedRight(theta, this.n, this.width, v, this.n, out, true);
  }

  curvature(_theta: Float64Array, g: Float64Array, v: Float64Array, out: Float64Array): void {
    gemm(this.symmetrize(g), this.n, this.n, v, this.width, out, false);
  }
}
