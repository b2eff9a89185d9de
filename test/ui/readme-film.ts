/**
 * `npm run film`: makes the README's moving picture with the product itself, media/film.gif. An experiment is typed, its
 * prediction appears, it is run, and its verdict read; every frame is a picture of the real workbench. Needs ffmpeg.
 */
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGroup } from '../lanes/group';
import { onPath } from '../lanes/needs';
import { ROOT } from '../lanes/repository';
import { EDITOR_SETTINGS, inPictureWindow, makePictures } from './picture-window';

const NAME = 'sparse-recovery.bias.json';
const TARGET = join(ROOT, 'media', 'film.gif');
const SIZE = { width: 1300, height: 780 };
const SETTINGS = {
  ...EDITOR_SETTINGS,
  'editor.cursorBlinking': 'solid',
  'editor.codeLensFontSize': 12,
  // What is typed is what appears.
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoIndent': 'none',
  'editor.acceptSuggestionOnEnter': 'off',
  '[json]': { 'editor.quickSuggestions': { other: 'off', strings: 'off', comments: 'off' } },
  'editor.suggestOnTriggerCharacters': false,
  'editor.wordWrap': 'on',
  'workbench.layoutControl.enabled': false,
};
const TEXT = `{
  "seed": 7,
  "data": {
    "kind": "sparse-regression", "sparsity": 3,
    "samples": 30, "features": 100
  },
  "model": { "kind": "diagonal" },
  "init": { "kind": "constant", "scale": 0.001 },
  "loss": "square",
  "optimizer": { "kind": "gradient-flow" }
}
`;
/** Characters between two frames, and seconds that a frame stays. */
const STRIDE = 9;
const TYPING = 0.12;
const RUNNING = 0.25;
const READING = 2.5;
const LARGEST = 1_500_000;

async function main(): Promise<void> {
  if (onPath('ffmpeg') === null) throw new Error('The film is put together by ffmpeg, which is not on the PATH.');
  await inPictureWindow({ ...SIZE, settings: SETTINGS }, async (me, scratch) => {
    const frames: string[] = [];
    const shoot = async (seconds: number): Promise<void> => {
      const path = join(scratch, `${String(frames.length / 2).padStart(4, '0')}.png`);
      await me.page.locator('.part.editor').screenshot({ path });
      frames.push(`file '${path}'`, `duration ${seconds}`);
    };

    await me.put(NAME, '');
    await me.openFile(NAME);
    await me.runCommand('View: Close Primary Side Bar');
    // The results stand there from the beginning, as they would at the second run.
    await me.runCommand('Implicit Bias Lab: Open Results');
    await me.panelSays('No run yet');
    await me.focusEditor();
    await me.page.mouse.move(SIZE.width - 5, SIZE.height - 5);
    for (let at = 0; at < TEXT.length; at += STRIDE) {
      await shoot(TYPING);
      await me.page.keyboard.type(TEXT.slice(at, at + STRIDE));
    }
    await me.lens(/predicts/).waitFor();
    await me.press('Mod+KeyS');
    await me.page.waitForTimeout(1500);
    await shoot(READING);
    await me.press('Control+Alt+Enter');
    const agrees = me.panel().locator('.verdict h2', { hasText: /^Agrees$/ });
    for (let tries = 0; tries < 200 && !(await agrees.isVisible()); tries++) await shoot(RUNNING);
    await agrees.waitFor();
    await me.lens(/agrees/).waitFor();
    await me.page.waitForTimeout(1000);
    await shoot(READING);
    const page = await me.panelFrame();
    for (const place of [150, 300, 450]) {
      await page.evaluate((top) => window.scrollTo(0, top), place);
      await me.page.waitForTimeout(150);
      await shoot(TYPING);
    }
    await shoot(READING);

    const list = join(scratch, 'frames.txt');
    // The last one stays as long as it says only when it is named again.
    await writeFile(list, `${[...frames, frames[frames.length - 2]].join('\n')}\n`);
    const filter =
      'scale=1000:-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=96[p];[b][p]paletteuse=dither=none:diff_mode=rectangle';
    const args = ['-y', '-loglevel', 'error', '-f', 'concat', '-safe', '0', '-i', list, '-vf', filter, '-fps_mode', 'vfr', TARGET];
    if ((await runGroup('ffmpeg', args, { deadline: 120_000 })) !== 0) throw new Error('ffmpeg failed.');
    const { size } = await stat(TARGET);
    if (size > LARGEST) throw new Error(`${TARGET} has ${size} bytes: at most ${LARGEST} are shown without a wait.`);
    console.log(`${TARGET}: ${frames.length / 2} frames, ${Math.round(size / 1000)} kB`);
  });
}

makePictures(main);
