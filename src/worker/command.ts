/** Runs a program to its end and collects what it writes. */
import { execFile } from 'node:child_process';

export interface Answer {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Longest time that an answer is waited for, in milliseconds: a controller that is busy answers late. */
const PATIENCE = 60_000;

/** What was looked for, and where. */
export function notFound(program: string): string {
  return `"${program}" is not on PATH (looked in ${process.env.PATH ?? 'nothing: PATH is not set'})`;
}

/** Null where there is no such program. */
export function ask(program: string, args: readonly string[], cwd: string): Promise<Answer | null> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, timeout: PATIENCE, maxBuffer: 1 << 24 }, (error, out, err) => {
      const { code } = (error ?? { code: 0 }) as { code?: unknown };
      if (code === 'ENOENT') resolve(null);
      else resolve({ status: typeof code === 'number' ? code : 1, out, err });
    });
  });
}
