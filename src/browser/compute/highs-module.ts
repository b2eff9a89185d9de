import type * as Node from '../../worker/highs-module';
import { ask } from './ask';

/** The hook by which Emscripten lets others instantiate: of what HiGHS documents for bytes at hand, version 1.15.3 has nothing in its build. */
interface EmscriptenOptions {
  instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): void;
}

/** The extension host reads the wasm file; a worker in a browser has no folder beside it. */
export const loadHighsModule: typeof Node.loadHighsModule = async () => {
  const [{ default: loadHighs }, bytes] = await Promise.all([import('highs'), ask({ what: 'asset', name: 'highs.wasm' })]);
  if (typeof bytes === 'string') throw new TypeError('expected the bytes of highs.wasm, got a text');
  const module = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  const options: EmscriptenOptions = { instantiateWasm: (imports, receive) => receive(new WebAssembly.Instance(module, imports)) };
  return loadHighs(options as Parameters<typeof loadHighs>[0]);
};
