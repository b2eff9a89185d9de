/**
 * The editor as a website, as vscode.dev serves it: the workbench of the installed server with nothing behind it. Extensions run in a web
 * worker of the page, files come from an extension. What is served lies in memory or in the folders named here.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { needServer } from './server-install';

export interface WebServer {
  readonly port: number;
  /** "http://127.0.0.1:1234" */
  readonly address: string;
  log(): string;
  stop(): Promise<void>;
}

export interface WebServerOptions {
  /** Paths whose files are those of a folder: "/extension" → "/abs/repository". */
  readonly folders: Readonly<Record<string, string>>;
  /** Paths with their content. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Extensions under development, by their path on this server. */
  readonly extensions: readonly string[];
  /** The tests module, by its path on this server. */
  readonly tests?: string;
  /** URI of the folder that is opened. */
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Isolates the page from other origins, so that it may share memory with its workers. */
  readonly isolated?: boolean;
  /** Told of what is posted. */
  readonly onPost?: (path: string, text: string) => void;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

const WORKBENCH = '/static';

export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { folder: workbench } = await needServer();
  const folders = { [WORKBENCH]: workbench, ...options.folders };
  let said = '';
  const server = createServer((request, response) => {
    serve(request, response, { ...options, folders }, workbench, (line) => (said += `${line}\n`)).catch((error: unknown) => {
      said += `${String(error)}\n`;
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `http://127.0.0.1:${port}`,
    log: () => said,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: WebServerOptions,
  workbench: string,
  say: (line: string) => void,
): Promise<void> {
  const host = request.headers.host ?? '';
  const path = decodeURIComponent(new URL(request.url ?? '/', `http://${host}`).pathname);
  // The extension host lives in a frame of its own and fetches what an extension consists of.
  response.setHeader('Access-Control-Allow-Origin', '*');
  if (options.isolated === true) {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  }
  if (request.method === 'POST') {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    options.onPost?.(path, Buffer.concat(chunks).toString());
    response.end();
    return;
  }
  const text = path === '/' ? await page(workbench, host, options) : options.texts?.[path];
  const content = text ?? (await contentOf(path, options.folders));
  if (content === null) {
    say(`not found: ${path}`);
    response.writeHead(404).end();
    return;
  }
  response.setHeader('Content-Type', path === '/' ? 'text/html' : (TYPES[extname(path)] ?? 'application/octet-stream'));
  response.end(content);
}

async function contentOf(path: string, folders: Readonly<Record<string, string>>): Promise<Buffer | string | null> {
  for (const [prefix, folder] of Object.entries(folders)) {
    if (!path.startsWith(`${prefix}/`)) continue;
    const file = normalize(join(folder, path.slice(prefix.length)));
    if (!file.startsWith(folder + sep)) return null;
    const content = await readFile(file).catch(() => null);
    if (content !== null) return path.endsWith('/workbench/workbench.js') ? withoutRemote(content.toString()) : content;
    // The editor's own extensions come without their half for browsers, which is nothing that is tested here.
    return prefix === WORKBENCH && /^\/static\/extensions\/.*\.js$/.test(path) ? 'exports.activate = () => {};' : null;
  }
  return null;
}

/** code-server's workbench takes for granted that it has a server behind it; this is where the original asks its configuration. */
function withoutRemote(script: string): string {
  const changed = script
    .replace('remoteAuthority:location.host', 'remoteAuthority:void 0')
    .replace(/(get userRoamingDataHome\(\)\{[^}]*\.)vscodeRemote/, '$1vscodeUserData');
  if (changed.length !== script.length - 'location.host'.length + 'void 0'.length + 'UserData'.length - 'Remote'.length)
    throw new Error('The workbench of this version is put together in another way: test/lanes/web-server.ts has to follow.');
  return changed;
}

async function page(workbench: string, host: string, { extensions, tests, folder, settings }: WebServerOptions): Promise<string> {
  const here = (path: string): object => ({ scheme: 'http', authority: host, path });
  const [scheme, path] = folder.split(':');
  const configuration = {
    folderUri: { scheme, authority: '', path },
    developmentOptions: {
      extensions: extensions.map(here),
      ...(tests !== undefined && { extensionTestsPath: here(tests) }),
      enableSmokeTestDriver: true,
    },
    configurationDefaults: settings,
    enableWorkspaceTrust: false,
    userDataPath: '/User',
    serverBasePath: '/',
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
    _wrapWebWorkerExtHostInIframe: true,
    webviewEndpoint: `${WORKBENCH}/out/vs/workbench/contrib/webview/browser/pre`,
  };
  const values: Readonly<Record<string, string>> = {
    WORKBENCH_WEB_CONFIGURATION: JSON.stringify(configuration).replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
    WORKBENCH_WEB_BASE_URL: WORKBENCH,
    WORKBENCH_NLS_URL: `${WORKBENCH}/out/nls.messages.js`,
    WORKBENCH_NLS_FALLBACK_URL: `${WORKBENCH}/out/nls.messages.js`,
  };
  const template = await readFile(join(workbench, 'out/vs/code/browser/workbench/workbench.html'), 'utf8');
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
}
