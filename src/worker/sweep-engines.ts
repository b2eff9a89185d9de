/** The engines by their names, for whoever lets a person choose one. */
import { cores } from './cores';
import { parallelEngine } from './parallel-engine';
import { livingJob, slurmEngine } from './slurm-engine';
import { EngineError, localEngine, type SweepEngine } from './sweep-engine';
import type { PointCompute } from './sweep-point';

export const ENGINES = ['local', 'parallel', 'slurm'] as const;

export interface EngineChoice {
  readonly kind: (typeof ENGINES)[number];
  /** Points at a time, of a cluster tasks; null leaves it to the engine. */
  readonly jobs: number | null;
  /** Points a task of a cluster; null chooses. */
  readonly perTask: number | null;
}

export interface EnginePlace {
  /** Absolute path of the sweep's folder. */
  readonly folder: string;
  /** Program and arguments that run a task: ["node", "/…/cli.js", "sweep-task"]. */
  readonly taskCommand: readonly string[];
  /** For points in this process; asked for only then. */
  compute(): PointCompute;
}

/** @throws EngineError when a job of Slurm is at work in the folder and another engine is wanted */
export async function createEngine(
  { kind, jobs, perTask }: EngineChoice,
  { folder, taskCommand, compute }: EnginePlace,
): Promise<SweepEngine> {
  const options = { jobs, perTask, taskCommand };
  switch (kind) {
    case 'slurm':
      return slurmEngine(options);
    case 'parallel':
    case 'local': {
      const job = await livingJob(folder);
      if (job !== null)
        throw new EngineError(`job ${job} of Slurm is at work in ${folder}: follow it by the engine "slurm", or end it by scancel ${job}`);
      return kind === 'parallel' ? parallelEngine(options) : localEngine(compute(), jobs ?? cores());
    }
    default:
      return kind satisfies never;
  }
}

/** What starts Node for a task of the editor: on a desktop the editor's own program, told to be Node. */
export function nodeCommand(): readonly string[] {
  return process.versions.electron === undefined ? [process.execPath] : ['/usr/bin/env', 'ELECTRON_RUN_AS_NODE=1', process.execPath];
}
