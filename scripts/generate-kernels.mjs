/** Compiles the AssemblyScript kernels to `src/numerics/wasm/kernels.generated.ts`. */
export async function generateKernels() {}
