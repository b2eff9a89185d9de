import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analysis, AnswerOf, Neighbour, RunAnswer } from '../../../src/protocol/compute';
import { ComputeError } from '../../../src/worker/compute-error';
import { dataFileOf, exampleOf, galleryOf, type Example } from '../../../src/extension/gallery';
import { runGallery, scoreText, type Scoreboard } from '../../../src/extension/gallery-run';
import { VerdictBook, type NotedVerdict } from '../../../src/extension/verdict-book';
import { CATALOGUE } from '../../../src/theory/catalogue';
import { aReport, aVerdict } from './builders';

const FOLDER = join(__dirname, '../../../examples');
const ENDING = '.bias.json';

describe('gallery', () => {
  const examples: readonly Example[] = readdirSync(FOLDER)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => exampleOf(name.slice(0, -ENDING.length), readFileSync(join(FOLDER, name), 'utf8')));
  const groups = galleryOf(CATALOGUE, examples);
  const entries = groups.flatMap((group) => group.entries);

  it('holds every result of the catalogue once, the groups in the order of the article', () => {
    assert.deepEqual(entries.map(({ result }) => result.id).sort(), CATALOGUE.map(({ id }) => id).sort());
    const order = ['Classification', 'Regression', 'Dynamical stability', 'Further biases', 'Generalization'];
    assert.deepEqual(
      groups.map(({ title }) => title),
      order.filter((title) => groups.some((group) => group.title === title)),
    );
    for (const group of groups) {
      const numbers = group.entries.map(({ result }) => Number(result.row.slice(1)));
      assert.deepEqual(
        numbers,
        [...numbers].sort((a, b) => a - b),
        group.title,
      );
    }
  });

  it('shows every result by an example about it, or by one of its row that is no control', () => {
    for (const { result, examples: own } of entries) {
      const first = own.at(0);
      assert.ok(first, `${result.id} has no example`);
      assert.ok(first.expected?.result === result.id || !first.control, `${result.id} begins with the control ${first.name}`);
    }
  });

  it('leaves no example out', () => {
    const shown = new Set(entries.flatMap((entry) => entry.examples.map(({ name }) => name)));
    assert.deepEqual(
      examples.filter(({ name }) => !shown.has(name)).map(({ name }) => name),
      [],
    );
  });

  it('knows which data an example reads, and that it is there', () => {
    const read = examples.map(({ text }) => dataFileOf(text)).filter((path) => path !== null);
    assert.ok(read.length >= 2);
    for (const path of read) assert.ok(existsSync(join(FOLDER, path)), path);
    assert.equal(dataFileOf('{'), null);
  });

  describe('run as a whole', () => {
    const two = galleryOf(CATALOGUE.slice(0, 2), examples);
    const total = two.flatMap((group) => group.entries).length;
    const options = (run: (text: string, signal: AbortSignal) => Promise<RunAnswer>, signal: AbortSignal, scores: Scoreboard[]) => ({
      compute: {
        run: (source: { readonly text: string }, { signal: cancelled }: { readonly signal: AbortSignal }) => run(source.text, cancelled),
        analyse: () => Promise.reject<Analysis>(new Error('not asked for')),
        resolve: () => Promise.reject<AnswerOf<'resolve'>>(new Error('not asked for')),
        neighbours: () => Promise.reject<readonly Neighbour[]>(new Error('not asked for')),
        dispose: () => undefined,
      },
      signal,
      folder: FOLDER,
      pathOf: () => join(FOLDER, 'x.bias.json'),
      onScore: (score: Scoreboard) => void scores.push(score),
      onVerdict: () => Promise.resolve(),
    });

    it('counts verdicts and what is not as expected', async () => {
      let runs = 0;
      const run = (): Promise<RunAnswer> => {
        const first = runs++ === 0;
        const verdict = aVerdict({ outcome: first ? 'agrees' : 'disagrees' });
        return Promise.resolve({ type: 'report', report: aReport({ verdict, asExpected: first }) });
      };
      const scores: Scoreboard[] = [];
      const score = await runGallery(two, options(run, new AbortController().signal, scores));
      assert.equal(total, 2);
      assert.deepEqual([score.done, score.total, score.counts], [2, 2, { agrees: 1, disagrees: 1 }]);
      const [{ example, says }] = score.problems;
      assert.equal(scoreText(score), `2 of 2 · 1 agrees · 1 disagrees · 1 not as expected (${example})`);
      assert.match(says, /, expected agrees/);
      assert.equal(scores.at(-1)?.running.size, 0);
      assert.ok(scores.some(({ running }) => running.size > 0));
    });

    it('guesses the time that is left from those that are done', async () => {
      let seconds = 0;
      const run = (): Promise<RunAnswer> => {
        seconds += 10;
        return Promise.resolve({ type: 'report', report: aReport({ verdict: aVerdict({ outcome: 'agrees' }), asExpected: true }) });
      };
      const six = galleryOf(CATALOGUE.slice(0, 6), examples);
      const scores: Scoreboard[] = [];
      await runGallery(six, { ...options(run, new AbortController().signal, scores), clock: () => seconds });
      for (const { done, total: all, secondsLeft } of scores) {
        if (done < 3) assert.equal(secondsLeft, null);
        else assert.ok(secondsLeft !== null && secondsLeft >= 0 && (secondsLeft > 0 || done === all));
      }
      const score: Scoreboard = { total: 55, done: 11, counts: { agrees: 11 }, problems: [], running: new Set(), secondsLeft: 200 };
      assert.equal(scoreText(score), '11 of 55 · 11 agree · all as expected · 3 min left');
    });

    it('counts a run without an answer, and goes on', async () => {
      const run = (): Promise<RunAnswer> => Promise.reject(new ComputeError({ reason: 'out-of-memory', message: 'too large' }));
      const score = await runGallery(two, options(run, new AbortController().signal, []));
      assert.equal(scoreText(score), `2 of 2 · 2 failed (${score.problems.map(({ example }) => example).join(', ')})`);
      assert.deepEqual([...new Set(score.problems.map(({ says }) => says))], ['too large']);
    });

    it('starts nothing more when it is cancelled', async () => {
      const cancel = new AbortController();
      let started = 0;
      const run = (): Promise<RunAnswer> => {
        started++;
        cancel.abort();
        return Promise.reject(new ComputeError({ reason: 'cancelled', message: 'Cancelled.' }));
      };
      const score = await runGallery(galleryOf(CATALOGUE, examples), options(run, cancel.signal, []));
      assert.equal(score.done, 0);
      assert.ok(started < 20, `${started} were started`);
    });
  });

  describe('its last verdicts', () => {
    let place: string;
    let warnings: string[];
    const open = async (): Promise<VerdictBook> => {
      const book = new VerdictBook({ place, warn: (message) => warnings.push(message) });
      await book.loaded;
      return book;
    };
    const verdict = (minute: number, outcome: NotedVerdict['outcome'] = 'agrees'): NotedVerdict => ({
      outcome,
      says: 'The distance is small.',
      at: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
      file: 'a.bias.json',
    });

    beforeEach(() => {
      place = join(mkdtempSync(join(tmpdir(), 'bias-lab-verdicts-')), 'workspace', 'verdicts.json');
      warnings = [];
    });
    afterEach(() => rmSync(join(place, '../..'), { recursive: true }));

    it('are on the disk as soon as they are noted, many at once, and nothing need be said at the end', async () => {
      const book = await open();
      await Promise.all(['r1', 'r2', 'r3'].map((result) => book.note(result, verdict(1))));
      const again = await open();
      assert.deepEqual(
        ['r1', 'r2', 'r3', 'r4'].map((result) => again.of(result)),
        [verdict(1), verdict(1), verdict(1), undefined],
      );
      assert.deepEqual(warnings, []);
    });

    it('of two windows of one workspace are kept together, the newer of two', async () => {
      const [here, there] = [await open(), await open()];
      await here.note('r1', verdict(1));
      await there.note('r2', verdict(2));
      await there.note('r1', verdict(3, 'disagrees'));
      await here.note('r3', verdict(4));
      assert.deepEqual(here.of('r1'), verdict(3, 'disagrees'));
      const again = await open();
      assert.deepEqual(
        ['r1', 'r2', 'r3'].map((result) => again.of(result)),
        [verdict(3, 'disagrees'), verdict(2), verdict(4)],
      );
    });

    it('survive a file that is none, which is told, and written anew', async () => {
      await (await open()).note('r1', verdict(1));
      writeFileSync(place, '{ "format": 1, "verdicts": { "r1": { "outcome": "perhaps" }');
      const book = await open();
      assert.equal(book.of('r1'), undefined);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0], /^verdicts: verdicts\.json cannot be read: /);
      writeFileSync(place, JSON.stringify({ format: 1, verdicts: { r1: { outcome: 'perhaps' }, r2: verdict(2) } }));
      await book.note('r3', verdict(3));
      const again = await open();
      assert.deepEqual(
        ['r1', 'r2', 'r3'].map((result) => again.of(result)),
        [undefined, verdict(2), verdict(3)],
      );
    });
  });
});
