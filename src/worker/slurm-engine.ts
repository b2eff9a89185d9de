/**
 * Points as an array job of Slurm (https://slurm.schedmd.com/job_array.html). What Slurm needs to know of account, partition or time comes
 * from its own variables (SBATCH_ACCOUNT, SBATCH_PARTITION, SBATCH_TIMELIMIT, …), which sbatch reads by itself.
 */
import { readFile } from 'node:fs/promises';
import type { SweepPlace } from '../protocol/sweep';
import { ask, notFound, type Answer } from './command';
import { EngineError, type SweepEngine, type SweepWork } from './sweep-engine';
import { SweepFolder } from './sweep-folder';
import { inRounds, plannedTasks, watchTasks, type ClusterOptions, type TaskState } from './sweep-tasks';

/** Milliseconds between two looks at the folder; Slurm itself is asked at every third. */
const LOOK_EVERY = 1000;
const LOOKS_BETWEEN_QUESTIONS = 3;
const JOB = 'slurm/job.json';

interface Job {
  readonly id: string;
  /** Fingerprint of the plan it runs. */
  readonly fingerprint: string;
}

/** @throws EngineError without Slurm's commands, or when it refuses the job */
export function slurmEngine(options: ClusterOptions): SweepEngine {
  return async (open, work) => {
    // An array that an earlier call left behind goes on when it is of this sweep, and is ended when it is of another.
    let running = await jobOf(work.folder);
    if (running !== null && (await stateOf(running.id, work.folder)).alive) {
      if (running.fingerprint !== work.plan.fingerprint || (await plannedTasks(work.folder)) !== work.plan.fingerprint) {
        await cancel(running.id, work.folder);
        running = null;
      }
    } else {
      running = null;
    }
    let left = open;
    if (running !== null) left = await follow(running.id, left, work);
    await inRounds(left, work, options.perTask, work.folder.place('slurm'), async (tasks, places) => {
      const id = await submit(tasks, work, options);
      await work.folder.write(JOB, JSON.stringify({ id, fingerprint: work.plan.fingerprint } satisfies Job));
      await work.folder.note({ event: 'submitted', job: id, tasks });
      return follow(id, places, work);
    });
  };
}

/** Number of a job that still works in the folder, null for none. Without Slurm's commands nobody can tell: null. */
export async function livingJob(path: string): Promise<string | null> {
  const folder = await SweepFolder.open(path);
  const job = await jobOf(folder);
  if (job === null) return null;
  const state = await stateOf(job.id, folder).catch(() => null);
  return state?.alive === true ? job.id : null;
}

async function follow(id: string, places: readonly SweepPlace[], work: SweepWork): Promise<readonly SweepPlace[]> {
  try {
    return await watchTasks(places, work, {
      state: () => stateOf(id, work.folder),
      lookEvery: LOOK_EVERY,
      looksBetweenQuestions: LOOKS_BETWEEN_QUESTIONS,
    });
  } finally {
    // Aborted, or broken: nothing may go on writing into a folder that nobody holds.
    if (work.signal.aborted || (await stateOf(id, work.folder).catch(() => ({ alive: false }))).alive) await cancel(id, work.folder);
  }
}

async function submit(tasks: number, { folder }: SweepWork, { jobs, taskCommand }: ClusterOptions): Promise<string> {
  const script = `#!/bin/sh\nexec ${[...taskCommand, folder.path].map(quoted).join(' ')} "$SLURM_ARRAY_TASK_ID"\n`;
  await folder.write('slurm/task.sh', script);
  const { out } = await slurm(
    'sbatch',
    [
      '--parsable',
      '--job-name=bias-lab',
      `--array=0-${tasks - 1}${jobs === null ? '' : `%${jobs}`}`,
      '--ntasks=1',
      '--cpus-per-task=1',
      // What a dead node leaves is handed out again by us, at once: Slurm would hold it back for minutes.
      '--no-requeue',
      `--chdir=${folder.path}`,
      // In a file pattern % begins a replacement.
      `--output=${folder.place('slurm').replaceAll('%', '%%')}/%A_%a.out`,
      folder.place('slurm/task.sh'),
    ],
    folder,
  );
  // "1234" or "1234;cluster".
  const id = /^\d+/.exec(out.trim())?.[0];
  if (id === undefined) throw new EngineError(`sbatch gave no job number: ${out.trim().slice(0, 200)}`);
  return id;
}

/** "%T" of the tasks that Slurm still knows as waiting or running. */
async function stateOf(id: string, folder: SweepFolder): Promise<TaskState> {
  const answer = await ask('squeue', ['--noheader', '--array', `--jobs=${id}`, '--format=%T'], folder.path);
  if (answer === null) throw missing('squeue');
  // A job that ended long ago is an invalid one. Any other failure is a controller that does not answer now: the job may well be alive.
  if (answer.status !== 0)
    return /invalid job id/i.test(answer.err)
      ? { alive: false, says: '' }
      : { alive: true, says: `job ${id}: Slurm does not answer (${firstLine(answer)})` };
  const states = answer.out.split('\n').filter((line) => line !== '');
  const running = states.filter((state) => /^(RUNNING|COMPLETING|CONFIGURING)$/.test(state)).length;
  const waiting = states.length - running;
  return { alive: states.length > 0, says: `job ${id}: ${running} running, ${waiting} waiting` };
}

/** Ends a job and waits, for a while, until its tasks have gone. */
async function cancel(id: string, folder: SweepFolder): Promise<void> {
  await ask('scancel', [id], folder.path);
  for (let tries = 0; tries < 20; tries++) {
    if (!(await stateOf(id, folder)).alive) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function jobOf(folder: SweepFolder): Promise<Job | null> {
  try {
    const { id, fingerprint } = JSON.parse(await readFile(folder.place(JOB), 'utf8')) as Partial<Job>;
    return typeof id === 'string' && /^\d+$/.test(id) && typeof fingerprint === 'string' ? { id, fingerprint } : null;
  } catch {
    return null;
  }
}

async function slurm(program: string, args: readonly string[], folder: SweepFolder): Promise<Answer> {
  const answer = await ask(program, args, folder.path);
  if (answer === null) throw missing(program);
  if (answer.status !== 0) throw new EngineError(`${program} refuses: ${firstLine(answer)}`);
  return answer;
}

const missing = (program: string): EngineError => new EngineError(`${notFound(program)}: the engine "slurm" needs Slurm's commands`);

const firstLine = ({ out, err, status }: Answer): string => (err.trim() || out.trim() || `exit status ${status}`).split('\n', 1)[0];

/** For a POSIX shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
