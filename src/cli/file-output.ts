import { realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../worker/disk';
import type { Terminal } from './terminal';
import { UsageError, systemReason } from './usage-error';

/** Where a text goes: decided, and found to be possible, before anything is computed. */
export interface FileOutput {
  readonly isStandardOutput: boolean;
  /** Writes the whole, with a line end after it, or nothing. @throws UsageError */
  write(text: string): Promise<void>;
}

/**
 * @param place "-" for standard output, or a path relative to the working folder
 * @throws UsageError when the place cannot be written
 */
export async function fileOutput(place: string, { stdout, cwd }: Pick<Terminal, 'stdout' | 'cwd'>): Promise<FileOutput> {
  if (place === '-') return { isStandardOutput: true, write: async (text) => stdout.write(`${text}\n`) };
  const refuse = (reason: string): UsageError => new UsageError(`cannot write ${JSON.stringify(place)}: ${reason}`);
  const wanted = path.resolve(cwd, place);
  // A link is kept and its target is replaced.
  const target = await realpath(wanted).catch(() => wanted);
  const status = await stat(target).catch(() => null);
  if (status?.isDirectory()) throw refuse('it is a folder');
  const folder = await stat(path.dirname(target)).catch((error: unknown) => {
    throw refuse((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'its folder does not exist' : systemReason(error));
  });
  if (!folder.isDirectory()) throw refuse('its folder is not a folder');
  // A device or a pipe (/dev/null, /dev/fd/3) is written to, not replaced.
  const write = status !== null && !status.isFile() ? writeFile : writeAtomically;
  return {
    isStandardOutput: false,
    write: (text) =>
      write(target, `${text}\n`).catch((error: unknown) => {
        throw refuse(systemReason(error));
      }),
  };
}
