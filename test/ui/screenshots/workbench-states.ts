/** States of the editor's window for the grid: how a user comes to each of them, from the keyboard as far as the editor allows. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../lanes/repository';
import { CLOSEST, DIAGONAL, ENDLESS } from '../workbench/experiments';
import type { User } from '../workbench/user';

export interface WindowState {
  readonly name: string;
  reach(me: User): Promise<void>;
  /** Ends what would go on in the states that follow. */
  leave?(me: User): Promise<void>;
}

/** Descent with a step beyond 2/λ_max = 4/3. */
const BEYOND = { ...CLOSEST, title: 'A step beyond the threshold', optimizer: { kind: 'gradient-descent', stepSize: 2 } };

const SWEEP = {
  ...DIAGONAL,
  title: 'Scale of the start',
  sweep: {
    axes: [
      { path: '/init/scale', log: [0.01, 10, 6] },
      { path: '/model/depth', values: [2, 3] },
    ],
  },
};

async function example(me: User, name: string): Promise<void> {
  await me.put(`${name}.bias.json`, await readFile(join(ROOT, 'examples', `${name}.bias.json`), 'utf8'));
  await me.openFile(`${name}.bias.json`);
  await me.lens(/predicts/).waitFor();
}

async function opened(me: User, name: string, experiment: unknown): Promise<void> {
  await me.put(`${name}.bias.json`, experiment);
  await me.openFile(`${name}.bias.json`);
  // A file that was open before is shown where it was left.
  await me.press('Control+Home');
  await me.lens(/predicts|Run/).waitFor();
}

