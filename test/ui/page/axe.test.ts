/** What axe-core finds in the results page, in every state and theme: nothing. */
import assert from 'node:assert/strict';
import { usesBrowser } from './browser';
import { withFigures } from './figure-fixtures';
import { allStates, view } from './fixtures';
import { ResultsPage } from './harness';
import { RULES_OF_COLOUR, violations } from './inspection';
import { THEMES } from './themes';

describe('axe-core finds nothing', () => {
  const browser = usesBrowser();
  const states = { ...allStates(), figures: { run: view('done', withFigures()), compared: [] } } as ReturnType<typeof allStates>;

  for (const { name: theme } of THEMES) {
    it(`in any state, theme ${theme}`, async function () {
      this.timeout(240_000); // Fourteen pages, each looked at by some hundred rules.
      const results = await ResultsPage.open(browser(), { theme, width: 800 });
      // The structure of a page is that of every theme.
      const looking = theme === THEMES[0].name ? {} : { rules: RULES_OF_COLOUR };
      for (const [name, { run, compared }] of Object.entries(states)) {
        await results.snapshot(run, compared);
        assert.deepEqual(await violations(results.page, looking), [], `${name} in ${theme}`);
      }
      // Everything that can be opened, open.
      await results.snapshot(states['figures'].run);
      for (const toggle of await results.page.getByRole('button', { name: /^Table of/ }).all()) await toggle.click();
      await results.page.locator('.other-prediction summary').click();
      await results.page.getByRole('button', { name: 'Export' }).click();
      assert.deepEqual(await violations(results.page, looking), [], `all open in ${theme}`);
      await results.close();
    });
  }
});
