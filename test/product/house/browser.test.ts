/** Where there is no Node: every file that needs it has a twin, and the bundles ask for nothing that is not there. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allTwins } from '../../../scripts/browser-twins.mjs';
import { ROOT } from '../../lanes/repository';

/** Names of the values that a source file exports. */
function exportsOf(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^export (?:async )?(?:const|function|class) (\w+)/gmu)].map(([, name]) => name).sort();
}

function requiredBy(bundle: string): readonly string[] {
  const text = readFileSync(join(ROOT, bundle), 'utf8');
  return [...new Set([...text.matchAll(/require\("([^"]+)"\)/gu)].map(([, name]) => name))].sort();
}

describe('twins for browsers', () => {
  for (const [file, twin] of allTwins) {
    it(`${twin} exports what ${file} does`, () => {
      assert.ok(exportsOf(file).length > 0);
      assert.deepEqual(exportsOf(twin), exportsOf(file));
    });
  }
});

describe('bundles for browsers', () => {
  it('the extension requires the editor alone', () => {
    assert.deepEqual(requiredBy('dist/browser/extension.js'), ['vscode']);
  });

  it('the worker requires nothing but what HiGHS takes in Node', () => {
    assert.deepEqual(
      requiredBy('dist/browser/worker.js').filter((name) => !/^node:(fs|crypto)$/.test(name)),
      [],
    );
    assert.deepEqual(requiredBy('node_modules/highs/build/highs.js'), ['node:crypto', 'node:fs']);
  });

  it('ask no process for its environment', () => {
    for (const bundle of ['dist/browser/extension.js', 'dist/browser/worker.js'])
      assert.doesNotMatch(readFileSync(join(ROOT, bundle), 'utf8'), /\bprocess\.env\b/u, bundle);
  });

  it('need no compiler of texts, which pages forbid', () => {
    for (const bundle of ['dist/browser/extension.js', 'dist/browser/worker.js'])
      assert.doesNotMatch(readFileSync(join(ROOT, bundle), 'utf8'), /\beval\(/u, bundle);
  });
});
