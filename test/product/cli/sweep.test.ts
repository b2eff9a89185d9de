import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunAnswer } from '../../../src/protocol/compute';
import type { SweepSummary } from '../../../src/protocol/sweep';
import { bundleProduct } from '../worker/bundle';
import { call, report, type Answers } from './terminal-double';

const SWEPT = {
  title: 'Scales',
  data: { kind: 'sparse-regression', samples: 5, features: 8 },
  model: { kind: 'diagonal' },
  loss: 'square',
  optimizer: { kind: 'gradient-flow' },
  sweep: { axes: [{ path: '/init/scale', values: [0.1, 0.2, 0.3, 0.4] }], repeat: 5 },
};

describe('bias-lab sweep', function () {
  this.slow(2000);
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(path.join(tmpdir(), 'bias-lab-sweep-cli-'));
    writeFileSync(path.join(cwd, 'x.bias.json'), JSON.stringify(SWEPT));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const scaleOf = (text: string): number => (JSON.parse(text) as { init: { scale: number } }).init.scale;
  const answers = (outcome: (scale: number) => RunAnswer): Answers => ({ run: ({ text }) => outcome(scaleOf(text)) });
  const good = answers((scale) => ({ type: 'report', report: report({ measures: { loss: scale, distance: scale ** 2 } }) }));

  it('keeps its lines within a narrow terminal, a value a line', async () => {
    const said = await call(['sweep', 'x.bias.json'], { cwd, answers: good, columns: 44 });
    const err = said.err.replaceAll('\u00a0', ' ');
    assert.match(err, /\n {12}scale 0\.2 · 5 agrees\n {12}· Distance to prediction\n {14}0\.04 \[0\.04, 0\.04\]\n/);
    for (const line of err.split('\n')) assert.ok([...line].length < 44, line);
  });

  it('shows a line a cell with median and quartiles, and how many agree', async () => {
    const { status, out, err } = await call(['sweep', 'x.bias.json'], { cwd, answers: good, columns: 100 });
    assert.equal(status, 0);
    assert.equal(out, '20 runs: 20 agrees\n');
    assert.match(err, /^Scales {2}x\.bias\.json\nsweep +\/init\/scale \(4\) × 5 seeds\n/);
    assert.match(err, /\n {12}scale +Distance to +verdicts\n {12} +prediction\n/);
    assert.match(err, /\n {12}0\.2 +0\.04 \[0\.04, 0\.04\] +5 agrees\n/);
    assert.match(err, /results +\.bias-lab\/x\n/);
    assert.equal(readdirSync(path.join(cwd, '.bias-lab/x/points')).length, 20);
  });

  it('writes the summary as JSON, and the results where it is told', async () => {
    const { status, out } = await call(['sweep', 'x.bias.json', '--json', '-', '--out', 'results/one'], { cwd, answers: good });
    assert.equal(status, 0);
    const { cells, figures, points } = JSON.parse(out) as SweepSummary;
    assert.deepEqual(
      cells.map(({ measures }) => measures.loss.median),
      [0.1, 0.2, 0.3, 0.4],
    );
    assert.deepEqual([figures.length, points.length], [1, 20]);
    assert.ok(existsSync(path.join(cwd, 'results/one/sweep.json')));
    assert.ok(!existsSync(path.join(cwd, '.bias-lab')));
  });

  it('exits with the worst of its runs', async () => {
    const some = (fields: Parameters<typeof report>[0]): Answers =>
      answers((scale) => ({ type: 'report', report: scale === 0.3 ? report(fields) : report() }));
    const { verdict } = report();
    const status = async (fields: Parameters<typeof report>[0], out: string): Promise<number> =>
      (await call(['sweep', 'x.bias.json', '--out', out], { cwd, answers: some(fields) })).status;
    assert.equal(await status({ verdict: { ...verdict, outcome: 'disagrees' } }, 'a'), 1);
    assert.equal(await status({ asExpected: false }, 'b'), 1);
    assert.equal(await status({ outcome: 'diverged' }, 'c'), 3);
    assert.equal(await status({ outcome: 'diverged', asExpected: true }, 'd'), 0);
  });

  it('exits 2 and runs nothing when the call or the file is wrong', async () => {
    for (const [argv, about] of [
      ['sweep x.bias.json --jobs 0', /--jobs "0": expected a whole number/],
      ['sweep x.bias.json --jobs many', /--jobs "many"/],
      ['sweep x.bias.json --json missing/x.json', /folder does not exist/],
      ['sweep x.bias.json --out x.bias.json', /cannot work in .*x\.bias\.json/],
    ] as const) {
      const { status, err } = await call(argv.split(' '), { cwd });
      assert.equal(status, 2, argv);
      assert.match(err, about);
    }
    writeFileSync(path.join(cwd, 'y.bias.json'), JSON.stringify({ ...SWEPT, sweep: undefined }));
    const { status, err } = await call(['sweep', 'y.bias.json'], { cwd });
    assert.equal(status, 2);
    assert.match(err, /^y\.bias\.json:1:1: error sweep\.missing The experiment has no "sweep"\.\n$/);
  });

  it('is named by run, which runs the experiment as it stands', async () => {
    const { experiment } = { experiment: SWEPT };
    const { err } = await call(['run', 'x.bias.json'], {
      cwd,
      answers: { run: () => ({ type: 'report', report: report({ experiment }) }) },
    });
    assert.match(err.replaceAll(/\s+/g, ' '), /its sweep is run by: bias-lab sweep x\.bias\.json/);
  });
});

