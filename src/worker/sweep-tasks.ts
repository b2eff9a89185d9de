/**
 * Points of a sweep as tasks of a cluster: each task is a process of its own that runs a few points and leaves their results in the
 * sweep's folder. What the cluster says of its tasks decides nothing: the files that are there are the truth.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '../protocol/compute';
import type { SweepPlace } from '../protocol/sweep';
import { planSweep } from '../study/sweep';
import { sha256 } from './digest';
import { confinedFiles } from './files';
import { EngineError, type SweepWork } from './sweep-engine';
import { SweepFolder } from './sweep-folder';
import { journalFrom } from './sweep-journal';
import { runPoint, type PointCompute } from './sweep-point';
import { VERSION } from './version';

export interface ClusterOptions {
  /** Tasks at a time; null leaves it to the cluster. */
  readonly jobs: number | null;
  /** Points a task; null chooses. */
  readonly perTask: number | null;
  /** Program and arguments that run a task, to which the folder and the task's number are added: ["node", "/…/cli.js", "sweep-task"]. */
  readonly taskCommand: readonly string[];
}

/** What a task finds in the folder: everything that it needs, as it was when the sweep began. */
interface TaskFile {
  /** Fingerprint of the plan. */
  readonly fingerprint: string;
  readonly source: Source;
  /** Indices of the points of each task. */
  readonly tasks: readonly (readonly number[])[];
}

const TASKS = 'tasks.json';

/** Points a task where the caller does not say: so many tasks that all of them keep a cluster busy and none waits for a long one. */
const TASKS_WANTED = 64;

/** @param size points a task; null chooses */
export async function writeTasks(places: readonly SweepPlace[], size: number | null, work: SweepWork): Promise<number> {
  const length = size ?? Math.ceil(places.length / TASKS_WANTED);
  const tasks: number[][] = [];
  for (let from = 0; from < places.length; from += length) tasks.push(places.slice(from, from + length).map(({ index }) => index));
  const content: TaskFile = { fingerprint: work.plan.fingerprint, source: work.source, tasks };
  await work.folder.write(TASKS, JSON.stringify(content));
  return tasks.length;
}

/** Fingerprint of the plan whose tasks lie in the folder, null where none do. */
export async function plannedTasks(folder: SweepFolder): Promise<string | null> {
  try {
    return (JSON.parse(await readFile(folder.place(TASKS), 'utf8')) as TaskFile).fingerprint;
  } catch {
    return null;
  }
}

/**
 * Runs the points of one task that have no result yet; called by the cluster.
 * @param folder absolute path of the sweep's folder
 * @throws EngineError when the folder does not hold this task, or was made by another version
 */
export async function runTask(folder: string, task: number, compute: PointCompute, signal: AbortSignal): Promise<void> {
  let content: TaskFile;
  try {
    content = JSON.parse(await readFile(path.join(folder, TASKS), 'utf8')) as TaskFile;
  } catch {
    throw new EngineError(`${path.join(folder, TASKS)} cannot be read: a task runs in the folder of a sweep that has been submitted`);
  }
  const { source, tasks, fingerprint } = content;
  if (!Number.isInteger(task) || task < 0 || task >= tasks.length)
    throw new EngineError(`expected a task from 0 to ${tasks.length - 1}, found ${task}`);
  const environment = { files: confinedFiles(source), sha256, version: VERSION, cancelled: () => signal.aborted };
  const { plan } = await planSweep(source, environment);
  if (plan === null || (plan.fingerprint !== fingerprint && !signal.aborted))
    throw new EngineError(`the sweep in ${folder} is not the one of this version (${VERSION}) and these data`);
  const own = await SweepFolder.open(folder);
  for (const index of tasks[task]) {
    if (signal.aborted) return;
    const place = plan.places[index];
    if ((await own.find(place)) === null) await runPoint(place, { plan, folder: own, source, signal, compute });
  }
}

