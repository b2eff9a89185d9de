import assert from 'node:assert/strict';
import {
  allocate,
  createKernels,
  isAvailable,
  KERNEL_VARIANTS,
  KernelError,
  kernelVariant,
  selectKernels,
} from '../../../src/numerics/wasm/kernels';

describe('WebAssembly kernels', () => {
  afterEach(() => selectKernels(null));

  it('plain SIMD is the default, and the choice can be forced', () => {
    assert.equal(kernelVariant(), 'wasm-simd');
    selectKernels('typescript');
    assert.equal(kernelVariant(), 'typescript');
    assert.equal(createKernels(), null);
    selectKernels(null);
    assert.equal(kernelVariant(), 'wasm-simd');
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
});
