/**
 * `npm run picture`: makes the README's picture with the product itself. An experiment in the real workbench, its lenses,
 * a finished run beside it; cropped to the editors.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../lanes/chromium';
import { ROOT } from '../lanes/repository';
import { startServer } from '../lanes/server';
import { openWorkbench } from '../lanes/workbench';
import { User } from './workbench/user';

const EXAMPLE = 'r3-sparse-recovery.bias.json';
const NAME = 'sparse-recovery.bias.json';
const TARGET = join(ROOT, 'media', 'workbench.png');
const SIZE = { width: 1608, height: 1000 };
const SETTINGS = {
  'workbench.colorTheme': 'Default Light Modern',
  'workbench.activityBar.location': 'hidden',
  'breadcrumbs.enabled': false,
  'editor.minimap.enabled': false,
  'editor.scrollbar.vertical': 'hidden',
  'editor.overviewRulerBorder': false,
  'editor.fontSize': 15,
  'editor.lineHeight': 25,
  'editor.codeLensFontSize': 11,
};

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bias-lab-picture-'));
  const server = await startServer({ settings: SETTINGS });
  const browser = await launchChromium();
  try {
    const workbench = await openWorkbench(browser, server, { folder, ...SIZE });
    const me = new User(workbench, folder);
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
    await workbench.page.mouse.move(400, 900);
    await workbench.page.waitForTimeout(1500);
    await workbench.page.locator('.part.editor').screenshot({ path: TARGET });
    console.log(TARGET);
  } finally {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
