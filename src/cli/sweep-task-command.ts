import path from 'node:path';
import { EngineError } from '../worker/sweep-engine';
import { runTask } from '../worker/sweep-tasks';
import { EXIT, type ExitStatus } from './exit-status';
import type { Terminal } from './terminal';
import { UsageError } from './usage-error';

/**
 * What a cluster calls: runs the points of one task of a sweep that has been submitted, one after the other. Says nothing; its results are files.
 * @throws UsageError where the folder does not hold the task
 */
export async function sweepTaskCommand(folder: string, task: string, { cwd, signal, createPool }: Terminal): Promise<ExitStatus> {
  const pool = createPool(1);
  try {
    await runTask(path.resolve(cwd, folder), /^\d+$/.test(task) ? Number(task) : Number.NaN, pool, signal);
  } catch (error) {
    if (error instanceof EngineError) throw new UsageError(error.message);
    throw error;
  } finally {
    await pool.dispose();
  }
  return signal.aborted ? EXIT.cancelled : EXIT.ok;
}
