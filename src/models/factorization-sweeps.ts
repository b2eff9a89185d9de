/**
 * A product W_k … W_1 of which entries are observed, by the WebAssembly kernels: a deep linear network whose samples are the unit vectors.
 * Everything is kept by columns of W: a_l = (W_l … W_1)ᵀ, columns × n_l, and δ_l, its adjoint; of the last product only what is observed is made,
 * and the residual, which has no other entries, is multiplied entry by entry.
 */
import { allocate, onDenseKernels, type DenseKernels } from '../numerics/wasm/kernels';
import type { ResidentSweeps } from './residence';

/** Multiplications of one product from which the kernels are worth their calls and copies. */
const WORTHWHILE = 2048;

/**
 * @param sizes n_0 = columns, …, n_k = rows
 * @returns null where nothing is left out of the product, it is small, or there are no kernels or no memory for them
 */
export function createFactorizationSweeps(sizes: readonly number[], observed: Int32Array | null): ResidentSweeps | null {
  if (observed === null || sizes.length < 3) return null;
  const products = sizes.slice(2).reduce((sum, size, l) => sum + sizes[0] * sizes[l + 1] * size, 0);
  if (products < WORTHWHILE) return null;
  return onDenseKernels((kernels) => new FactorizationSweeps(kernels, sizes, observed));
}

class FactorizationSweeps implements ResidentSweeps {
  readonly theta: Float64Array;
  readonly direction: Float64Array;
  readonly cotangent: Float64Array;
  readonly cotangentDot: Float64Array;
  readonly outputs: Float64Array;
  readonly outputsDot: Float64Array;
  private readonly depth: number;
  private readonly count: number;
  /** Places of W_l in the parameters, l = 1 … k, in bytes. */
  private readonly weight: readonly number[];
  /** Places of a_l and δ_l for l = 1 … k − 1, and of their tangents. */
  private readonly a: readonly number[];
  private readonly aDot: readonly number[];
  private readonly delta: readonly number[];
  private readonly deltaDot: readonly number[];
  private readonly rows: number;
  private readonly columns: number;
  readonly gradient: Float64Array;
  private readonly work: number;

  constructor(
    private readonly kernels: DenseKernels,
    private readonly sizes: readonly number[],
    observed: Int32Array,
  ) {
    const depth = sizes.length - 1;
    const count = observed.length;
    const weight: number[] = [0];
    for (let l = 1; l <= depth; l++) weight.push(weight[l - 1] + 8 * sizes[l] * sizes[l - 1]);
    const parameters = weight[depth] / 8;
    const inner = sizes.map((size, l) => (l > 0 && l < depth ? sizes[0] * size : 0));
    const work = Math.max(...sizes.map((n) => Math.max(...sizes.map((k) => kernels.workSize(n, k)))));
    const vectors = [parameters, parameters, parameters, count, count, count, count, work, count, count];
    const views = allocate(kernels, [...vectors, ...inner, ...inner, ...inner, ...inner]);
    [this.theta, this.direction, this.gradient, this.cotangent, this.cotangentDot, this.outputs, this.outputsDot] = views;
    const [workspace, rows, columns] = views.slice(7);
    const places = views.slice(vectors.length).map(({ byteOffset }) => byteOffset);
    const group = (k: number): number[] => places.slice(k * inner.length, (k + 1) * inner.length);
    [this.a, this.aDot, this.delta, this.deltaDot] = [0, 1, 2, 3].map(group);
    const integers = (view: Float64Array): Int32Array => new Int32Array(view.buffer, view.byteOffset, count);
    integers(rows).set(observed.map((place) => Math.floor(place / sizes[0])));
    integers(columns).set(observed.map((place) => place % sizes[0]));
    this.depth = depth;
    this.count = count;
    // W_l begins where the first l − 1 end.
    this.weight = [0, ...weight.slice(0, depth)];
    this.rows = rows.byteOffset;
    this.columns = columns.byteOffset;
    this.work = workspace.byteOffset;
  }

  forward(): void {
    const { depth, theta, a } = this;
    this.first(theta, a[1]);
    for (let l = 2; l < depth; l++) this.up(theta, l, a[l - 1], a[l], false);
    this.observe(theta, a[depth - 1], this.outputs, false);
  }

  forwardTangent(): void {
    const { depth, theta, direction, a, aDot } = this;
    this.first(direction, aDot[1]);
    for (let l = 2; l < depth; l++) {
      this.up(direction, l, a[l - 1], aDot[l], false);
      this.up(theta, l, aDot[l - 1], aDot[l], true);
    }
    this.observe(direction, a[depth - 1], this.outputsDot, false);
    this.observe(theta, aDot[depth - 1], this.outputsDot, true);
  }

