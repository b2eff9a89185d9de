/**
 * How long the extension takes to start and to give its first lenses, and for how long at most it keeps the extension host from others:
 * fresh processes, with a double of the editor around the built extension.
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
const BLOCKS = { 'editor-longest-block-opening': 'opening', 'editor-longest-block-typing': 'typing' } as const;

interface Start extends Readonly<Record<'activation' | 'firstLenses', { readonly wall: number; readonly processor: number }>> {
  readonly lenses: number;
}

type Blocks = Readonly<Record<'opening' | 'typing', number>>;

export interface StartTime extends Summary {
  readonly name: string;
  readonly unit: 'milliseconds';
  /** By the processor's time of all threads, which other work on the machine disturbs less. Null where the time is one of waiting. */
  readonly processor: Summary | null;
}

export const startNames = (): string[] => [...Object.keys(STAGES), ...Object.keys(BLOCKS)];

export const extensionIsBuilt = (): boolean => existsSync(BUNDLE);

export function timeStart(repetitions: number): readonly StartTime[] {
  const starts: Start[] = [];
  const blocks: Blocks[] = [];
  while (starts.length < repetitions) {
    const start = measured('starts') as Start;
    if (start.lenses < 4) throw new Error(`expected four lenses, got ${start.lenses}`);
    starts.push(start);
    blocks.push(measured('blocks') as Blocks);
  }
  return [
    ...Object.entries(STAGES).map(([name, stage]) => ({
      name,
      unit: 'milliseconds' as const,
      ...summarize(starts.map((start) => start[stage].wall)),
      processor: summarize(starts.map((start) => start[stage].processor)),
    })),
    ...Object.entries(BLOCKS).map(([name, block]) => ({
      name,
      unit: 'milliseconds' as const,
      ...summarize(blocks.map((longest) => longest[block])),
      processor: null,
    })),
  ];
}

function measured(what: 'starts' | 'blocks'): unknown {
  const double = join(__dirname, 'editor-double.cjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [double, what, BUNDLE, EXPERIMENT], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the extension did not start: ${stderr}`);
  return JSON.parse(stdout);
}
