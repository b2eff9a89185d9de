/** Running: by lens, button, palette, keys; the verdict in the results page; cancelling. */
import { strict as assert } from 'node:assert';
import { seriousFindings } from './accessibility';
import type { User } from './user';
import { user, usesWindow } from './window';

describe('running an experiment', () => {
  usesWindow();
  let me: User;

  before(async function () {
    this.timeout(180_000);
    me = await user();
  });

  afterEach(async () => {
    await me.cancelAll();
    await me.settings({ 'editor.codeLens': true });
    await me.closeEditors();
  });

  it('shows the verdict beside the text after a click on the lens', async () => {
    await me.openFile('closest.bias.json');
    await me.clickLens('Run');
    const said = await me.panelSays(/^Agrees$/);
    assert.match(said, /Closest solution/);
    assert.match(said, /tolerance/);
    await me.lens(/agrees/).waitFor();
    await me.statusBar(/agrees/).waitFor();
    await me.picture('verdict');
    // Two equations, three unknowns: (1/3, 1/3, 2/3) is the closest solution to zero.
    await me.panel().getByRole('button', { name: 'Table of the coefficients' }).click();
    const coefficients = await me.panel().locator('table', { hasText: '0.333' }).first().innerText();
    assert.match(coefficients, /0\.6667|0\.666667/);
  });

  for (const [name, title] of [
    ['margin', 'Largest margin'],
    ['diagonal', 'Small initialisation'],
  ]) {
    it(`reaches a verdict on ${name}`, async () => {
      await me.openFile(`${name}.bias.json`);
      await me.clickLens('Run');
      const said = await me.panelSays(/^Agrees$/, 60_000);
      assert.match(said, new RegExp(title));
      await me.picture(`verdict-${name}`);
    });
  }

  it('is cancelled from the page, and keeps what it has', async () => {
    await me.openFile('endless.bias.json');
    await me.clickLens('Run');
    await me.panel().getByRole('button', { name: 'Cancel' }).waitFor();
    await me.panel().locator('.chart-panel').first().waitFor();
    await me.picture('running');
    await me.panel().getByRole('button', { name: 'Cancel' }).click();
    await me.panel().getByRole('heading', { name: 'The run was cancelled' }).waitFor();
    assert.ok((await me.panel().locator('.chart-panel').count()) > 0, 'the curves stay');
    await me.lens(/cancelled/).waitFor();
    await me.picture('cancelled');
  });

  it('is cancelled from the lens, the status bar and the palette', async () => {
    await me.openFile('endless.bias.json');
    const ways: readonly (() => Promise<void>)[] = [
      async () => me.clickLens('Cancel'),
      async () => me.runningStatus().click(),
      async () => me.runCommand('Implicit Bias Lab: Cancel Run'),
    ];
    for (const cancel of ways) {
      await me.clickLens('Run');
      await me.lens(/running/).waitFor();
      await cancel();
      await me.lens(/cancelled/).waitFor();
    }
  });

  it('says that it waits for another run while all workers are busy', async () => {
    await me.openFile('endless.bias.json');
    await me.lens('Run').waitFor();
    // What is written together holds from the same moment, and that of the lenses is seen.
    await me.settings({ 'biasLab.compute.workers': 1, 'editor.codeLens': false });
    await me.lens('Run').waitFor({ state: 'detached' });
    await me.settings({ 'editor.codeLens': true });
    await me.clickLens('Run');
    await me.lens(/running/).waitFor();
    await me.openFile('closest.bias.json');
    await me.clickLens('Run');
    await me.panelSays('begins when another run has ended');
    await me.lens(/waiting/).waitFor();
    await me.statusBar(/1 experiment running, 1 waiting/).waitFor();
    await me.picture('waiting');
    await me.openFile('endless.bias.json');
    await me.clickLens('Cancel');
    await me.panelSays(/^Agrees$/);
  });

  it('needs no lens: button over the editor, palette, keys, context menu', async () => {
    await me.settings({ 'editor.codeLens': false });
    await me.openFile('closest.bias.json');
    await me.editor().locator('.codelens-decoration').first().waitFor({ state: 'detached' });
    const ways: readonly (() => Promise<void>)[] = [
      async () => me.titleButton('Run Experiment').click(),
      async () => me.runCommand('Implicit Bias Lab: Run Experiment'),
      async () => {
        await me.focusEditor();
        await me.press(process.platform === 'darwin' ? 'Meta+Alt+Enter' : 'Control+Alt+Enter');
      },
      async () => me.contextMenu('Run Experiment'),
    ];
    for (const run of ways) {
      const before = await me.startedAt();
      await run();
      await me.startedAfter(before);
      await me.panelSays(/^Agrees$/);
    }
  });

  it('works from the keyboard alone', async () => {
    await me.openFile('closest.bias.json');
    await me.focusEditor();
    await me.press('Control+Alt+Enter');
    await me.panelSays(/^Agrees$/);
    // From the text into the page and on to its first control, then the charts' tables.
    await me.runCommand('View: Focus Next Editor Group');
    const reached: string[] = [];
    for (let presses = 0; presses < 40; presses++) {
      await me.press('Tab');
      const frame = await me.panelFrame();
      const name = await frame.evaluate(() => {
        const focused = document.activeElement;
        return focused === null || focused === document.body
          ? ''
          : (focused.getAttribute('aria-label') ?? focused.textContent ?? '').trim();
      });
      if (name !== '') reached.push(name);
      if (/^Table of/.test(name)) break;
    }
    assert.ok(
      reached.some((name) => /Run again/.test(name)),
      reached.join(' | '),
    );
    assert.ok(/^Table of/.test(reached.at(-1) ?? ''), reached.join(' | '));
    await me.press('Space');
    await me.panel().locator('table:visible').first().waitFor();
  });

  it('leaves a page in which axe-core finds nothing serious', async () => {
    await me.openFile('diagonal.bias.json');
    await me.clickLens('Run');
    await me.panelSays(/^Agrees$/, 60_000);
    assert.deepEqual(await seriousFindings(await me.panelFrame()), []);
  });

  it('says that the file has changed since', async () => {
    await me.openFile('closest.bias.json');
    await me.clickLens('Run');
    await me.panelSays(/^Agrees$/);
    await me.cursorAfter('Closest solution');
    await me.typeText(' changed');
    await me.panelSays('The file or its data have changed since this run.');
    await me.lens(/changed since/).waitFor();
  });
});
