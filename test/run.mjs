// The tests. `node test/run.mjs` runs every lane, `node test/run.mjs unit …` the named ones.
// Only what is needed before a package can be loaded stands here; the rest is in test/lanes/.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node 20.19 or newer is needed; this is ${process.versions.node}.`);
  process.exit(1);
}
if (!existsSync(join(root, 'node_modules', 'tsx'))) {
  console.log('The packages are not installed yet: npm ci');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

const require = createRequire(import.meta.url);
require('tsx/cjs');
require('./lanes/main.ts').main(process.argv.slice(2));
