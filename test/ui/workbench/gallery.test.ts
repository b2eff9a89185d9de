/** The gallery of results, the Test Explorer, and pinning a run: what they show, from the keyboard and with the mouse. */
import { strict as assert } from 'node:assert';
import { CLOSEST } from './experiments';
import { THEMES, type Theme, type User } from './user';
import { user, usesWindow } from './window';

describe('gallery and tests', () => {
  usesWindow();
  let me: User;

  before(async function () {
    this.timeout(180_000);
    me = await user();
  });

  afterEach(async () => me.closeEditors());

  it('lists the results in the groups of the article, and looks right in every theme', async () => {
    const rows = await me.gallery();
    for (const group of ['Classification', 'Regression']) await rows.filter({ hasText: group }).first().waitFor();
    await rows
      .filter({ hasText: /theorem/ })
      .first()
      .waitFor();
    for (const theme of Object.keys(THEMES) as Theme[]) {
      await me.switchTheme(theme);
      await me.picture(`gallery-${theme}`);
    }
    await me.switchTheme('dark');
  });

  it('finds a result and opens its example in the workspace', async () => {
    await me.runCommand('Implicit Bias Lab: Find Result…');
    await me.picker('Find Result');
    // Words in any order, of authors who are not shown and of titles with a hyphen.
    await me.typeText('hoffer max margin');
    await me.picks('the ℓ2 max-margin direction').first().waitFor();
    for (let letters = 'hoffer max margin'.length; letters > 0; letters--) await me.press('Backspace');
    await me.typeText('Woodworth');
    await me.picks('Woodworth et al.').first().waitFor();
    await me.picture('find-result');
    await me.press('Enter');
    await me.lens(/predicts/).waitFor();
    assert.match(await me.text(), /"model": \{\s*"kind": "diagonal"/);
  });

  it('runs the examples of a group, and stops where it is told to', async () => {
    const rows = await me.gallery();
    const group = rows.filter({ hasText: 'Classification' }).first();
    await group.hover();
    await group.getByLabel('Run All Examples').click();
    const score = me.page.locator('.part.sidebar .pane .message', { hasText: /^\d+ of \d+/ });
    await score.waitFor();
    const total = Number(/of (\d+)/.exec((await score.textContent()) ?? '')?.[1]);
    assert.equal(total, Number(/\d+$/.exec((await group.textContent()) ?? '')?.[0]), 'those of the group alone');
    await me.runCommand('Implicit Bias Lab: Cancel Running Examples');
    await score.filter({ hasText: /cancelled$/ }).waitFor();
    await rows
      .filter({ hasText: /· running/ })
      .first()
      .waitFor({ state: 'detached' });
  });

  it('shows files that expect a verdict as tests, and runs them', async () => {
    await me.put('met.bias.json', { ...CLOSEST, title: 'Is met', expect: { verdict: 'agrees' } });
    await me.put('missed.bias.json', { ...CLOSEST, title: 'Is missed', expect: { verdict: 'disagrees' } });
    await me.runCommand('Testing: Focus on Test Explorer View');
    const tests = me.page.locator('.test-explorer .monaco-list-row');
    await me.unfold(tests.filter({ hasText: 'workspace' }).first());
    // Those that are listed by then are run: both must be.
    for (const title of ['Is met', 'Is missed']) await tests.filter({ hasText: title }).waitFor();
    await me.runCommand('Test: Run All Tests');
    const answers = me.page.locator('.test-output-peek-tree .monaco-list-row');
    await answers.filter({ hasText: 'Is met' }).first().waitFor({ timeout: 60_000 });
    // What was expected and what was found, side by side.
    await answers.filter({ hasText: 'Is missed' }).first().click();
    await me.page.locator('.part.panel .view-line', { hasText: 'disagrees' }).first().waitFor();
    await me.picture('test-explorer');
    await me.runCommand('View: Toggle Panel Visibility');
    await me.remove('met.bias.json', 'missed.bias.json');
  });
});
