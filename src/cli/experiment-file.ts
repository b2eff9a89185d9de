import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Source } from '../protocol/compute';
import type { Finding } from './diagnostic-line';
import { UsageError, systemReason } from './usage-error';

/** An experiment that was named on the command line. */
export interface ExperimentFile {
  /** The name as the user wrote it. */
  readonly name: string;
  readonly source: Source;
}

/** A file whose bytes are not text: a finding with a place, like those about what is written in it. */
export class NotText extends Error {
  constructor(
    readonly file: string,
    readonly diagnostic: Finding,
  ) {
    super(diagnostic.message);
    this.name = 'NotText';
  }
}

/** Largest file that is read, in bytes; the format itself allows less. */
const FILE_LIMIT = 64 * 1024 * 1024;

/**
 * Reads an experiment. What it may read itself is confined to the working folder when it lies in there
 * (as it would be to the workspace in the editor), and to its own folder otherwise.
 * @throws UsageError in one line
 * @throws NotText
 */
export async function readExperiment(name: string, cwd: string): Promise<ExperimentFile> {
  const absolute = path.resolve(cwd, name);
  const refuse = (reason: string): UsageError => new UsageError(`cannot read ${JSON.stringify(name)}: ${reason}`);
  if (name === '-') throw refuse('an experiment is read from a file, not from standard input');
  let content: Buffer;
  try {
    // O_NONBLOCK: opening a pipe without a writer must not wait for one.
    const file = await open(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const status = await file.stat();
      if (status.isDirectory()) throw refuse('it is a folder');
      if (!status.isFile()) throw refuse('it is not a regular file');
      if (status.size > FILE_LIMIT)
        throw refuse(`it has ${Math.round(status.size / 1024 / 1024)} MB, at most ${FILE_LIMIT / 1024 / 1024} MB are read`);
      content = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof UsageError ? error : refuse(systemReason(error));
  }
  const relative = path.relative(cwd, absolute);
  const within = relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  return { name, source: { text: decode(content, name), path: absolute, root: within ? cwd : null } };
}

function decode(content: Buffer, name: string): string {
  try {
    // A byte order mark is left to the parser, which knows how many are one too many.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    const before = new TextDecoder('utf-8').decode(content).split('\uFFFD', 1)[0];
    const lines = before.split('\n');
    const [line, column] = [lines.length, (lines.at(-1) ?? '').length + 1];
    throw new NotText(name, { line, column, severity: 'error', code: 'file.encoding', message: 'The file is not UTF-8 text.' });
  }
}
