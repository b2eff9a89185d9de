import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomically } from '../worker/atomic-write';

/** Writes a whole file or nothing, and its folder where it is not there. Throws what the file system says. */
export async function writeWithFolder(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, content);
}