export const WINDOW_STATES: readonly WindowState[] = [
  {
    // The first one: nothing has been run yet.
    name: 'no-runs',
    reach: async (me) => {
      await me.runCommand('Implicit Bias Lab: Open Results');
      await me.panelSays('No run yet');
      await me.gallery();
      await me.page.locator('.part.sidebar .welcome-view', { hasText: 'Runs of this workspace' }).waitFor();
    },
  },
  { name: 'lens', reach: (me) => example(me, 'r3-sparse-recovery') },
  { name: 'lens-regime', reach: (me) => example(me, 's8-edge-of-stability') },
  {
    name: 'step-underlined',
    reach: async (me) => {
      await opened(me, 'beyond', BEYOND);
      // Zoomed, the line is in sight only when the cursor is there.
      await me.cursorAfter('"stepSize": ');
      await me.squiggle('warning').waitFor();
      await me.runCommand('Show or Focus Hover');
      await me.page
        .locator('.monaco-hover:visible', { hasText: /beyond/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'step-fixes',
    reach: async (me) => {
      await opened(me, 'fix', BEYOND);
      // Zoomed, the line is in sight only when the cursor is there.
      await me.cursorAfter('stepSize": ');
      await me.squiggle('warning').waitFor();
      await me.press('Mod+Period');
      await me.page.locator('.action-widget').first().waitFor();
    },
  },
  {
    name: 'hover',
    reach: async (me) => {
      await opened(me, 'closest', CLOSEST);
      await me.cursorAfter('"optimizer');
      await me.runCommand('Show or Focus Hover');
      await me.page.locator('.monaco-hover:visible').first().waitFor();
    },
  },
  {
    name: 'results',
    reach: async (me) => {
      await opened(me, 'closest', CLOSEST);
      await me.clickLens('Run');
      await me.panelSays(/^Agrees$/, 60_000);
    },
  },
  {
    name: 'compared',
    reach: async (me) => {
      await opened(me, 'other', { ...CLOSEST, title: 'With a step', optimizer: { kind: 'gradient-descent', stepSize: 0.5 } });
      await me.clickLens('Run');
      await me.panelSays(/^Agrees$/, 60_000);
      await me.panel().getByRole('button', { name: 'Compare…' }).click();
      await me.tick('Closest solution');
      await me.press('Enter');
      await me.panel().getByRole('button', { name: 'Stop comparing' }).waitFor();
    },
  },
  {
    name: 'waiting',
    reach: async (me) => {
      await me.settings({ 'biasLab.compute.workers': 1 });
      await opened(me, 'endless', ENDLESS);
      await me.clickLens('Run');
      await me.lens(/running/).waitFor();
      await opened(me, 'queued', { ...CLOSEST, title: 'One that waits' });
      await me.clickLens('Run');
      await me.panelSays('Waiting');
      await me.openRunsView();
    },
    leave: async (me) => {
      await me.cancelAll();
      await me.settings({ 'biasLab.compute.workers': 2 });
    },
  },
  {
    name: 'sweep',
    reach: async (me) => {
      await opened(me, 'sweep', SWEEP);
      await me.runCommand('Implicit Bias Lab: Run Sweep');
      await me.panelSays(/^Done$/, 120_000);
    },
  },
  {
    name: 'details',
    reach: async (me) => {
      await example(me, 'r3-sparse-recovery');
      await me.runCommand('Implicit Bias Lab: Show Prediction Details');
      const page = me.page
        .frameLocator('iframe.webview[src*="extensionId=vscode.markdown-language-features"]')
        .frameLocator('iframe#active-frame')
        .locator('body');
      await page.locator('.katex').first().waitFor();
      // The letters of formulas come after the page.
      await page.evaluate(() => document.fonts.ready);
    },
  },
  {
    name: 'neighbours',
    reach: async (me) => {
      await example(me, 'r3-sparse-recovery');
      await me.runCommand('Implicit Bias Lab: Try a Neighbour…');
      await me
        .picks(/instead of/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'gallery',
    reach: async (me) => {
      await (await me.gallery()).first().waitFor();
    },
  },
  {
    name: 'score',
    reach: async (me) => {
      const group = (await me.gallery()).filter({ hasText: 'Classification' }).first();
      await group.hover();
      await group.getByLabel('Run All Examples').click();
      await me.page.locator('.part.sidebar .pane .message', { hasText: /^[2-9]\d* of \d+/ }).waitFor({ timeout: 60_000 });
    },
    leave: async (me) => {
      await me.runCommand('Implicit Bias Lab: Cancel Running Examples');
      await me.page.locator('.part.sidebar .pane .message', { hasText: /cancelled$/ }).waitFor();
    },
  },
  {
    name: 'history',
    reach: async (me) => {
      await (await me.runs(/Closest/)).first().waitFor();
    },
  },
  {
    name: 'find-result',
    reach: async (me) => {
      await me.runCommand('Implicit Bias Lab: Find Result…');
      await me.picks('C1').first().waitFor();
    },
  },
  {
    name: 'new-experiment',
    reach: async (me) => {
      await me.runCommand('Implicit Bias Lab: New Experiment…');
      await me.picks('Maximum margin').first().waitFor();
    },
  },
  {
    name: 'problems',
    reach: async (me) => {
      await opened(me, 'sizes', { ...CLOSEST, data: { kind: 'inline', x: [[1, 0, 1]], y: [1, 1] } });
      await me.squiggle('error').waitFor();
      await me.runCommand('View: Focus Problems (Errors, Warnings, Infos)');
      await me.page.locator('.markers-panel .monaco-list-row').first().waitFor();
    },
  },
  {
    name: 'tests',
    reach: async (me) => {
      await me.remove('sizes.bias.json').catch(() => {});
      await me.put('met.bias.json', { ...CLOSEST, title: 'Is met', expect: { verdict: 'agrees' } });
      await me.put('missed.bias.json', { ...CLOSEST, title: 'Is missed', expect: { verdict: 'disagrees' } });
      await me.runCommand('Testing: Focus on Test Explorer View');
      await me.page.locator('.test-explorer .monaco-list-row').first().waitFor();
      await me.runCommand('Test: Run All Tests');
      await me.page.locator('.test-output-peek-tree .monaco-list-row', { hasText: 'Is missed' }).first().waitFor({ timeout: 120_000 });
    },
  },
  {
    name: 'walkthrough',
    reach: async (me) => {
      await me.runCommand('Welcome: Open Walkthrough...');
      await me.pick(/Get Started with Implicit Bias Lab/);
      await me.page.locator('.gettingStartedContainer', { hasText: 'Write an experiment' }).first().waitFor();
    },
  },
  {
    name: 'settings',
    reach: async (me) => {
      await me.runCommand('Preferences: Open Settings (UI)');
      const search = me.page.locator('.settings-editor .suggest-input-container .monaco-editor').first();
      await search.click();
      await me.typeText('@ext:implicit-bias-lab.implicit-bias-lab');
      await me.page.locator('.settings-editor', { hasText: 'History: Limit' }).first().waitFor();
    },
  },
];
