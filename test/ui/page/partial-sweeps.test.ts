/** A sweep while it runs, paused and done: what is still to come, what failed, and the runs behind a place. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { FromPage } from '../../../src/protocol/panel';
import type { Figure } from '../../../src/protocol/report';
import type { RunLetter } from '../../../src/protocol/sweep';
import { usesBrowser } from './browser';
import { view } from './fixtures';
import { ResultsPage } from './harness';
import { halfWay, KINDS, over, overRuns, pictures, running, SCALES, WIDE, type Swept } from './sweep-fixtures';

const browser = usesBrowser();
let results: ResultsPage;

const panel = (id: string): Locator => results.page.locator(`[data-figure="${id}"]`);
const told = async (type: FromPage['type']): Promise<readonly FromPage[]> => (await results.messages()).filter((one) => one.type === type);

describe('a sweep that goes on', () => {
  afterEach(() => results.close());

  it('fills its pictures run by run, and says what is still to come', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(running(pictures({ axes: [KINDS, SCALES], letter: halfWay })));
    const map = panel('sweep-distanceToL1-0');
    assert.match(await map.locator('.figure-says').innerText(), /\d+ of 32 runs so far\.$/);
    assert.match(
      await map.locator('.chart-note').innerText(),
      /Marks: blank: not run yet; a ring: running; a cross: a run failed; a full corner/,
    );
    // Only runs that gave no value are hatched, not those that are still to come.
    assert.match(await map.locator('.chart-note').innerText(), /^2 cells without a finite value are hatched/);
    await map.locator('.heat-frame').focus();
    await results.page.keyboard.press('Control+End');
    await results.page.keyboard.press('Control+End');
    assert.match(await map.locator('.sweep-place').innerText(), /init scale = 3: not run yet$/);
    await results.send({ type: 'figures', id: 'run-1', figures: pictures({ axes: [KINDS, SCALES] }) });
    assert.match(await map.locator('.sweep-place').innerText(), /init scale = 3: agrees$/);
    assert.doesNotMatch(await map.locator('.figure-says').innerText(), /so far/);
  });

  it('keeps the partial picture with its label when it is paused, and goes on from there', async () => {
    results = await ResultsPage.open(browser());
    const report = overRuns(pictures({ axes: [KINDS, SCALES], letter: (run) => (run < 19 ? 'a' : 'w') }), 'cancelled');
    await results.snapshot(view('cancelled', report, { kind: 'sweep' }));
    await results.settled();
    assert.match(await results.text('main'), /The sweep is paused/);
    assert.match(await results.text('main'), /Paused with 19 of 32 runs done/);
    assert.match(await panel('sweep-distanceToL1-0').locator('.figure-says').innerText(), /19 of 32 runs so far/);
    await results.page.getByRole('button', { name: 'Resume' }).click();
    assert.equal((await told('run')).length, 1);
  });

  it('over one axis has a mark for every place without a value, which the keys reach', async () => {
    results = await ResultsPage.open(browser());
    const [chart] = pictures({ axes: [SCALES], letter: (run) => 'aafarwww'[run] as RunLetter });
    await results.snapshot(running([chart]));
    await results.settled();
    await panel(chart.id).locator('.chart-frame').focus();
    for (let k = 0; k < 3; k++) await results.page.keyboard.press('ArrowRight');
    assert.match(await panel(chart.id).locator('.sweep-place').innerText(), /init scale = 0\.01: failed/);
    await panel(chart.id)
      .getByRole('button', { name: /^Run it again/ })
      .click();
    assert.deepEqual(await told('rerun'), [{ type: 'rerun', point: 2, count: 1 }]);
    await results.picture('sweep-line-partial');
  });

  it('offers to run what failed again when it is over', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('done', overRuns(pictures({ axes: [SCALES], letter: over }), 'stopped'), { kind: 'sweep' }));
    await results.page.getByRole('button', { name: 'Run failed ones again' }).click();
    assert.equal((await told('run')).length, 1);
  });
});

describe('a place of a sweep with several seeds', () => {
  afterEach(() => results.close());

  async function open(theme = 'dark', width = 1280, ratio = 1): Promise<Locator> {
    results = await ResultsPage.open(browser(), { theme, width, ratio });
    const figures = pictures({ axes: [KINDS, SCALES], repeat: 5, letter: halfWay });
    await results.snapshot(view('done', overRuns(figures, 'stopped'), { kind: 'sweep' }));
    await results.settled();
    return panel('sweep-distanceToL1-0');
  }

  const CURVES: Figure = {
    kind: 'chart',
    id: 'repeats-distanceToL1',
    title: 'Distance to ℓ1 of 5 runs',
    says: 'At the end the median is 0.01, the quartiles 0.008 and 0.02.',
    x: { label: 'ln t', scale: 'linear' },
    y: { label: 'd₁', scale: 'log' },
    series: [0, 0.4, -0.4, 0.2, -0.3, 0.6].map((shift, k) => ({
      name: ['median', 'lower quartile', 'upper quartile'][k] ?? `seed ${k}`,
      style: 'line' as const,
      x: Array.from({ length: 50 }, (_, t) => t / 10),
      y: Array.from({ length: 50 }, (_, t) => Math.exp(shift - t / 10)),
      ...(k === 1 || k === 2 ? { band: 'median' } : {}),
    })),
  };

  it('lists its runs by Enter, opens each of them by the keyboard, and has them made anew together', async () => {
    const map = await open();
    await map.locator('.heat-frame').focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await results.page.keyboard.press(key);
    const list = map.locator('.sweep-runs table');
    assert.equal(await list.locator('tbody tr').count(), 5);
    assert.match(await list.innerText(), /Seed\s+Verdict\s+Distance to least ℓ1 norm/);
    assert.deepEqual(await told('open-point'), []);
    await map.getByRole('button', { name: 'Open the run of seed 3' }).focus();
    await results.page.keyboard.press('Enter');
    assert.deepEqual(await told('open-point'), [{ type: 'open-point', point: 42 }]);
    await map.getByRole('button', { name: /^Run them again/ }).click();
    assert.deepEqual(await told('rerun'), [{ type: 'rerun', point: 40, count: 5 }]);
  });

  it('draws their curves over each other with their band', async () => {
    const map = await open();
    await map.locator('.heat-frame').focus();
    for (const key of ['ArrowRight', 'Enter']) await results.page.keyboard.press(key);
    await map.getByRole('button', { name: /^Draw Distance to least ℓ1 norm/ }).click();
    assert.deepEqual(await told('open-cell'), [{ type: 'open-cell', point: 0, count: 5, measure: 'distanceToL1' }]);
    // Of another place: not drawn here.
    await results.send({ type: 'cell', id: 'run-1', point: 5, figure: CURVES, says: '' });
    assert.equal(await map.locator('.sweep-curves canvas').count(), 0);
    await results.send({ type: 'cell', id: 'run-1', point: 0, figure: CURVES, says: '' });
    assert.match((await map.locator('.sweep-curves .chart-frame').getAttribute('aria-label')) ?? '', /^Chart: Distance to ℓ1 of 5 runs/);
    await results.picture('sweep-cell-curves');
  });

  it('says why there are no curves', async () => {
    const map = await open();
    await map.locator('.heat-frame').focus();
    for (const key of ['ArrowRight', 'Enter']) await results.page.keyboard.press(key);
    await map.getByRole('button', { name: /^Draw Distance to least ℓ1 norm/ }).click();
    await results.send({ type: 'cell', id: 'run-1', point: 0, figure: null, says: 'None of these runs has a curve.' });
    assert.match(await map.locator('.sweep-curves [role=status]').innerText(), /None of these runs/);
  });
});

describe('pictures of sweeps fit their page', () => {
  afterEach(() => results.close());
  const ONE = { ...SCALES, values: [0.1] };
  const shapes: readonly (readonly [string, Swept])[] = [
    ['partial', { axes: [KINDS, SCALES], letter: halfWay, measures: ['distanceToL1', 'distanceToL2'] }],
    ['line', { axes: [SCALES], repeat: 5, letter: halfWay, measures: ['distanceToL1', 'distanceToL2'] }],
    ['texts', { axes: [KINDS], repeat: 3, letter: over }],
    ['one', { axes: [ONE] }],
    ['many', { axes: [WIDE, { ...WIDE, path: '/model/depth' }], letter: halfWay }],
    ['layers', { axes: [SCALES, { ...SCALES, path: '/stop/loss' }, KINDS], letter: over }],
  ];
  for (const [name, swept] of shapes)
    for (const [screen, theme, width, ratio] of [
      ['1280', 'dark', 1280, 1],
      ['zoom', 'light', 640, 2],
    ] as const)
      it(`${name}, ${screen}`, async () => {
        results = await ResultsPage.open(browser(), { theme, width, ratio });
        await results.snapshot(running(pictures(swept)));
        await results.settled();
        await results.settled();
        const wide = await results.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${wide} pixels too wide`);
        await results.picture(`sweep-${name}-${screen}`);
      });
});
