/**
 * The WebAssembly kernels: which build is in use, and fresh instances of it.
 * Relaxed SIMD is the default where engine and processor fuse a·b + c into one rounding, which saves up to half of the time;
 * else plain SIMD, and without WebAssembly SIMD callers take their TypeScript path. Each variant gives the same bits wherever it runs.
 */
import { RELAXED_SIMD_MODULES, SIMD_MODULES } from './kernels.generated';

export const KERNEL_VARIANTS = ['wasm-simd', 'wasm-relaxed-simd', 'typescript'] as const;
export type KernelVariant = (typeof KERNEL_VARIANTS)[number];

/** What every module has; an instance has a memory of its own, given back with it. */
export interface KernelMemory {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
}

/** What the module of `assembly/descent.ts` exports; the meaning of the numbers is told there. */
export interface Kernels extends KernelMemory {
  fuses(x: number): number;
  place(
    samples: number,
    rows: number,
    columns: number,
    matrix: number,
    targets: number,
    outputs: number,
    weights: number,
    gradient: number,
    predictor: number,
    parameters: number,
    velocities: number,
  ): void;
  configure(depth: number, loss: number, normalize: number, stepSize: number, momentum: number, factor: number): void;
  currentState(): number;
  currentLogTime(): number;
  multiply(): void;
  multiplyTransposed(): void;
  exponentials(x: number, out: number, count: number): void;
  descend(count: number): number;
}

/** What the module of `assembly/dense.ts` exports: places are byte offsets, sizes and strides count entries. */
export interface DenseKernels extends KernelMemory {
  workSize(n: number, k: number): number;
  multiply(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    c: number,
    stride: number,
    base: number,
    baseStride: number,
    work: number,
  ): void;
  sampledProducts(count: number, rows: number, columns: number, a: number, b: number, length: number, out: number, add: number): void;
  scatter(count: number, to: number, from: number, c: number, x: number, length: number, out: number): void;
  activate(kind: number, leak: number, count: number, z: number, a: number, slope: number): void;
  bend(kind: number, count: number, z: number, out: number): void;
  timesInto(count: number, x: number, y: number, out: number): void;
  addTimes(count: number, x: number, y: number, z: number, out: number): void;
  clear(count: number, out: number): void;
  transpose(rows: number, columns: number, x: number, out: number): void;
  addInto(count: number, x: number, out: number): void;
  step(count: number, rate: number, momentum: number, gradient: number, velocity: number, parameters: number): number;
  sumRows(rows: number, columns: number, x: number, out: number): void;
}

interface Modules {
  readonly descent: Kernels;
  readonly dense: DenseKernels;
}

/** The part of the WebAssembly API that is used; neither the language's library nor this room knows it. */
interface CompiledModule {
  readonly compiled: never;
}
declare const WebAssembly:
  | {
      validate(bytes: Uint8Array): boolean;
      Module: new (bytes: Uint8Array) => CompiledModule;
      Instance: new (module: CompiledModule, imports: object) => { readonly exports: unknown };
    }
  | undefined;

const TEXTS = { 'wasm-simd': SIMD_MODULES, 'wasm-relaxed-simd': RELAXED_SIMD_MODULES } as const;
const modules = new Map<string, CompiledModule | null>();
let selected: KernelVariant | null = null;

/** The variant asked for cannot run here. */
export class KernelError extends Error {
  constructor(readonly variant: KernelVariant) {
    super(`The kernels "${variant}" cannot run here.`);
    this.name = 'KernelError';
  }
}

/** The variant that new computations use; reports name it. */
export function kernelVariant(): KernelVariant {
  selected ??= (['wasm-relaxed-simd', 'wasm-simd'] as const).find(isAvailable) ?? 'typescript';
  return selected;
}

/**
 * Whether the variant can run here. An engine may read relaxed SIMD and still round twice, on a processor without fused multiply-add:
 * that would be neither faster nor the same numbers under the same name.
 */
export function isAvailable(variant: KernelVariant): boolean {
  if (variant === 'typescript') return true;
  const module = compiled(variant, 'descent');
  return module !== null && (variant === 'wasm-simd' || fuses(module));
}

let fused: boolean | null = null;

/** (1 + 2⁻³⁰)² − (1 + 2⁻²⁹) is 2⁻⁶⁰ with one rounding and 0 with two. */
function fuses(module: CompiledModule): boolean {
  fused ??= WebAssembly !== undefined && (new WebAssembly.Instance(module, {}).exports as Kernels).fuses(1 + 2 ** -30) === 2 ** -60;
  return fused;
}

/**
 * Chooses the variant for computations that begin from now on; null goes back to the default.
 * @throws KernelError where it cannot run
 */
export function selectKernels(variant: KernelVariant | null): void {
  if (variant !== null && !isAvailable(variant)) throw new KernelError(variant);
  selected = variant;
}

/** A new instance of the module of descents; null when the selected variant is "typescript". */
export const createKernels = (): Kernels | null => instance('descent');

/** A new instance of the module of dense matrices and networks, likewise. */
export const createDenseKernels = (): DenseKernels | null => instance('dense');

/** What is built on dense kernels, null where there are none or their memory cannot hold it: TypeScript then does the same. */
export function onDenseKernels<T>(build: (kernels: DenseKernels) => T): T | null {
  const kernels = createDenseKernels();
  if (kernels === null) return null;
  try {
    return build(kernels);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function instance<K extends keyof Modules>(name: K): Modules[K] | null {
  const variant = kernelVariant();
  if (variant === 'typescript' || WebAssembly === undefined) return null;
  const module = compiled(variant, name);
  return module === null ? null : (new WebAssembly.Instance(module, {}).exports as Modules[K]);
}

/**
 * Places arrays of the given lengths one after another in an instance's memory, each at a multiple of 64 bytes, and zeroes them.
 * The memory does not grow afterwards, so the views stay valid.
 * @returns views in the order of the lengths; their `byteOffset` is the address for the kernels
 */
export function allocate(kernels: KernelMemory, lengths: readonly number[]): Float64Array[] {
  const align = (address: number): number => Math.ceil(address / 64) * 64;
  const addresses: number[] = [];
  let end = align(kernels.heapBase());
  for (const length of lengths) {
    addresses.push(end);
    end = align(end + 8 * length);
  }
  const missing = end - kernels.memory.buffer.byteLength;
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / 65536));
  const { buffer } = kernels.memory;
  return lengths.map((length, k) => new Float64Array(buffer, addresses[k], length).fill(0));
}

function compiled(variant: Exclude<KernelVariant, 'typescript'>, name: keyof Modules): CompiledModule | null {
  const key = `${variant} ${name}`;
  let module = modules.get(key);
  if (module === undefined) {
    const available = typeof WebAssembly === 'object';
    const bytes = available ? fromBase64(TEXTS[variant][name]) : null;
    module = bytes !== null && WebAssembly?.validate(bytes) ? new WebAssembly.Module(bytes) : null;
    modules.set(key, module);
  }
  return module;
}

function fromBase64(text: string): Uint8Array {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const values = new Uint8Array(128);
  for (let k = 0; k < alphabet.length; k++) values[alphabet.charCodeAt(k)] = k;
  const length = text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let held = 0;
  for (let k = 0, at = 0; k < length; k++) {
    held = ((held << 6) | values[text.charCodeAt(k)]) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
}
