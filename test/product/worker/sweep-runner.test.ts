import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import type { RunAnswer, Source } from '../../../src/protocol/compute';
import type { SweepProgress, SweepResult, SweepSummary } from '../../../src/protocol/sweep';
import type { SweepBoard } from '../../../src/study/sweep-board';
import { ComputeError } from '../../../src/worker/compute-error';
import { sweepFolderOf } from '../../../src/worker/sweep-folder';
import { FolderLocked, lockFolder } from '../../../src/worker/sweep-lock';
import { localEngine } from '../../../src/worker/sweep-engine';
import { runSweep, type SweepAnswer, type SweepOptions } from '../../../src/worker/sweep-runner';
import { report } from '../cli/terminal-double';

const EXPERIMENT = {
  data: { kind: 'csv', path: 'd.csv', target: 'y' },
  model: { kind: 'linear' },
  loss: 'square',
  optimizer: { kind: 'gradient-descent', stepSize: 1 },
  sweep: { axes: [{ path: '/optimizer/stepSize', values: [1, 2, 3, 4] }], repeat: 2 },
};

describe('running a sweep', () => {
  let cwd: string;
  let file: string;
  let ran: string[];

  beforeEach(() => {
    cwd = mkdtempSync(path.join(tmpdir(), 'bias-lab-sweep-'));
    file = path.join(cwd, 'x.bias.json');
    writeFileSync(path.join(cwd, 'd.csv'), 'x,y\n1,2\n');
    ran = [];
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  /** "stepSize/seed" of a point. */
  function nameOf({ text }: Source): string {
    const { optimizer, seed } = JSON.parse(text) as { optimizer: { stepSize: number }; seed: number };
    return `${optimizer.stepSize}/${seed}`;
  }

  function sweep(
    options: Partial<SweepOptions> & { experiment?: object; answer?: (name: string) => RunAnswer } = {},
  ): Promise<SweepAnswer> {
    const {
      experiment = EXPERIMENT,
      answer = (name): RunAnswer => ({ type: 'report', report: report({ title: name }) }),
      ...others
    } = options;
    return runSweep({
      source: { text: JSON.stringify(experiment), path: file, root: cwd },
      folder: sweepFolderOf(file),
      engine: localEngine(
        {
          run: async (source) => {
            ran.push(nameOf(source));
            return answer(nameOf(source));
          },
        },
        2,
      ),
      signal: new AbortController().signal,
      ...others,
    });
  }

  const pointFile = (index: number): string => path.join(sweepFolderOf(file), 'points', `${String(index).padStart(6, '0')}.json`);

  it('runs every point once and never again', async () => {
    const progress: SweepProgress[] = [];
    const answer = await sweep({ onProgress: (event) => progress.push(event) });
    assert.ok(answer.type === 'done');
    assert.deepEqual(ran.toSorted(), ['1/0', '1/1', '2/0', '2/1', '3/0', '3/1', '4/0', '4/1']);
    assert.deepEqual(
      progress.map(({ done }) => done),
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    );
    assert.equal(progress.at(-1)?.secondsLeft, 0);

    const again = await sweep();
    assert.equal(ran.length, 8);
    assert.deepEqual(again.type === 'done' && again.summary, answer.summary);
  });

  it('leaves a file a point and a summary', async () => {
    await sweep();
    const result = JSON.parse(readFileSync(pointFile(5), 'utf8')) as SweepResult;
    assert.deepEqual([result.settings, result.seed, result.verdict.outcome], [[{ path: '/optimizer/stepSize', value: 3 }], 1, 'agrees']);
    // The double's predictor is its reference.
    assert.deepEqual(result.distances, { 'max-margin': 0 });
    const summary = JSON.parse(readFileSync(path.join(sweepFolderOf(file), 'sweep.json'), 'utf8')) as SweepSummary;
    assert.equal(summary.points.length, 8);
    assert.equal(readFileSync(path.join(cwd, '.bias-lab/.gitignore'), 'utf8'), '*\n');
    assert.deepEqual(
      readdirSync(path.join(sweepFolderOf(file), 'points')).filter((name) => !name.endsWith('.json')),
      [],
    );
    assert.equal(existsSync(path.join(sweepFolderOf(file), 'lock')), false);
  });

  it('reads numbers back that JSON does not have', async () => {
    const answer = (): RunAnswer => ({ type: 'report', report: report({ measures: { loss: Infinity, margin: Number.NaN } }) });
    await sweep({ answer });
    const again = await sweep();
    assert.ok(again.type === 'done' && 'measures' in again.summary.points[0]);
    assert.deepEqual(again.summary.points[0].measures, { loss: Infinity, margin: Number.NaN });
  });

  it('runs anew what has changed and keeps the rest', async () => {
    await sweep();
    ran = [];
    const axes = [{ path: '/optimizer/stepSize', values: [1, 2, 5, 4] }];
    await sweep({ experiment: { ...EXPERIMENT, sweep: { axes, repeat: 2 } } });
    assert.deepEqual(ran.toSorted(), ['5/0', '5/1']);
  });

  it('runs all anew when the data file has changed', async () => {
    await sweep();
    writeFileSync(path.join(cwd, 'd.csv'), 'x,y\n1,3\n');
    await sweep();
    assert.equal(ran.length, 16);
  });

  it('does not trust a result that is no result', async () => {
    await sweep();
    ran = [];
    writeFileSync(pointFile(0), '{ "format": 1, ');
    writeFileSync(pointFile(1), 'null');
    writeFileSync(pointFile(2), readFileSync(pointFile(3)));
    await sweep();
    assert.deepEqual(ran.toSorted(), ['1/0', '1/1', '2/0']);
  });

  it('goes on after points that fail, and tries them again the next time', async () => {
    const answer = (name: string): RunAnswer => {
      if (name === '2/1') throw new ComputeError({ reason: 'out-of-memory', message: 'too large' });
      return { type: 'report', report: report() };
    };
    const first = await sweep({ answer });
    assert.ok(first.type === 'done');
    assert.deepEqual(
      first.failures.map(({ index, failure }) => [index, failure]),
      [[3, 'too large']],
    );
    ran = [];
    const second = await sweep();
    assert.deepEqual(ran, ['2/1']);
    assert.ok(second.type === 'done' && second.failures.length === 0);
  });

  it('is cancelled between points and goes on where it was', async () => {
    const abort = new AbortController();
    const compute = {
      run: async (source: Source): Promise<RunAnswer> => {
        ran.push(nameOf(source));
        if (ran.length === 3) abort.abort();
        if (abort.signal.aborted) throw new ComputeError({ reason: 'cancelled', message: 'Cancelled.' });
        return { type: 'report', report: report() };
      },
    };
    const answer = await sweep({ engine: localEngine(compute, 1), signal: abort.signal });
    assert.ok(answer.type === 'cancelled' && answer.summary !== null);
    assert.deepEqual([answer.done, answer.total], [2, 8]);
    // The partial picture says that it is one; nothing runs in it any more.
    const [figure] = answer.summary.figures;
    assert.equal(figure.behind?.states, 'aawwwwww');
    assert.match(figure.says, / 2 of 8 runs so far\.$/);
    await sweep();
    assert.equal(ran.length, 3 + 6);
  });

  it('shows what runs, waits and is over while it goes on', async () => {
    const seen: string[] = [];
    let board: SweepBoard | null = null;
    const states = (): string => board?.figures()[0]?.behind?.states ?? '';
    const compute = {
      run: async (source: Source, { onWait }: { onWait?: (waits: boolean) => void }): Promise<RunAnswer> => {
        const name = nameOf(source);
        if (name === '2/0') {
          onWait?.(true);
          seen.push(states());
          onWait?.(false);
        }
        seen.push(states());
        await Promise.resolve();
        return { type: 'report', report: report() };
      },
    };
    await sweep({ engine: localEngine(compute, 1), onBoard: (given) => (board = given) });
    assert.deepEqual(seen.slice(0, 4), ['', 'arwwwwww', 'aawwwwww', 'aarwwwww']);
    assert.equal(states(), 'aaaaaaaa');
  });

  it('runs anew the points that are asked for', async () => {
    await sweep();
    ran = [];
    await sweep({ again: [2, 3] });
    assert.deepEqual(ran, ['2/0', '2/1']);
    const answer = await sweep({ again: [99] });
    assert.ok(answer.type === 'done' && ran.length === 2);
  });

  it('is not run by two processes at once', async () => {
    mkdirSync(sweepFolderOf(file), { recursive: true });
    const lock = await lockFolder(sweepFolderOf(file));
    await assert.rejects(sweep(), (error) => error instanceof FolderLocked && error.pid === process.pid);
    assert.deepEqual(ran, []);
    await lock.release();
    assert.equal((await sweep()).type, 'done');
  });

  it('takes over a lock whose process has gone, that is old, or that is no lock', async () => {
    const lock = path.join(sweepFolderOf(file), 'lock');
    mkdirSync(sweepFolderOf(file), { recursive: true });
    // Larger than any process number on Linux (4 194 304) and macOS.
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 30, host: hostname(), token: 'a' }));
    assert.equal((await sweep()).type, 'done');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), token: 'a' }));
    const hourAgo = new Date(Date.now() - 3600_000);
    utimesSync(lock, hourAgo, hourAgo);
    assert.equal((await sweep()).type, 'done');
    writeFileSync(lock, 'x');
    assert.equal((await sweep()).type, 'done');
    assert.equal(existsSync(lock), false);
  });

  it('of two that find the same stale lock only one gets it', async () => {
    const folder = sweepFolderOf(file);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'lock'), JSON.stringify({ pid: 2 ** 30, host: hostname(), token: 'a' }));
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    const got = taken.filter((one) => one.status === 'fulfilled');
    assert.equal(got.length, 1);
    for (const { value } of got) await value.release();
  });

  it('ends when its folder cannot be written', async () => {
    mkdirSync(sweepFolderOf(file), { recursive: true });
    writeFileSync(path.join(sweepFolderOf(file), 'points'), '');
    await assert.rejects(sweep(), /EEXIST|ENOTDIR/);
    assert.deepEqual(ran, []);
  });
});
