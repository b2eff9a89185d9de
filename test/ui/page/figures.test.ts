/** Pictures of a result: charts and heat maps, by eye, by pointer, by keyboard and by ear. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { Figure } from '../../../src/protocol/report';
import { usesBrowser } from './browser';
import { crowdedChart, FUNCTION, largeMap, MATRIX, PHASES, SPECTRUM, withFigures } from './figure-fixtures';
import { linearRegression, view } from './fixtures';
import { ResultsPage, type OpenOptions } from './harness';
import { THEMES } from './themes';

describe('figures of a report', () => {
  const browser = usesBrowser();
  let results: ResultsPage;

  afterEach(() => results.close());

  async function open(figures?: readonly Figure[], options: OpenOptions = {}): Promise<void> {
    results = await ResultsPage.open(browser(), options);
    await results.snapshot(view('done', withFigures(figures)));
    // One figure a frame.
    await results.settled();
  }
  const panel = (id: string): Locator => results.page.locator(`[data-figure="${id}"]`);
  const tip = (id: string): Promise<string> => panel(id).locator('.tip').innerText();

  it('stand between the curves and the coefficients, each with its title, its sentence and its numbers in words', async () => {
    await open();
    const titles = await results.page.locator('main > section:visible > h2').allInnerTexts();
    assert.deepEqual(titles.slice(0, 3), ['Curves', 'Figures', 'Coefficients']);
    assert.match(
      await panel('spectrum').innerText(),
      /Spectrum of the predictor[\s\S]*Three of twelve frequencies carry 99\.2 % of the power\./,
    );
    assert.equal(
      await panel('spectrum').locator('[role=img]').getAttribute('aria-label'),
      'Chart: Spectrum of the predictor. |β̂(d)|² in power units over frequency d, trained, predicted. Three of twelve frequencies carry 99.2 % of the power.',
    );
    assert.match(
      (await panel('matrix').locator('[role=application]').getAttribute('aria-label')) ?? '',
      /^Heat map: Product matrix at the end, 12 rows × 16 columns, row i by column j\. entry of W₂W₁ from −1\.\d+ to 1\.\d+\. The matrix has rank 2/,
    );
  });

  it('fill the band between two edges around a line, in its colour', async () => {
    const x = Array.from({ length: 50 }, (_, k) => k);
    const line = (name: string, level: number, band?: string): Extract<Figure, { kind: 'chart' }>['series'][number] => ({
      name,
      style: 'line',
      x,
      y: x.map(() => level),
      ...(band !== undefined && { band }),
    });
    const axes = { x: { label: 'x', scale: 'linear' }, y: { label: 'y', scale: 'linear' } } as const;
    const series = [line('median', 3), line('lower', 1, 'median'), line('upper', 5, 'median'), line('other', 0)];
    await open([{ kind: 'chart', id: 'banded', title: 'Banded', says: '', ...axes, series }]);
    // The band takes four fifths of the plot.
    const painted = await panel('banded')
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const context = canvas.getContext('2d');
        const column = context?.getImageData(Math.round(canvas.width * 0.53), 0, 1, canvas.height).data ?? new Uint8ClampedArray(0);
        // The fill is a weak colour; lines and grid lines are strong, and short across.
        let weak = 0;
        for (let at = 3; at < column.length; at += 4) if (column[at] > 20 && column[at] < 80) weak += 1;
        return weak / canvas.height;
      });
    assert.ok(painted > 0.4, `${painted} of the height`);
    const colours = await panel('banded')
      .locator('.legend-entry path')
      .evaluateAll((lines) => lines.map((one) => getComputedStyle(one).stroke));
    assert.deepEqual([colours[1], colours[2]], [colours[0], colours[0]]);
    assert.notEqual(colours[3], colours[0]);
  });

  it('are not there without figures', async () => {
    await open([]);
    assert.equal(await results.page.locator('.section-figures').isVisible(), false);
  });

  it('tell series apart by shape as well as by colour, and hide them by the legend', async () => {
    await open([FUNCTION]);
    const marks = await panel('function')
      .locator('.legend-entry')
      .evaluateAll((entries) =>
        entries.map(
          (entry) => entry.querySelector('path')?.getAttribute('stroke-dasharray') ?? entry.querySelector('path')?.getAttribute('d'),
        ),
      );
    assert.equal(new Set(marks).size, 4);
    const ink = (): Promise<string> =>
      panel('function')
        .locator('canvas')
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const all = await ink();
    const entry = panel('function').getByRole('button', { name: 'predicted' });
    await entry.click();
    assert.equal(await panel('function').getByRole('button', { name: 'predicted' }).getAttribute('aria-pressed'), 'false');
    assert.notEqual(await ink(), all);
    await panel('function').getByRole('button', { name: 'predicted' }).click();
    await results.page.mouse.move(1, 1);
    assert.equal(await ink(), all);
  });

  it('count what has no place on the axes', async () => {
    await open([FUNCTION, { ...SPECTRUM, series: [{ name: 'a', style: 'line', x: [0, 1, 2, 3], y: [1, 0, -1, Infinity] }] }]);
    assert.equal(await panel('function').locator('.chart-note').innerText(), '1 point is not drawn: not finite.');
    assert.equal(
      await panel('spectrum').locator('.chart-note').innerText(),
      '3 points are not drawn: 1 not finite; 2 not positive, on a logarithmic axis.',
    );
  });

  it('are read out point by point under the arrow keys, from series to series', async () => {
    await open([FUNCTION]);
    await panel('function').locator('.chart-frame').focus();
    await results.page.keyboard.press('End');
    assert.match(await tip('function'), /trained\s+x\s+1\.98\s+f\(x\)\s+1\.58/);
    await results.page.keyboard.press('ArrowUp');
    assert.match(await tip('function'), /knots\s+x\s+1\s+f\(x\)\s+0\.6/);
    await results.page.keyboard.press('ArrowLeft');
    assert.match(await tip('function'), /knots\s+x\s+0\.5\s+f\(x\)\s+0\.1/);
    await results.page.keyboard.press('Escape');
    assert.equal(await panel('function').locator('.tip').isVisible(), false);
    assert.equal(await panel('function').locator('.tip').getAttribute('aria-live'), 'polite');
  });

  it('are read out under the pointer: a bar along its whole height', async () => {
    await open([SPECTRUM]);
    await panel('spectrum').scrollIntoViewIfNeeded();
    const box = await panel('spectrum').locator('.chart-frame').boundingBox();
    assert.ok(box);
    // Frequency 5 of 0…11 stands a little left of the middle of the plot.
    await results.page.mouse.move(box.x + 80 + ((box.width - 90) * 5.5) / 12, box.y + box.height - 70);
    assert.match(await tip('spectrum'), /(trained|predicted)\s+frequency d\s+5\s+\|β̂\(d\)\|² in power units\s+(3|2\.9)/);
  });

  it('have tables: one column a series where they share their places, one row a point where not', async () => {
    await open([SPECTRUM, FUNCTION, PHASES, MATRIX, largeMap()]);
    for (const { id, title } of [SPECTRUM, FUNCTION, PHASES, MATRIX, largeMap()])
      await panel(id)
        .getByRole('button', { name: `Table of ${title}`, exact: true })
        .click();
    const head = (id: string): Promise<string[]> => panel(id).locator('thead th').allInnerTexts();
    assert.deepEqual(await head('spectrum'), ['frequency d', 'trained', 'predicted']);
    assert.deepEqual(await head('function'), ['Series', 'x', 'f(x)']);
    assert.equal(await panel('function').locator('tbody tr').count(), 414);
    assert.match(await panel('function').locator('tbody tr').nth(405).innerText(), /samples\s+0\.5\s+no value/);
    assert.deepEqual(await head('phases'), ['optimizer \\ α', '0.001', '0.01', '0.1', '1', '10']);
    assert.match(await panel('phases').locator('tbody tr').nth(2).innerText(), /^sgd\s+0\.3\s+0\.15\s+0\.1\s+no value\s+0\.06$/);
    assert.equal((await head('matrix')).length, 17);
    assert.deepEqual(await head('large'), ['row i', 'column j', 'entry of W₂W₁']);
    assert.match(await panel('large').innerText(), /The first 500 of 250\u202f000 rows\. The JSON report has all of them\./);
    assert.deepEqual((await results.remembered())['openTables'], [
      'figure:spectrum',
      'figure:function',
      'figure:phases',
      'figure:matrix',
      'figure:large',
    ]);
  });

  describe('heat maps', () => {
    it('move a cursor from cell to cell and say where it is', async () => {
      await open([MATRIX]);
      await panel('matrix').locator('.heat-frame').focus();
      await results.page.keyboard.press('ArrowRight');
      assert.match(await tip('matrix'), /row i 1, column j 1\s+entry of W₂W₁\s+0$/);
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'End']) await results.page.keyboard.press(key);
      // 1.2 sin(3/3) cos(15/4) = −0.8286.
      assert.match(await tip('matrix'), /row i 4, column j 16\s+entry of W₂W₁\s+−0\.8286/);
      await results.page.keyboard.press('Control+Home');
      assert.match(await tip('matrix'), /row i 1, column j 1/);
      for (const key of ['ArrowUp', 'PageDown', 'Shift+ArrowDown', 'Home']) await results.page.keyboard.press(key);
      assert.match(await tip('matrix'), /row i 12, column j 1/);
      await results.page.keyboard.press('Escape');
      assert.equal(await panel('matrix').locator('.tip').isVisible(), false);
    });

    it('say what stands at their rows and columns where they are named', async () => {
      await open([PHASES]);
      await panel('phases').locator('.heat-frame').focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'End']) await results.page.keyboard.press(key);
      assert.match(await tip('phases'), /optimizer = gd, α = 10\s+relative distance\s+0\.09/);
    });

    it('read out the cell under the pointer, also one without a value', async () => {
      await open([MATRIX], { width: 700 });
      await panel('matrix').scrollIntoViewIfNeeded();
      const box = await panel('matrix').locator('canvas').boundingBox();
      assert.ok(box);
      const plot = { left: box.x + 58, top: box.y + 10, width: box.width - 58 - 120, height: box.height - 56 };
      await results.page.mouse.move(plot.left + (plot.width * 4.5) / 16, plot.top + (plot.height * 3.5) / 12);
      assert.match(await tip('matrix'), /row i 4, column j 5\s+entry of W₂W₁\s+no value/);
      assert.match(
        await panel('matrix').locator('.chart-note').innerText(),
        /^2 cells without a finite value are hatched\. Blue with a dash is negative/,
      );
      await results.page.mouse.move(2, 2);
      assert.equal(await panel('matrix').locator('.tip').isVisible(), false);
    });

    for (const ratio of [1, 1.25, 2]) {
      it(`are crisp at ${ratio} device pixels a pixel: cells have their colour and nothing between`, async () => {
        // Squares of about forty pixels, one of them without a value: too small for numbers, of one sign, without dashes.
        const values = Array.from({ length: 90 }, (_, k) => (k === 44 ? Number.NaN : k % 2));
        await open([{ ...MATRIX, rows: 9, columns: 10, values }], { ratio, width: 700, theme: 'light' });
        const seen = await panel('matrix')
          .locator('canvas')
          .evaluate((element, factor) => {
            const canvas = element as HTMLCanvasElement;
            const context = canvas.getContext('2d');
            if (context === null) throw new Error('no context');
            const sharp = canvas.width === Math.round(canvas.getBoundingClientRect().width * factor);
            const colours = (left: number, top: number, width: number, height: number): string[] => {
              const { data } = context.getImageData(
                Math.ceil(left * factor),
                Math.ceil(top * factor),
                Math.floor(width * factor),
                Math.floor(height * factor),
              );
              const found = new Set<string>();
              for (let at = 0; at < data.length; at += 4) found.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
              return [...found].sort();
            };
            const cell = (canvas.clientWidth - 58 - 120) / 10;
            return {
              sharp,
              first: colours(60, 12, 3 * cell, 2 * cell),
              gap: colours(58 + 4.3 * cell, 10 + 4.3 * cell, 0.4 * cell, 0.4 * cell).length,
            };
          }, ratio);
        assert.ok(seen.sharp);
        // Both ends of viridis: #440154 and #fde725.
        assert.deepEqual(seen.first, ['253,231,37', '68,1,84']);
        assert.ok(seen.gap > 1, 'a cell without a value is hatched');
      });
    }

    it('keep to the width they have', async () => {
      await open([MATRIX], { width: 1280 });
      const width = (): Promise<number> =>
        panel('matrix')
          .locator('canvas')
          .evaluate((canvas) => canvas.clientWidth);
      const wide = await width();
      await results.page.setViewportSize({ width: 400, height: 900 });
      await results.settled();
      assert.ok((await width()) < wide);
      assert.equal(await results.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    });
  });

  it('follow the theme', async () => {
    await open([SPECTRUM, MATRIX], { theme: 'dark' });
    const ink = (id: string): Promise<string> =>
      panel(id)
        .locator('canvas')
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const dark = [await ink('spectrum'), await ink('matrix')];
    await results.theme('hc-light');
    await results.settled();
    assert.notEqual(await ink('spectrum'), dark[0]);
    assert.notEqual(await ink('matrix'), dark[1]);
  });

  it('are part of the picture and of the Markdown', async () => {
    const height = async (): Promise<number> => {
      await results.page.getByRole('button', { name: 'Export' }).click();
      await results.page.getByRole('menuitem', { name: /PNG/ }).click();
      const { content } = await results.posted('export');
      return results.page.evaluate(async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        return image.height;
      }, content);
    };
    await open([]);
    const without = await height();
    await results.snapshot(view('done', withFigures()));
    // Four figures of at least 200 pixels, drawn twice as large.
    assert.ok((await height()) > without + 4 * 400);
    await results.page.getByRole('button', { name: 'Export' }).click();
    await results.page.getByRole('menuitem', { name: /Markdown/ }).click();
    const { content } = await results.posted('export');
    assert.match(
      content,
      /\n## Figures\n\n- \*\*Spectrum of the predictor\*\*: Three of twelve frequencies carry 99\.2 % of the power\.\n- \*\*The function/,
    );
  });

  it('are drawn whole at the sizes that are taken in', async () => {
    const shown: readonly Figure[] = [
      { ...crowdedChart('line', 2000), id: 'eight', series: crowdedChart('line', 2000).series.slice(0, 8) },
      largeMap(),
    ];
    await open(shown);
    const durations = async (): Promise<number[]> => {
      const found = await results.page.evaluate(() => performance.getEntriesByName('redraw-figure').map(({ duration }) => duration));
      await results.page.evaluate(() => performance.clearMeasures());
      return found;
    };
    const first = await durations();
    for (const theme of THEMES) {
      await results.theme(theme.name);
      await results.settled();
    }
    const again = (await durations()).toSorted((a, b) => a - b);
    console.log(
      `      8 lines of 2000 points, 500 × 500 cells: first ${first.map((ms) => ms.toFixed(1)).join(', ')} ms; again median ${again[again.length >> 1].toFixed(1)}, slowest ${again[again.length - 1].toFixed(1)} ms of ${again.length}`,
    );
    assert.equal(first.length, 2);
    assert.equal(again.length, 2 * THEMES.length);
    await results.snapshot(view('done', withFigures([crowdedChart('line', 3000)])));
    await results.settled();
    assert.equal(await panel('crowd-line').locator('.legend-entry').count(), 40);
    assert.match(await panel('crowd-line').locator('.chart-note').innerText(), /too close to be told apart/);
  });

  it('interpret nothing of hostile texts, and odd figures leave the page whole', async () => {
    const evil = '<img src=x onerror="window.hacked=1">\u202egnp';
    await open([
      { ...SPECTRUM, title: evil, says: evil, x: { label: evil, scale: 'linear' }, series: [{ ...SPECTRUM.series[0], name: evil }] },
      { ...MATRIX, title: evil, label: evil, says: evil.repeat(500) },
    ]);
    assert.deepEqual(
      await results.page.evaluate(() => [
        'hacked' in window,
        document.querySelectorAll('img').length,
        document.body.innerText.includes('\u202e'),
      ]),
      [false, 0, false],
    );
    const odd = [
      null,
      7,
      { kind: 'heat-map', rows: 1e12, columns: 1e12, values: [1] },
      { kind: 'heat-map', rows: 2, columns: 2, values: ['NaN', 'Infinity', '-Infinity', null] },
      { kind: 'heat-map', rows: 1, columns: 3, values: [-1.7e308, 1.7e308, 5e-324] },
      { kind: 'heat-map', rows: 1, columns: 1, values: [0] },
      { kind: 'heat-map', rows: 1, columns: 2, values: [-1.7e308, -1e-320] },
      { kind: 'chart', series: [{ x: ['NaN', 1], y: [1, 'Infinity'] }] },
      { kind: 'chart', x: { scale: 'log' }, y: { scale: 'log' }, series: [{ style: 'bars', x: [1, 2, 4], y: [1e-300, 1e300, -1] }] },
      {
        kind: 'chart',
        series: [
          { style: 'bars', x: [3], y: [-1.7e308] },
          { style: 'points', x: [1e308, -1e308], y: [0, 0] },
        ],
      },
      {
        kind: 'chart',
        series: [
          { style: 'bars', x: [2, 1, 2, 1], y: [1, 2, 3, 4] },
          { x: [1, 2, 1], y: [1, 1, 2] },
        ],
      },
      { kind: 'poem' },
    ];
    await results.snapshot(view('done', { ...linearRegression(), figures: odd } as never));
    for (let frame = 0; frame < 3; frame += 1) await results.settled();
    assert.doesNotMatch(await results.text('body'), /could not be shown|undefined|\[object/);
    assert.equal(await results.page.locator('.figure-panel').count(), 9);
    for (const toggle of await results.page
      .locator('.figure-panel')
      .getByRole('button', { name: /^Table/ })
      .all())
      await toggle.click();
    for (const frame of await results.page.locator('.figure-panel [tabindex="0"][role]:not([role=region])').all()) {
      await frame.focus();
      for (const key of ['ArrowRight', 'End', 'ArrowDown', 'Home']) await results.page.keyboard.press(key);
    }
    assert.doesNotMatch(await results.text('body'), /could not be shown|undefined|\[object/);
  });
});
