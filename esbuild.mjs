// Builds everything that ships: generated files first (kernels, schema), then one bundle an entry.
//   node esbuild.mjs            build once
//   node esbuild.mjs --watch    rebuild on change
//   node esbuild.mjs --generate only the generated files (for type checks and unit tests)
import { build, context } from 'esbuild';
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { browserTwins } from './scripts/browser-twins.mjs';
import { editorApi, laterBundles, nodeWhenUsed, outlinesOnly } from './scripts/extension-host.mjs';
import { gatherExamples } from './scripts/gather-examples.mjs';
import { generateKernels } from './scripts/generate-kernels.mjs';
import { generateSchema } from './scripts/generate-schema.mjs';

const watch = process.argv.includes('--watch');
await generateKernels();
await generateSchema();
if (!process.argv.includes('--generate')) {
  const shared = {
    bundle: true,
    minify: !watch,
    sourcemap: watch ? 'linked' : false,
    logLevel: 'warning',
    target: 'node20',
    legalComments: 'none',
  };
  const node = {
    ...shared,
    platform: 'node',
    format: 'cjs',
    // The main entry of jsonc-parser is UMD, whose requires a bundler cannot see.
    mainFields: ['module', 'main'],
    alias: { highs: './node_modules/highs/build/highs.js' },
  };
  const host = {
    ...node,
    external: ['vscode'],
    // The extension host complains of every look at `navigator`, and a package looks whether it runs at Cloudflare.
    define: { navigator: 'undefined' },
    // What is loaded later is loaded like everything else there.
    supported: { 'dynamic-import': false },
  };
  // The same extension and the same worker for editors that run in a browser; what they need from Node comes from their twins.
  const browser = {
    ...shared,
    target: 'es2022',
    platform: 'browser',
    mainFields: ['module', 'browser', 'main'],
    alias: { highs: './node_modules/highs/build/highs.js', 'csv-parse/sync': 'csv-parse/browser/esm/sync' },
  };
  const bundles = [
    {
      ...host,
      entryPoints: ['src/extension/extension.ts'],
      outfile: 'dist/extension.js',
      plugins: [editorApi, laterBundles, nodeWhenUsed],
    },
    { ...host, entryPoints: ['src/extension/theory.ts'], outfile: 'dist/theory.js', plugins: [outlinesOnly] },
    { ...host, entryPoints: ['src/extension/python-file.ts'], outfile: 'dist/python-file.js' },
    { ...host, entryPoints: ['src/extension/editor-sweep.ts'], outfile: 'dist/editor-sweep.js', plugins: [outlinesOnly] },
    { ...node, entryPoints: ['src/worker/worker.ts'], outfile: 'dist/worker.js' },
    { ...node, entryPoints: ['src/cli/cli.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
    {
      ...browser,
      format: 'cjs',
      external: ['vscode'],
      // One file: a host in a browser cannot load another one beside it.
      entryPoints: ['src/extension/extension.ts'],
      outfile: 'dist/browser/extension.js',
      plugins: [browserTwins('host'), editorApi, outlinesOnly],
    },
    {
      ...browser,
      format: 'iife',
      entryPoints: ['src/worker/worker.ts'],
      outfile: 'dist/browser/worker.js',
      plugins: [browserTwins('compute')],
    },
    {
      ...shared,
      target: 'es2022',
      platform: 'browser',
      format: 'iife',
      entryPoints: ['webview/results.ts'],
      outfile: 'dist/results.js',
      loader: { '.css': 'css' },
    },
  ].filter(({ entryPoints }) => existsSync(entryPoints[0]));
  await mkdir('dist', { recursive: true });
  await gatherExamples();
  await copyFile('node_modules/highs/build/highs.wasm', 'dist/highs.wasm');
  if (watch) for (const options of bundles) await (await context(options)).watch();
  else await Promise.all(bundles.map((options) => build(options)));
}
