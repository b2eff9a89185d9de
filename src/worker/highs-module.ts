import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Highs } from 'highs';

/** The wasm file lies beside the bundle; from source it is the one of the npm package. */
export async function loadHighsModule(): Promise<Highs> {
  const { default: loadHighs } = await import('highs');
  return loadHighs({ locateFile: locate });
}

function locate(name: string): string {
  const beside = path.join(__dirname, name);
  return existsSync(beside) ? beside : createRequire(__filename).resolve('highs/runtime');
}
