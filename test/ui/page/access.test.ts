/** The results page for everyone: the keyboard, narrow and zoomed pages, less motion. */
import assert from 'node:assert/strict';
import { usesBrowser } from './browser';
import { withFigures } from './figure-fixtures';
import { allStates, linearRegression, view } from './fixtures';
import { ResultsPage } from './harness';
import { cutTexts } from './inspection';

describe('results page for everyone', () => {
  const browser = usesBrowser();
  const states = { ...allStates(), figures: { run: view('done', withFigures()), compared: [] } } as ReturnType<typeof allStates>;

  for (const width of [300, 400, 1280, 1920]) {
    it(`nothing is cut off or pushed aside at ${width} pixels`, async () => {
      const results = await ResultsPage.open(browser(), { width, theme: width % 200 === 0 ? 'light' : 'dark' });
      for (const name of ['empty', 'running', 'done-r1', 'done-r3', 'stale', 'diverged', 'stuck', 'compared', 'figures']) {
        await results.snapshot(states[name].run, states[name].compared);
        assert.deepEqual(await cutTexts(results.page), [], `${name} at ${width}`);
        await results.picture(`${name}-${width}`);
      }
      await results.close();
    });
  }

  it('is reached by keyboard in the order of reading, and shows where it is', async () => {
    const results = await ResultsPage.open(browser());
    await results.snapshot(states['stale'].run);
    const stops: string[] = [];
    for (let press = 0; press < 60; press += 1) {
      await results.page.keyboard.press('Tab');
      const stop = await results.page.evaluate(() => {
        const active = document.activeElement as HTMLElement;
        if (active === document.body) return null;
        const inner = active.shadowRoot?.activeElement ?? active;
        const style = getComputedStyle(inner);
        const own = getComputedStyle(active);
        const seen = style.outlineStyle !== 'none' || style.borderColor !== 'rgba(0, 0, 0, 0)' || own.outlineStyle !== 'none';
        return {
          name: active.getAttribute('aria-label') ?? active.textContent.trim(),
          top: active.getBoundingClientRect().top + scrollY,
          seen,
        };
      });
      if (stop === null) break;
      assert.ok(stop.seen, `${stop.name} has the focus and does not show it`);
      stops.push(stop.name);
    }
    const order = [
      'experiments/closest',
      'Run again',
      'Export',
      'Compare…',
      'Run again with',
      'Open the paper',
      'Horizontal axis',
      'log scale, horizontal',
      'log scale, vertical axis of Loss',
      'Table of Loss',
      'Loss ℒ',
      'Gradient norm',
      'Chart: Loss',
      'Table of the coefficients',
      'Chart: coefficients',
      'Open the paper',
      'Gradient descent on separable',
      'Measures at the end',
    ];
    let from = 0;
    for (const name of order) {
      const at = stops.findIndex((stop, index) => index >= from && stop.startsWith(name));
      assert.ok(at >= 0, `${name} is not reached after ${stops[from - 1] ?? 'the start'} in ${JSON.stringify(stops)}`);
      from = at + 1;
    }
    await results.close();
  });

  it('opens, walks and closes the menu by keyboard; Escape brings the focus back', async () => {
    const results = await ResultsPage.open(browser());
    await results.snapshot(states['done-r1'].run);
    const opener = results.page.getByRole('button', { name: 'Export' });
    await opener.focus();
    await results.page.keyboard.press('Enter');
    const focused = (): Promise<string> => results.page.evaluate(() => document.activeElement?.textContent ?? '');
    assert.equal(await focused(), 'Picture of the charts (PNG)');
    await results.page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'Charts and figures (SVG)');
    await results.page.keyboard.press('End');
    assert.equal(await focused(), 'Copy as Markdown');
    await results.page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'Picture of the charts (PNG)');
    await results.page.keyboard.press('Escape');
    assert.equal(await results.page.getByRole('menu').isVisible(), false);
    assert.equal(await focused(), 'Export');
    await results.close();
  });

  it('gives the focus of Cancel to Run when the run ends', async () => {
    const results = await ResultsPage.open(browser());
    await results.snapshot(states['running'].run);
    await results.page.getByRole('button', { name: 'Cancel' }).focus();
    await results.snapshot(view('done', linearRegression()));
    assert.match(await results.page.evaluate(() => document.activeElement?.textContent ?? ''), /Run again/);
    await results.close();
  });

  it('has one banner, one main and headings without gaps', async () => {
    const results = await ResultsPage.open(browser());
    for (const { run, compared } of Object.values(states)) {
      await results.snapshot(run, compared);
      assert.equal(await results.page.getByRole('banner').count(), 1);
      assert.equal(await results.page.getByRole('main').count(), 1);
      const levels = await results.page.evaluate(() =>
        Array.from(document.querySelectorAll<HTMLElement>('h1, h2, h3'))
          .filter((heading) => heading.checkVisibility())
          .map(({ tagName }) => Number(tagName[1])),
      );
      assert.equal(levels[0], 1);
      levels.slice(1).forEach((level, index) => assert.ok(level > 1 && level <= levels[index] + 1, String(levels)));
    }
    await results.close();
  });

  it('stands still for people who ask for less motion', async () => {
    const results = await ResultsPage.open(browser(), { reducedMotion: true });
    await results.snapshot(view('running', null, { progress: { fraction: null, says: 'training' } }));
    assert.equal(await results.page.locator('.bar-inner').evaluate((bar) => getComputedStyle(bar).animationName), 'none');
    await results.close();
  });
});
