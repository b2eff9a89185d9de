/** What leaves the page for a paper: vector drawings, a caption, and the page itself as one file. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../../src/protocol/report';
import { htmlReport } from '../../../src/study/html-report';
import { readPageAssets } from '../../../src/worker/page-assets';
import { OUT, ROOT } from '../../lanes/repository';
import { usesBrowser } from './browser';
import { ALL_FIGURES, boundaryAt, largeMap, MATRIX, SPECTRUM, withFigures } from './figure-fixtures';
import { linearRegression, maxMargin, view } from './fixtures';
import { ResultsPage } from './harness';

const FOLDER = join(OUT, 'screenshots', 'publishing');

describe('drawings for print', () => {
  const browser = usesBrowser();
  let results: ResultsPage;

  before(() => mkdirSync(FOLDER, { recursive: true }));
  afterEach(() => results.close());

  const REPORT: Report = {
    ...withFigures([...ALL_FIGURES, boundaryAt(0.6)]),
    experiment: {
      title: 'no setting',
      seed: 7,
      data: {
        kind: 'inline',
        x: [
          [1, 2],
          [3, 4],
        ],
        y: [1, 2],
      },
      optimizer: { kind: 'gradient-descent', stepSize: 0.1 },
    },
  };

  async function drawing(report: Report): Promise<string> {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('done', report));
    await results.page.getByRole('button', { name: 'Export' }).click();
    await results.page.getByRole('menuitem', { name: 'Charts and figures (SVG)' }).click();
    return (await results.posted('export')).content;
  }

  /** What a browser makes of the drawing as a document of its own. */
  function parsed(svg: string): Promise<{ error: string | null; texts: readonly string[]; scripts: number; uses: readonly string[] }> {
    return results.page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, 'image/svg+xml');
      const known = new Set(Array.from(document.querySelectorAll('[id]'), ({ id }) => id));
      return {
        error: document.querySelector('parsererror')?.textContent ?? null,
        texts: Array.from(document.querySelectorAll('text'), (one) => one.textContent),
        scripts: document.querySelectorAll('script, foreignObject, [onload]').length,
        uses: Array.from(text.matchAll(/url\(#([^)]+)\)/g), ([, id]) => id).filter((id) => !known.has(id)),
      };
    }, svg);
  }

  it('hold every chart and figure with its title, axes, legend and a caption of all settings', async () => {
    const svg = await drawing(REPORT);
    const { error, texts, scripts, uses } = await parsed(svg);
    assert.deepEqual([error, scripts, uses], [null, 0, []]);
    for (const title of [
      'Loss',
      'Spectrum of the predictor',
      'Product matrix at the end',
      'Decision boundary over the samples',
      'Coefficients',
    ])
      assert.ok(
        texts.some((text) => text.startsWith(title)),
        title,
      );
    for (const words of ['frequency d', 'column j', 'trained, f = 0', 'at the smallest margin']) assert.ok(texts.includes(words), words);
    const caption = texts.join(' ');
    assert.match(caption, /seed 7; data: inline, x 2 × 2 numbers, y \[1, 2\]; optimizer: gradient-descent, stepSize 0\.1/);
    assert.match(caption, /fingerprint 3f2a9c0d51e6/);
    assert.doesNotMatch(caption, /no setting/);
    // On white, in fonts that every system has.
    assert.match(svg, /font-family="Helvetica, Arial, sans-serif"/);
    writeFileSync(join(FOLDER, 'all.svg'), svg);
    const page = await browser().newPage({ viewport: { width: 700, height: 900 } });
    await page.goto(`file://${join(FOLDER, 'all.svg')}`);
    await page.screenshot({ path: join(FOLDER, 'all.png') });
    await page.setViewportSize({ width: 700, height: 3600 });
    await page.screenshot({ path: join(FOLDER, 'all.png') });
    await page.close();
  });

  it('keep the title of an axis clear of labels as long as 10⁻⁴⁰⁰⁰⁰⁰⁰⁰', async () => {
    await drawing(maxMargin(1e8));
    const svg = (await results.posted('export')).content;
    const page = await browser().newPage();
    await page.setContent(svg.slice(svg.indexOf('<svg')));
    const [title, labels] = await page.evaluate(() => {
      const texts = Array.from(document.querySelectorAll('text'), (one) => ({ words: one.textContent, box: one.getBoundingClientRect() }));
      const title = texts.find(({ words, box }) => words.startsWith('ℒ') && box.height > box.width);
      return [title?.box.right ?? Infinity, texts.filter(({ words }) => /^10[⁻⁰¹²³⁴-⁹\u202f]{8,}$/.test(words)).map(({ box }) => box.left)];
    });
    await page.close();
    assert.ok(labels.length > 2 && Math.min(...labels) > title, `${Math.min(...labels)} ${title}`);
  });

  it('keep long titles, names and labels within the drawing', async () => {
    const long = 'a title of more words than a column of a paper has room for, so that it goes on '.repeat(2);
    const svg = await drawing({
      ...REPORT,
      figures: [{ ...SPECTRUM, title: long, x: { label: long, scale: 'linear' }, series: [{ ...SPECTRUM.series[0], name: long }] }],
    });
    const page = await browser().newPage();
    await page.setContent(`<style>body{margin:0}</style>${svg.slice(svg.indexOf('<svg'))}`);
    const [width, ...edges] = await page.evaluate(() => [
      document.querySelector('svg')?.getBoundingClientRect().width ?? 0,
      ...Array.from(document.querySelectorAll('text'), (one) => one.getBoundingClientRect().right),
    ]);
    await page.close();
    assert.ok(edges.length > 20 && Math.max(...edges) <= width, `${Math.max(...edges)} ${width}`);
  });

  it('are had one by one, under the name of what they show', async () => {
    results = await ResultsPage.open(browser());
    const three = { ...SPECTRUM, series: [...SPECTRUM.series, { ...SPECTRUM.series[0], name: 'compared' }] };
    await results.snapshot(view('done', { ...REPORT, figures: [three, MATRIX] }));
    await results.page.getByRole('button', { name: 'SVG of Spectrum of the predictor' }).click();
    const { name, format, content } = await results.posted('export');
    assert.deepEqual([name, format], ['closest-interpolator-spectrum-of-the-predictor.svg', 'svg']);
    const { texts, error } = await parsed(content);
    assert.equal(error, null);
    assert.ok(!texts.includes('Product matrix at the end'));
    // Bars are told apart without colour: filled, outlined, and the third one hatched.
    const fills = new Set(Array.from(content.matchAll(/<rect [^>]*fill="([^"]+)" stroke="#(?:0072b2|d55e00|009e73)/g), ([, fill]) => fill));
    assert.equal(fills.size, 3);
    assert.match(content, /<pattern id="fill-hatched-009e73"/);
  });

  it('leave out what the reader has hidden, and take large maps as an image', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('done', { ...REPORT, figures: [boundaryAt(0.6), largeMap()] }));
    await results.page.locator('[data-figure=boundary]').getByRole('button', { name: 'predicted', exact: true }).click();
    await results.page.getByRole('button', { name: 'SVG of Decision boundary over the samples' }).click();
    assert.ok(!(await parsed((await results.posted('export')).content)).texts.includes('predicted'));
    await results.page.getByRole('button', { name: 'SVG of A large matrix' }).click();
    await results.settled();
    const { content } = await results.posted('export');
    assert.match(content, /<image href="data:image\/png;base64,/);
    assert.ok(content.length < 2e6);
  });

  it('interpret nothing of hostile texts', async () => {
    const evil = '</text><script>alert(1)</script>"onload="x';
    const [spectrum] = ALL_FIGURES;
    const svg = await drawing({ ...REPORT, title: evil, figures: [{ ...spectrum, title: evil, x: { label: evil, scale: 'linear' } }] });
    const { error, scripts, texts } = await parsed(svg);
    assert.deepEqual([error, scripts], [null, 0]);
    assert.ok(texts.includes(evil));
  });

  it('have a caption to copy', async () => {
    results = await ResultsPage.open(browser());
    await results.snapshot(view('done', REPORT));
    await results.page.getByRole('button', { name: 'Export' }).click();
    await results.page.getByRole('menuitem', { name: 'Copy caption with settings' }).click();
    const { format, content } = await results.posted('export');
    assert.equal(format, 'caption');
    assert.match(content, /^A result with pictures\. Agrees: .* Settings: seed 7; /);
    assert.ok(!content.includes('\n'));
  });
});

