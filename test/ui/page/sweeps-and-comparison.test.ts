/** A sweep under the pointer and the keys, and runs held against each other. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { FromPage } from '../../../src/protocol/panel';
import type { Report } from '../../../src/protocol/report';
import { usesBrowser } from './browser';
import { FUNCTION, PHASES, withFigures } from './figure-fixtures';
import { linearRegression, view } from './fixtures';
import { ResultsPage } from './harness';

const browser = usesBrowser();
let results: ResultsPage;

const panel = (id: string): Locator => results.page.locator(`[data-figure="${id}"]`);
const told = async (type: FromPage['type']): Promise<readonly FromPage[]> => (await results.messages()).filter((one) => one.type === type);

describe('figures of a sweep', () => {
  afterEach(() => results.close());

  /** Two seeds a cell: the first run of a cell has an even number. */
  const MAP = { ...PHASES, runs: PHASES.values.map((_, cell) => 2 * cell) };

  async function open(): Promise<void> {
    results = await ResultsPage.open(browser());
    await results.snapshot(
      view('done', { ...withFigures([MAP, { ...FUNCTION, runs: [0, 1, 2] }]), trajectory: {}, measures: {} }, { kind: 'sweep' }),
    );
    await results.settled();
  }

  it('open the run of a cell by Enter, with the cell in words', async () => {
    await open();
    await panel('phases').locator('.heat-frame').focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await results.page.keyboard.press(key);
    assert.match(await panel('phases').locator('.sweep-place').innerText(), /optimizer = gd, α = 0\.01/);
    assert.equal(await panel('phases').locator('.sweep-place').getAttribute('aria-live'), 'polite');
    assert.deepEqual(await told('open-point'), []);
    await results.page.keyboard.press('Enter');
    assert.deepEqual(await told('open-point'), [{ type: 'open-point', point: 12 }]);
  });

  it('open it by a click, and refine around it by a button that the keyboard reaches', async () => {
    await open();
    const box = await panel('phases').locator('.heat-canvas').boundingBox();
    assert.ok(box);
    await results.page.mouse.click(box.x + box.width / 2, box.y + 30);
    const [message] = await told('open-point');
    assert.ok(message.type === 'open-point' && message.point < 10 && message.point % 2 === 0);
    await panel('phases').getByRole('button', { name: 'Refine around it' }).focus();
    await results.page.keyboard.press('Enter');
    assert.deepEqual(await told('refine'), [{ type: 'refine', point: message.point }]);
  });

  it('over one axis do the same, and have nothing to open before a place is pointed at', async () => {
    await open();
    assert.equal(await panel('function').getByRole('button', { name: 'Open its run' }).isVisible(), false);
    await panel('function').locator('.chart-frame').focus();
    await results.page.keyboard.press('Home');
    await results.page.keyboard.press('ArrowRight');
    await panel('function').getByRole('button', { name: 'Open its run' }).click();
    assert.deepEqual(await told('open-point'), [{ type: 'open-point', point: 1 }]);
  });

  it('of other reports have no places to open', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('done', withFigures([PHASES])));
    await results.settled();
    await panel('phases').locator('.heat-frame').focus();
    await results.page.keyboard.press('ArrowRight');
    await results.page.keyboard.press('Enter');
    assert.equal(await panel('phases').locator('.sweep-places').count(), 0);
    assert.deepEqual(await told('open-point'), []);
  });

  it('are paused and resumed', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('running', null, { kind: 'sweep', progress: { fraction: 0.3, says: '12 of 40 runs · 25 s left' } }));
    assert.match(await results.text('main'), /12 of 40 runs · 25 s left/);
    await results.page.getByRole('button', { name: 'Pause' }).click();
    assert.equal((await told('cancel')).length, 1);
    await results.snapshot(view('cancelled', null, { kind: 'sweep' }));
    assert.match(await results.text('header'), /Paused/);
    await results.page.getByRole('button', { name: 'Resume' }).click();
    assert.equal((await told('run')).length, 1);
  });
});

describe('compared runs', () => {
  afterEach(() => results.close());

  const run = (stepSize: number, seed: number): Report => ({
    ...linearRegression(stepSize),
    experiment: { title: 'same', seed, optimizer: { kind: 'gradient-descent', stepSize }, loss: { kind: 'square', reduction: 'mean' } },
  });

  async function open(theme = 'dark'): Promise<void> {
    results = await ResultsPage.open(browser(), { theme });
    await results.snapshot(view('done', run(0.1, 0)), [
      { id: 'run-2', title: 'Closest interpolator', report: run(0.05, 0) },
      { id: 'run-3', title: 'Closest interpolator', report: run(0.02, 1) },
    ]);
    await results.settled();
  }
  const section = (): Locator => results.page.locator('.section-comparison');

  it('of one title are told apart by what differs, in tables and legends', async () => {
    await open();
    const [settings] = await section().locator('table').all();
    assert.match(await settings.innerText(), /seed\s+0\s+0\s+1/);
    assert.match(await settings.innerText(), /optimizer\.stepSize\s+0\.1\s+0\.05\s+0\.02/);
    assert.doesNotMatch(await settings.innerText(), /loss|kind|title/);
    assert.match(await results.text('[data-chart^="loss"] .legend'), /Loss ℒ · seed 0 · stepSize 0\.05/);
  });

  it('have a scatter of a measure over a setting', async () => {
    await open();
    const frame = section().locator('.chart-frame');
    assert.match((await frame.getAttribute('aria-label')) ?? '', /^Chart: .* over optimizer\.stepSize, seed 0 · stepSize 0\.1/);
    assert.equal(await section().locator('.legend-entry').count(), 3);
    await frame.focus();
    await results.page.keyboard.press('ArrowRight');
    assert.match(await section().locator('.tip').innerText(), /seed 0 · stepSize 0\.1/);
  });

  it('give their settings to the file', async () => {
    await open();
    await section()
      .getByRole('button', { name: /Apply settings of .* stepSize 0\.02/ })
      .click();
    assert.deepEqual(await told('apply-settings'), [{ type: 'apply-settings', id: 'run-3' }]);
  });

  it('when the file has changed, the shown run offers its own', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('done', run(0.1, 0), { stale: true }));
    await results.page.getByRole('button', { name: "Apply this run's settings" }).click();
    assert.deepEqual(await told('apply-settings'), [{ type: 'apply-settings', id: 'run-1' }]);
  });
});
