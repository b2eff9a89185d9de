/** One process at a time works in a folder: a file that names the process, kept fresh while it lives. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** A living owner touches its lock so often, in milliseconds. */
const FRESHEN = 2000;
/** A lock that nobody has touched for so long belongs to nobody, even where a process of that number lives (numbers are used again). */
const STALE = 30_000;

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Tells this lock from a later one of the same process. */
  readonly token: string;
}

/** Somebody else is at work in the folder. */
export class FolderLocked extends Error {
  constructor(
    readonly folder: string,
    readonly pid: number,
    readonly host: string,
  ) {
    super(`Process ${pid}${host === hostname() ? '' : ` on ${host}`} is at work in ${folder}.`);
    this.name = 'FolderLocked';
  }
}

export interface FolderLock {
  /** True once the lock has been lost to another process: after a long standstill of this one. */
  lost(): boolean;
  release(): Promise<void>;
}

/** @throws FolderLocked */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const place = path.join(folder, 'lock');
  const owner: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  const content = JSON.stringify(owner);
  for (let attempt = 0; ; attempt++) {
    if (await createWhole(place, content, owner.token)) break;
    const found = await readFile(place, 'utf8').catch(() => null);
    // It has gone in this moment, or is of an owner that has.
    if (found === null) continue;
    const other = ownerOf(found);
    if (attempt > 4 || (other !== null && (await isAlive(other, place))))
      throw new FolderLocked(folder, other?.pid ?? 0, other?.host ?? '');
    await takeAway(place, found, owner.token);
  }
  let lost = false;
  const freshen = setInterval(() => {
    const now = new Date();
    void readFile(place, 'utf8')
      .catch(() => null)
      .then((found) => (found === content ? utimes(place, now, now) : void (lost = true)))
      .catch(() => undefined);
  }, FRESHEN);
  freshen.unref();
  return {
    lost: () => lost,
    release: async () => {
      clearInterval(freshen);
      if ((await readFile(place, 'utf8').catch(() => null)) === content) await rm(place, { force: true });
    },
  };
}

/** A lock appears with its content, or not at all: a reader never finds an empty one. */
async function createWhole(place: string, content: string, token: string): Promise<boolean> {
  const draft = `${place}.${token}`;
  await writeFile(draft, content);
  try {
    await link(draft, place);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without hard links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    return await writeFile(place, content, { flag: 'wx' }).then(
      () => true,
      () => false,
    );
  } finally {
    await rm(draft, { force: true });
  }
}

/** Of two processes that find the same stale lock one gets it; a lock that has been made in between is put back. */
async function takeAway(place: string, stale: string, token: string): Promise<void> {
  const aside = `${place}.stale-${token}`;
  const moved = await rename(place, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readFile(aside, 'utf8').catch(() => null)) !== stale) await link(aside, place).catch(() => undefined);
  await rm(aside, { force: true });
}

function ownerOf(text: string): Owner | null {
  try {
    const { pid, host, token } = JSON.parse(text) as Partial<Owner>;
    return Number.isInteger(pid) && typeof host === 'string' && typeof token === 'string' ? { pid: pid as number, host, token } : null;
  } catch {
    return null;
  }
}

async function isAlive({ pid, host }: Owner, place: string): Promise<boolean> {
  const touched = await stat(place).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (Date.now() - touched > STALE) return false;
  // Of another machine only the freshness is known.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
