/** Sweeps on a real Slurm and by GNU parallel: real daemons, real tasks, and what is left when they are killed. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { editorSweep } from '../../src/extension/editor-sweep';
import type { Report } from '../../src/protocol/report';
import { ComputePool } from '../../src/worker/pool';
import { bundleProduct } from '../product/worker/bundle';
import { startCluster, type Cluster } from './slurm-cluster';

/** Every run takes a fifth of a second whatever the machine: a descent that cannot reach its end. */
const POINTS = 12;
const SWEPT = {
  title: 'Scales',
  data: { kind: 'sparse-regression', samples: 5, features: 8 },
  model: { kind: 'diagonal' },
  loss: 'square',
  optimizer: { kind: 'gradient-descent', stepSize: 1e-9 },
  stop: { seconds: 0.2, steps: 1e12 },
  sweep: { axes: [{ path: '/init/scale', linear: [0.1, 1.2, POINTS] }] },
};

interface Event {
  readonly event: string;
  readonly index?: number;
  readonly pid: number;
}

describe('sweeps beyond one process', function () {
  this.timeout(120_000);
  this.slow(30_000);
  let product: string;
  let cwd: string;
  let children: ChildProcess[];
  let env: NodeJS.ProcessEnv = process.env;

  before(async () => {
    product = await bundleProduct();
  });
  beforeEach(() => {
    children = [];
    cwd = mkdtempSync('/tmp/bias-lab-cluster-');
    writeFileSync(path.join(cwd, 'x.bias.json'), JSON.stringify(SWEPT));
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(cwd, { recursive: true, force: true, maxRetries: 5 });
  });

  function start(...options: readonly string[]): {
    child: ChildProcess;
    ended: Promise<{ status: number | null; out: string; err: string }>;
  } {
    const child = spawn(process.execPath, [path.join(product, 'cli.js'), 'sweep', 'x.bias.json', ...options], { cwd, env });
    children.push(child);
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    return { child, ended: once(child, 'close').then(([status]) => ({ status: status as number | null, out, err })) };
  }

  const folder = (...names: readonly string[]): string => path.join(cwd, '.bias-lab/x', ...names);

  function journal(): readonly Event[] {
    if (!existsSync(folder('journal.jsonl'))) return [];
    // The last line may be under way.
    const lines = readFileSync(folder('journal.jsonl'), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Event);
  }

  const events = (event: string): readonly Event[] => journal().filter((one) => one.event === event);

  async function until(happened: () => boolean): Promise<void> {
    for (let tries = 0; !happened(); tries++) {
      assert.ok(tries < 600, `never came: ${JSON.stringify(journal())}`);
      await sleep(50);
    }
  }

  /** Every point has its result, and none was finished twice. */
  function assertWhole(): void {
    assert.equal(readdirSync(folder('points')).filter((name) => name.endsWith('.json')).length, POINTS);
    assert.deepEqual(
      events('done')
        .map(({ index }) => index)
        .toSorted((a = 0, b = 0) => a - b),
      Array.from({ length: POINTS }, (_, index) => index),
    );
    assert.ok(existsSync(folder('sweep.json')));
  }

  describe('Slurm', () => {
    let cluster: Cluster;
    let place: string;
    beforeEach(async () => {
      place = mkdtempSync('/tmp/bias-lab-slurm-');
      cluster = await startCluster(place);
      env = { ...process.env, ...cluster.env };
    });
    afterEach(async () => {
      await cluster.stop();
      rmSync(place, { recursive: true, force: true, maxRetries: 5 });
      env = process.env;
    });

    const queued = (): string => spawnSync('squeue', ['--noheader', '--format=%i'], { env, encoding: 'utf8' }).stdout.trim();

    it('runs points as an array job, several a task', async () => {
      const { ended } = start('--engine', 'slurm', '--per-task', '3');
      const { status, out, err } = await ended;
      assert.equal(status, 3, err);
      assert.equal(out, `${POINTS} runs: ${POINTS} inconclusive\n`);
      assertWhole();
      assert.equal(new Set(events('done').map(({ pid }) => pid)).size, POINTS / 3);
      assert.equal(events('run').length, POINTS);
      assert.equal(queued(), '');
    });

    it('loses nothing when a node dies with its task', async () => {
      const { ended } = start('--engine', 'slurm', '--per-task', '4');
      await until(() => events('done').length >= 2);
      await cluster.killNode('n1');
      const { status, err } = await ended;
      assert.equal(status, 3, err);
      assertWhole();
    });

    it('goes on with the array that a killed call left behind', async () => {
      const { child } = start('--engine', 'slurm', '--per-task', '4');
      await until(() => events('done').length >= 1);
      child.kill('SIGKILL');
      await once(child, 'close');
      assert.notEqual(queued(), '');
      const local = await start('--engine', 'local').ended;
      assert.equal(local.status, 2);
      assert.match(local.err, /job \d+ of Slurm is at work in .*: follow it by the engine "slurm", or end it by scancel \d+/);
      assert.equal((await start('--engine', 'slurm').ended).status, 3);
      assertWhole();
      assert.equal(events('submitted').length, 1);
    });

    it('ends its job on Ctrl-C', async () => {
      const { child, ended } = start('--engine', 'slurm', '--per-task', '4');
      await until(() => events('done').length >= 1);
      child.kill('SIGINT');
      const { status, err } = await ended;
      assert.equal(status, 130);
      assert.match(err, /Paused with \d+ of 12 runs done; the same call does the others/);
      assert.equal(queued(), '');
    });

    it("pauses the editor's sweep with a word at once, ends its job, and goes on", async () => {
      const before = process.env.SLURM_CONF;
      process.env.SLURM_CONF = cluster.env.SLURM_CONF;
      const compute = new ComputePool({ workerPath: path.join(product, 'worker.js'), size: 1 });
      const said: string[] = [];
      const sweep = async (signal: AbortSignal): Promise<Report> => {
        const answer = await editorSweep(
          { text: JSON.stringify(SWEPT), path: path.join(cwd, 'x.bias.json'), root: cwd },
          {
            compute,
            signal,
            onEvent: (event) => event.type === 'progress' && said.push(event.says),
            onExperiment: () => undefined,
            settings: { engine: 'slurm', tasks: 0, runsPerTask: 2 },
            cliPath: path.join(product, 'cli.js'),
            again: [],
          },
        );
        assert.ok(answer.type === 'report');
        return answer.report;
      };
      try {
        const pause = new AbortController();
        const first = sweep(pause.signal);
        await until(() => events('done').length >= 2);
        pause.abort();
        assert.equal(said.at(-1), 'pausing: its tasks are being ended');
        const { ended } = await first;
        assert.match(ended, /Paused with \d+ of 12 runs done\.$/);
        assert.equal(said.at(-1), 'pausing: its tasks are being ended');
        await until(() => queued() === '');
        assert.match((await sweep(new AbortController().signal)).ended, /12 runs/);
        assertWhole();
      } finally {
        if (before === undefined) delete process.env.SLURM_CONF;
        else process.env.SLURM_CONF = before;
        await compute.dispose();
      }
    });

    it('says what Slurm refuses', async () => {
      env = { ...env, SBATCH_PARTITION: 'nowhere' };
      const { status, err } = await start('--engine', 'slurm').ended;
      assert.equal(status, 2);
      assert.match(err, /sbatch refuses: .*partition/i);
    });
  });

  describe('GNU parallel', () => {
    it('runs points as tasks', async () => {
      const { status, out, err } = await start('--engine', 'parallel', '--per-task', '3', '--jobs', '2').ended;
      assert.equal(status, 3, err);
      assert.equal(out, `${POINTS} runs: ${POINTS} inconclusive\n`);
      assertWhole();
      assert.equal(new Set(events('done').map(({ pid }) => pid)).size, POINTS / 3);
      // A heading and a line a task, none of them failed: nothing but the tasks was started.
      const [, ...lines] = readFileSync(folder('parallel/joblog'), 'utf8').trimEnd().split('\n');
      assert.deepEqual(
        lines.map((line) => line.split('\t')[6]),
        Array<string>(POINTS / 3).fill('0'),
      );
    });

    it('hands out again what a killed task leaves', async () => {
      const { ended } = start('--engine', 'parallel', '--per-task', '6', '--jobs', '2');
      await until(() => events('done').length >= 2);
      process.kill(events('run')[0].pid, 'SIGKILL');
      const { status, err } = await ended;
      assert.equal(status, 3, err);
      assertWhole();
    });

    it('ends its tasks on Ctrl-C', async () => {
      const { child, ended } = start('--engine', 'parallel', '--per-task', '6', '--jobs', '2');
      await until(() => events('done').length >= 1);
      child.kill('SIGINT');
      assert.equal((await ended).status, 130);
      const before = events('run').length;
      await sleep(1500);
      assert.equal(events('run').length, before, 'a task goes on');
    });
  });

  it('says what is missing', async () => {
    env = { ...process.env, PATH: '/nowhere' };
    for (const [engine, about] of [
      ['slurm', /"sbatch" is not on PATH \(looked in \/nowhere\): the engine "slurm" needs Slurm's commands/],
      ['parallel', /"parallel" is not on PATH \(looked in \/nowhere\): the engine "parallel" needs GNU parallel/],
      ['pbs', /--engine "pbs": expected one of local, parallel, slurm/],
    ] as const) {
      const { status, err } = await start('--engine', engine).ended;
      assert.equal(status, 2, engine);
      assert.match(err, about);
    }
    env = process.env;
  });
});