describe('a report as one web page', () => {
  const browser = usesBrowser();
  before(() => mkdirSync(FOLDER, { recursive: true }));

  async function written(report: Report, name: string): Promise<string> {
    const path = join(FOLDER, `${name}.html`);
    writeFileSync(path, htmlReport(report, { file: 'c1.bias.json', assets: await readPageAssets(join(ROOT, 'dist')) }));
    return `file://${path}`;
  }

  for (const scheme of ['light', 'dark'] as const)
    it(`opens from the disk, asks for nothing, and shows the report, ${scheme}`, async () => {
      const page = await browser().newPage({ viewport: { width: 1280, height: 900 }, colorScheme: scheme });
      const troubles: string[] = [];
      page.on('pageerror', ({ message }) => troubles.push(message));
      page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      const url = await written(withFigures([...ALL_FIGURES, boundaryAt(0.6)]), 'report');
      await page.goto(url);
      await page.waitForSelector('[data-figure=boundary] canvas');
      await page.waitForTimeout(500);
      assert.match(await page.locator('h1').innerText(), /A result with pictures/);
      assert.equal((await page.locator('.chart-panel canvas').count()) >= 6, true);
      for (const name of ['Run again', 'Cancel', 'Compare…'])
        assert.equal(await page.getByRole('button', { name }).isVisible(), false, name);
      assert.deepEqual(
        asked.filter((one) => one !== url && !one.startsWith('data:') && !one.startsWith('blob:')),
        [],
      );
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(background, scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(31, 31, 31)');
      await page.screenshot({ path: join(FOLDER, `report-${scheme}.png`), fullPage: true });
      // What leaves it is downloaded.
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: 'Report (JSON)' }).click();
      const saved = await download;
      assert.equal(saved.suggestedFilename(), 'c1.report.json');
      const { title } = JSON.parse(readFileSync(await saved.path(), 'utf8')) as Report;
      assert.equal(title, 'A result with pictures');
      assert.deepEqual(troubles, []);
      // On paper, narrower than the screen it was drawn for: light, and every drawing within its panel.
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.emulateMedia({ media: 'print', colorScheme: scheme });
      const printed = await page.evaluate(async () => {
        window.dispatchEvent(new Event('beforeprint'));
        await Promise.resolve();
        document.body.style.width = '600px';
        return {
          background: getComputedStyle(document.body).backgroundColor,
          beyond: Array.from(document.querySelectorAll('canvas'), (one) => {
            const frame = one.parentElement?.getBoundingClientRect();
            return one.getBoundingClientRect().right - (frame?.right ?? 0);
          }),
        };
      });
      assert.equal(printed.background, 'rgb(255, 255, 255)');
      assert.ok(Math.max(...printed.beyond) < 1, printed.beyond.join(' '));
      await page.close();
    });

  it('runs nothing that the report holds', async () => {
    const evil = '</script><script>window.hacked=1</script><!--<img src=x onerror="window.hacked=1">';
    const page = await browser().newPage();
    const report = linearRegression();
    await page.goto(await written({ ...report, title: evil, verdict: { ...report.verdict, says: evil } }, 'hostile'));
    await page.waitForSelector('h1');
    assert.equal(await page.locator('h1').innerText(), evil);
    assert.equal(await page.evaluate(() => 'hacked' in window), false);
    await page.close();
  });
});
