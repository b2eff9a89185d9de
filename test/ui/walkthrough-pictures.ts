/** `npm run pictures:walkthrough`: makes the pictures of the walkthrough with the product itself, in media/walkthrough/. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { ROOT } from '../lanes/repository';
import { inPictureWindow, makePictures, PICTURE_SETTINGS } from './picture-window';

const TARGET = join(ROOT, 'media', 'walkthrough');
const EXAMPLE = 'r3-sparse-recovery.bias.json';
const NAME = 'sparse-recovery.bias.json';
const SIZE = { width: 1240, height: 720 };

async function main(): Promise<void> {
  await mkdir(TARGET, { recursive: true });
  await inPictureWindow({ ...SIZE, settings: PICTURE_SETTINGS }, async (me) => {
    const { page } = me;
    const shoot = async (name: string, what: Locator): Promise<void> => {
      await page.mouse.move(SIZE.width - 5, SIZE.height - 5);
      await page.waitForTimeout(1500);
      await what.screenshot({ path: join(TARGET, `${name}.png`) });
    };
    const example = JSON.parse(await readFile(join(ROOT, 'examples', EXAMPLE), 'utf8')) as Record<string, unknown>;
    const { title, seed, data, model, init, loss, optimizer, expect } = example;
    await me.put(NAME, { title, seed, data, model, init, loss, optimizer, expect });

    await me.openFile(NAME);
    // The window has only just opened.
    await me.lens(/predicts/).waitFor({ timeout: 60_000 });
    await shoot('write', page.locator('.part.editor'));

    await me.runCommand('Implicit Bias Lab: Show Prediction Details');
    await page.locator('.tabs-container .tab', { hasText: 'Prediction for' }).waitFor();
    const details = page
      .frameLocator('iframe.webview[src*="extensionId=vscode.markdown-language-features"]')
      .frameLocator('iframe#active-frame')
      .locator('body');
    // First comes what the file alone says of itself.
    await details.getByText('Conditions, checked on this file').waitFor({ timeout: 30_000 });
    await details.evaluate(() => document.fonts.ready);
    await shoot('prediction', page.locator('.part.editor'));
    await me.closeEditors();

    await me.openFile(NAME);
    await me.clickLens('Run');
    await me.panelSays(/^Agrees$/, 120_000);
    await me.lens(/agrees/).waitFor();
    await shoot('run', page.locator('.part.editor'));
    await me.closeEditors();

    await (await me.gallery()).first().waitFor();
    await shoot('gallery', page.locator('.part.sidebar'));

    await me.runCommand('Testing: Focus on Test Explorer View');
    await me.runCommand('Test: Run All Tests');
    await page.locator('.test-explorer .monaco-list-row', { hasText: 'experiments' }).first().click();
    await page.locator('.test-explorer', { hasText: '1/1' }).waitFor({ timeout: 60_000 });
    await shoot('tests', page.locator('.part.sidebar'));
  });
}

makePictures(main);
