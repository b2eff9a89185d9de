// What the two bundles of the extension host need of the bundler: together they decide how fast the extension starts.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const SOURCES = 'src/extension';
/** Modules that are bundles of their own, loaded when they are first needed. */
const LATER = { './theory': './theory.js' };

/**
 * The editor's API by the names that are used. Without it the bundler makes one copy of its several hundred members for every
 * source file that imports it, which takes longer than the activation itself.
 */
export const editorApi = {
  name: 'editor-api',
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'editor-api' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'editor-api' },
    );
    build.onLoad({ filter: /.*/, namespace: 'editor-api' }, async () => {
      const names = new Set();
      for (const file of await readdir(SOURCES)) {
        const text = await readFile(join(SOURCES, file), 'utf8');
        for (const [, name] of text.matchAll(/\bvscode\.([A-Za-z]\w*)/g)) names.add(name);
      }
      const members = [...names].sort().map((name) => `export const ${name} = api.${name};`);
      return { resolveDir: process.cwd(), contents: ["const api = require('vscode');", ...members].join('\n') };
    });
  },
};

/** Leaves `import('./theory')` to the file beside the bundle. */
export const laterBundles = {
  name: 'later-bundles',
  setup(build) {
    build.onResolve({ filter: /^\.\/theory$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: LATER[path], external: true } : undefined,
    );
  },
};
