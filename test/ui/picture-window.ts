/** A window of the editor for pictures of the product itself: a light theme, and around the text nothing that says nothing. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../lanes/chromium';
import { startServer } from '../lanes/server';
import { openWorkbench } from '../lanes/workbench';
import { User } from './workbench/user';

export const PICTURE_SETTINGS = {
  'workbench.colorTheme': 'Default Light Modern',
  'breadcrumbs.enabled': false,
  'editor.minimap.enabled': false,
  'editor.scrollbar.vertical': 'hidden',
  'editor.overviewRulerBorder': false,
};

/** The same without the bar at the side, in letters that are read in a picture of the editors alone. */
export const EDITOR_SETTINGS = {
  ...PICTURE_SETTINGS,
  'workbench.activityBar.location': 'hidden',
  'editor.fontSize': 15,
  'editor.lineHeight': 25,
};

export interface PictureWindow {
  readonly width: number;
  readonly height: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Opens the window on an empty folder. @param work what the user does there; `scratch` is a folder beside it, gone afterwards */
export async function inPictureWindow(
  { settings, ...size }: PictureWindow,
  work: (me: User, scratch: string) => Promise<void>,
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'bias-lab-pictures-'));
  // Its name is in the pictures.
  const folder = join(scratch, 'experiments');
  await mkdir(folder);
  const server = await startServer({ settings });
  const browser = await launchChromium();
  try {
    await work(new User(await openWorkbench(browser, server, { folder, ...size }), folder), scratch);
  } finally {
    await browser.close();
    await server.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Runs a script that makes pictures; a failure is its exit status. */
export function makePictures(main: () => Promise<void>): void {
  void main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
