/**
 * `npm run picture`: makes the README's picture with the product itself. An experiment in the real workbench, its lenses,
 * a finished run beside it; cropped to the editors.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../lanes/repository';
import { EDITOR_SETTINGS, inPictureWindow, makePictures } from './picture-window';

const EXAMPLE = 'r3-sparse-recovery.bias.json';
const NAME = 'sparse-recovery.bias.json';
const TARGET = join(ROOT, 'media', 'workbench.png');
const WINDOW = { width: 1608, height: 1000, settings: { ...EDITOR_SETTINGS, 'editor.codeLensFontSize': 11 } };

async function main(): Promise<void> {
  await inPictureWindow(WINDOW, async (me) => {
    const example = JSON.parse(await readFile(join(ROOT, 'examples', EXAMPLE), 'utf8')) as Record<string, unknown>;
    // Without the notes, which are long lines, and the verdict that the file expects.
    const { title, seed, data, model, init, loss, optimizer, compare } = example;
    const shown = { title, seed, data, model, init, loss, optimizer, compare };
    const text = JSON.stringify(shown, null, 2).replace(/\[\s+"l1",\s+"l2"\s+\]/, '["l1", "l2"]');
    await me.put(NAME, `${text}\n`);
    await me.openFile(NAME);
    await me.runCommand('View: Close Primary Side Bar');
    await me.clickLens('Run');
    await me.panelSays(/^Agrees$/, 120_000);
    await me.lens(/agrees/).waitFor();
    await me.press('Mod+KeyK', 'Mod+KeyK');
    await me.page.mouse.move(400, 900);
    await me.page.waitForTimeout(1500);
    await me.page.locator('.part.editor').screenshot({ path: TARGET });
    console.log(TARGET);
  });
}

makePictures(main);
