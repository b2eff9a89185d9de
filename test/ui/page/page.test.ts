/** What the results page shows and tells its host, state by state. */
import assert from 'node:assert/strict';
import { usesBrowser } from './browser';
import { allStates, compared, diverged, linearRegression, livePoints, manyCurves, maxMargin, view } from './fixtures';
import { openBrowser, ResultsPage, type OpenOptions } from './harness';

describe('results page', () => {
  const browser = usesBrowser();
  let results: ResultsPage;
  const states = allStates();

  afterEach(() => results.close());

  async function open(state: string | null, options: OpenOptions = {}): Promise<void> {
    results = await ResultsPage.open(browser(), options);
    if (state !== null) await results.snapshot(states[state].run, states[state].compared);
  }
  const button = (name: string | RegExp): ReturnType<ResultsPage['page']['getByRole']> => results.page.getByRole('button', { name });

  it('says how to start when there is no run', async () => {
    await open('empty');
    assert.equal(await results.page.locator('.opening').count(), 0);
    assert.match(await results.text('main'), /No run yet[\s\S]*Press Run[\s\S]*Command Palette/);
    await button('Run').click();
    assert.deepEqual(await results.posted('run'), { type: 'run' });
  });

  it('says neither that nor anything else of runs before the host has said what there is', async () => {
    await open(null);
    assert.equal((await results.text('body')).trim(), 'Opening the results…');
  });

  it('puts the verdict first: outcome, sentence, value against tolerance, source', async () => {
    await open('done-r1');
    const verdict = await results.text('.verdict');
    assert.match(verdict, /^Agrees/);
    assert.match(verdict, /w is 3\.38×10⁻¹⁴ from the closest solution/);
    assert.match(verdict, /Relative distance to the predicted solution 3\.38×10⁻¹⁴ · tolerance 10⁻⁸ · 3×10⁵ times below the tolerance/);
    assert.match(verdict, /theorem/i);
    assert.match(verdict, /Zhang, Bengio, Hardt, Recht, Vinyals \(2017\)\. Understanding deep learning/);
    assert.equal(await results.page.getByRole('img', { name: /3\.38×10⁻¹⁴ against tolerance 10⁻⁸/ }).count(), 1);
    await results.page.locator('.verdict').getByRole('link').click();
    assert.deepEqual(await results.posted('open-link'), { type: 'open-link', url: 'https://arxiv.org/abs/1611.03530' });
  });

  it('shows an unfinished run as inconclusive and not as expected', async () => {
    await open('inconclusive');
    assert.match(await results.text('.verdict'), /^Inconclusive[\s\S]*not the expected one[\s\S]*times above the tolerance/);
  });

  it('draws one chart a group and scale, with a summary in words', async () => {
    await open('done-r1');
    const titles = await results.page.locator('.chart-panel h3').allInnerTexts();
    assert.deepEqual(titles, ['Loss', 'Agreement with the prediction', 'Norms']);
    const loss = await results.page.locator('[data-chart="loss.log"] [role=img]').getAttribute('aria-label');
    assert.match(loss ?? '', /^Chart: Loss over time\. Loss falls from [\d.]+ to [\d.]+×10⁻². over \d+ points\. Gradient norm falls/);
    const agreement = await results.page.locator('[data-chart="agreement.log"] [role=img]').getAttribute('aria-label');
    assert.match(agreement ?? '', /A line marks the tolerance of the verdict at 10⁻⁸\./);
    const norms = await results.page.locator('[data-chart="norms.linear"] [role=img]').getAttribute('aria-label');
    assert.match(norms ?? '', /predicted ‖w\*‖₁ at [\d.]+\. A line marks the predicted ‖w\*‖₂ at/);
  });

  it('draws a loss of e^−10000 and a time of e^9999 by their logarithms', async () => {
    await open('done-c1');
    const panel = results.page.locator('[data-chart="loss.log"]');
    assert.match(
      (await panel.locator('[role=img]').getAttribute('aria-label')) ?? '',
      /Loss falls from 0\.69\d+ to \d(\.\d+)?×10⁻⁴³⁴. over 200 points/,
    );
    await panel.getByRole('button', { name: 'Table of Loss' }).click();
    assert.match(await panel.locator('tbody tr').last().innerText(), /10⁴³⁴./);
    assert.match(await results.text('.section-measures'), /Loss\s+ℒ\s+\d(\.\d+)?×10⁻⁴³⁴./);
  });

  it('keeps the title of an axis clear of labels as long as 10⁻⁴⁰⁰⁰⁰⁰⁰⁰', async () => {
    await open(null);
    await results.snapshot(view('done', maxMargin(1e8)));
    const ink = await results.page.locator('[data-chart="loss.log"] canvas').evaluate((surface) => {
      const { width, height } = surface as HTMLCanvasElement;
      const { data } = (surface as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      return Array.from({ length: 200 }, (_, x) =>
        Array.from({ length: height }, (_, y) => data[4 * (y * width + x) + 3]).some((a) => a > 0),
      );
    });
    // From the left: the title, one line of it, and then nothing before the labels begin.
    const start = ink.indexOf(true);
    const end = ink.indexOf(false, start);
    assert.ok(start >= 0 && end - start <= 20, `title from ${start} to ${end}`);
    assert.ok(ink.indexOf(true, end) - end >= 2, `labels at ${ink.indexOf(true, end)}, title to ${end}`);
    await results.picture('far-beyond-doubles');
  });

  it('says nothing of the start that a logarithmic axis cannot have', async () => {
    await open('done-c1');
    assert.equal(await results.page.locator('.axis-note').innerText(), '');
    // t = 0 and, of the drift, an exact zero there.
    await results.snapshot(states['done-r3'].run);
    assert.equal(await results.page.locator('.axis-note').innerText(), '');
    assert.deepEqual(new Set(await results.page.locator('.chart-note').allInnerTexts()), new Set(['']));
  });

  it('says where and why a flow is stuck, and what to do', async () => {
    await open('stuck');
    const verdict = await results.text('.verdict');
    assert.match(verdict, /The flow is stuck[\s\S]*at a kink at the start, at θ = 0[\s\S]*Nothing grew without bound/);
  });

  it('shows the point at t = 0 of a run that did not leave it, on a linear axis', async () => {
    await open('stuck');
    await results.page.locator('[data-chart="loss.log"] .chart-frame').focus();
    await results.page.keyboard.press('End');
    assert.match(await results.text('[data-chart="loss.log"] .tip'), /Time t = 0[\s\S]*0\.2125/);
  });

  it('puts the verdict first where a result has judged that a run diverges', async () => {
    const of = diverged();
    const verdict = { ...linearRegression().verdict, says: 'It diverged, as foreseen.' };
    await open('empty');
    await results.snapshot(view('diverged', { ...of, verdict, asExpected: true }));
    assert.match(await results.text('.verdict'), /^Agrees\s+It diverged, as foreseen\.[\s\S]*as expected[\s\S]*Training diverged/);
    assert.doesNotMatch(await results.text('.verdict'), /smaller stepSize/);
    // Where nothing could be judged, how it ended comes first.
    await results.snapshot(view('diverged', { ...of, asExpected: true }));
    assert.match(
      await results.text('.verdict'),
      /^The run diverged[\s\S]*Inconclusive: The run diverged; nothing is compared\.\s+The file expects/,
    );
  });

  it('leaves gaps and counts them where a value has no place on the axis', async () => {
    await open('diverged');
    const note = await results.text('[data-chart="loss.log"] .chart-note');
    // Of 60 losses 0.5·10^(6k): three are infinite and two no number; beyond 1e308 (k ≥ 52) three more are infinite.
    assert.match(note, /^8 points are not drawn: not finite\.$/);
    const verdict = await results.text('.verdict');
    assert.match(verdict, /The run diverged[\s\S]*not finite after step 55[\s\S]*smaller stepSize/);
    await results.page.locator('.last-finite summary').click();
    assert.match(await results.text('.last-finite'), /Loss ℒ\s+5×10³⁰⁵/);
  });

  it('shows the growth of a run that diverged on logarithmic axes, until the reader wants it otherwise', async () => {
    await open('diverged');
    const log = results.page.getByRole('checkbox', { name: 'log scale, vertical axis of Norms' });
    assert.equal(await log.isChecked(), true);
    await log.click();
    await results.settled();
    assert.equal(await log.isChecked(), false);
    await results.snapshot(states['done-r1'].run);
    assert.equal(await log.isChecked(), false);
  });

  it('changes axes, remembers them and starts with what it remembered', async () => {
    await open('done-r1');
    await results.page.getByRole('combobox', { name: 'Horizontal axis' }).click();
    await results.page.getByRole('option', { name: 'Step k' }).click();
    await results.page.getByRole('checkbox', { name: 'log scale, vertical axis of Norms' }).click();
    await results.settled();
    const state = await results.remembered();
    assert.deepEqual(state, {
      runId: 'run-1',
      horizontal: 'step',
      logHorizontal: false,
      logVertical: { 'norms.linear': true },
      openTables: [],
      scrollTop: 0,
    });
    assert.match((await results.page.locator('[data-chart="loss.log"] [role=img]').getAttribute('aria-label')) ?? '', /over step\./);
    await results.close();
    results = await ResultsPage.open(browser(), { state });
    await results.snapshot(states['done-r1'].run);
    assert.match((await results.page.locator('[data-chart="loss.log"] [role=img]').getAttribute('aria-label')) ?? '', /over step\./);
    const log = results.page.getByRole('checkbox', { name: 'log scale, vertical axis of Norms' });
    assert.equal(await log.getAttribute('aria-checked'), 'true');
  });

  it('keeps its open tables and the place of the reader across a reload, each run for itself', async () => {
    await open('done-r1');
    await button('Table of Loss').click();
    await button('Table of the coefficients').click();
    await results.page.locator('.section-references').evaluate((part) => part.scrollIntoView());
    const place = await results.page.evaluate(() => Math.round(scrollY));
    assert.ok(place > 600, String(place));
    await results.page.waitForFunction(
      (top) => (window as unknown as { remembered: { scrollTop: number } }).remembered.scrollTop === top,
      place,
    );
    const state = await results.remembered();
    assert.deepEqual(state['openTables'], ['loss.log', 'coefficients']);
    await results.close();
    results = await ResultsPage.open(browser(), { state });
    await results.snapshot(states['done-r1'].run);
    assert.equal(await button('Table of Loss').getAttribute('aria-pressed'), 'true');
    assert.equal(await results.page.locator('[data-chart="loss.log"] table').count(), 1);
    assert.equal(await results.page.locator('.section-coefficients table').count(), 1);
    assert.equal(await results.page.evaluate(() => Math.round(scrollY)), place);
    await results.close();
    results = await ResultsPage.open(browser(), { state });
    await results.snapshot(view('done', linearRegression(), { id: 'run-2' }));
    assert.equal(await results.page.evaluate(() => scrollY), 0);
  });

  it('starts from what an earlier version remembered', async () => {
    await open('done-r1', { state: { runId: 'run-1', horizontal: 'step', logHorizontal: false, logVertical: {} } });
    assert.equal(await button('Table of Loss').getAttribute('aria-pressed'), 'false');
    assert.match((await results.page.locator('[data-chart="loss.log"] [role=img]').getAttribute('aria-label')) ?? '', /over step\./);
  });

  it('says by its model why a run has no trained coefficients', async () => {
    const report = linearRegression();
    const without = (model: unknown): never =>
      ({ ...report, experiment: { model }, solution: { ...report.solution, predictor: null } }) as never;
    await open(null);
    await results.snapshot(view('done', without({ kind: 'network', activation: 'relu' })));
    assert.match(
      await results.text('.section-coefficients'),
      /This model is not linear in x \(a network with relu units\), so it has no vector of coefficients\./,
    );
    await results.snapshot(view('diverged', without({ kind: 'linear' })));
    assert.match(await results.text('.section-coefficients'), /The run has left no coefficients\./);
  });

  it('shows groups and measures that it does not know', async () => {
    await open(null);
    const report = linearRegression();
    const { loss, time } = report.trajectory;
    await results.snapshot(view('done', { ...report, trajectory: { time, loss, spectralNormOfTomorrow: loss } }));
    assert.deepEqual(await results.page.locator('.section-charts .chart-panel h3').allInnerTexts(), ['Loss', 'Other measures']);
  });

  it('keeps the read-out of three compared runs small on a narrow page, and names the runs for those who listen', async () => {
    await open('compared', { width: 400 });
    const panel = results.page.locator('[data-chart="loss.log"]');
    await panel.scrollIntoViewIfNeeded();
    const frame = await panel.locator('.chart-frame').boundingBox();
    assert.ok(frame);
    await results.page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height * 0.75);
    const tip = await panel.locator('.tip').boundingBox();
    assert.ok(tip);
    assert.ok(tip.height * tip.width < 0.4 * frame.height * frame.width, JSON.stringify({ tip, frame }));
    assert.ok(tip.y + tip.height < frame.y + frame.height * 0.75, 'it stands upon the place it speaks of');
    assert.match((await panel.locator('.tip').textContent()) ?? '', /ℒClosest interpolator [\d.×⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+Smaller step /);
    await results.picture('read-out-compared-400');
  });

  it('grows its curves while the run goes on, follows the progress, and cancels', async () => {
    const { trajectory, predictions, references } = linearRegression();
    await open(null);
    await results.snapshot(
      view('running', null, {
        predictions: [],
        references: [],
        live: livePoints(trajectory, 0, 50),
        progress: { fraction: null, says: 'reading data' },
      }),
    );
    const summary = async (): Promise<string> =>
      (await results.page.locator('[data-chart="loss.log"] [role=img]').getAttribute('aria-label')) ?? '';
    assert.match(await summary(), /over 50 points/);
    assert.match(await results.text('.verdict'), /Running[\s\S]*reading data/);
    await results.send({ type: 'points', id: 'run-1', points: livePoints(trajectory, 50, 130), reset: false });
    assert.match(await summary(), /over 130 points/);
    await results.send({ type: 'points', id: 'another run', points: livePoints(trajectory, 0, 130), reset: false });
    assert.match(await summary(), /over 130 points/);
    await results.send({ type: 'points', id: 'run-1', points: livePoints(trajectory, 0, 20), reset: true });
    assert.match(await summary(), /over 20 points/);
    await results.send({ type: 'progress', id: 'run-1', fraction: 0.63, says: 'training · ln ℒ = −8' });
    assert.match(await results.text('.verdict'), /training · ln ℒ = −8\s+63 %/);
    assert.equal(await results.page.getByRole('progressbar', { name: 'Progress of the run' }).getAttribute('aria-valuenow'), '63');
    // As of a matrix: its coefficients have the names of entries before there is a report.
    const size = { rows: 1, columns: references[0].predictor?.length };
    const subject = { data: { samples: 2, features: 3, featureNames: null, sha256: null }, experiment: { data: size } };
    await results.send({ type: 'predicted', id: 'run-1', predictions, subject });
    assert.match(await results.text('.verdict'), /Theory predicts min ‖w − w₀‖₂[\s\S]*63 %|63 %[\s\S]*Theory predicts min ‖w − w₀‖₂/);
    await results.send({ type: 'reference', id: 'run-1', reference: references[0] });
    assert.match(await results.text('.section-references'), /Interpolator closest to the start/);
    const coefficients = results.page.locator('.section-coefficients');
    assert.match(await coefficients.innerText(), /Trained coefficients appear when the run has ended/);
    assert.match((await coefficients.getByRole('img').first().getAttribute('aria-label')) ?? '', /coefficients of \d+ entries/);
    await button('Cancel').click();
    assert.deepEqual(await results.posted('cancel'), { type: 'cancel' });
  });

  it('does not move the charts while points and progress arrive', async () => {
    const { trajectory } = linearRegression();
    await open(null);
    await results.snapshot(view('running', null, { live: livePoints(trajectory, 0, 5), progress: { fraction: 0, says: 'a' } }));
    const places = (): Promise<string> =>
      results.page.evaluate(() =>
        JSON.stringify(
          Array.from(document.querySelectorAll('.chart-panel, .section'), (part) => part.getBoundingClientRect().top + scrollY),
        ),
      );
    const before = await places();
    for (let row = 5; row < 150; row += 29) {
      await results.send({ type: 'points', id: 'run-1', points: livePoints(trajectory, row, row + 29), reset: false });
      await results.send({
        type: 'progress',
        id: 'run-1',
        fraction: row / 150,
        says: `training · step ${row} of very many steps that are still to come`,
      });
    }
    assert.equal(await places(), before);
  });

  it('draws 8 curves of 2000 points, every redraw complete', async function () {
    const trajectory = manyCurves(2000);
    await open(null);
    await results.snapshot(view('running', null, { live: livePoints(trajectory, 0, 100) }));
    await results.page.evaluate(() => performance.clearMeasures());
    for (let row = 100; row < 2000; row += 100)
      await results.send({ type: 'points', id: 'run-1', points: livePoints(trajectory, row, row + 100), reset: false });
    const durations = await results.page.evaluate(() => performance.getEntriesByName('redraw-charts').map(({ duration }) => duration));
    const sorted = durations.toSorted((a, b) => a - b);
    console.log(
      `      8 curves in 3 charts, redraw: median ${sorted[sorted.length >> 1].toFixed(1)} ms, slowest ${sorted[sorted.length - 1].toFixed(1)} ms of ${sorted.length}`,
    );
    assert.ok(durations.length >= 10);
    const labels = await results.page
      .locator('.chart-panel [role=img]')
      .evaluateAll((charts) => charts.map((chart) => chart.getAttribute('aria-label') ?? ''));
    assert.equal(labels.join(' ').match(/over 2\u202f?000 points/g)?.length, 8);
  });

  it('coalesces a burst of messages into a bounded number of redraws', async () => {
    const trajectory = manyCurves(400);
    await open(null);
    await results.snapshot(view('running', null, { live: livePoints(trajectory, 0, 1) }));
    const redraws = await results.page.evaluate(async (columns) => {
      performance.clearMeasures();
      const start = performance.now();
      for (let row = 0; row < 300; row += 1) {
        window.postMessage(
          {
            type: 'points',
            id: 'run-1',
            reset: false,
            points: { columns, rows: 1, values: new Float64Array(columns.length).fill(row + 1) },
          },
          '*',
        );
        if (row % 10 === 0) await new Promise((next) => setTimeout(next, 10));
      }
      await new Promise((next) => setTimeout(next, 300));
      return { count: performance.getEntriesByName('redraw-charts').length, seconds: (performance.now() - start) / 1000 };
    }, Object.keys(trajectory));
    assert.ok(redraws.count >= 1);
    // At most 15 a second, and the one that was due at the start.
    assert.ok(redraws.count <= 15 * redraws.seconds + 1, `${redraws.count} redraws in ${redraws.seconds} s`);
  });

  it('shows the table behind a chart, at most 500 rows of it', async () => {
    await open(null);
    await results.snapshot(view('running', null, { live: livePoints(manyCurves(700), 0, 700) }));
    const panel = results.page.locator('[data-chart="loss.log"]');
    const toggle = panel.getByRole('button', { name: 'Table of Loss' });
    await toggle.click();
    assert.equal(await toggle.getAttribute('aria-pressed'), 'true');
    assert.deepEqual(await panel.locator('thead th').allInnerTexts(), ['Time t', 'Loss ℒ', 'Gradient norm ‖∇ℒ‖₂', 'Test loss ℒ test']);
    assert.equal(await panel.locator('tbody tr').count(), 500);
    assert.match(await panel.innerText(), /The first 500 of 700 rows\. Export the trajectory as CSV/);
    await toggle.click();
    assert.equal(await panel.locator('table').count(), 0);
  });

  it('hides a curve by its legend', async () => {
    await open('done-r1');
    const entry = results.page.locator('[data-chart="loss.log"]').getByRole('button', { name: 'Gradient norm ‖∇ℒ‖₂' });
    assert.equal(await entry.getAttribute('aria-pressed'), 'true');
    await entry.click();
    assert.equal(await entry.getAttribute('aria-pressed'), 'false');
  });

  it('reads out the numbers under the pointer and under the arrow keys', async () => {
    await open('done-r1');
    const panel = results.page.locator('[data-chart="loss.log"]');
    const box = await panel.locator('.chart-frame').boundingBox();
    assert.ok(box);
    await results.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const tip = panel.locator('.tip');
    assert.match(await tip.innerText(), /Time t = [\d.]+\s+Loss ℒ\s+[\d.×⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+\s+Gradient norm/);
    await results.page.mouse.move(2, 2);
    assert.equal(await tip.isVisible(), false);
    await panel.locator('.chart-frame').focus();
    await results.page.keyboard.press('End');
    assert.match(await tip.innerText(), /Time t = 6000/);
    await results.page.keyboard.press('Escape');
    assert.equal(await tip.isVisible(), false);
  });

  it('compares trained with predicted coefficients: bars, and unit vectors for directions', async () => {
    await open('done-r1');
    assert.match(
      (await results.page.locator('.coefficient-frame').getAttribute('aria-label')) ?? '',
      /coefficients of 12 features, Trained, Predicted: Interpolator closest to the start, Interpolator of least ℓ1 norm/,
    );
    assert.doesNotMatch(await results.text('.section-coefficients'), /ℓ2 norm/);
    await results.snapshot(states['done-c1'].run);
    assert.match(await results.text('.section-coefficients'), /every vector is divided by its ℓ2 norm/);
    await button('Table of the coefficients').click();
    const cells = await results.page.locator('.section-coefficients tbody td:nth-child(2)').allInnerTexts();
    const squares = cells.map(
      (text) => Number(text.replace('−', '-').replace(/×10⁻(.)/, (_, digit: string) => `e-${'⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)}`)) ** 2,
    );
    // Six significant digits in every cell: the norm is 1 to about 20 rounding errors of 5e-7.
    assert.ok(Math.abs(Math.sqrt(squares.reduce((sum, square) => sum + square, 0)) - 1) < 1e-5);
  });

  it('lists the largest differences where there are too many features for bars', async () => {
    await open('done-r3');
    const section = results.page.locator('.section-coefficients');
    assert.match(await section.innerText(), /Every point is a feature[\s\S]*The 10 largest differences/);
    assert.equal(await section.locator('tbody tr').count(), 10);
  });

  it('writes a single coefficient instead of drawing it', async () => {
    const of = linearRegression();
    await open('empty');
    await results.snapshot(view('done', { ...of, references: [], solution: { ...of.solution, predictor: [0.25] } }));
    const section = results.page.locator('.section-coefficients');
    assert.equal(await section.locator('canvas').count(), 0);
    assert.match(await section.innerText(), /Feature\s+Trained\s+x₁\s+0\.25/);
  });

  it('shows statement, formula and every condition with its finding in words', async () => {
    await open('done-r1');
    const section = results.page.locator('.section-conditions');
    assert.match(await section.innerText(), /w\(∞\) = w₀ \+ X⁺\(y − X w₀\)/);
    assert.deepEqual(await section.locator('.prediction').first().locator('.condition-finding').allInnerTexts(), [
      'holds',
      'holds',
      'holds',
    ]);
    const other = section.locator('details');
    assert.match(
      await other.locator('summary').innerText(),
      /max-margin direction\s+does not apply: “The loss has an exponential tail” fails \(the square loss has none\)/,
    );
    await other.locator('summary').click();
    assert.deepEqual(await other.locator('.condition-finding').allInnerTexts(), ['fails', 'unknown']);
  });

  it('shows references with their certificates and the measures at the end', async () => {
    await open('done-r1');
    assert.match(
      await results.text('.section-references'),
      /Certificate: KKT residual\s+3\.13×10⁻¹⁶[\s\S]*compared, not predicted[\s\S]*Certificate: duality gap\s+0/,
    );
    assert.match(await results.text('.section-measures'), /Step\s+k\s+59\u202f999[\s\S]*8 samples × 12 features/);
  });

  it('keeps the partial curves of a cancelled run and explains a failed one', async () => {
    await open('cancelled');
    assert.match(await results.text('.verdict'), /The run was cancelled[\s\S]*Cancelled after 708 steps/);
    assert.ok((await results.page.locator('.chart-panel').count()) > 2);
    await results.snapshot(states['failed'].run);
    assert.match(await results.text('.verdict'), /The run failed[\s\S]*out of memory[\s\S]*run again/);
    assert.equal(await results.page.locator('.chart-panel').count(), 0);
    await button('Open the file').click();
    assert.deepEqual(await results.posted('open-file'), { type: 'open-file' });
    // A sweep keeps the runs that are done.
    await results.snapshot(view('failed', null, { kind: 'sweep', failure: 'No space is left on the device.' }));
    assert.match(await results.text('.verdict'), /^The sweep failed\s+No space is left[\s\S]*are kept[\s\S]*Resume/);
    assert.equal(await button('Resume').isVisible(), true);
  });

  it('says of a run that waits for others that it does not run yet', async () => {
    await open('empty');
    await results.snapshot(
      view('running', null, { waiting: true, progress: { fraction: null, says: 'begins when another run has ended' } }),
    );
    assert.match(await results.text('header'), /Waiting/);
    assert.match(await results.text('.verdict'), /^Waiting\s+begins when another run has ended/);
    assert.equal(await results.page.getByRole('progressbar').count(), 0);
    assert.match(await results.text('.section-charts'), /as soon as the run has recorded its first steps/);
    await results.snapshot(states['running'].run);
    assert.match(await results.text('header'), /Running/);
    assert.equal(await results.page.getByRole('progressbar').count(), 1);
    assert.doesNotMatch(await results.text('.section-charts'), /as soon as/);
  });

  it('keeps the names of rows in sight beside columns that have to be scrolled for', async () => {
    await open('compared', { width: 400 });
    const table = results.page.locator('.section-comparison .table-scroller').last();
    await table.evaluate((scroller) => scroller.scrollTo({ left: 200 }));
    const [frame, name, value] = await Promise.all(
      [table, table.locator('tbody th').first(), table.locator('tbody td').first()].map((one) => one.boundingBox()),
    );
    assert.ok(frame && name && value);
    assert.ok(name.x >= frame.x - 1 && name.x < frame.x + 4 && value.x < name.x + name.width, JSON.stringify({ frame, name, value }));
  });

  it('says when the file has changed since, and when it is as before again', async () => {
    await open('done-r1');
    const banner = results.page.locator('.stale-banner');
    assert.equal(await banner.isVisible(), false);
    await results.send({ type: 'stale', id: 'run-1', stale: true });
    assert.match(await banner.innerText(), /The file or its data have changed since this run\./);
    await banner.getByRole('button', { name: 'Run again' }).click();
    assert.deepEqual(await results.posted('run'), { type: 'run' });
    await results.send({ type: 'stale', id: 'run-1', stale: false });
    assert.equal(await banner.isVisible(), false);
  });

  it('overlays compared runs under their own names and puts their numbers side by side', async () => {
    await open('compared');
    const legend = await results.page.locator('[data-chart="loss.log"] .legend-entry').allInnerTexts();
    assert.deepEqual(
      legend.map((text) => text.trim()),
      ['Closest interpolator', 'Smaller step', 'Larger step'].flatMap((run) => [`Loss ℒ · ${run}`, `Gradient norm ‖∇ℒ‖₂ · ${run}`]),
    );
    const styles = await results.page
      .locator('[data-chart="loss.log"] .swatch path')
      .evaluateAll((paths) => paths.map((path) => `${path.getAttribute('stroke-dasharray')}|${(path as SVGElement).style.stroke}`));
    assert.equal(new Set(styles).size, 6);
    assert.deepEqual(await results.page.locator('.section-comparison thead th').allInnerTexts(), [
      'At the end',
      'Closest interpolator',
      'Smaller step',
      'Larger step',
    ]);
    assert.match(await results.text('.section-comparison'), /Verdict\s+Agrees\s+Agrees\s+Agrees/);
    await button('Stop comparing').click();
    assert.deepEqual(await results.posted('stop-comparing'), { type: 'stop-comparing' });
    await button('Compare…').click();
    assert.deepEqual(await results.posted('compare'), { type: 'compare' });
  });

  it('exports picture, CSV, report and Markdown', async () => {
    await open('done-r1');
    const choose = async (name: RegExp): Promise<{ format: string; name: string; content: string }> => {
      await button('Export').click();
      await results.page.getByRole('menuitem', { name }).click();
      return results.posted('export');
    };
    const csv = await choose(/CSV/);
    const { trajectory } = linearRegression();
    const lines = csv.content.trimEnd().split('\n');
    assert.equal(csv.name, 'closest-interpolator-trajectory.csv');
    assert.equal(lines[0], Object.keys(trajectory).join(','));
    // Numbers come back bit by bit.
    lines.slice(1).forEach((line, row) =>
      assert.deepEqual(
        line.split(',').map(Number),
        Object.values(trajectory).map((column) => column[row]),
      ),
    );
    const markdown = await choose(/Markdown/);
    assert.match(markdown.content, /^# Closest interpolator\n\n\*\*Agrees\*\*: w is 3\.38×10⁻¹⁴ from/);
    assert.match(markdown.content, /- \*\*holds\*\*: The step size is stable \(η = 0\.1 below 2\/λ\\_max = 0\.43\)/);
    assert.deepEqual(await choose(/JSON/), { type: 'export', format: 'json', name: 'closest-interpolator.report.json', content: '' });
    const png = await choose(/PNG/);
    assert.equal(png.format, 'png');
    const size = await results.page.evaluate(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      return [image.width, image.height];
    }, png.content);
    assert.ok(size[0] > 600 && size[1] > 1500, String(size));
  });

  it('follows the theme: charts are drawn anew in its colours', async () => {
    await open('done-r1', { theme: 'dark' });
    const colour = (): Promise<string> =>
      results.page
        .locator('[data-chart="loss.log"] .swatch path')
        .first()
        .evaluate((path) => (path as SVGElement).style.stroke);
    const picture = (): Promise<string> =>
      results.page.locator('[data-chart="loss.log"] canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    assert.equal(await colour(), 'rgb(89, 164, 249)');
    const dark = await picture();
    await results.theme('light');
    assert.equal(await colour(), 'rgb(0, 99, 211)');
    assert.notEqual(await picture(), dark);
  });

  it('takes numbers written as text and shows a report of strings like a live one', async () => {
    await open(null);
    const plain = maxMargin();
    const text = (value: number): unknown => (Number.isFinite(value) ? value : String(value));
    const trajectory = Object.fromEntries(Object.entries(plain.trajectory).map(([name, column]) => [name, column.map(text)]));
    await results.snapshot(view('done', { ...plain, trajectory } as never));
    assert.match((await results.page.locator('[data-chart="loss.log"] [role=img]').getAttribute('aria-label')) ?? '', /over 200 points/);
  });

  it('interprets nothing of hostile texts and caps them', async () => {
    await open(null);
    const evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\u202egnp.exe';
    const base = linearRegression();
    const hostile = {
      ...base,
      title: evil,
      ended: evil.repeat(2000),
      verdict: { ...base.verdict, says: evil },
      predictions: [
        {
          ...base.predictions[0],
          title: evil,
          statement: evil,
          citation: { ...base.predictions[0].citation, url: 'javascript:window.hacked=1' },
        },
      ],
      references: [{ ...base.references[0], title: evil }],
      trajectory: { ...base.trajectory, [evil]: base.trajectory['loss'] },
    };
    await results.snapshot(view('done', hostile, { title: evil, file: evil }), [compared({ ...hostile, title: evil })]);
    const found = await results.page.evaluate(() => ({
      hacked: 'hacked' in window,
      images: document.querySelectorAll('img').length,
      scripts: document.querySelectorAll('script').length,
      links: document.querySelectorAll('a').length,
      length: document.body.innerText.length,
      turned: document.body.innerText.includes('\u202e'),
    }));
    assert.deepEqual({ ...found, length: 0 }, { hacked: false, images: 0, scripts: 1, links: 0, length: 0, turned: false });
    assert.ok(found.length < 60_000, String(found.length));
  });

  it('never ends blank: missing and odd fields', async () => {
    await open(null);
    const odd: readonly unknown[] = [
      {},
      { id: 1, state: 'dancing', report: {} },
      {
        id: 'x',
        state: 'done',
        report: {
          trajectory: { loss: 'none', time: [1, null, {}] },
          measures: { loss: 'NaN' },
          verdict: 7,
          references: [null, 3],
          predictions: [{ conditions: 'x' }],
        },
      },
      {
        id: 'x',
        state: 'done',
        report: {
          trajectory: { loss: [1, 2, 3], time: [3, 1] },
          solution: { predictor: [1, 'NaN'] },
          references: [{ predictor: [] }, { predictor: [1, 2], role: 'predicted' }],
        },
      },
      {
        id: 'x',
        state: 'running',
        live: { columns: ['loss', 'time'], rows: 99, values: { 0: 1 } },
        progress: { fraction: 'Infinity', says: null },
      },
      {
        id: 'x',
        state: 'done',
        report: { trajectory: { time: [1e308, 1.7e308, '-Infinity'], l2Norm: [-1.7e308, 1.7e308, 0], loss: [5e-324, 1e-310, 0] } },
      },
    ];
    for (const run of odd) {
      await results.snapshot(run as never);
      const body = await results.text('body');
      assert.ok(body.length > 40, `blank for ${JSON.stringify(run)}`);
      assert.doesNotMatch(body, /could not be shown|undefined|\[object/, JSON.stringify(run));
    }
    await results.send({ type: 'nonsense' } as never);
  });
});

describe('results page, when a part of it fails', () => {
  it('shows what failed, tells the host, and keeps the rest', async () => {
    const alone = await openBrowser();
    try {
      const results = await ResultsPage.open(alone);
      await results.page.evaluate(() => {
        // A browser without a canvas: the charts cannot be drawn.
        HTMLCanvasElement.prototype.getContext = () => {
          throw new Error('no canvas here');
        };
      });
      await results.snapshot(view('done', linearRegression()));
      assert.match((await results.posted('page-error')).message, /no canvas here/);
      const body = await results.text('body');
      assert.match(body, /The charts could not be shown: no canvas here/);
      assert.match(body, /Agrees[\s\S]*Certificate: KKT residual/);
      await results.page.close();
    } finally {
      await alone.close();
    }
  });
});