  backward(): void {
    const { depth, theta, delta } = this;
    this.enter(theta, this.cotangent, delta[depth - 1], false);
    for (let l = depth - 1; l > 1; l--) this.down(theta, l, delta[l], delta[l - 1], false);
  }

  collect(out: Float64Array): void {
    const { depth, a, delta } = this;
    this.last(this.cotangent, a[depth - 1], false);
    for (let l = depth - 1; l > 1; l--) this.accumulate(l, delta[l], a[l - 1], false);
    this.lowest(delta[1]);
    this.give(out);
  }

  collectTangent(out: Float64Array): void {
    const { depth, theta, direction, a, aDot, delta, deltaDot, cotangent, cotangentDot } = this;
    this.last(cotangentDot, a[depth - 1], false);
    this.last(cotangent, aDot[depth - 1], true);
    this.enter(theta, cotangentDot, deltaDot[depth - 1], false);
    this.enter(direction, cotangent, deltaDot[depth - 1], true);
    for (let l = depth - 1; l > 1; l--) {
      this.accumulate(l, deltaDot[l], a[l - 1], false);
      this.accumulate(l, delta[l], aDot[l - 1], true);
      this.down(theta, l, deltaDot[l], deltaDot[l - 1], false);
      this.down(direction, l, delta[l], deltaDot[l - 1], true);
    }
    this.lowest(deltaDot[1]);
    this.give(out);
  }

  step(count: number, rate: number, momentum: number): number {
    const { kernels, theta, gradient, direction } = this;
    return kernels.step(count, rate, momentum, gradient.byteOffset, direction.byteOffset, theta.byteOffset);
  }

  private give(out: Float64Array): void {
    if (out.buffer !== this.gradient.buffer) out.set(this.gradient);
  }

  /** a_1 = W_1ᵀ. */
  private first(theta: Float64Array, out: number): void {
    const [columns, units] = this.sizes;
    this.kernels.transpose(units, columns, theta.byteOffset, out);
  }

  /** ∂/∂W_1 = δ_1ᵀ. */
  private lowest(delta: number): void {
    const [columns, units] = this.sizes;
    this.kernels.transpose(columns, units, delta, this.gradient.byteOffset);
  }

  /** out (+)= a W_lᵀ. */
  private up(theta: Float64Array, l: number, a: number, out: number, add: boolean): void {
    const { sizes, work } = this;
    const [m, n, k] = [sizes[0], sizes[l], sizes[l - 1]];
    this.kernels.multiply(m, n, k, a, k, 1, theta.byteOffset + this.weight[l], 1, k, out, n, add ? out : 0, n, work);
  }

  /** out (+)= δ W_l. */
  private down(theta: Float64Array, l: number, delta: number, out: number, add: boolean): void {
    const { sizes, work } = this;
    const [m, n, k] = [sizes[0], sizes[l - 1], sizes[l]];
    this.kernels.multiply(m, n, k, delta, k, 1, theta.byteOffset + this.weight[l], n, 1, out, n, add ? out : 0, n, work);
  }

  /** ∂/∂W_l (+)= δᵀ a. */
  private accumulate(l: number, delta: number, a: number, add: boolean): void {
    const { sizes, work, gradient } = this;
    const [m, n, k] = [sizes[l], sizes[l - 1], sizes[0]];
    const out = gradient.byteOffset + this.weight[l];
    this.kernels.multiply(m, n, k, delta, 1, m, a, n, 1, out, n, add ? out : 0, n, work);
  }

  /** out (+)= the observed entries of W_k aᵀ. */
  private observe(theta: Float64Array, a: number, out: Float64Array, add: boolean): void {
    const { kernels, count, rows, columns, sizes, depth } = this;
    const top = theta.byteOffset + this.weight[depth];
    kernels.sampledProducts(count, rows, columns, top, a, sizes[depth - 1], out.byteOffset, add ? 1 : 0);
  }

  /** δ (+)= Gᵀ W_k for the matrix G of the entries c. */
  private enter(theta: Float64Array, c: Float64Array, delta: number, add: boolean): void {
    const { kernels, count, rows, columns, sizes, depth } = this;
    if (!add) kernels.clear(sizes[0] * sizes[depth - 1], delta);
    kernels.scatter(count, columns, rows, c.byteOffset, theta.byteOffset + this.weight[depth], sizes[depth - 1], delta);
  }

  /** ∂/∂W_k (+)= G a. */
  private last(c: Float64Array, a: number, add: boolean): void {
    const { kernels, count, rows, columns, sizes, depth, gradient } = this;
    const top = gradient.byteOffset + this.weight[depth];
    if (!add) kernels.clear(sizes[depth] * sizes[depth - 1], top);
    kernels.scatter(count, rows, columns, c.byteOffset, a, sizes[depth - 1], top);
  }
}
