import type { PageAssets } from '../study/html-report';
import type { ComputePool } from '../worker/pool';

/** One of the two streams that a command writes to. */
export interface Output {
  write(text: string): void;
  /** A person reads along: colours and a line that is rewritten make sense. */
  readonly isTTY: boolean;
  /** Width in characters; asked anew at every use, because windows are resized. */
  columns(): number;
}

/** Everything that a command needs from the process it runs in. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly compute: Pick<ComputePool, 'run' | 'check' | 'analyse' | 'data' | 'resolve'>;
  /** Program and first arguments that start this command line anew, on another machine as well: ["/usr/bin/node", "/…/cli.js"]. */
  readonly program: readonly string[];
  /** The built results page, for a report as a page. @throws what the file system says */
  pageAssets(): Promise<PageAssets>;
  /** A service of so many workers for one command, which disposes of it. */
  createPool(size: number): Pick<ComputePool, 'run' | 'dispose'>;
}

/** BIAS_LAB_DEBUG=1 shows stacks. */
export function isDebugging({ env }: Pick<Terminal, 'env'>): boolean {
  return (env.BIAS_LAB_DEBUG ?? '') !== '' && env.BIAS_LAB_DEBUG !== '0';
}
