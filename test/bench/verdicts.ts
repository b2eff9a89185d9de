/** Seconds from file to verdict, by the command line as it ships. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { numberOf } from '../../src/protocol/report-json';
import { summarize, type Summary } from './statistics';

const ROOT = join(__dirname, '..', '..');
const CLI = join(ROOT, 'dist', 'cli.js');
const EXAMPLES = join(ROOT, 'examples');
const SUFFIX = '.bias.json';
/** A run that takes longer is measured once. */
const LONG_SECONDS = 10;

export interface VerdictTime extends Summary {
  readonly name: string;
  readonly unit: 'seconds';
  readonly verdict: string;
  readonly exitStatus: number | null;
  /** What the report says of itself: without starting Node and reading the file. */
  readonly reportedSeconds: number;
}

export const cliIsBuilt = (): boolean => existsSync(CLI);

export function verdictNames(): string[] {
  return readdirSync(EXAMPLES)
    .filter((file) => file.endsWith(SUFFIX))
    .sort()
    .map((file) => `verdict-${basename(file, SUFFIX)}`);
}

export function timeVerdict(name: string, repetitions: number): VerdictTime {
  const example = join(EXAMPLES, name.replace(/^verdict-/, '') + SUFFIX);
  const report = join(tmpdir(), `bias-lab-bench-${process.pid}.json`);
  const seconds: number[] = [];
  let exitStatus: number | null = null;
  let verdict = 'none';
  let reportedSeconds = Number.NaN;
  while (seconds.length < repetitions && !(seconds[0] > LONG_SECONDS)) {
    rmSync(report, { force: true });
    const begin = performance.now();
    exitStatus = spawnSync(process.execPath, [CLI, 'run', example, '--json', report], { stdio: 'ignore' }).status;
    seconds.push((performance.now() - begin) / 1000);
    if (existsSync(report)) {
      const said = JSON.parse(readFileSync(report, 'utf8')) as { seconds: unknown; verdict: { outcome: string } };
      verdict = said.verdict.outcome;
      reportedSeconds = numberOf(said.seconds);
    }
  }
  rmSync(report, { force: true });
  return { name, unit: 'seconds', ...summarize(seconds), verdict, exitStatus, reportedSeconds };
}
