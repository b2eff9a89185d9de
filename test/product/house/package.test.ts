/** What ships: nothing but bundles, media and papers, and none of it fat. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { ROOT } from '../../lanes/repository';
import { BUDGETS } from './budgets';

const SHIPPED =
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/(extension|theory|editor-sweep|python-file|worker|cli|results|browser\/extension|browser\/worker)\.js|dist\/examples\.json|dist\/results\.css|dist\/highs\.wasm|docs\/theory\.md|media\/[\w./-]+|examples\/[\w./-]+)$/;
const NEEDED = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'dist/extension.js',
  'dist/theory.js',
  'dist/editor-sweep.js',
  'dist/python-file.js',
  'dist/worker.js',
  'dist/results.js',
  'dist/browser/extension.js',
  'dist/browser/worker.js',
  'dist/examples.json',
  'dist/highs.wasm',
  'examples/r3-sparse-recovery.bias.json',
  'examples/data/iris.csv',
  'docs/theory.md',
];

function kilobytes(path: string): number {
  return Math.ceil(statSync(path).size / 1000);
}

describe('package', function () {
  // All folders are walked, also those that do not ship: slow on a busy disk.
  this.timeout(60_000);
  let files: readonly string[];

  before(async () => {
    files = await listFiles({ cwd: ROOT, packageManager: PackageManager.None });
  });

  it('holds bundles, media and papers only', () => {
    assert.deepEqual(
      files.filter((file) => !SHIPPED.test(file)),
      [],
    );
  });

  it('holds no modules, maps and sources', () => {
    assert.deepEqual(
      files.filter((file) => /node_modules|\.map$|\.ts$|^(src|webview|test|out|docs(?!\/theory\.md$)|scripts)\//.test(file)),
      [],
    );
  });

  it('holds all that is needed', () => {
    assert.deepEqual(
      NEEDED.filter((file) => !files.includes(file)),
      [],
    );
  });

  it('holds every file that its manifest and its README name', () => {
    const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
    const named = [...manifest.matchAll(/"\.?\/?((?:media|dist)\/[^"]+)"/g)].map(([, path]) => path);
    const readme = existsSync(join(ROOT, 'README.md')) ? readFileSync(join(ROOT, 'README.md'), 'utf8') : '';
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\((?!https?:)([^)\s]+)\)/g)].map(([, path]) => path.replace(/^\.\//, ''));
    assert.ok(named.includes('dist/extension.js'));
    assert.deepEqual(
      [...named, ...pictures].filter((path) => !files.includes(path)),
      [],
    );
  });

  it('says each setting with its default, and the key, in the README', () => {
    const { contributes } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly contributes: {
        readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
        readonly keybindings: readonly { readonly key: string }[];
      };
    };
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    for (const [setting, { default: value }] of Object.entries(contributes.configuration.properties))
      assert.match(readme, new RegExp(`^\\| \`${setting}\` .*\`${String(value)}\` +\\|$`, 'm'), setting);
    for (const { key } of contributes.keybindings) assert.ok(readme.toLowerCase().includes(`\`${key}\``), key);
  });

  for (const [file, { kilobytes: budget, because }] of Object.entries(BUDGETS)) {
    it(`keeps ${file} under ${budget} kB: ${because}`, () => {
      const size = kilobytes(join(ROOT, file));
      assert.ok(size <= budget, `${file} has ${size} kB`);
    });
  }

  it('for a terminal, by npm pack, holds the command line with all that it loads', () => {
    const [{ files: packed }] = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: ROOT,
        shell: process.platform === 'win32',
      }).toString(),
    ) as [{ files: readonly { readonly path: string }[] }];
    const paths = packed.map(({ path }) => path);
    const needed = ['dist/cli.js', 'dist/worker.js', 'dist/results.js', 'dist/results.css', 'dist/highs.wasm', 'examples/data/iris.csv'];
    assert.deepEqual(
      needed.filter((path) => !paths.includes(path)),
      [],
    );
    assert.deepEqual(
      paths.filter((path) => /^(src|webview|test|docs|scripts|out|media)\//.test(path)),
      [],
    );
  });

  it('is installed from a lock file that names no host', () => {
    const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
    const hosts = [...lock.matchAll(/"resolved": "https?:\/\/([^/"]+)/g)]
      .map(([, host]) => host)
      .filter((host) => host !== 'registry.npmjs.org');
    assert.deepEqual([...new Set(hosts)], []);
  });
});
