/**
 * How long the extension takes to start, to give its first lenses and to send a run's first points to the page, and for how long at
 * most it keeps the extension host from others: fresh processes, with a double of the editor around the built extension.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { summarize, type Summary } from './statistics';

const ROOT = join(__dirname, '..', '..');
const BUNDLE = join(ROOT, 'dist', 'extension.js');
const EXPERIMENT = join(ROOT, 'examples', 'r3-sparse-recovery.bias.json');

/** What is measured, by its name in the results. */
const STAGES = { 'editor-activation': 'activation', 'editor-first-lenses': 'firstLenses' } as const;
/** From the command Run to the first points on their way to the page: the first run of a window, and the next. */
const RUNS = { 'editor-first-point': 'firstPoint', 'editor-first-point-again': 'firstPointAgain' } as const;
const BLOCKS = {
  'editor-longest-block-opening': 'opening',
  'editor-longest-block-typing': 'typing',
  'editor-longest-block-running': 'running',
} as const;

interface Times {
  readonly wall: number;
  readonly processor: number;
}

interface Start extends Readonly<Record<'activation' | 'firstLenses', Times>> {
  readonly lenses: number;
}

type Runs = Readonly<Record<'firstPoint' | 'firstPointAgain', Times>>;
type Blocks = Readonly<Record<'opening' | 'typing' | 'running', number>>;

export interface StartTime extends Summary {
  readonly name: string;
  readonly unit: 'milliseconds';
  /** By the processor's time of all threads, which other work on the machine disturbs less. Null where the time is one of waiting. */
  readonly processor: Summary | null;
}

export const startNames = (): string[] => [STAGES, RUNS, BLOCKS].flatMap((names) => Object.keys(names));

export const extensionIsBuilt = (): boolean => existsSync(BUNDLE);

export function timeStart(repetitions: number): readonly StartTime[] {
  const starts: Start[] = [];
  const runs: Runs[] = [];
  const blocks: Blocks[] = [];
  while (starts.length < repetitions) {
    const start = measured('starts') as Start;
    if (start.lenses < 4) throw new Error(`expected four lenses, got ${start.lenses}`);
    starts.push(start);
    runs.push(measured('runs') as Runs);
    blocks.push(measured('blocks') as Blocks);
  }
  return [
    ...Object.entries(STAGES).map(([name, stage]) =>
      startTime(
        name,
        starts.map((start) => start[stage]),
      ),
    ),
    ...Object.entries(RUNS).map(([name, stage]) =>
      startTime(
        name,
        runs.map((run) => run[stage]),
      ),
    ),
    ...Object.entries(BLOCKS).map(([name, block]) => ({
      name,
      unit: 'milliseconds' as const,
      ...summarize(blocks.map((longest) => longest[block])),
      processor: null,
    })),
  ];
}

function startTime(name: string, times: readonly Times[]): StartTime {
  const { wall, processor } = { wall: times.map((time) => time.wall), processor: times.map((time) => time.processor) };
  return { name, unit: 'milliseconds', ...summarize(wall), processor: summarize(processor) };
}

function measured(what: 'starts' | 'runs' | 'blocks'): unknown {
  const double = join(__dirname, 'editor-double.cjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [double, what, BUNDLE, EXPERIMENT], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the extension did not start: ${stderr}`);
  return JSON.parse(stdout);
}
