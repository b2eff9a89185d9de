/** How long the extension takes to start, and to give its first lenses: fresh processes, with a double of the editor around the built extension. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { summarize, type Summary } from './statistics';

const ROOT = join(__dirname, '..', '..');
const BUNDLE = join(ROOT, 'dist', 'extension.js');
const EXPERIMENT = join(ROOT, 'examples', 'r3-sparse-recovery.bias.json');

const STAGES = ['activation', 'firstLenses'] as const;
type Stage = (typeof STAGES)[number];

interface Start extends Readonly<Record<Stage, { readonly wall: number; readonly processor: number }>> {
  readonly lenses: number;
}

export interface StartTime extends Summary {
  readonly name: string;
  readonly unit: 'milliseconds';
  /** By the processor's time of all threads, which other work on the machine disturbs less. */
  readonly processor: Summary;
}

const nameOf = (stage: Stage): string => `editor-${stage === 'activation' ? 'activation' : 'first-lenses'}`;

export const startNames = (): string[] => STAGES.map(nameOf);

export const extensionIsBuilt = (): boolean => existsSync(BUNDLE);

export function timeStart(repetitions: number): readonly StartTime[] {
  const starts: Start[] = [];
  while (starts.length < repetitions) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(__dirname, 'editor-double.cjs'), BUNDLE, EXPERIMENT], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the extension did not start: ${stderr}`);
    const start = JSON.parse(stdout) as Start;
    if (start.lenses < 4) throw new Error(`expected four lenses, got ${start.lenses}`);
    starts.push(start);
  }
  return STAGES.map((stage) => ({
    name: nameOf(stage),
    unit: 'milliseconds',
    ...summarize(starts.map((start) => start[stage].wall)),
    processor: summarize(starts.map((start) => start[stage].processor)),
  }));
}
