/**
 * `npm run screenshots:workbench [TEXT]`: the editor's window in every state (only those whose name holds TEXT), theme and size,
 * into out/screenshots/window/, for people to look at.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../../lanes/chromium';
import { OUT } from '../../lanes/repository';
import { startServer } from '../../lanes/server';
import { openWorkbench } from '../../lanes/workbench';
import { makePictures } from '../picture-window';
import { CLOSEST } from '../workbench/experiments';
import { THEMES, User, type Theme } from '../workbench/user';
import { WINDOW_STATES } from './workbench-states';

const FOLDER = join(OUT, 'screenshots', 'window');

/** A zoom of 200 % halves the pixels that a window has, and doubles those it is drawn with. */
const SIZES = [
  { name: '1280', width: 1280, height: 800, ratio: 1 },
  { name: '1920', width: 1920, height: 1080, ratio: 1 },
  { name: '1920-at-200', width: 960, height: 540, ratio: 2 },
] as const;

async function main(wanted: string): Promise<void> {
  const states = WINDOW_STATES.filter(({ name }) => name.includes(wanted));
  if (states.length === 0) throw new Error(`No state has ${JSON.stringify(wanted)} in its name.`);
  await mkdir(FOLDER, { recursive: true });
  const server = await startServer();
  const browser = await launchChromium();
  let missed = 0;
  try {
    for (const { name: size, ...viewport } of SIZES) {
      const folder = await mkdtemp(join(tmpdir(), 'bias-lab-grid-'));
      const workbench = await openWorkbench(browser, server, { folder, ...viewport });
      const me = new User(workbench, folder);
      // The palette knows the commands of an extension only when the window has read its manifest.
      await me.put('first.bias.json', CLOSEST);
      await me.openFile('first.bias.json');
      await me.lens('Run').waitFor({ timeout: 60_000 });
      await me.closeEditors();
      for (const { name, reach, leave } of states) {
        try {
          await reach(me);
          for (const theme of Object.keys(THEMES) as Theme[]) {
            await me.switchTheme(theme);
            await me.page.waitForTimeout(600);
            await me.page.screenshot({ path: join(FOLDER, `${name}-${theme}-${size}.png`) });
          }
        } catch (error) {
          missed += 1;
          console.error(`${name}, ${size}: ${error instanceof Error ? error.message : String(error)}`);
          await me.page.screenshot({ path: join(FOLDER, `${name}-missed-${size}.png`) });
        }
        await leave?.(me).catch((error: unknown) => console.error(`${name}, ${size}: ${String(error)}`));
        await me.press('Escape', 'Escape');
        await me.closeEditors();
        await me.closePanel();
      }
      await workbench.close();
      await rm(folder, { recursive: true, force: true });
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  console.log(`Pictures in ${FOLDER}; states that were not reached: ${missed}`);
  if (missed > 0) process.exitCode = 1;
}

makePictures(() => main(process.argv[2] ?? ''));
