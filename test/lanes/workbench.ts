/** The editor's window: a page of headless Chromium on a running server. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { isExpected } from './expected-noise';
import { OUT, ROOT } from './repository';
import type { Server } from './server';

export interface WindowOptions {
  /** The folder that is opened. */
  readonly folder: string;
  /** The extension that is developed; null: only what is installed. Default: this repository. */
  readonly extension?: string | null;
  /** A tests module with `run()` for the extension host. */
  readonly tests?: string;
  readonly width?: number;
  readonly height?: number;
  /** Device pixels of a CSS pixel. */
  readonly ratio?: number;
}

export interface Workbench {
  readonly page: Page;
  /** Console errors, page errors and CSP reports that no one expects, in order. */
  readonly complaints: readonly string[];
  /** Resolves when the tests module has answered: its exit code. */
  readonly exit: Promise<number>;
  /** Everything that was said on the console. */
  consoleLog(): string;
  /** Keeps picture and console under out/failures/NAME.*; gives the path without the ending. */
  evidence(name: string): Promise<string>;
  close(): Promise<void>;
}

const BOOT_DEADLINE = 90_000;
/** Of a whole suite inside the editor. */
export const SUITE_DEADLINE = 8 * 60_000;
/** For what a user would wait for; longer waits say so. */
const ACTION_DEADLINE = 15_000;

export function windowAddress(port: number, { folder, extension = ROOT, tests }: WindowOptions): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (extension !== null) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (tests !== undefined) payload.push(['extensionTestsPath', remote(tests)]);
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  return `http://127.0.0.1:${port}/?${query.toString().replaceAll('+', '%20')}`;
}

export function openWorkbench(browser: Browser, server: Server, options: WindowOptions): Promise<Workbench> {
  return openWindow(browser, { address: windowAddress(server.port, options), log: server.log, ...options });
}

export interface Address {
  readonly address: string;
  /** What the server said, for the evidence. */
  log(): string;
  readonly width?: number;
  readonly height?: number;
  readonly ratio?: number;
}

export async function openWindow(browser: Browser, { address, log, width = 1400, height = 900, ratio = 1 }: Address): Promise<Workbench> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: ratio,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(ACTION_DEADLINE);
  const said: string[] = [];
  const complaints: string[] = [];
  const complain = (text: string): void => {
    if (!isExpected(text)) complaints.push(text);
  };
  page.on('console', (message) => {
    const text = `${message.type()}: ${message.text()} (${message.location().url})`;
    said.push(text);
    if (message.type() === 'error' || /Content Security Policy/i.test(message.text())) complain(text);
  });
  page.on('pageerror', (error) => {
    const text = `page error: ${error.stack ?? error.message}`;
    said.push(text);
    complain(text);
  });
  let exited: (code: number) => void = () => {};
  const exit = new Promise<number>((resolve) => {
    exited = resolve;
  });
  await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
    said.push(`log: ${JSON.stringify(args)}`);
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => exited(code));

  const workbench: Workbench = {
    page,
    complaints,
    exit,
    consoleLog: () => said.join('\n'),
    async evidence(name) {
      const folder = join(OUT, 'failures');
      await mkdir(folder, { recursive: true });
      const path = join(folder, name.replace(/[^\w.-]+/g, '-').slice(0, 120));
      await page.screenshot({ path: `${path}.png`, timeout: 10_000 }).catch(() => {});
      await writeFile(`${path}.log`, `${said.join('\n')}\n\n--- server ---\n${log()}\n`);
      return path;
    },
    async close() {
      await context.close();
    },
  };
  try {
    await page.goto(address, { timeout: BOOT_DEADLINE, waitUntil: 'domcontentloaded' });
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ state: 'visible', timeout: BOOT_DEADLINE });
    return workbench;
  } catch (error) {
    const path = await workbench.evidence('window-did-not-open');
    await workbench.close();
    throw new Error(`The editor's window did not open; see ${path}.png and .log`, { cause: error });
  }
}

/** How the tests in a window ended: their exit code, not 0 where they gave no answer in time or the window complained; with evidence under the name. */
export async function endOfSuite(workbench: Workbench, name: string): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(-1), SUITE_DEADLINE);
  });
  let status = await Promise.race([workbench.exit, late]);
  clearTimeout(timer);
  if (status === -1) console.error(`The tests gave no answer in ${SUITE_DEADLINE / 1000} s.`);
  if (workbench.complaints.length > 0) {
    console.error(`The editor complained:\n  ${workbench.complaints.join('\n  ')}`);
    status = status || 1;
  }
  if (status !== 0) console.error(`Picture and console: ${await workbench.evidence(name)}.png and .log`);
  await workbench.close();
  return status;
}
