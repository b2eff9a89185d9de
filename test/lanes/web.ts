/** The web lane: the extension and its suites in an editor without Node. */
import { build, type BuildOptions } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { browserTwins } from '../../scripts/browser-twins.mjs';
import { BY_NODE, COMPARED } from '../web/compared';
import { launchChromium } from './chromium';
import { settle, sum, type Counts } from './counts';
import { runGroup } from './group';
import { OUT, ROOT, testFiles } from './repository';
import { offlineSettings } from './server';
import { COUNT, SAY } from './web-host';
import { startWebServer, type WebServer, type WebServerOptions } from './web-server';
import { endOfSuite, openWindow } from './workbench';

/** Suites about threads of Node, and about the editor's JSON service, whose half for browsers this server does not bring. */
const OF_NODE = ['json-service', 'sweep-engines', 'threads'].map((name) => `test/integration/${name}.test.ts`);
const FILES = join(OUT, 'web');
const FOLDER = '/lab';

const BROWSER: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'browser',
  format: 'cjs',
  target: 'es2022',
  external: ['vscode'],
  logLevel: 'warning',
};

/** The file system of the tests, and the suites where there are any. */
async function bundle(suites: readonly string[]): Promise<void> {
  await build({ ...BROWSER, entryPoints: ['test/web/file-system.ts'], outfile: join(FILES, 'file-system', 'extension.js') });
  if (suites.length === 0) return;
  await build({
    ...BROWSER,
    stdin: {
      resolveDir: ROOT,
      loader: 'ts',
      contents: `import 'mocha/mocha.js';
import * as vscode from 'vscode';
import { runWebSuites } from './test/lanes/web-host';
export const run = () => {
  const { scheme, authority } = vscode.extensions.getExtension('implicit-bias-lab.implicit-bias-lab').extensionUri;
  return runWebSuites(scheme + '://' + authority, globalThis.mocha, () => { ${suites.map((file) => `require('./${file}');`).join(' ')} });
};`,
    },
    outfile: join(FILES, 'tests', 'index.js'),
    // Mocha's bundle for browsers takes the exports of the whole script for its own.
    format: 'iife',
    globalName: 'suites',
    footer: { js: 'module.exports = suites;' },
    sourcemap: 'inline',
    mainFields: ['module', 'browser', 'main'],
    alias: { 'node:assert/strict': './test/web/assert.ts' },
    plugins: [browserTwins('host')],
  });
}

/** The examples as the files of the folder that is opened. */
function examples(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })) {
    if (/\.(json|csv)$/.test(name)) files[name.replaceAll('\\', '/')] = readFileSync(join(ROOT, 'examples', name), 'utf8');
  }
  return files;
}

export interface WebEditorOptions {
  /** The folder that is opened: names with texts. */
  readonly files: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Test files that run inside. */
  readonly suites?: readonly string[];
  readonly onPost?: WebServerOptions['onPost'];
  readonly isolated?: boolean;
}

/** The editor as a website with this extension and a folder on the web. */
export async function startWebEditor({ files, settings, suites = [], onPost, isolated }: WebEditorOptions): Promise<WebServer> {
  await bundle(suites);
  const manifest = {
    name: 'web-lab',
    publisher: 'implicit-bias-lab',
    version: '0.0.0',
    engines: { vscode: '^1.100.0' },
    browser: './extension.js',
    activationEvents: ['onFileSystem:web-lab'],
  };
  return startWebServer({
    folders: { '/extension': ROOT, '/files': join(FILES, 'file-system') },
    texts: {
      '/files/package.json': JSON.stringify(manifest),
      '/files/files.json': JSON.stringify(Object.fromEntries(Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text]))),
    },
    extensions: ['/extension', '/files'],
    // Tests run in the host of the extension in whose folder they lie.
    tests: suites.length > 0 ? '/extension/out/web/tests/index' : undefined,
    folder: `web-lab:${FOLDER}`,
    settings: { ...offlineSettings(), ...settings },
    onPost,
    isolated,
  });
}

async function reportsByNode(): Promise<string> {
  const target = join(FILES, BY_NODE);
  const files = COMPARED.map((name) => join('examples', `${name}.bias.json`));
  mkdirSync(FILES, { recursive: true });
  const status = await runGroup(process.execPath, ['dist/cli.js', 'run', ...files, '--json', target], {
    cwd: ROOT,
    deadline: 60_000,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`The command line ended with ${status} where the browser's reports were to be compared with its own.`);
  const reports = JSON.parse(readFileSync(target, 'utf8')) as readonly unknown[];
  return JSON.stringify(Object.fromEntries(COMPARED.map((name, index) => [name, reports[index]])));
}

/** Runs in a page of its own, since a page is isolated as a whole or not at all. */
const ISOLATED = 'test/web/isolated.test.ts';

export async function web(chosen?: readonly string[]): Promise<Counts> {
  const all = chosen ?? [...testFiles('test/web'), ...testFiles('test/integration').filter((file) => !OF_NODE.includes(file))];
  const files = { ...examples(), [BY_NODE]: await reportsByNode(), 'linked/iris.csv': 'y\n1\n' };
  const windows = [
    { name: 'web', suites: all.filter((file) => file !== ISOLATED), isolated: false },
    { name: 'web-isolated', suites: all.filter((file) => file === ISOLATED), isolated: true },
  ];
  const counts: Counts[] = [];
  for (const { name, suites, isolated } of windows) if (suites.length > 0) counts.push(await runWindow(name, { files, suites, isolated }));
  return sum(counts);
}

async function runWindow(name: string, options: WebEditorOptions): Promise<Counts> {
  let written: string | null = null;
  const server = await startWebEditor({
    ...options,
    onPost: (path, text) => {
      if (path === SAY) process.stdout.write(text);
      if (path === COUNT) written = text;
    },
  });
  try {
    const browser = await launchChromium();
    try {
      const workbench = await openWindow(browser, { address: server.address, log: server.log });
      // The counts are read after the end: an argument before `await` would have its value from before it.
      const status = await endOfSuite(workbench, name);
      return settle(written, status);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}
