/** Who may know whom: the table in .dependency-cruiser.cjs holds, and it would notice. */
import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ICruiseResult, IFlattenedRuleSet } from 'dependency-cruiser';
import { build } from 'esbuild';
import { ROOT } from '../../lanes/repository';

const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const PURE = ['protocol', 'numerics', 'experiment', 'data', 'losses', 'models', 'measures', 'solvers', 'dynamics', 'theory', 'study'];

/** "rule: from → to" for every import that breaks a rule, of the folders in `base`. */
async function violations(base: string, folders: readonly string[]): Promise<readonly string[]> {
  const { cruise } = await import('dependency-cruiser');
  const { default: extractOptions } = await import('dependency-cruiser/config-utl/extract-depcruise-options');
  const { default: extractTypeScript } = await import('dependency-cruiser/config-utl/extract-ts-config');
  const { ruleSet, ...options } = await extractOptions(CONFIG);
  const { output } = await cruise(
    [...folders],
    { ...options, ruleSet: ruleSet as IFlattenedRuleSet, validate: true, baseDir: base },
    {},
    { tsConfig: extractTypeScript(join(ROOT, 'tsconfig.base.json')) },
  );
  const { summary } = output as ICruiseResult;
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort();
}

describe('rooms', function () {
  this.timeout(60_000);

  it('keep their directions', async () => {
    assert.deepEqual(await violations(ROOT, ['src', 'webview']), []);
  });

  it('would be caught going upwards, sideways, in a circle, to Node and to the editor', async () => {
    const base = mkdtempSync(join(tmpdir(), 'bias-lab-rooms-'));
    const put = (path: string, text: string): void => {
      mkdirSync(dirname(join(base, path)), { recursive: true });
      writeFileSync(join(base, path), text);
    };
    try {
      put('package.json', '{ "name": "fixture", "version": "1.0.0" }');
      put('src/study/study.ts', 'export interface Study { name: string }\nexport const study = 1;');
      put('src/experiment/spec.ts', 'export interface Spec { kind: string }\nexport const spec = 1;');
      put('src/solvers/solver.ts', 'export const solver = 1;');
      put('src/numerics/upwards.ts', "import type { Study } from '../study/study';\nexport type Up = Study;");
      put('src/dynamics/sideways.ts', "import { solver } from '../solvers/solver';\nexport const sideways = solver;");
      put('src/models/allowed.ts', "import type { Spec } from '../experiment/spec';\nexport type Fine = Spec;");
      put('src/models/value.ts', "import { spec } from '../experiment/spec';\nexport const value = spec;");
      put('src/data/node.ts', "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;");
      put('src/worker/editor.ts', "import * as vscode from 'vscode';\nexport const version = vscode.version;");
      put('src/extension/editor.ts', "import * as vscode from 'vscode';\nexport const version = vscode.version;");
      put('src/losses/one.ts', "import { two } from './two';\nexport const one = (): number => two();");
      put('src/losses/two.ts', "import { one } from './one';\nexport const two = (): number => one();");
      put('webview/page.ts', "import { study } from '../src/study/study';\nexport const page = study;");
      put('src/theory/nowhere.ts', "import { gone } from './gone';\nexport const nowhere = gone;");
      const found = await violations(base, ['src', 'webview']);
      assert.deepEqual(
        found.map((violation) => violation.replace(/ → .*/, '')),
        [
          'dynamics-knows-only-rooms-below: src/dynamics/sideways.ts',
          'everything-resolves: src/theory/nowhere.ts',
          'models-knows-types-only: src/models/value.ts',
          'no-circle: src/losses/one.ts',
          'numerics-knows-only-rooms-below: src/numerics/upwards.ts',
          'only-the-extension-knows-the-editor: src/worker/editor.ts',
          'pure-rooms-know-no-node: src/data/node.ts',
          'the-page-knows-the-protocol-only: webview/page.ts',
        ],
        found.join('\n'),
      );
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });

  it('that are pure reach neither the editor nor Node, whatever they import', async () => {
    const files = PURE.flatMap((room) =>
      readdirSync(join(ROOT, 'src', room), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.startsWith(join('wasm', 'assembly')))
        .map((name) => `./src/${room}/${name}`),
    );
    assert.ok(files.length > 30, `${files.length} files of pure rooms`);
    const reached: string[] = [];
    await build({
      stdin: { contents: files.map((file) => `import '${file}';`).join('\n'), resolveDir: ROOT, loader: 'ts' },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
      plugins: [
        {
          name: 'watch-the-border',
          setup({ onResolve }) {
            onResolve({ filter: /^(vscode|node:.*|[\w/]+)$/ }, ({ path, importer }) => {
              if (path !== 'vscode' && !path.startsWith('node:') && !builtinModules.includes(path)) return undefined;
              reached.push(`${importer} → ${path}`);
              return { path, external: true };
            });
          },
        },
      ],
    });
    assert.deepEqual(reached, []);
  });
});
