/** Why a file is not read for an experiment, in the same words wherever it lies. Each is a DataError at "/data/path". */
import { DataError } from '../data/dataset';
import { LIMITS } from '../protocol/limits';

/** Largest file that an experiment may name, in bytes. */
export const FILE_LIMIT = LIMITS.csvLength;

const POINTER = '/data/path';

/** @param why "is a folder", without the name before it and the full stop behind it */
export function unreadable(relativePath: string, why: string): DataError {
  return new DataError('data.path.unreadable', POINTER, `${quoted(relativePath)} ${why}.`);
}

export function unsaved(relativePath: string): DataError {
  return unreadable(relativePath, 'is relative to the experiment file, which is not saved yet');
}

export function noName(relativePath: string): DataError {
  return unreadable(relativePath, 'is not a file name');
}

export function notRegular(relativePath: string, isFolder: boolean): DataError {
  return unreadable(relativePath, isFolder ? 'is a folder' : 'is not a regular file');
}

export function absolute(relativePath: string): DataError {
  return new DataError(
    'data.path.outside',
    POINTER,
    `${quoted(relativePath)} is absolute; the path must be relative to the experiment file.`,
  );
}

export function outside(relativePath: string, root: string): DataError {
  return new DataError(
    'data.path.outside',
    POINTER,
    `${quoted(relativePath)} leaves the folder ${quoted(root)} that the experiment may read.`,
  );
}

export function missing(relativePath: string): DataError {
  return new DataError(
    'data.path.missing',
    POINTER,
    `${quoted(relativePath)} does not exist: it is looked for in the folder of the experiment.`,
  );
}

export function tooLarge(relativePath: string, size: number, limit: number): DataError {
  const mega = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return new DataError('data.path.too-large', POINTER, `${quoted(relativePath)} has ${mega(size)}; at most ${mega(limit)} are read.`);
}

/** The text of a file. @throws DataError where it is none */
export function decode(content: Uint8Array, relativePath: string): string {
  if (content.includes(0)) throw unreadable(relativePath, 'holds NUL bytes: it is not a text file (UTF-16 must be saved as UTF-8)');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw unreadable(relativePath, 'is not UTF-8 text');
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
