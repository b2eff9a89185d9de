/**
 * `npm run screenshots [TEXT]`: the results page in every state (only those whose name holds TEXT), theme and width, into
 * out/screenshots/grid/, for people to look at. What needs no eyes is checked on the way: axe-core, and text without room.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { OUT } from '../../lanes/repository';
import { openBrowser, ResultsPage } from '../page/harness';
import { cutTexts, RULES_OF_COLOUR, violations } from '../page/inspection';
import { THEMES } from '../page/themes';
import { makePictures } from '../picture-window';
import { pageStates } from './page-states';

const FOLDER = join(OUT, 'screenshots', 'grid');

/** A zoom of 200 % halves the pixels that a page of 1280 has, and doubles those it is drawn with. */
const SIZES = [
  { name: '1280', width: 1280, height: 900, ratio: 1 },
  { name: '1920', width: 1920, height: 1080, ratio: 1 },
  { name: '1280-at-200', width: 640, height: 450, ratio: 2 },
  { name: '400', width: 400, height: 900, ratio: 1 },
] as const;

/** All rules of axe-core in one theme at every size, and those about colours once in each of the others: nothing else of them changes. */
async function violationsOf(page: Page, theme: string, size: string): Promise<readonly string[]> {
  if (theme === THEMES[0].name) return violations(page);
  return size === SIZES[0].name ? violations(page, { rules: RULES_OF_COLOUR }) : [];
}

async function main(wanted: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const states = await pageStates(wanted);
  if (states.length === 0) throw new Error(`No state has ${JSON.stringify(wanted)} in its name.`);
  const browser = await openBrowser();
  let found = 0;
  try {
    for (const { name: theme } of THEMES) {
      for (const { name: size, ...viewport } of SIZES) {
        const results = await ResultsPage.open(browser, { theme, ...viewport });
        for (const { name, run, compared, act } of states) {
          // What a reader has opened would stay open in the states that follow.
          const own = act ? await ResultsPage.open(browser, { theme, ...viewport }) : results;
          await own.snapshot(run, compared);
          await act?.(own);
          await own.page.screenshot({ path: join(FOLDER, `${name}-${theme}-${size}.png`), fullPage: true });
          for (const finding of [...(await cutTexts(own.page)), ...(await violationsOf(own.page, theme, size))]) {
            found += 1;
            console.error(`${name}, ${theme}, ${size}: ${finding}`);
          }
          if (act) await own.close();
        }
        await results.close();
      }
    }
  } finally {
    await browser.close();
  }
  console.log(`${states.length * THEMES.length * SIZES.length} pictures in ${FOLDER}; findings: ${found}`);
  if (found > 0) process.exitCode = 1;
}

makePictures(() => main(process.argv[2] ?? ''));
