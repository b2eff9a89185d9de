/**
 * The files that the product writes, and reads again: reports, sweeps beside their experiment, the history. A place is what the system names a file or a
 * folder by: here an absolute path. Every function rejects with what the file system says, which has a `code`.
 */
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Who writes, for a journal that several may write. */
export const AUTHOR: { readonly pid?: number } = { pid: process.pid };

/** The place of what a folder holds under these names. */
export function within(folder: string, ...names: readonly string[]): string {
  return path.join(folder, ...names);
}

export function folderOf(place: string): string {
  return path.dirname(place);
}

export function nameOf(place: string): string {
  return path.basename(place);
}

export function readText(place: string): Promise<string> {
  return readFile(place, 'utf8');
}

/** Names of what lies in a folder. */
export function list(folder: string): Promise<readonly string[]> {
  return readdir(folder);
}

/** Makes a folder and those that hold it, where they are not there. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}

/**
 * A reader finds the old file or the new one, never half of it: the content is on the disk before the name is there, so that neither a
 * killed process nor a lost machine leaves half. The folder must exist. When it rejects, nothing has changed.
 */
export async function writeAtomically(place: string, content: string | Uint8Array): Promise<void> {
  const temporary = path.join(path.dirname(place), `.${path.basename(place)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes a file that is not there yet. */
export function writeNew(place: string, text: string): Promise<void> {
  return writeFile(place, text, { flag: 'wx' });
}

export function append(place: string, text: string): Promise<void> {
  return appendFile(place, text);
}

/** What is not there is removed already. */
export function remove(place: string): Promise<void> {
  return rm(place, { force: true });
}
