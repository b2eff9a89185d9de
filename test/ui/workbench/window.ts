/**
 * One server, one window for all workbench tests of a run. A failed test leaves its picture and the console
 * in out/failures/.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../lanes/chromium';
import { startServer, type Server } from '../../lanes/server';
import { openWorkbench, type Workbench } from '../../lanes/workbench';
import { putExperiments } from './experiments';
import { User } from './user';

interface Window {
  readonly server: Server;
  readonly browser: Browser;
  readonly workbench: Workbench;
  readonly user: User;
}

let opened: Promise<Window> | undefined;
const scratch = mkdtempSync(join(tmpdir(), 'bias-lab-window-'));

async function open(): Promise<Window> {
  const folder = join(scratch, 'workspace');
  mkdirSync(folder);
  await putExperiments(folder);
  const server = await startServer();
  let browser: Browser | undefined;
  try {
    browser = await launchChromium();
    const workbench = await openWorkbench(browser, server, { folder });
    return { server, browser, workbench, user: new User(workbench, folder) };
  } catch (error) {
    await browser?.close();
    await server.stop();
    throw error;
  }
}

/** The user at the window, opened at the first call. */
export async function user(): Promise<User> {
  opened ??= open();
  return (await opened).user;
}

/** Looks after every test of a suite: what failed leaves its evidence. */
export function usesWindow(): void {
  afterEach(async function () {
    if (opened === undefined) return;
    const { workbench } = await opened;
    if (this.currentTest?.state === 'failed') {
      console.error(`      picture and console: ${await workbench.evidence(this.currentTest.fullTitle())}.png and .log`);
    }
  });
}

// At the top of a file, this is the end of all files: nothing that was done may have made the editor complain.
after(async () => {
  try {
    if (opened === undefined) return;
    const { browser, server, user: me } = await opened;
    await browser.close();
    await server.stop();
    me.assertNoComplaints();
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
});
