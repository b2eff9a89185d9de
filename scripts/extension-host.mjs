// What the bundles of the extension host need of the bundler: together they decide how fast the extension starts.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

/** Whoever may import the editor's API. */
const SOURCES = ['src/extension', 'src/browser/host'];
/** Modules that are bundles of their own, loaded when they are first needed. */
const LATER = { './theory': './theory.js', './editor-sweep': './editor-sweep.js', './python-file': './python-file.js' };

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
      for (const folder of SOURCES) {
        for (const file of await readdir(folder)) {
          const text = await readFile(join(folder, file), 'utf8');
          for (const [, name] of text.matchAll(/\bvscode\.([A-Za-z]\w*)/g)) names.add(name);
        }
      }
      const members = [...names].sort().map((name) => `export const ${name} = api.${name};`);
      return { resolveDir: process.cwd(), contents: ["const api = require('vscode');", ...members].join('\n') };
    });
  },
};

/** Leaves `import('./theory')` and its like to the file beside the bundle. */
export const laterBundles = {
  name: 'later-bundles',
  setup(build) {
    build.onResolve({ filter: /^\.\/[\w-]+$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' && path in LATER ? { path: LATER[path], external: true } : undefined,
    );
  },
};

/**
 * What Node itself brings, loaded where it is first used: threads, hashes and files are not needed to start, and the loading of some
 * takes as long as all the rest. An imported name reads the member of this object at every use.
 */
export const nodeWhenUsed = {
  name: 'node-when-used',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, namespace, importer }) => {
      if (namespace === 'node-when-used') return { path, external: true };
      return { path: `${path}#${importer}`, namespace: 'node-when-used' };
    });
    build.onLoad({ filter: /.*/, namespace: 'node-when-used' }, async ({ path }) => {
      const [name, importer] = path.split('#');
      const members = membersOf(name, await readFile(importer, 'utf8'));
      return {
        contents: `module.exports = { ${members.map((member) => `get ${member}() { return require('${name}').${member}; }`).join(', ')} };`,
      };
    });
  },
};

/** What a source file uses of a module, by `import { a, b } from` or `import all from`. */
function membersOf(name, text) {
  const [, names, all] = new RegExp(`import (?:\\{([^}]*)\\}|(?:\\* as )?(\\w+)) from '${name}'`).exec(text) ?? [];
  const members =
    names === undefined
      ? [...text.matchAll(new RegExp(`\\b${all}\\.(\\w+)`, 'g'))].map(([, member]) => member)
      : names.split(',').map((part) => part.trim().split(' as ')[0]);
  return [...new Set(members)].filter((member) => member !== '' && !member.startsWith('type '));
}

/**
 * Of every published result the half that answers from the file alone. The other half, `examine`, brings solvers, measures and models
 * with it, which only compute workers use: half of what the host would have to read.
 */
export const outlinesOnly = {
  name: 'outlines-only',
  setup(build) {
    build.onLoad({ filter: /[/\\]src[/\\]theory[/\\][^/\\]+\.ts$/ }, async ({ path }) => ({
      contents: withoutExamine(path, await readFile(path, 'utf8')),
      loader: 'ts',
    }));
  },
};

/** A result is an object with both halves. */
function withoutExamine(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const cuts = [];
  const visit = (node) => {
    if (ts.isObjectLiteralExpression(node)) {
      const named = (name) => node.properties.find((property) => property.name?.text === name);
      const examine = named('outline') && named('examine');
      if (examine) cuts.push({ from: examine.getStart(source), to: examine.getEnd() });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const stub = "examine() { return Promise.reject(new Error('results are examined in compute workers')); }";
  return cuts.reduceRight((kept, { from, to }) => kept.slice(0, from) + stub + kept.slice(to), text);
}
