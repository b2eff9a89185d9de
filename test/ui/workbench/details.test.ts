/** The details page of a prediction: typeset mathematics, and a neighbour tried from the palette. */
import { strict as assert } from 'node:assert';
import type { FrameLocator } from 'playwright-core';
import type { User } from './user';
import { user, usesWindow } from './window';

describe('the details of a prediction', () => {
  usesWindow();
  let me: User;

  before(async function () {
    this.timeout(180_000);
    me = await user();
  });

  after(async () => {
    await me.switchTheme('dark');
    await me.closeEditors();
  });

  /** The editor's own preview of Markdown. */
  const preview = (): FrameLocator =>
    me.page.frameLocator('iframe.webview[src*="extensionId=vscode.markdown-language-features"]').frameLocator('iframe#active-frame');

  for (const theme of ['dark', 'light'] as const) {
    it(`typesets the formula in ${theme}`, async () => {
      await me.switchTheme(theme);
      await me.openFile('diagonal.bias.json');
      await me.lens(/predicts/).waitFor();
      await me.runCommand('Implicit Bias Lab: Show Prediction Details');
      await preview().locator('p .katex', { hasText: 'ℓ' }).first().waitFor();
      await preview().locator('td', { hasText: 'depth: 3 instead of 2' }).waitFor();
      assert.equal(await preview().locator('.katex-error').count(), 0);
      await me.picture(`details-${theme}`);
      await preview().locator('h2', { hasText: 'Neighbours' }).scrollIntoViewIfNeeded();
      await me.picture(`details-neighbours-${theme}`);
      await me.closeEditors();
    });
  }

  it('leads to the notes on the result, and to its citation', async () => {
    await me.openFile('diagonal.bias.json');
    await me.lens(/predicts/).waitFor();
    await me.runCommand('Implicit Bias Lab: Show Prediction Details');
    await preview().locator('a', { hasText: 'Citation as BibTeX' }).first().click();
    await me.page.locator('.view-lines', { hasText: '@misc{woodworth2020kernel' }).waitFor();
    await me.closeEditors();
    await me.openFile('diagonal.bias.json');
    await me.runCommand('Implicit Bias Lab: Show Prediction Details');
    await preview().locator('a', { hasText: 'Notes on this result' }).first().click();
    await preview().locator('h2', { hasText: 'R3: tied diagonal networks' }).waitFor();
    await me.picture('notes');
    await me.closeEditors();
  });

  it('tries a neighbour, and takes it back', async () => {
    await me.openFile('diagonal.bias.json');
    const before = await me.text();
    await me.runCommand('Implicit Bias Lab: Try a Neighbour…');
    await me.picks('depth: 3 instead of 2').first().waitFor();
    await me.picture('neighbours');
    await me.pick('depth: 3 instead of 2');
    await me.page.locator('.part.statusbar', { hasText: 'Undo takes it back' }).waitFor();
    assert.match(await me.text(), /"depth": 3/);
    await me.focusEditor();
    await me.press('ControlOrMeta+Z');
    assert.equal(await me.text(), before);
  });
});
