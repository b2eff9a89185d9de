/** The four kinds of theme: the page follows, a picture of each is kept, and each can be read. */
import { strict as assert } from 'node:assert';
import { seriousFindings } from './accessibility';
import { THEMES, type Theme, type User } from './user';
import { user, usesWindow } from './window';

describe('looks', () => {
  usesWindow();
  let me: User;
  const grounds = new Set<string>();

  before(async function () {
    this.timeout(240_000);
    me = await user();
    await me.openFile('margin.bias.json');
    await me.clickLens('Run');
    await me.panelSays(/^Agrees$/, 60_000);
  });

  after(async () => {
    await me.switchTheme('dark');
    await me.closeEditors();
  });

  for (const theme of Object.keys(THEMES) as Theme[]) {
    it(`in ${theme}`, async () => {
      await me.switchTheme(theme);
      const frame = await me.panelFrame();
      await frame.locator('canvas').first().waitFor();
      // A change of theme is passed to the page, which draws its charts anew in the next frame.
      await me.page.waitForTimeout(500);
      grounds.add(await frame.evaluate(() => getComputedStyle(document.body).backgroundColor));
      await me.picture(`theme-${theme}`);
      assert.deepEqual(await seriousFindings(frame), []);
    });
  }

  it('differ from each other', () => assert.ok(grounds.size >= 3, [...grounds].join(' ')));
});
