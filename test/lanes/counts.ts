/** How many tests passed and failed. Lanes in other processes write it to a file. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** The environment variable that names the file a test process writes its counts to. */
export const COUNTS_FILE = 'BIAS_LAB_COUNTS';

export const NONE: Counts = { passed: 0, failed: 0 };

export function sum(all: readonly Counts[]): Counts {
  return all.reduce((one, two) => ({ passed: one.passed + two.passed, failed: one.failed + two.failed }), NONE);
}

/**
 * What a test process has to say for itself. A process that fails without a failed test (it crashed, it hung, it ran nothing)
 * counts as one failure.
 */
export function settle(written: string | null, status: number): Counts {
  const counts = written === null || written === '' ? NONE : (JSON.parse(written) as Counts);
  const ranNothing = counts.passed + counts.failed === 0;
  const failedOutside = status !== 0 && counts.failed === 0;
  return ranNothing || failedOutside ? { passed: counts.passed, failed: counts.failed + 1 } : counts;
}

/** Runs something that writes its counts to the file it is given, and reads them. */
export async function counted(run: (file: string) => Promise<number>): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'bias-lab-counts-'));
  const file = join(folder, 'counts.json');
  try {
    const status = await run(file);
    let written: string | null = null;
    try {
      written = readFileSync(file, 'utf8');
    } catch {
      // It ended before it could count.
    }
    return settle(written, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