/** What the cluster says of its tasks. */
export interface TaskState {
  /** False when none of them is waiting or running any more. */
  readonly alive: boolean;
  /** "job 12: 2 running, 3 waiting". */
  readonly says: string;
}

export interface WatchOptions {
  /** Asked every few seconds. */
  state(): Promise<TaskState>;
  /** Milliseconds between two looks at the folder. */
  readonly lookEvery: number;
  /** Looks between two questions to the cluster. */
  readonly looksBetweenQuestions: number;
}

/** After its last task has gone, a shared folder may show the last results a little later: so many more looks. */
const LAST_LOOKS = 3;

/** Settles what the tasks leave until all places have an outcome, the tasks are gone or the work is aborted. Returns the places without one. */
export async function watchTasks(
  places: readonly SweepPlace[],
  work: SweepWork,
  { state, lookEvery, looksBetweenQuestions }: WatchOptions,
): Promise<readonly SweepPlace[]> {
  const open = new Map(places.map((place) => [place.index, place]));
  const journal = new Journal(work);
  let remaining = LAST_LOOKS;
  for (let look = 0; open.size > 0 && !work.signal.aborted && remaining > 0; look++) {
    work.assertOwned();
    if (look % looksBetweenQuestions === 0 || remaining < LAST_LOOKS) {
      const { alive, says } = await state();
      work.say(alive ? says : null);
      remaining = alive ? LAST_LOOKS : remaining - 1;
    }
    await settleOutcomes(open, work);
    await journal.follow(open);
    if (open.size > 0 && remaining > 0) await sleep(lookEvery, undefined, { signal: work.signal }).catch(() => undefined);
  }
  work.say(null);
  for (const index of open.keys()) work.mark(index, false);
  return [...open.values()];
}

/** Which points the tasks have begun, by what they note in the folder. */
class Journal {
  private next = 0;

  constructor(private readonly work: SweepWork) {}

  async follow(open: ReadonlyMap<number, SweepPlace>): Promise<void> {
    const { events, next } = await journalFrom(this.work.folder.place('journal.jsonl'), this.next);
    this.next = next;
    let running = new Set<number>();
    for (const { event, index } of events) {
      // What was begun before the tasks were handed out does not run any more.
      if (event === 'submitted') running = new Set();
      else if (event === 'run' && index !== undefined) running.add(index);
    }
    for (const index of running) if (open.has(index)) this.work.mark(index, true);
  }
}

async function settleOutcomes(open: Map<number, SweepPlace>, { folder, settle }: SweepWork): Promise<void> {
  const { results, failures } = await folder.outcomes();
  for (const [indices, read] of [
    [results, (place: SweepPlace) => folder.find(place)],
    [failures, (place: SweepPlace) => folder.failure(place)],
  ] as const) {
    for (const index of indices) {
      const place = open.get(index);
      const outcome = place === undefined ? null : await read(place);
      if (outcome === null) continue;
      open.delete(index);
      settle(outcome);
    }
  }
}

/** So often is a place handed out whose task ended without an outcome: a node may die, and a worker take its task along. */
const ROUNDS = 3;

/**
 * Hands out places as tasks, and again what comes back without an outcome; in a task of its own from the second time on, so that one
 * that kills its task takes no other along.
 * @param submit hands out so many tasks and watches them to their end; returns the places without an outcome
 */
export async function inRounds(
  open: readonly SweepPlace[],
  work: SweepWork,
  perTask: number | null,
  where: string,
  submit: (tasks: number, places: readonly SweepPlace[]) => Promise<readonly SweepPlace[]>,
): Promise<void> {
  let left = open;
  for (let round = 0; round < ROUNDS && left.length > 0 && !work.signal.aborted; round++)
    left = await submit(await writeTasks(left, round === 0 ? perTask : 1, work), left);
  if (work.signal.aborted) return;
  for (const place of left) {
    const outcome = { ...place, failure: `Its task ended ${ROUNDS} times without a result; what it wrote is in ${where}.` };
    await work.folder.keep(outcome);
    work.settle(outcome);
  }
}
