/**
 * A VS Code server from the npm registry, for machines that can have no desktop editor: the npm package `code-server`
 * carries the real workbench and the real Node extension host. Installed once a version into the cache folder.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runGroup } from './group';
import { needCompiler } from './needs';
import { cacheFolder } from './repository';

const VERSION = '4.139.1';
/** The server runs on this major version of Node only; the npm package carries its binary. */
const NODE_MAJOR = 24;
const NODE_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const NODE_VERSION = '24.21.0';
const NATIVE = ['@vscode/spdlog', '@vscode/native-watchdog', '@parcel/watcher'];

export interface InstalledServer {
  /** The Node that runs it. */
  readonly node: string;
  /** Folder of the VS Code server, with out/server-main.js. */
  readonly folder: string;
}

function layout(home: string): InstalledServer {
  const own = Number(process.versions.node.split('.')[0]) === NODE_MAJOR;
  return {
    node: own ? process.execPath : join(home, 'node_modules', NODE_PACKAGE, 'bin', 'node'),
    folder: join(home, 'node_modules', 'code-server', 'lib', 'vscode'),
  };
}

async function npm(args: readonly string[], cwd: string, node: string, log: string): Promise<void> {
  const handle = await open(log, 'a');
  const path = [join(node, '..'), process.env['PATH'] ?? ''].join(delimiter);
  try {
    const status = await runGroup('npm', [...args, '--no-audit', '--no-fund'], {
      cwd,
      env: { ...process.env, PATH: path },
      stdio: ['ignore', handle.fd, handle.fd],
      deadline: 600_000,
    });
    if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${(await readFile(log, 'utf8')).slice(-4000)}`);
  } finally {
    await handle.close();
  }
}

/** The server, installed when it is not there yet (about 90 seconds and 800 MB). */
export async function needServer(): Promise<InstalledServer> {
  const home = join(cacheFolder(), `code-server-${VERSION}`);
  // The marker is the last thing that an installation writes.
  if (existsSync(join(home, 'complete'))) return layout(home);
  if (process.platform === 'win32') throw new Error('The server lane does not run on Windows; the desktop lane does.');
  needCompiler();

  console.log(`Installing a VS Code server (code-server ${VERSION}) into ${home}: once, about two minutes`);
  const partial = `${home}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    const log = join(partial, 'install.log');
    const dependencies = { 'code-server': VERSION, [NODE_PACKAGE]: NODE_VERSION };
    await writeFile(join(partial, 'package.json'), JSON.stringify({ name: 'editor-lane', private: true, dependencies }));
    await npm(['install', '--ignore-scripts'], partial, process.execPath, log);
    const { node, folder } = layout(partial);
    await npm(['install', '--omit=dev', '--ignore-scripts'], folder, node, log);
    await npm(['rebuild', ...NATIVE], folder, node, log);
    await writeFile(join(partial, 'complete'), '');
    if (!existsSync(join(home, 'complete'))) {
      await rm(home, { recursive: true, force: true });
      await rename(partial, home);
    }
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return layout(home);
}
