/** A running VS Code server with a fresh data folder. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGroup } from './group';
import { needServer } from './server-install';

export interface Server {
  readonly port: number;
  /** What it printed so far. */
  log(): string;
  /** Ends it with all its processes and removes its data. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Added to the environment, which the extension host inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** A VSIX that is installed before the start. */
  readonly vsix?: string;
  /** Machine-wide settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

const START_DEADLINE = 60_000;

/** Settings of an editor that is alone, and shows what is tested. */
export function offlineSettings(): Record<string, unknown> {
  return {
    'extensions.autoUpdate': false,
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'files.autoSave': 'off',
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'git.enabled': false,
    'chat.disableAIFeatures': true,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
  };
}

export async function startServer({ env = {}, vsix, settings = {} }: ServerOptions = {}): Promise<Server> {
  const { node, folder } = await needServer();
  const data = await mkdtemp(join(tmpdir(), 'bias-lab-server-'));
  const main = join(folder, 'out', 'server-main.js');
  const common = ['--accept-server-license-terms', '--disable-telemetry', '--telemetry-level', 'off', '--server-data-dir', data];
  await mkdir(join(data, 'data', 'Machine'), { recursive: true });
  await writeFile(join(data, 'data', 'Machine', 'settings.json'), JSON.stringify({ ...offlineSettings(), ...settings }));

  let output = '';
  const run = (args: readonly string[]): ReturnType<typeof startGroup> => {
    const group = startGroup(node, [main, ...common, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-200_000);
    };
    group.process.stdout?.on('data', keep);
    group.process.stderr?.on('data', keep);
    return group;
  };
  const cleared = async (): Promise<void> => rm(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

  if (vsix !== undefined) {
    const installation = run(['--install-extension', vsix, '--force']);
    const timer = setTimeout(() => void installation.end(), START_DEADLINE);
    const { code } = await installation.ended;
    clearTimeout(timer);
    if (code !== 0) {
      await cleared();
      throw new Error(`The server did not install ${vsix}:\n${output}`);
    }
  }

  const server = run([
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--without-connection-token',
    '--enable-smoke-test-driver',
    '--disable-workspace-trust',
  ]);
  const stop = async (): Promise<void> => {
    await server.end();
    await cleared();
  };
  try {
    const port = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`The server did not start in ${START_DEADLINE / 1000} s:\n${output}`)),
        START_DEADLINE,
      );
      server.process.stdout?.on('data', () => {
        const told = /Extension host agent listening on (\d+)/.exec(output);
        if (!told) return;
        clearTimeout(timer);
        resolve(Number(told[1]));
      });
      server.ended.then(
        ({ code }) => reject(new Error(`The server ended with status ${code} before it listened:\n${output}`)),
        (error: Error) => reject(error),
      );
    });
    return { port, log: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
