/** A worker whose calls follow a script in the experiment's text: what the pool must live with, on demand. */
import { writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import type { RunAnswer } from '../../../src/protocol/compute';
import type { Report } from '../../../src/protocol/report';
import { Cancelled, type Environment } from '../../../src/study/environment';
import { serve, type Service } from '../../../src/worker/serve';
import { threadPort } from '../../../src/worker/thread-port';

export interface Script {
  readonly does:
    | 'answer'
    /** Answers the number of its thread. */
    | 'thread'
    /** Computes until it is asked to stop, then answers like a cancelled run. */
    | 'work'
    /** The same, but gives up by throwing Cancelled. */
    | 'give-up'
    /** Never asks whether it should stop. */
    | 'spin'
    | 'throw'
    | 'reject-later'
    | 'exit'
    | 'fill-heap'
    | 'allocate';
  /** Sent first, as many progress events and then as many rows. */
  readonly events?: number;
  /** Sent before the events: drafts of a report whose titles these are, null for none. */
  readonly drafts?: readonly (string | null)[];
  readonly milliseconds?: number;
  readonly tag?: string;
  /** Writes "begun" to standard error, past the main thread. */
  readonly announce?: boolean;
}

async function run(script: Script, environment: Environment): Promise<string> {
  const tag = script.tag ?? '';
  if (script.announce === true) writeSync(2, 'begun\n');
  switch (script.does) {
    case 'answer': {
      const end = performance.now() + (script.milliseconds ?? 0);
      while (performance.now() < end);
      return tag;
    }
    case 'thread':
      return String(threadId);
    case 'work':
      while (!environment.cancelled());
      return 'cancelled by itself';
    case 'give-up':
      while (!environment.cancelled());
      throw new Cancelled();
    case 'spin':
      for (;;);
    case 'throw':
      throw new Error('the script says so');
    case 'reject-later':
      setTimeout(() => {
        throw new Error('nobody waits for this');
      }, 1);
      return new Promise(() => {});
    case 'exit':
      return process.exit(7);
    case 'fill-heap': {
      const heap: unknown[] = [];
      for (;;) heap.push(new Array(1000).fill(heap.length));
    }
    case 'allocate':
      return String(new Float64Array(2 ** 40).length);
    default:
      return script.does satisfies never;
  }
}

const service: Service = {
  async run(source, environment, emit, draft): Promise<RunAnswer> {
    const script = JSON.parse(source.text) as Script;
    for (const title of script.drafts ?? []) draft(title === null ? null : ({ title, outcome: 'cancelled' } as Report));
    for (let k = 0; k < (script.events ?? 0); k++) {
      emit({ type: 'progress', fraction: k, says: `event ${k}` });
      const pool = new Float64Array([-1, k, k * k, -1]);
      // A view inside a larger buffer: the rest of the buffer must survive the transfer.
      emit({ type: 'points', columns: ['k', 'square'], rows: 1, values: pool.subarray(1, 3), reset: k === 0 });
      if (pool[0] !== -1) throw new Error('the buffer of the view was taken away');
      emit({ type: 'points', columns: ['k'], rows: 1, values: Float64Array.of(k), reset: false });
    }
    return { type: 'invalid', diagnostics: [{ ...DIAGNOSTIC, message: await run(script, environment) }] };
  },
  async check(source, environment) {
    await run(JSON.parse(source.text) as Script, environment);
    return [];
  },
  async analyse(source, environment) {
    const script = JSON.parse(source.text) as Script;
    return {
      diagnostics: [],
      predictions: [],
      optimizerNote: null,
      modelNote: null,
      dataNote: await run(script, environment),
      dataHash: null,
    };
  },
  async data(source, environment) {
    const script = JSON.parse(source.text) as Script;
    return { x: [[0.5, -1]], y: [1], featureNames: [await run(script, environment)], truth: null, test: null };
  },
  async neighbours(source, environment) {
    const script = JSON.parse(source.text) as Script;
    return [{ change: await run(script, environment), text: '', lead: null, same: false }];
  },
  async resolve(source, environment) {
    const script = JSON.parse(source.text) as Script;
    return { diagnostics: [{ ...DIAGNOSTIC, message: await run(script, environment) }] };
  },
};

const DIAGNOSTIC = { code: 'scripted', severity: 'error', pointer: '', offset: 0, length: 0, line: 1, column: 1, fixes: [] } as const;

serve(threadPort(), service, (_source, cancel) => {
  const flag = new Int32Array(cancel!);
  return { cancelled: () => Atomics.load(flag, 0) !== 0 } as Environment;
});
