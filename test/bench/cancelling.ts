/**
 * Milliseconds from asking a computation to stop to the answer that it has: the promise is 200. Of a run that trains, of one that solves its
 * reference, which never asks, and of the command line as it ships.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunEvent } from '../../src/protocol/compute';
import { ComputePool } from '../../src/worker/pool';
import { summarize, type Summary } from './statistics';

const DIST = join(__dirname, '..', '..', 'dist');
const WORKER = join(DIST, 'worker.js');
const CLI = join(DIST, 'cli.js');

/** Gradient descent that goes on for hours. */
const TRAINS = JSON.stringify({
  data: { kind: 'separable', samples: 200, features: 50 },
  model: { kind: 'linear' },
  loss: 'logistic',
  optimizer: { kind: 'gradient-descent', stepSize: 0.01 },
  stop: { steps: 1e12 },
});

/** Its reference, a nuclear norm of 120 × 120, takes many seconds. */
const SOLVES = JSON.stringify({
  data: { kind: 'completion', rows: 120, columns: 120, rank: 5, observed: 7000 },
  model: { kind: 'matrix-factorization', depth: 2 },
  init: { kind: 'identity', scale: 1e-3 },
  loss: 'square',
  optimizer: { kind: 'gradient-flow' },
});

/** The command line says nothing of its run where nobody looks on; by then it certainly trains. */
const UNDER_WAY = 2000;

export interface CancelTime extends Summary {
  readonly name: string;
  readonly unit: 'milliseconds';
}

const CASES: Readonly<Record<string, () => Promise<number>>> = {
  'cancel-training': () => cancelRun(TRAINS, 'points'),
  'cancel-solving': () => cancelRun(SOLVES, 'predicted'),
  'cancel-command-line': cancelCommandLine,
};

export const cancelNames = (): string[] => Object.keys(CASES);

export const productIsBuilt = (): boolean => existsSync(WORKER) && existsSync(CLI);

export async function timeCancel(name: string, repetitions: number): Promise<CancelTime> {
  const taken: number[] = [];
  while (taken.length < repetitions) taken.push(await CASES[name]());
  return { name, unit: 'milliseconds', ...summarize(taken) };
}

/** In a pool of its own, from the first event of that type on. */
async function cancelRun(text: string, type: RunEvent['type']): Promise<number> {
  const pool = new ComputePool({ workerPath: WORKER, size: 1 });
  const stop = new AbortController();
  let asked = Number.NaN;
  const onEvent = (event: RunEvent): void => {
    if (event.type !== type || stop.signal.aborted) return;
    asked = performance.now();
    stop.abort();
  };
  const answer = await pool.run({ text, path: null, root: null }, { signal: stop.signal, onEvent }).catch(() => null);
  const taken = performance.now() - asked;
  await pool.dispose();
  if (Number.isNaN(taken)) throw new Error(`the run was over before it could be cancelled: ${JSON.stringify(answer).slice(0, 200)}`);
  return taken;
}

async function cancelCommandLine(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bias-lab-bench-'));
  writeFileSync(join(folder, 'x.bias.json'), TRAINS);
  const child = spawn(process.execPath, [CLI, 'run', 'x.bias.json'], { cwd: folder, stdio: 'ignore' });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  await pause(UNDER_WAY);
  const asked = performance.now();
  child.kill('SIGINT');
  const status = await closed;
  const taken = performance.now() - asked;
  rmSync(folder, { recursive: true, force: true });
  if (status !== 130) throw new Error(`the command line ended with ${status}, not as cancelled`);
  return taken;
}
