/** An editor in a browser with no server behind it: what a user of vscode.dev sees. */
import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../lanes/chromium';
import { startWebEditor } from '../../lanes/web';
import type { WebServer } from '../../lanes/web-server';
import { openWindow, type Workbench } from '../../lanes/workbench';
import { seriousFindings } from './accessibility';
import { DIAGONAL, ENDLESS } from './experiments';
import { THEMES, User } from './user';

const EXPERIMENTS = { 'diagonal.bias.json': DIAGONAL, 'endless.bias.json': ENDLESS };

describe('an editor in a browser', () => {
  let server: WebServer;
  let browser: Browser;
  let workbench: Workbench;
  let me: User;

  before(async function () {
    this.timeout(240_000);
    server = await startWebEditor({
      files: Object.fromEntries(Object.entries(EXPERIMENTS).map(([name, text]) => [name, JSON.stringify(text, null, 2)])),
      // The theme follows the browser, as no settings file can be put into this folder from outside.
      settings: { 'window.autoDetectColorScheme': true },
    });
    browser = await launchChromium();
    workbench = await openWindow(browser, { address: server.address, log: server.log });
    me = new User(workbench, '/lab');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      console.error(`      picture and console: ${await workbench.evidence(this.currentTest.fullTitle())}.png and .log`);
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  it('shows the prediction, runs by a click and draws the results', async () => {
    await me.openFile('diagonal.bias.json');
    await me.clickLens('Run');
    // The ℓ1 reference needs HiGHS, which the worker cannot load by itself here.
    await me.panelSays(/^Agrees$/, 90_000);
    const frame = await me.panelFrame();
    await frame.locator('canvas').first().waitFor();
    // The lenses follow a moment later.
    await me.lens(/agrees/u).waitFor();
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`looks as it does everywhere, in ${theme}`, async () => {
      await me.page.emulateMedia({ colorScheme: theme });
      await me.page.locator(`.monaco-workbench.${THEMES[theme].mark}`).waitFor();
      const frame = await me.panelFrame();
      await frame.locator('canvas').first().waitFor();
      await me.page.waitForTimeout(500);
      await me.picture(`browser-${theme}`);
      assert.deepEqual(await seriousFindings(frame), []);
    });
  }

  it('stops a run when it is asked to', async () => {
    await me.openFile('endless.bias.json');
    await me.clickLens('Run');
    await me.clickLens('Cancel');
    await me.lens(/cancelled/).waitFor({ timeout: 30_000 });
  });

  it('has nothing to complain about', () => me.assertNoComplaints());
});
