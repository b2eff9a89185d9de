import { folderOf, makeFolder, writeAtomically } from '../worker/disk';

/** Writes a whole file or nothing, and its folder where it is not there. Throws what the file system says. */
export async function writeWithFolder(place: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(folderOf(place));
  await writeAtomically(place, content);
}
