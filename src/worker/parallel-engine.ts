/**
 * Points as tasks of GNU parallel (https://www.gnu.org/software/parallel/): the light way to several machines. Where they are is said by its
 * own variable, for instance PARALLEL="--sshloginfile hosts"; the folder of the sweep must be there under the same path.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { notFound } from './command';
import { EngineError, type SweepEngine } from './sweep-engine';
import { inRounds, watchTasks, type ClusterOptions, type TaskState } from './sweep-tasks';

const LOOK_EVERY = 250;
/** Milliseconds that the tasks have to end by themselves when all results are there. */
const GRACE = 5000;

/** @throws EngineError without the program, or when it refuses the call */
export function parallelEngine({ jobs, perTask, taskCommand }: ClusterOptions): SweepEngine {
  return (open, work) =>
    inRounds(open, work, perTask, work.folder.place('parallel'), async (tasks, places) => {
      const { folder } = work;
      await folder.write('parallel/tasks', `${Array.from({ length: tasks }, (_, task) => task).join('\n')}\n`);
      const child = spawn(
        'parallel',
        [
          '--will-cite',
          `--jobs=${jobs ?? availableParallelism()}`,
          // Arguments are passed as they are, not read by a shell.
          '--quote',
          `--joblog=${folder.place('parallel/joblog')}`,
          `--arg-file=${folder.place('parallel/tasks')}`,
          ...taskCommand,
          folder.path,
        ],
        { cwd: folder.path, stdio: ['ignore', 'ignore', 'pipe'], detached: true },
      );
      const running = new Parallel(child);
      await running.started;
      await folder.note({ event: 'submitted', tasks });
      try {
        return await watchTasks(places, work, { state: () => running.state(tasks), lookEvery: LOOK_EVERY, looksBetweenQuestions: 1 });
      } finally {
        await running.end(work.signal.aborted ? 0 : GRACE);
      }
    });
}

class Parallel {
  /** Rejects where there is no such program. */
  readonly started: Promise<void>;
  private errors = '';

  constructor(private readonly child: ChildProcess) {
    // `once` rejects with the error of a program that is not there.
    this.started = once(child, 'spawn').then(
      () => undefined,
      (error: NodeJS.ErrnoException) => {
        const why = error.code === 'ENOENT' ? notFound('parallel') : `"parallel" cannot be run (${error.message})`;
        throw new EngineError(`${why}: the engine "parallel" needs GNU parallel`);
      },
    );
    child.stderr?.on('data', (chunk: Buffer) => {
      if (this.errors.length < 2000) this.errors += chunk.toString();
    });
  }

  private get over(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  state(tasks: number): Promise<TaskState> {
    const { exitCode } = this.child;
    // 1 … 101 count tasks that failed, 255 is a call that it does not understand.
    if (exitCode === 255) return Promise.reject(new EngineError(`parallel refuses: ${this.errors.trim().split('\n', 1)[0]}`));
    return Promise.resolve({ alive: !this.over, says: `${tasks} tasks by GNU parallel` });
  }

  /** Ends it with its tasks, if it still runs after so many milliseconds. */
  async end(grace: number): Promise<void> {
    if (this.over || this.child.pid === undefined) return;
    const gone = once(this.child, 'exit');
    if (grace > 0 && (await Promise.race([gone.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, grace, false))])))
      return;
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      try {
        process.kill(-this.child.pid, signal);
      } catch {
        return;
      }
      if (await Promise.race([gone.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, 2000, false))])) return;
    }
  }
}
