import { isAvailable, KERNEL_VARIANTS, selectKernels } from '../numerics/wasm/kernels';

/**
 * BIAS_LAB_KERNELS names the kernels instead of the engine's best: whoever repeats a report to the bit gives the "kernels" that it names.
 * @throws Error where such kernels do not exist or cannot run here
 */
export function chooseKernels({ BIAS_LAB_KERNELS: name = '' }: Readonly<Record<string, string | undefined>>): void {
  if (name === '') return;
  const variants = KERNEL_VARIANTS.filter(isAvailable);
  const variant = variants.find((known) => known === name);
  if (variant === undefined) throw new Error(`BIAS_LAB_KERNELS: expected ${variants.join(' or ')} on this machine, found "${name}".`);
  selectKernels(variant);
}
