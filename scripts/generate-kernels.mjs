/**
 * Compiles the AssemblyScript kernels to `src/numerics/wasm/kernels.generated.ts`, base64 of two modules, `descent` and `dense`, in two builds each:
 * relaxed SIMD (fused multiply-add, the default where engine and processor have it) and SIMD, which differ in last bits.
 * The file carries a hash of what it was made from and is written only when that has changed.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const folder = new URL('src/numerics/wasm/assembly/', root);
const target = new URL('src/numerics/wasm/kernels.generated.ts', root);
const MODULES = ['descent', 'dense'];
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--disableWarning', '112'];

export async function generateKernels() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();
  const sources = new Map(await Promise.all(names.map(async (name) => [name, await readFile(new URL(name, folder), 'utf8')])));
  const manifest = await readFile(new URL('node_modules/assemblyscript/package.json', root), 'utf8');
  const hash = createHash('sha256');
  for (const part of [
    await readFile(fileURLToPath(import.meta.url), 'utf8'),
    JSON.parse(manifest).version,
    ...sources.keys(),
    ...sources.values(),
  ]) {
    hash.update(part).update('\0');
  }
  const stamp = `// Made by scripts/generate-kernels.mjs from ${hash.digest('hex')}`;
  const existing = await readFile(target, 'utf8').catch(() => '');
  if (existing.startsWith(`${stamp}\n`)) return;

  const lines = [stamp];
  for (const [name, more] of [
    ['SIMD_MODULES', []],
    ['RELAXED_SIMD_MODULES', ['--enable', 'relaxed-simd']],
  ]) {
    lines.push(`export const ${name} = {`);
    for (const module of MODULES) lines.push(`  ${module}: '${(await compile(sources, module, more)).toString('base64')}',`);
    lines.push('} as const;');
  }
  await writeFile(target, [...lines, ''].join('\n'));
}

async function compile(sources, module, more) {
  const { default: asc } = await import('assemblyscript/asc');
  let binary = null;
  const { error, stderr } = await asc.main([`${module}.ts`, '--outFile', 'kernels.wasm', ...OPTIONS, ...more], {
    readFile: (name) => sources.get(name.replace(/^\.\//, '')) ?? null,
    writeFile: (_name, contents) => void (binary = contents),
    listFiles: () => [],
  });
  if (error !== null || binary === null) throw new Error(`The kernels do not compile.\n${stderr.toString()}`);
  return Buffer.from(binary);
}
