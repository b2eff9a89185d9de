import assert from 'node:assert/strict';
import path from 'node:path';
import { mock } from 'node:test';
import type { RunAnswer, RunEvent, Source } from '../../../src/protocol/compute';
import { ComputeError } from '../../../src/worker/compute-error';
import { CANCEL_GRACE } from '../../../src/worker/lane';
import { ComputePool, type ComputePoolOptions } from '../../../src/worker/pool';
import { bundleProduct } from './bundle';
import type { Script } from './scripted-worker';

const source = (script: Script): Source => ({ text: JSON.stringify(script), path: null, root: null });
const saidBy = (answer: RunAnswer): string => (answer.type === 'invalid' ? answer.diagnostics[0].message : answer.report.title);
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('compute pool', () => {
  let workerPath: string;
  const pools: ComputePool[] = [];

  before(async () => {
    workerPath = path.join(await bundleProduct('test/product/worker/scripted-worker.ts'), 'worker.js');
  });
  afterEach(async () => {
    mock.timers.reset();
    await Promise.all(pools.splice(0).map((pool) => pool.dispose()));
  });

  function createPool(options: Partial<ComputePoolOptions> = {}): ComputePool {
    const pool = new ComputePool({ workerPath, size: 1, ...options });
    pools.push(pool);
    return pool;
  }

  async function failure(promise: Promise<unknown>): Promise<ComputeError> {
    const error = await promise.then(
      () => assert.fail('the call must fail'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ComputeError, String(error));
    return error;
  }

  /** Runs a script that says when it has begun. */
  async function begun(pool: ComputePool, script: Script): Promise<{ stop: AbortController; outcome: Promise<string> }> {
    const stop = new AbortController();
    let begin!: () => void;
    const started = new Promise<void>((resolve) => (begin = resolve));
    const answer = pool.run(source({ ...script, events: 1 }), { signal: stop.signal, onEvent: begin });
    await started;
    return { stop, outcome: answer.then(saidBy, (error: unknown) => (error as ComputeError).reason) };
  }

  it('answers each method', async () => {
    const pool = createPool();
    assert.equal(saidBy(await pool.run(source({ does: 'answer', tag: 'run' }))), 'run');
    assert.equal((await pool.analyse(source({ does: 'answer', tag: 'note' }))).dataNote, 'note');
    assert.deepEqual(await pool.data(source({ does: 'answer', tag: 'name' })), {
      x: [[0.5, -1]],
      y: [1],
      featureNames: ['name'],
      truth: null,
      test: null,
    });
  });

  it('passes events on in order, before the answer, with their numbers intact', async () => {
    const events: RunEvent[] = [];
    await createPool().run(source({ does: 'answer', events: 500 }), { onEvent: (event) => events.push(event) });
    assert.equal(events.length, 1500);
    for (let k = 0; k < 500; k++) {
      assert.deepEqual(events[3 * k], { type: 'progress', fraction: k, says: `event ${k}` });
      assert.deepEqual(events[3 * k + 1], {
        type: 'points',
        columns: ['k', 'square'],
        rows: 1,
        values: Float64Array.of(k, k * k),
        reset: k === 0,
      });
      assert.deepEqual(events[3 * k + 2], { type: 'points', columns: ['k'], rows: 1, values: Float64Array.of(k), reset: false });
    }
  });

  for (const [does, says] of [
    ['work', 'cancelled by itself'],
    ['give-up', 'cancelled'],
  ] as const) {
    it(`tells a run that asks ("${does}") through the shared memory, and lets it end by itself`, async () => {
      // The host's clock stands still: nothing but the flag can have ended it.
      mock.timers.enable({ apis: ['setTimeout'] });
      const { stop, outcome } = await begun(createPool(), { does });
      stop.abort();
      assert.equal(await outcome, says);
    });
  }

  it('ends what never asks when its grace is over, without waiting for its thread, and runs the next call', async () => {
    // Leaves half of the 200 ms that are promised to the machine.
    assert.ok(CANCEL_GRACE <= 100);
    mock.timers.enable({ apis: ['setTimeout'] });
    const pool = createPool();
    const { stop, outcome } = await begun(pool, { does: 'spin' });
    let settled = false;
    void outcome.then(() => (settled = true));
    stop.abort();
    mock.timers.tick(CANCEL_GRACE - 1);
    await new Promise(setImmediate);
    assert.equal(settled, false);
    mock.timers.tick(1);
    // In the same turn of the host: no message of the thread can have come in.
    for (let job = 0; job < 10; job++) await Promise.resolve();
    assert.equal(settled, true);
    assert.equal(await outcome, 'cancelled');
    assert.equal(saidBy(await pool.run(source({ does: 'answer', tag: 'next' }))), 'next');
  });

  it('answers with the draft of a run that it had to end, with the last one, and with none that was withdrawn', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const pool = createPool();
    for (const [drafts, ended] of [
      [['a'], 'a'],
      [['a', null, 'b'], 'b'],
      [['a', null], 'cancelled'],
    ] as const) {
      const { stop, outcome } = await begun(pool, { does: 'spin', drafts });
      stop.abort();
      mock.timers.tick(CANCEL_GRACE);
      assert.equal(await outcome, ended);
    }
    assert.equal(saidBy(await pool.run(source({ does: 'answer', drafts: ['a'], tag: 'next' }))), 'next');
  });

  it('the worker of the product leaves a report when it is ended while it solves and while it judges', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const pool = createPool({ workerPath: path.join(await bundleProduct(), 'worker.js') });
    const experiment = {
      data: {
        kind: 'inline',
        x: [
          [1, 2, 0],
          [0, 1, 1],
        ],
        y: [1, -1],
      },
      model: { kind: 'linear' },
      loss: 'logistic',
      optimizer: { kind: 'gradient-descent', stepSize: 0.1 },
      stop: { steps: 50 },
    };
    for (const [says, ended, steps] of [
      ['solving the reference problem', /^Cancelled while the reference problem was being solved/, 0],
      ['judging', /^Cancelled after the training, before the verdict/, 50],
    ] as const) {
      const stop = new AbortController();
      const answer = await pool.run(
        { text: JSON.stringify(experiment), path: null, root: null },
        {
          signal: stop.signal,
          onEvent: (event) => {
            if (event.type !== 'progress' || event.says !== says) return;
            // The grace is over before its next message is looked at.
            stop.abort();
            mock.timers.tick(CANCEL_GRACE);
          },
        },
      );
      assert.ok(answer.type === 'report');
      assert.equal(answer.report.outcome, 'cancelled');
      assert.match(answer.report.ended, ended);
      assert.equal(answer.report.trajectory['step'].at(-1), steps);
    }
  });

  it('a worker that dies takes its draft with it', async () => {
    const { reason } = await failure(createPool().run(source({ does: 'exit', drafts: ['a'] })));
    assert.equal(reason, 'crashed');
  });

  it('cancels a call that still waits without touching the one that runs', async () => {
    const pool = createPool();
    const running = pool.run(source({ does: 'answer', milliseconds: 150, tag: 'first' }));
    const stop = new AbortController();
    const waiting = failure(pool.run(source({ does: 'answer' }), { signal: stop.signal }));
    stop.abort();
    assert.equal((await waiting).reason, 'cancelled');
    assert.equal(saidBy(await running), 'first');
  });

  it('refuses a call whose signal is already aborted', async () => {
    assert.equal((await failure(createPool().run(source({ does: 'answer' }), { signal: AbortSignal.abort() }))).reason, 'cancelled');
  });

  it('takes no harm from a signal that is aborted after the answer', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const pool = createPool();
    const stop = new AbortController();
    await pool.run(source({ does: 'answer' }), { signal: stop.signal });
    stop.abort();
    const second = pool.run(source({ does: 'answer', tag: 'second' }));
    mock.timers.tick(2 * CANCEL_GRACE);
    assert.equal(saidBy(await second), 'second');
  });

  it('hears nothing more of a run after its end, whatever its worker had already sent', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const pool = createPool();
    const heard: string[] = [];
    let settled = false;
    const stop = new AbortController();
    const run = pool.run(source({ does: 'spin', events: 2000, tag: 'old' }), {
      signal: stop.signal,
      onEvent: () => {
        assert.equal(settled, false, 'an event of a run that has ended');
        // The grace is over before the next event is looked at, so that all others wait behind it.
        if (heard.push('old') === 1) {
          stop.abort();
          mock.timers.tick(CANCEL_GRACE);
        }
      },
    });
    assert.equal((await failure(run)).reason, 'cancelled');
    settled = true;
    const next = await pool.run(source({ does: 'answer', events: 1, tag: 'new' }), { onEvent: () => heard.push('new') });
    assert.equal(saidBy(next), 'new');
    assert.deepEqual(heard, ['old', 'new', 'new', 'new']);
  });

  for (const [does, reason, message] of [
    ['throw', 'bug', /the script says so/],
    ['reject-later', 'crashed', /nobody waits for this/],
    ['exit', 'crashed', /exit code 7/],
    ['fill-heap', 'out-of-memory', /more memory/],
    ['allocate', 'out-of-memory', /more memory/],
  ] as const) {
    it(`turns "${does}" into the failure "${reason}", and runs the next call`, async () => {
      const pool = createPool({ resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 } });
      const failed = await failure(pool.run(source({ does })));
      assert.equal(failed.reason, reason);
      assert.match(failed.message, message);
      assert.equal(saidBy(await pool.run(source({ does: 'answer', tag: 'next' }))), 'next');
    });
  }

  it('fails each call, and hangs none, when there is no worker to start', async () => {
    const missing = createPool({ workerPath: `${workerPath}.missing` });
    const relative = createPool({ workerPath: 'worker.js' });
    for (const pool of [missing, relative]) {
      const reasons = await Promise.all([1, 2, 3].map(() => failure(pool.run(source({ does: 'answer' })))));
      assert.deepEqual(
        reasons.map(({ reason }) => reason),
        ['crashed', 'crashed', 'crashed'],
      );
    }
  });

  it('works off 20 calls over 2 workers, each answered with its own', async () => {
    const pool = createPool({ size: 2 });
    const tag = (k: number): string => (k % 7 === 3 ? 'bug' : `call ${k}`);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, k) =>
        pool
          .run(source({ does: k % 7 === 3 ? 'throw' : 'answer', milliseconds: 5, tag: `call ${k}` }))
          .then(saidBy, (error: unknown) => (error as ComputeError).reason),
      ),
    );
    assert.deepEqual(
      answers,
      Array.from({ length: 20 }, (_, k) => tag(k)),
    );
  });

  it('tells a run that it waits, and when it does no longer', async () => {
    const pool = createPool();
    const said: string[] = [];
    const run = (tag: string): Promise<unknown> =>
      pool.run(source({ does: 'answer', events: 1, tag }), {
        onEvent: (event) => event.type === 'progress' && said.push(`${tag} works`),
        onWait: (waits) => said.push(`${tag} ${waits ? 'waits' : 'begins'}`),
      });
    await Promise.all([run('first'), run('second')]);
    await run('third');
    assert.deepEqual(said, ['second waits', 'first works', 'second begins', 'second works', 'third works']);
  });

  it('begins the calls of a queue in their order', async () => {
    const pool = createPool();
    const begun: number[] = [];
    const calls = Array.from({ length: 10 }, (_, k) =>
      pool.run(source({ does: 'answer', events: 1 }), { onEvent: (event) => event.type === 'progress' && begun.push(k) }),
    );
    await Promise.all(calls);
    assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('does not let an analysis wait behind a long run', async () => {
    const pool = createPool();
    const stop = new AbortController();
    const long = failure(pool.run(source({ does: 'spin' }), { signal: stop.signal }));
    assert.equal((await pool.analyse(source({ does: 'answer', tag: 'quick' }))).dataNote, 'quick');
    stop.abort();
    assert.equal((await long).reason, 'cancelled');
  });

  it('rejects all calls in flight when it is disposed, before their threads are gone, and later ones', async () => {
    const pool = createPool();
    const { outcome } = await begun(pool, { does: 'spin' });
    const calls = [pool.run(source({ does: 'answer' })), pool.analyse(source({ does: 'spin' }))].map(failure);
    const order: string[] = [];
    const gone = pool.dispose().then(() => order.push('threads'));
    const ended = Promise.all([outcome, ...calls]).then((all) => {
      order.push('calls');
      return all;
    });
    const [first, ...others] = await ended;
    assert.deepEqual([first, ...others.map(({ reason }) => reason)], ['cancelled', 'cancelled', 'cancelled']);
    await gone;
    assert.deepEqual(order, ['calls', 'threads']);
    assert.equal((await failure(pool.run(source({ does: 'answer' })))).reason, 'cancelled');
  });

  it('starts a worker for the run that may follow an analysis', async () => {
    const thread = async (pool: ComputePool): Promise<number> => Number(saidBy(await pool.run(source({ does: 'thread' }))));
    const asked = createPool();
    await asked.analyse(source({ does: 'answer' }));
    // Threads are numbered in the order of their starts.
    const later = await thread(createPool());
    assert.ok((await thread(asked)) < later);
    const unasked = createPool();
    const earlier = await thread(createPool());
    assert.ok((await thread(unasked)) > earlier);
  });

  it('keeps a worker for the next call, ends it when it idles, and then starts another', async () => {
    const thread = async (pool: ComputePool): Promise<string> => saidBy(await pool.run(source({ does: 'thread' })));
    const patient = createPool();
    assert.equal(await thread(patient), await thread(patient));
    const hasty = createPool({ idleMilliseconds: 20 });
    const first = await thread(hasty);
    await pause(60);
    assert.notEqual(await thread(hasty), first);
  });

  it('refuses a size that is not a number of workers', () => {
    for (const size of [0, -1, Number.NaN]) assert.throws(() => new ComputePool({ workerPath, size }), RangeError);
  });
});
