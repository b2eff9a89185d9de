import assert from 'node:assert/strict';
import {
  allocate,
  createDenseKernels,
  createKernels,
  isAvailable,
  KERNEL_VARIANTS,
  KernelError,
  kernelVariant,
  selectKernels,
} from '../../../src/numerics/wasm/kernels';
import { randomStream } from '../../../src/numerics/random';

describe('WebAssembly kernels', () => {
  afterEach(() => selectKernels(null));

  it('relaxed SIMD is the default where it fuses, else plain SIMD; the choice can be forced', () => {
    const usual = isAvailable('wasm-relaxed-simd') ? 'wasm-relaxed-simd' : 'wasm-simd';
    assert.equal(kernelVariant(), usual);
    selectKernels('typescript');
    assert.equal(kernelVariant(), 'typescript');
    assert.equal(createKernels(), null);
    selectKernels(null);
    assert.equal(kernelVariant(), usual);
  });

  it('relaxed SIMD is offered only where it rounds a·b + c once; plain SIMD rounds twice', () => {
    // (1 + 2⁻³⁰)² = 1 + 2⁻²⁹ + 2⁻⁶⁰, of which a double holds the first two terms.
    const left = (variant: 'wasm-simd' | 'wasm-relaxed-simd'): number | undefined => {
      selectKernels(variant);
      return createKernels()?.fuses(1 + 2 ** -30);
    };
    assert.equal(left('wasm-simd'), 0);
    if (isAvailable('wasm-relaxed-simd')) assert.equal(left('wasm-relaxed-simd'), 2 ** -60);
  });

  it('a variant that cannot run is refused by name', () => {
    for (const variant of KERNEL_VARIANTS) {
      if (isAvailable(variant)) assert.doesNotThrow(() => selectKernels(variant));
      else
        assert.throws(
          () => selectKernels(variant),
          (error) => error instanceof KernelError && error.variant === variant,
        );
    }
  });

  it('allocates aligned, zeroed, disjoint views that survive the growth of memory', () => {
    const kernels = createKernels()!;
    const views = allocate(kernels, [3, 0, 200_000, 5]);
    assert.deepEqual(
      views.map(({ length }) => length),
      [3, 0, 200_000, 5],
    );
    views.forEach((view, k) => view.fill(k + 1));
    views.forEach((view, k) => assert.ok(view.every((x) => x === k + 1) && view.byteOffset % 64 === 0));
    const again = allocate(kernels, [10]);
    assert.ok(again[0].every((x) => x === 0));
  });

  it('instances do not share memory', () => {
    const [a, b] = [createKernels()!, createKernels()!];
    allocate(a, [4])[0].fill(7);
    assert.deepEqual([...allocate(b, [4])[0]], [0, 0, 0, 0]);
  });

  it('e^x to 1e−15, over the whole range', () => {
    const kernels = createKernels()!;
    const count = 200_000;
    const [x, out] = allocate(kernels, [count, count]);
    for (let k = 0; k < count; k++) x[k] = -705 + (1410 * (k + 0.5)) / count;
    // Near 0, where logistic weights live, as finely again.
    for (let k = 0; k < count; k += 2) x[k] = x[k] / 705;
    kernels.exponentials(x.byteOffset, out.byteOffset, count);
    let worst = 0;
    // Math.exp is within one unit in the last place, 2.2e−16.
    for (let k = 0; k < count; k++) worst = Math.max(worst, Math.abs(out[k] / Math.exp(x[k]) - 1));
    assert.ok(worst < 1e-15, String(worst));
  });

  it('e^x at the ends: exact at 0, tiny or huge beyond the range, NaN stays NaN', () => {
    const kernels = createKernels()!;
    const [x, out] = allocate(kernels, [8, 8]);
    x.set([0, -0, 1000, Infinity, -1000, -Infinity, NaN, 1]);
    kernels.exponentials(x.byteOffset, out.byteOffset, 8);
    assert.deepEqual([out[0], out[1]], [1, 1]);
    assert.ok(out[2] > 1e307 && out[3] > 1e307);
    assert.ok(out[4] >= 0 && out[4] < 1e-300 && out[5] >= 0 && out[5] < 1e-300);
    assert.ok(Number.isNaN(out[6]));
    assert.ok(Math.abs(out[7] - Math.E) < 1e-15 * Math.E);
  });

  it('tanh and its derivatives to 1e−15, over the whole range', () => {
    const kernels = createDenseKernels()!;
    const count = 200_000;
    const [z, a, slope, bent] = allocate(kernels, [count, count, count, count]);
    for (let k = 0; k < count; k++) z[k] = -25 + (50 * (k + 0.5)) / count;
    // Near 0, where tanh x = x − x³/3 + …, as finely again, down to 10⁻¹².
    for (let k = 0; k < count; k += 2) z[k] = Math.sign(z[k]) * 10 ** ((-12 * k) / count);
    kernels.activate(3, 0, count, z.byteOffset, a.byteOffset, slope.byteOffset);
    kernels.bend(3, count, z.byteOffset, bent.byteOffset);
    let worst = 0;
    for (let k = 0; k < count; k++) {
      // Math.tanh is within two units in the last place, 4.4e−16.
      const t = Math.tanh(z[k]);
      worst = Math.max(worst, Math.abs(a[k] / t - 1), Math.abs(slope[k] - (1 - t * t)), Math.abs(bent[k] + 2 * t * (1 - t * t)) / 2);
    }
    assert.ok(worst < 1e-15, String(worst));
  });

  it('activations at the ends: exact at 0, saturated at infinity, NaN stays NaN', () => {
    const kernels = createDenseKernels()!;
    const [z, a, slope] = allocate(kernels, [6, 6, 6]);
    z.set([0, 1000, -1000, Infinity, -Infinity, NaN]);
    const values = (kind: number): number[] => {
      kernels.activate(kind, 0.5, 6, z.byteOffset, a.byteOffset, slope.byteOffset);
      return [...a];
    };
    assert.deepEqual(values(0), [0, 1000, -1000, Infinity, -Infinity, NaN]);
    assert.deepEqual(values(1), [0, 1000, 0, Infinity, 0, 0]);
    assert.deepEqual(values(2), [0, 1000, -500, Infinity, -Infinity, NaN]);
    assert.deepEqual(values(3), [0, 1, -1, 1, -1, NaN]);
    const sigmoid = values(4);
    assert.deepEqual([sigmoid[0], sigmoid[1], sigmoid[3], sigmoid[5]], [0.5, 1, 1, NaN]);
    assert.ok(sigmoid[2] >= 0 && sigmoid[2] < 1e-300 && sigmoid[4] >= 0 && sigmoid[4] < 1e-300);
    assert.equal(values(5)[0], Math.LN2);
    assert.deepEqual(values(6), [0, 1e6, 1e6, Infinity, Infinity, NaN]);
  });

  it('products of matrices in every layout are sums of products, on a base or none', () => {
    const kernels = createDenseKernels()!;
    const stream = randomStream(1, 'products');
    for (let round = 0; round < 600; round++) {
      const [m, n, k] = [21, 21, round % 10 === 0 ? 600 : 20].map((most) => 1 + stream.integer(round % 3 === 0 ? 3 : most));
      const transposed = [stream.integer(2) === 1, stream.integer(2) === 1];
      const based = (['nothing', 'itself', 'one row', 'another'] as const)[stream.integer(4)];
      // Rows of the result lie further apart than they are long, and what lies between stays.
      const stride = n + stream.integer(3);
      const baseStride = { nothing: 0, itself: stride, 'one row': 0, another: n + 1 }[based];
      const [a, b, c, row, work] = allocate(kernels, [m * k, k * n, m * stride, m * (n + 1), kernels.workSize(n, k)]);
      for (const factor of [a, b, c, row]) for (let at = 0; at < factor.length; at++) factor[at] = stream.gaussian();
      const before = Float64Array.from(c);
      const base = { nothing: new Float64Array(1), itself: before, 'one row': row, another: row }[based];
      const [aRow, aColumn] = transposed[0] ? [1, m] : [k, 1];
      const [bRow, bColumn] = transposed[1] ? [1, k] : [n, 1];
      const baseAt = { nothing: 0, itself: c.byteOffset, 'one row': row.byteOffset, another: row.byteOffset }[based];
      const layout = [a.byteOffset, aRow, aColumn, b.byteOffset, bRow, bColumn, c.byteOffset, stride, baseAt, baseStride] as const;
      kernels.multiply(m, n, k, ...layout, work.byteOffset);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < stride; j++) {
          let [sum, size] = [j >= n ? before[i * stride + j] : based === 'nothing' ? 0 : base[i * baseStride + j], 4];
          for (let p = 0; j < n && p < k; p++) {
            sum += a[i * aRow + p * aColumn] * b[p * bRow + j * bColumn];
            size += Math.abs(a[i * aRow + p * aColumn] * b[p * bRow + j * bColumn]);
          }
          // A sum of k products and a base of at most 4 errs by (k + 1)·2⁻⁵³ of their absolute sum at most, on both sides.
          assert.ok(Math.abs(c[i * stride + j] - sum) <= (k + 1) * 2 ** -52 * size, `${m} × ${n} × ${k} on ${based} at ${i}, ${j}`);
        }
      }
    }
  });
});
