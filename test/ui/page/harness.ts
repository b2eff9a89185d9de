/** The results page alone in a browser: the shipped bundle under the shipped policy, with a host that only listens. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { panelHtml } from '../../../src/extension/panel-html';
import type { ComparedRun, FromPage, RunView, ToPage } from '../../../src/protocol/panel';
import { launchChromium } from '../../lanes/chromium';
import { OUT, ROOT } from '../../lanes/repository';
import { THEMES, type EditorTheme } from './themes';

const ORIGIN = 'http://results.test';
const SCREENSHOTS = join(OUT, 'screenshots', 'page');

/** A typed array does not survive the way into a browser page by itself; the page's side makes it one again. */
function packed(message: ToPage): unknown {
  return JSON.parse(
    JSON.stringify(message, (_key, value: unknown) => {
      if (value instanceof Float64Array)
        return { float64: Array.from(value, (number) => (Number.isFinite(number) ? number : String(number))) };
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
    }),
  );
}

export interface OpenOptions {
  readonly theme?: string;
  readonly width?: number;
  readonly height?: number;
  readonly state?: unknown;
  readonly reducedMotion?: boolean;
  /** Device pixels of a CSS pixel. */
  readonly ratio?: number;
}

export class ResultsPage {
  private constructor(
    readonly page: Page,
    /** Errors and refused requests of the page. Empty at the end of every test. */
    readonly troubles: string[],
  ) {}

  static async open(
    browser: Browser,
    { theme = 'dark', width = 1280, height = 900, state, reducedMotion = false, ratio = 1 }: OpenOptions = {},
  ): Promise<ResultsPage> {
    const page = await browser.newPage({
      viewport: { width, height },
      deviceScaleFactor: ratio,
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    });
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
    });
    await page.route('**/*', (route) => {
      const path = new URL(route.request().url()).pathname;
      if (path === '/') return route.fulfill({ contentType: 'text/html', body: html() });
      if (path === '/results.js') return route.fulfill({ contentType: 'text/javascript', body: bundle('results.js') });
      if (path === '/results.css') return route.fulfill({ contentType: 'text/css', body: bundle('results.css') });
      if (path !== '/favicon.ico') troubles.push(`asked the network for ${route.request().url()}`);
      return route.abort();
    });
    // The test runner's compiler marks the names of functions; the browser does not know its marker.
    await page.addInitScript('globalThis.__name = (named) => named');
    await page.addInitScript(fakeHost, state ?? null);
    await page.addInitScript(applyTheme, themeNamed(theme));
    await page.goto(`${ORIGIN}/`);
    const results = new ResultsPage(page, troubles);
    await results.posted('ready');
    return results;
  }

  async send(message: ToPage): Promise<void> {
    await this.page.evaluate((plain) => {
      const unpack = (value: unknown): unknown => {
        if (Array.isArray(value)) return value.map(unpack);
        if (typeof value !== 'object' || value === null) return value;
        if ('float64' in value) return Float64Array.from(value.float64 as (number | string)[], Number);
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]));
      };
      window.postMessage(unpack(plain), '*');
    }, packed(message));
    await this.settled();
  }

  snapshot(run: RunView | null, compared: readonly ComparedRun[] = []): Promise<void> {
    return this.send({ type: 'snapshot', run, compared });
  }

  /** Two frames and the pause between redraws have passed. */
  async settled(): Promise<void> {
    await this.page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 90)));
  }

  /** What the page has told its host. */
  messages(): Promise<FromPage[]> {
    return this.page.evaluate(() => (window as unknown as { told: FromPage[] }).told);
  }

  /** The last message of a type, waited for. */
  async posted<T extends FromPage['type']>(type: T): Promise<Extract<FromPage, { type: T }>> {
    await this.page.waitForFunction(
      (wanted) => (window as unknown as { told: FromPage[] }).told.some((message) => message.type === wanted),
      type,
      { timeout: 5000 },
    );
    const found = (await this.messages()).findLast((message) => message.type === type);
    assert.ok(found);
    return found as Extract<FromPage, { type: T }>;
  }

  remembered(): Promise<Record<string, unknown>> {
    return this.page.evaluate(() => (window as unknown as { remembered: Record<string, unknown> }).remembered);
  }

  async theme(name: string): Promise<void> {
    await this.page.evaluate(applyTheme, themeNamed(name));
    await this.settled();
  }

  text(selector: string): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }

  /** Keeps a picture for people; git does not know the folder. */
  async picture(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  }

  /** Every test ends here: the page must not have failed, whatever it was given. */
  async close(): Promise<void> {
    const failures = (await this.messages()).filter(({ type }) => type === 'page-error');
    await this.page.close();
    assert.deepEqual(this.troubles, []);
    assert.deepEqual(failures, []);
  }
}

export async function openBrowser(): Promise<Browser> {
  assertFresh();
  return launchChromium();
}

function themeNamed(name: string): EditorTheme {
  const theme = THEMES.find((candidate) => candidate.name === name);
  assert.ok(theme, `no theme ${name}`);
  return theme;
}

function html(): string {
  return panelHtml({ cspSource: ORIGIN, nonce: 'bm9uY2U', scriptUri: `${ORIGIN}/results.js`, styleUri: `${ORIGIN}/results.css` });
}

function bundle(name: string): string {
  return readFileSync(join(ROOT, 'dist', name), 'utf8');
}

/** Testing yesterday's page would prove nothing. */
function assertFresh(): void {
  const built = join(ROOT, 'dist', 'results.js');
  assert.ok(existsSync(built), 'dist/results.js is missing: npm run build');
  const newest = Math.max(...readdirSync(join(ROOT, 'webview')).map((name) => statSync(join(ROOT, 'webview', name)).mtimeMs));
  assert.ok(statSync(built).mtimeMs >= newest, 'dist/results.js is older than webview/: npm run build');
}

/** Runs inside the page, before it: VS Code's side of the door. */
function fakeHost(state: unknown): void {
  const told: unknown[] = [];
  Object.assign(window, { told, remembered: state });
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => told.push(structuredClone(message)),
      getState: () => (window as unknown as { remembered: unknown }).remembered ?? undefined,
      setState: (next: unknown) => Object.assign(window, { remembered: structuredClone(next) }),
    }),
  });
}

/** Runs inside the page: variables on the root element and classes on the body, the way VS Code sets them. */
function applyTheme(theme: EditorTheme): void {
  const apply = (): void => {
    const root = document.documentElement;
    for (const name of Array.from(root.style)) root.style.removeProperty(name);
    for (const [name, value] of Object.entries(theme.variables)) root.style.setProperty(`--vscode-${name}`, value);
    document.body.className = `vscode-body ${theme.bodyClass}`;
    document.body.dataset['vscodeThemeKind'] = theme.bodyClass.split(' ')[0];
  };
  if (document.body === null) document.addEventListener('DOMContentLoaded', apply);
  else apply();
}
