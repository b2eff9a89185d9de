/** Figures while their run goes on: drawn anew in their places, without a jump, and the boundary over its samples. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { Figure } from '../../../src/protocol/report';
import { usesBrowser } from './browser';
import { boundaryAt, MATRIX, withFigures } from './figure-fixtures';
import { view } from './fixtures';
import { ResultsPage } from './harness';

describe('figures of a run that goes on', () => {
  const browser = usesBrowser();
  let results: ResultsPage;

  afterEach(() => results.close());

  const panel = (id: string): Locator => results.page.locator(`[data-figure="${id}"]`);
  const tell = (...figures: readonly Figure[]): Promise<void> => results.send({ type: 'figures', id: 'run-1', figures });
  const ink = (id: string): Promise<string> =>
    panel(id)
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const tops = (): Promise<readonly number[]> =>
    results.page
      .locator('main > section:visible')
      .evaluateAll((sections) => sections.map((one) => Math.round(one.getBoundingClientRect().top)));

  it('appear with the first state, and change in their places', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('running', null));
    assert.equal(await results.page.locator('.section-figures').isVisible(), false);
    await tell(boundaryAt(0.2), MATRIX);
    await results.settled();
    const [first, places] = [await ink('boundary'), await tops()];
    await panel('boundary')
      .locator('canvas')
      .evaluate((canvas) => canvas.setAttribute('data-kept', 'yes'));
    await tell(boundaryAt(1.1), { ...MATRIX, values: MATRIX.values.map((value) => value / 2), says: 'Half of it.' });
    await results.settled();
    assert.notEqual(await ink('boundary'), first);
    assert.equal(await panel('boundary').locator('canvas').getAttribute('data-kept'), 'yes');
    assert.match(await panel('matrix').innerText(), /Half of it\./);
    assert.deepEqual(await tops(), places);
  });

  it('keep what the reader has hidden and opened, and the report takes their places', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('running', null));
    await tell(boundaryAt(0.2));
    await panel('boundary').getByRole('button', { name: 'predicted' }).click();
    await panel('boundary')
      .getByRole('button', { name: /^Table/ })
      .click();
    await panel('boundary')
      .locator('canvas')
      .evaluate((canvas) => canvas.setAttribute('data-kept', 'yes'));
    const report = withFigures([boundaryAt(1.2)]);
    await results.snapshot(view('done', report));
    await results.settled();
    assert.equal(await panel('boundary').getByRole('button', { name: 'predicted' }).getAttribute('aria-pressed'), 'false');
    assert.equal(await panel('boundary').locator('canvas').getAttribute('data-kept'), 'yes');
    // No row for the gaps between pieces of a line.
    assert.doesNotMatch(await panel('boundary').locator('table').innerText(), /NaN|not a number/);
    assert.equal(await panel('boundary').locator('.chart-note').innerText(), '');
  });

  it('of another run are not taken for those of this one', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('running', null));
    await results.send({ type: 'figures', id: 'run-0', figures: [MATRIX] });
    assert.equal(await results.page.locator('.section-figures').isVisible(), false);
    await results.snapshot(view('done', withFigures([])));
    await tell(MATRIX);
    assert.equal(await results.page.locator('.section-figures').isVisible(), false);
  });

  it('with axes of one unit show a square as a square', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('done', withFigures([boundaryAt(0.6)])));
    await results.settled();
    const pixels = async (key: string): Promise<readonly number[]> => {
      await panel('boundary').locator('.chart-frame').focus();
      await results.page.keyboard.press(key);
      const tip = await panel('boundary').locator('.tip').innerText();
      return Array.from(tip.matchAll(/x[₁₂]\s+(-?−?[\d.]+)/g), (found) => Number(found[1].replace('−', '-')));
    };
    assert.deepEqual(await pixels('Home'), [1, 1]);
    const box = await panel('boundary').locator('.chart-frame').boundingBox();
    assert.ok(box && Math.abs(box.width / box.height - 1.1) < 0.02);
  });
});
