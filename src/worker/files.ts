import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { DataError, type FileAccess } from '../data/dataset';
import type { Source } from '../protocol/compute';
import { absolute, decode, FILE_LIMIT, missing, noName, notRegular, outside, tooLarge, unreadable, unsaved } from './file-refusals';

/**
 * Files for an experiment, confined to its root folder (the file's own folder when there is none).
 * Symbolic links are followed only where they stay inside; devices, pipes and folders are refused.
 * Every refusal is a DataError at "/data/path": "data.path.outside", ".missing", ".unreadable" or ".too-large".
 */
export function confinedFiles(source: Pick<Source, 'path' | 'root'>, limit = FILE_LIMIT): FileAccess {
  return {
    async readText(relativePath: string): Promise<string> {
      const target = await confine(source, relativePath);
      return decode(await readRegular(target, relativePath, limit), relativePath);
    },
  };
}

/** Real path of the file, which is proven to lie inside the root. */
async function confine(source: Pick<Source, 'path' | 'root'>, relativePath: string): Promise<string> {
  if (source.path === null) throw unsaved(relativePath);
  if (relativePath.includes('\0')) throw noName(relativePath);
  const folder = path.dirname(path.resolve(source.path));
  const root = path.resolve(source.root ?? folder);
  // Absolute is refused even inside the root: such a file would not work on another machine.
  if (path.isAbsolute(relativePath) || path.win32.isAbsolute(relativePath)) throw absolute(relativePath);
  const lexical = path.resolve(folder, relativePath);
  // Asked before the disk is touched, so that a refusal does not tell what exists out there.
  if (!isInside(root, lexical)) throw outside(relativePath, root);
  const real = await realpath(lexical).catch((error: unknown) => {
    throw explain(error, relativePath);
  });
  const realRoot = await realpath(root).catch((error: unknown) => {
    throw explain(error, relativePath);
  });
  if (!isInside(realRoot, real)) throw outside(relativePath, root);
  return real;
}

async function readRegular(target: string, relativePath: string, limit: number): Promise<Buffer> {
  let file: FileHandle;
  try {
    // O_NONBLOCK: opening a pipe without a writer must not wait. O_NOFOLLOW: the path is real, a link appearing here is an attack.
    file = await open(target, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    throw explain(error, relativePath);
  }
  try {
    const status = await file.stat();
    if (!status.isFile()) throw notRegular(relativePath, status.isDirectory());
    if (status.size > limit) throw tooLarge(relativePath, status.size, limit);
    const content = Buffer.alloc(status.size);
    let length = 0;
    while (length < content.length) {
      const { bytesRead } = await file.read(content, length, content.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return content.subarray(0, length);
  } catch (error) {
    throw explain(error, relativePath);
  } finally {
    await file.close();
  }
}

function isInside(root: string, target: string): boolean {
  const relative = path.relative(root, target);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function explain(error: unknown, relativePath: string): DataError {
  if (error instanceof DataError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') return missing(relativePath);
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'may not be read (permission denied)',
    EPERM: 'may not be read (permission denied)',
    ELOOP: 'is a symbolic link that leads in a circle',
    ENAMETOOLONG: 'is too long for a file name',
    EISDIR: 'is a folder',
  };
  return unreadable(relativePath, reasons[code] ?? `cannot be read (${code})`);
}