/** A real process with real workers: nothing less shows what a kill leaves behind. */
describe('bias-lab sweep, killed', function () {
  this.timeout(120_000);
  this.slow(10_000);
  let product: string;
  let cwd: string;
  let children: ChildProcess[];

  before(async () => {
    product = await bundleProduct();
  });
  beforeEach(() => {
    children = [];
    cwd = mkdtempSync(path.join(tmpdir(), 'bias-lab-sweep-kill-'));
    // Every run takes a quarter of a second whatever the machine: a descent that cannot reach its end.
    const slow = { optimizer: { kind: 'gradient-descent', stepSize: 1e-9 }, stop: { seconds: 0.25, steps: 1e12 } };
    const sweep = { axes: [{ path: '/init/scale', linear: [0.1, 1.2, 12] }] };
    writeFileSync(path.join(cwd, 'x.bias.json'), JSON.stringify({ ...SWEPT, ...slow, sweep }));
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(cwd, { recursive: true, force: true });
  });

  function start(): ChildProcess {
    const child = spawn(process.execPath, [path.join(product, 'cli.js'), 'sweep', 'x.bias.json', '--jobs', '2'], { cwd, stdio: 'ignore' });
    children.push(child);
    return child;
  }

  interface Line {
    readonly event: string;
    readonly index?: number;
    readonly pid: number;
  }
  const journal = (): readonly Line[] => {
    const place = path.join(cwd, '.bias-lab/x/journal.jsonl');
    const lines = existsSync(place) ? readFileSync(place, 'utf8').split('\n') : [];
    // The last line may be under way.
    return lines.slice(0, -1).map((line) => JSON.parse(line) as Line);
  };
  const indices = (event: string, lines = journal()): readonly number[] =>
    lines.flatMap((line) => (line.event === event ? [line.index as number] : []));

  async function until(holds: () => boolean): Promise<void> {
    for (let k = 0; k < 3000 && !holds(); k++) await sleep(10);
    assert.ok(holds());
  }

  it('loses nothing but the points in flight, and runs no finished point twice', async () => {
    const first = start();
    await until(() => indices('done').length >= 3);
    first.kill('SIGKILL');
    await once(first, 'exit');
    const before = journal();
    const finished = indices('done', before);
    const inFlight = indices('run', before).filter((index) => !finished.includes(index));
    assert.ok(finished.length < 12, 'killed before the end');
    assert.ok(inFlight.length <= 2, `in flight: ${inFlight.join(', ')}`);
    assert.ok(existsSync(path.join(cwd, '.bias-lab/x/lock')), 'a killed process leaves its lock');

    const second = start();
    // While it works, a third is turned away.
    await until(() => journal().some(({ pid, event }) => pid === second.pid && event === 'run'));
    const third = start();
    assert.deepEqual(await once(third, 'exit'), [2, null]);
    // A descent that is stopped by the clock has no verdict: 3, the run ended without an answer.
    assert.deepEqual(await once(second, 'exit'), [3, null]);

    const runs = indices('run');
    for (let index = 0; index < 12; index++) {
      const times = runs.filter((run) => run === index).length;
      if (finished.includes(index)) assert.equal(times, 1, `finished point ${index}`);
      // A result may have been whole on the disk before the journal said so; it is then not run again.
      else assert.ok(times === 1 || (times === 2 && inFlight.includes(index)), `point ${index} was run ${times} times`);
    }
    assert.equal(readdirSync(path.join(cwd, '.bias-lab/x/points')).filter((name) => /^\d{6}\.json$/.test(name)).length, 12);
    const summary = JSON.parse(readFileSync(path.join(cwd, '.bias-lab/x/sweep.json'), 'utf8')) as SweepSummary;
    assert.deepEqual(
      summary.points.map(({ index }) => index),
      Array.from({ length: 12 }, (_, k) => k),
    );
    assert.equal(existsSync(path.join(cwd, '.bias-lab/x/lock')), false);
  });

  it('survives being killed again and again', async () => {
    for (let round = 0; round < 3; round++) {
      const before = indices('done').length;
      const child = start();
      await until(() => indices('done').length > before);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    assert.deepEqual(await once(start(), 'exit'), [3, null]);
    const done = indices('done');
    assert.deepEqual(
      done.toSorted((a, b) => a - b),
      [...new Set(done)].toSorted((a, b) => a - b),
    );
    const summary = JSON.parse(readFileSync(path.join(cwd, '.bias-lab/x/sweep.json'), 'utf8')) as SweepSummary;
    assert.equal(summary.points.length, 12);
  });

  it('ends on Ctrl-C with status 130 and goes on afterwards', async () => {
    const first = start();
    await until(() => indices('done').length >= 1);
    first.kill('SIGINT');
    assert.deepEqual(await once(first, 'exit'), [130, null]);
    assert.equal(existsSync(path.join(cwd, '.bias-lab/x/lock')), false);
    assert.deepEqual(await once(start(), 'exit'), [3, null]);
    const done = indices('done');
    assert.equal(new Set(done).size, done.length);
    assert.equal(done.length, 12);
  });
});
